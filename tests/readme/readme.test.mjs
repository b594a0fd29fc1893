// The README's code, run as it stands: JavaScript in Node from the packed package against the sandbox (under the sandbox's
// model names), JSON parsed, Rust compiled with what the TOML block names, and the commands of the shell blocks known to cargo
// xtask.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { serve } from "../../www/sandbox/serve.mjs";
import { temporaryFolder, unpack } from "../support/package.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, code]) => ({ language, code }));
const project = temporaryFolder();
let server;

before(async () => {
  mkdirSync(join(project, "node_modules"));
  symlinkSync(unpack(), join(project, "node_modules/openresponses-wasm"));
  server = await serve({ port: 0 });
});
after(() => server.close());

test("the README has code to run", () => {
  const languages = new Set(blocks.map((block) => block.language));
  assert.deepEqual([...languages].sort(), ["js", "json", "rust", "sh", "toml"]);
});

const scripts = blocks.filter(({ language }) => language === "js");
for (const [index, { code }] of scripts.entries()) {
  const first = code.split("\n").find((line) => line && !line.startsWith("import")) ?? "";
  test(`JavaScript block ${index + 1} runs (${first.trim()})`, async () => {
    const file = join(project, `block-${index}.mjs`);
    const model = `sandbox/${code.includes("json_schema") ? "json" : code.includes("tools }") ? "tools" : "reasoner"}`;
    writeFileSync(file, code.replaceAll('"o4-mini"', `"${model}"`));
    const isWorker = code.includes("export default");
    const run = isWorker ? ["--input-type=module", "--eval", callWorker(file)] : [file];
    const { stdout, stderr } = await node(run);
    if (code.includes("console.error(")) assert.match(stderr, /key refused: /);
    else if (isWorker || /console\.log|stdout/.test(code)) assert.match(stdout, /\w{3,}/);
    else assert.equal(stdout + stderr, "");
  });
}

for (const { code } of blocks.filter(({ language }) => language === "json")) {
  test("a JSON block is JSON", () => assert.doesNotThrow(() => JSON.parse(code)));
}

test("the Rust blocks compile", () => {
  // As an example of the crate, which sees what its tests see; it is gone before anybody else looks.
  const file = join(root, "examples/readme.rs");
  const rust = blocks.filter(({ language }) => language === "rust").map(({ code }) => `mod block {\n${code}}\n`);
  assert.equal(rust.length, 1);
  const head = '#![cfg(target_arch = "wasm32")]\n#![allow(missing_docs, dead_code, reason = "compiled only")]\n';
  try {
    writeFileSync(file, `${head}${rust.join("\n")}fn main() {}\n`);
    const build = "check --quiet --locked --example readme --features typed --target wasm32-unknown-unknown";
    execFileSync("cargo", build.split(" "), { cwd: root, encoding: "utf8", stdio: "pipe" });
  } finally {
    rmSync(file, { force: true });
  }
});

test("the crates a front end in Rust depends on are those of the crate's own examples, and the tool is of the same version", () => {
  const manifest = readFileSync(join(root, "Cargo.toml"), "utf8");
  const version = (toml, name) => toml.match(new RegExp(`^${name} = .*?"=?([\\d.]+)"`, "m"))?.[1];
  const [{ code }] = blocks.filter(({ language }) => language === "toml");
  const named = [...code.matchAll(/^([\w-]+) = /gm)].map(([, name]) => name);
  assert.deepEqual(named, ["openresponses-wasm", "wasm-bindgen", "wasm-bindgen-futures", "futures-util"]);
  for (const name of named.slice(1))
    assert.ok(`${version(manifest, name)}.`.startsWith(`${version(code, name)}.`), name);
  const [, tool] = readme.match(/cargo install wasm-bindgen-cli --version (\S+)/);
  assert.equal(tool, version(manifest, "wasm-bindgen"));
});

test("the wasm is as large as the README says", () => {
  const [, said] = readme.match(/\| the wasm alone \| (\d+) KB \|/);
  const wasm = readFileSync(join(project, "node_modules/openresponses-wasm/dist/wasm/openresponses_wasm_bg.wasm"));
  const kilobytes = gzipSync(wasm, { level: 9 }).length / 1000;
  assert.ok(Math.abs(kilobytes - said) < said * 0.03, `${kilobytes.toFixed(1)} KB`);
});

test("the commands are the ones there are", () => {
  const help = execFileSync("cargo", ["xtask", "help"], { cwd: root, encoding: "utf8" });
  const commands = blocks
    .filter(({ language }) => language === "sh")
    .flatMap(({ code }) => code.match(/cargo xtask \w+/g) ?? []);
  assert.ok(commands.length >= 2);
  for (const command of commands) assert.ok(help.includes(command.split(" ").at(-1)), command);
});

function callWorker(file) {
  return `
    const worker = (await import(${JSON.stringify(pathToFileURL(file).href)})).default;
    const request = new Request("https://worker.example/", { method: "POST", body: '{"input":"Hello"}' });
    console.log(await (await worker.fetch(request, process.env)).text());
  `;
}

/** Runs Node beside the sandbox, which is in this process, so not synchronously. */
async function node(parameters) {
  const { execFile } = await import("node:child_process");
  const { promisify } = await import("node:util");
  return promisify(execFile)(process.execPath, parameters, {
    cwd: project,
    timeout: 20_000,
    env: { ...process.env, INFRON_API_KEY: "a-key-for-the-sandbox", OPENRESPONSES_BASE_URL: server.baseURL },
  });
}
