// The package's declarations: what they say is written down in fixtures/api.d.ts, and what they allow and refuse in
// fixtures/protocol.ts. `BLESS=1` writes the first anew.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = fileURLToPath(new URL(".", import.meta.url));
const pkg = fileURLToPath(new URL("../../pkg/", import.meta.url));
const golden = join(here, "fixtures/api.d.ts");
const manifest = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"));
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

/** The declarations that a user's import of any entry leads to, by their paths in the package. */
function declarations() {
  const entries = Object.values(manifest.exports).flatMap((target) => target.types ?? []);
  const seen = new Set();
  const follow = (file) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, specifier] of readFileSync(file, "utf8").matchAll(/\bfrom "(\.[^"]+)\.js"/g)) {
      follow(resolve(dirname(file), `${specifier}.d.ts`));
    }
  };
  for (const entry of entries) follow(join(pkg, entry));
  return [...seen].sort();
}

/** Without notes to linters; generated declarations by their names, since the linker may shuffle them. */
function tidy(text, isGenerated) {
  const code = text.replace(/^\/\* (ts|es)lint.*\n/gm, "").trim();
  if (!isGenerated) return code;
  const name = (block) => block.match(/^export \w+ (?:function |class )?(\w+)/m)?.[1] ?? "";
  const blocks = code.split(/\n{2,}(?=\/\*\*|export )/);
  return blocks.sort((one, other) => name(one).localeCompare(name(other), "en")).join("\n\n");
}

test("the public declarations are the ones written down", () => {
  const text = declarations()
    .map(
      (file) =>
        `// ── ${relative(pkg, file)}\n\n${tidy(readFileSync(file, "utf8"), file.endsWith("openresponses_wasm.d.ts"))}\n`,
    )
    .join("\n");
  if (process.env.BLESS) writeFileSync(golden, text);
  const message = "the declarations have changed: if that is meant, run `BLESS=1 node --test tests/types/*.test.mjs`";
  assert.equal(text, readFileSync(golden, "utf8"), message);
});

test("every described type is exported by the facade", () => {
  const names = (text, pattern) => new Set([...text.matchAll(pattern)].map(([, name]) => name));
  const generated = readFileSync(join(pkg, "dist/wasm/openresponses_wasm.d.ts"), "utf8");
  const described = names(generated, /^export (?:interface|type) (\w+)/gm);
  for (const own of [
    "CallListener",
    "CallOptions",
    "CallStep",
    "EventBlock",
    "InitInput",
    "InitOutput",
    "PartialOperations",
    "SyncInitInput",
  ])
    described.delete(own);
  const list = readFileSync(join(pkg, "dist/protocol.d.ts"), "utf8").match(/export type \{([^}]*)\}/)[1];
  assert.deepEqual([...names(list, /(\w+)/g)].sort(), [...described].sort());
  assert.ok(described.size > 200);
});

test("no declaration is `any`", () => {
  for (const file of declarations()) {
    const code = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*|"[^"\n]*"/g, "");
    // wasm-bindgen's own view of the binary's exports knows no better.
    if (!file.endsWith("openresponses_wasm.d.ts")) assert.doesNotMatch(code, /\bany\b/, file);
    else assert.doesNotMatch(code.split("export class Call")[0], /\bany\b/, file);
  }
});

test("events narrow by their type, misspelt fields are errors, vendors' events need no cast", async () => {
  const project = mkdtempSync(join(tmpdir(), "types-"));
  mkdirSync(join(project, "node_modules"));
  symlinkSync(pkg, join(project, "node_modules/openresponses-wasm"));
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
  writeFileSync(join(project, "protocol.ts"), readFileSync(join(here, "fixtures/protocol.ts")));
  const compilerOptions = {
    target: "esnext",
    module: "nodenext",
    lib: ["esnext", "dom"],
    strict: true,
    exactOptionalPropertyTypes: true,
    noPropertyAccessFromIndexSignature: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    types: [],
  };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["protocol.ts"] }));
  const { code, stdout } = await promisify(execFile)(process.execPath, [tsc, "-p", project]).catch((error) => error);
  assert.equal(code, undefined, stdout);
});
