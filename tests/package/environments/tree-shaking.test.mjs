/** What a bundler leaves out of a program that does not use it. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { build as esbuild } from "esbuild";
import { build as vite } from "vite";
import { project, projects } from "../support/setting.mjs";

/** Characters that no program without the wasm comes near to. */
const SMALL = 6_000;

const bundlers = {
  async esbuild(contents) {
    const { outputFiles } = await esbuild({
      stdin: { contents, resolveDir: projects },
      bundle: true,
      minify: true,
      write: false,
      format: "esm",
    });
    return outputFiles[0].text;
  },
  async Vite(contents) {
    writeFileSync(join(projects, "entry.js"), contents);
    const lib = { entry: join(projects, "entry.js"), formats: ["es"] };
    const build = { lib, write: false, minify: true };
    const [{ output }] = await vite({ root: project("vite"), configFile: false, logLevel: "warn", build });
    return output.map(({ code }) => code).join("");
  },
};

for (const [name, bundle] of Object.entries(bundlers)) {
  test(`an error class comes without the client and the wasm, by ${name}`, async () => {
    for (const entry of ["openresponses-wasm", "openresponses-wasm/url", "openresponses-wasm/slim"]) {
      const code = await bundle(`
        import { AuthenticationError } from "${entry}";
        export const isAuthentication = (error) => error instanceof AuthenticationError;
      `);
      assert.match(code, /AuthenticationError/);
      assert.ok(code.length < SMALL, `${entry}: ${code.length} characters`);
    }
  });

  test(`the client comes with the wasm, by ${name}`, async () => {
    for (const contents of [
      'import { OpenResponses } from "openresponses-wasm"; export const client = () => new OpenResponses();',
      'import OpenResponses from "openresponses-wasm"; export const client = () => new OpenResponses();',
      'import { inputImage } from "openresponses-wasm"; export const part = (file) => inputImage(file);',
      'import { init } from "openresponses-wasm"; export const ready = () => init();',
    ]) {
      assert.match(await bundle(contents), /[\w+/]{20000}/, contents);
    }
  });
}
