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

/** The entries that have declarations of their own. */
const ALONE = ["core", "slim", "testing"];

const ENTRIES = [...ALONE, "fallback", "url", "openresponses_wasm_bg.wasm"];

/** The last release that has a resolution which knows no `exports`. */
const LAST_WITH_NODE10 = 6;

/**
 * Declares the tests of one release of TypeScript.
 * @param {string} release
 * @param {string} tsc its compiler's script
 * @param {string} root of the project
 */
export function typesHold(release, tsc, root) {
  for (const [name, options] of SETTINGS) {
    test(`the declarations hold in TypeScript ${release} with ${name}`, () =>
      compile(tsc, root, `${release} ${name}`, options, ["consumer.ts", "disposable.ts"]));
  }

  const older = { target: "es2022", module: "es2022", lib: ["es2022", "dom"] };
  for (const entry of ALONE) {
    test(`the declarations of ${entry} hold in TypeScript ${release} where nothing else is imported`, () => {
      const file = importing(root, `only-${entry}.ts`, [entry]);
      return compile(tsc, root, `${release} only ${entry}`, { ...older, moduleResolution: "bundler" }, [file]);
    });
  }

  const major = Number.parseInt(release, 10);
  if (major > LAST_WITH_NODE10) return;
  test(`TypeScript ${release} finds every entry with a resolution that knows no exports`, () => {
    const deprecated = major === LAST_WITH_NODE10 ? { ignoreDeprecations: "6.0" } : {};
    const file = importing(root, "every-entry.ts", ENTRIES);
    return compile(tsc, root, `${release} node10`, { ...older, ...deprecated, moduleResolution: "node10" }, [file]);
  });
}

/** Writes a file that uses what each of these entries exports. */
function importing(root, file, entries) {
  const lines = entries.map(
    (entry, index) =>
      `import * as entry${index} from "openresponses-wasm/${entry}";\nexport type Names${index} = keyof typeof entry${index};\n`,
  );
  writeFileSync(join(root, file), lines.join(""));
  return file;
}

async function compile(tsc, root, name, options, files) {
  const config = join(root, `tsconfig.${name.replace(/\W/g, "-")}.json`);
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
  writeFileSync(config, JSON.stringify({ compilerOptions, files }));
  const { code, stdout } = await promisify(execFile)(process.execPath, [tsc, "-p", config]).catch((error) => error);
  assert.equal(code, undefined, stdout);
}
