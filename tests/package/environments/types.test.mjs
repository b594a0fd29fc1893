/** TypeScript projects that use the package's declarations, checked with nothing left out. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { project } from "../support/setting.mjs";

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

for (const [name, options] of [
  ["a bundler's resolution", { module: "esnext", moduleResolution: "bundler", lib: ["esnext", "dom"] }],
  ["Node's resolution", { module: "nodenext", moduleResolution: "nodenext", lib: ["esnext", "dom"] }],
  ["a worker's library", { module: "esnext", moduleResolution: "bundler", lib: ["esnext", "webworker"] }],
  ["an older target", { module: "es2022", moduleResolution: "bundler", target: "es2022", lib: ["es2022", "dom"] }],
]) {
  test(`the declarations hold with ${name}`, async () => {
    const config = join(project("types"), `tsconfig.${name.replace(/\W/g, "-")}.json`);
    const compilerOptions = {
      target: "esnext",
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      verbatimModuleSyntax: true,
      skipLibCheck: false,
      noEmit: true,
      types: [],
      ...options,
    };
    writeFileSync(config, JSON.stringify({ compilerOptions, files: ["consumer.ts", "disposable.ts"] }));
    const { code, stdout } = await promisify(execFile)(process.execPath, [tsc, "-p", config]).catch((error) => error);
    assert.equal(code, undefined, stdout);
  });
}
