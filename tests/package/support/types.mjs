/** A TypeScript project that uses the package's declarations, checked with nothing left out. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const SETTINGS = [
  ["a bundler's resolution", { module: "esnext", moduleResolution: "bundler", lib: ["esnext", "dom"] }],
  ["Node's resolution", { module: "nodenext", moduleResolution: "nodenext", lib: ["esnext", "dom"] }],
  ["the resolution of Node 16", { module: "node16", moduleResolution: "node16", lib: ["esnext", "dom"] }],
  ["a worker's library", { module: "esnext", moduleResolution: "bundler", lib: ["esnext", "webworker"] }],
  ["an older target", { module: "es2022", moduleResolution: "bundler", target: "es2022", lib: ["es2022", "dom"] }],
];

/**
 * Declares the tests of one release of TypeScript.
 * @param {string} release
 * @param {string} tsc its compiler's script
 * @param {string} root of the project
 */
export function typesHold(release, tsc, root) {
  for (const [name, options] of SETTINGS) {
    test(`the declarations hold in TypeScript ${release} with ${name}`, async () => {
      const config = join(root, `tsconfig.${`${release} ${name}`.replace(/\W/g, "-")}.json`);
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
}
