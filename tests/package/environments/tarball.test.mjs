/** The tarball itself: what is in it, and what the tools that judge packages say of it. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { inflateRawSync } from "node:zlib";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { installed, tarball } from "../support/setting.mjs";

const HERE = fileURLToPath(new URL("..", import.meta.url));
const CHECKOUT = join(HERE, "../..");

const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
const files = readdirSync(installed, { recursive: true })
  .map((name) => String(name).split(sep).join("/"))
  .filter((name) => statSync(join(installed, name)).isFile())
  .sort();
const readWasm = () => readFileSync(join(installed, "dist/wasm/openresponses_wasm_bg.wasm"));

test("the files are those of tarball.txt", () => {
  const golden = join(HERE, "tarball.txt");
  const list = `${files.join("\n")}\n`;
  if (process.env.BLESS === "1") writeFileSync(golden, list);
  const hint = "if the change is meant, run once more with BLESS=1";
  assert.deepEqual(list.split("\n"), readFileSync(golden, "utf8").split("\n"), hint);
});

test("publint has nothing to say", async () => {
  const bytes = readFileSync(tarball);
  const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(bytes).buffer }, strict: true });
  assert.equal(pkg.name, manifest.name);
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg)),
    [],
  );
});

test("attw finds every entry's types", async () => {
  const cli = join(HERE, "node_modules/@arethetypeswrong/cli/dist/index.js");
  const args = [cli, tarball, "--profile", "esm-only", "--no-color", "--no-emoji"];
  const { code, stdout, stderr } = await promisify(execFile)(process.execPath, args).catch((error) => error);
  assert.equal(code, undefined, `${stdout}${stderr}`);
  for (const entry of Object.keys(manifest.exports)) {
    assert.ok(stdout.includes(`"${join(manifest.name, entry)}"`), `it did not look at ${entry}:\n${stdout}`);
  }
});

test("the package depends on nothing and runs nothing when it is installed", () => {
  for (const name of ["dependencies", "peerDependencies", "optionalDependencies", "bundledDependencies", "scripts"]) {
    assert.equal(manifest[name], undefined, name);
  }
});

test("every entry leads to files that are there, its types first", () => {
  for (const [entry, target] of Object.entries(manifest.exports)) {
    if (entry === "./package.json") continue;
    assert.equal(Object.keys(target)[0], "types", entry);
    assert.equal(Object.keys(target).at(-1), "default", entry);
    for (const file of Object.values(target)) assert.ok(files.includes(file.slice(2)), `${entry}: ${file}`);
  }
});

test("every link to a file leads to a file that is there, and every one within a file to a heading", () => {
  let links = 0;
  for (const file of files.filter((name) => name.endsWith(".md"))) {
    const text = readFileSync(join(installed, file), "utf8").replace(/^```.*?^```$/gms, "");
    const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    );
    for (const [, target] of text.matchAll(/\[[^\]]*\]\(([^)]*)\)/g)) {
      if (/^\w+:/.test(target)) continue;
      links += 1;
      const [path, heading] = target.split("#");
      if (path) assert.ok(files.includes(join(dirname(file), path)), `${file}: ${target}`);
      else assert.ok(headings.includes(heading), `${file}: ${target}`);
    }
  }
  assert.ok(links > 10, `there are ${links}`);
});

test("every import of a file leads to a file that is there", () => {
  for (const file of files.filter((name) => /\.(js|d\.ts)$/.test(name))) {
    const text = readFileSync(join(installed, file), "utf8");
    for (const [, path] of text.matchAll(/(?:from|import|URL\()\s*\(?"(\.[^"?]+)/g)) {
      const target = join(installed, dirname(file), path);
      const there = file.endsWith(".d.ts") && path.endsWith(".js") ? target.replace(/\.js$/, ".d.ts") : target;
      assert.ok(existsSync(there), `${file}: ${path}`);
    }
  }
});

test("the wasm is there once as a file and once inside", async () => {
  assert.deepEqual(
    files.filter((name) => name.endsWith(".wasm")),
    ["dist/wasm/openresponses_wasm_bg.wasm"],
  );
  const wasm = readWasm();
  assert.ok(WebAssembly.validate(wasm));
  const { default: deflated } = await import(join(installed, "dist/wasm/inline.js"));
  assert.ok(inflateRawSync(Buffer.from(deflated, "base64")).equals(wasm), "both are the same");
  // A copy elsewhere would begin with the same characters: the deflated bytes' or the wasm's own.
  const beginnings = [deflated.slice(0, 40), wasm.subarray(0, 24).toString("base64")];
  const holders = files.filter((name) => {
    const text = readFileSync(join(installed, name), "latin1");
    return beginnings.some((beginning) => text.includes(beginning));
  });
  assert.deepEqual(holders, ["dist/wasm/inline.js"]);
});

test("no file says where it was made", () => {
  const folders = [CHECKOUT, homedir(), "/root/", "/home/", "/Users/", ".cargo/registry", "registry/src", ".rustup/"];
  // A home folder that is the root of all says nothing.
  const needles = folders.filter((folder) => folder.length > 1);
  // base64 may hold any short text by chance; what is in it is the file beside it.
  for (const file of files.filter((name) => name !== "dist/wasm/inline.js")) {
    const text = readFileSync(join(installed, file), "latin1");
    for (const needle of needles) assert.ok(!text.includes(needle), `${file} contains ${needle}`);
    const source = file.startsWith("dist/") ? /(?<![\w/.-])src\/[\w/-]+\.rs/.exec(text) : null;
    assert.equal(source, null, `${file} names a source: ${source}`);
    assert.ok(!/sourceMappingURL/.test(text), `${file} has a source map`);
  }
});

test("the wasm has no names and no producers", async () => {
  const module = await WebAssembly.compile(readWasm());
  for (const section of ["name", "producers", ".debug_info", "sourceMappingURL"]) {
    assert.equal(WebAssembly.Module.customSections(module, section).length, 0, section);
  }
});

test("the version is a release's", () => {
  assert.match(manifest.version, /^(?!0\.0\.0$)\d+\.\d+\.\d+(-[\w.]+)?$/);
});
