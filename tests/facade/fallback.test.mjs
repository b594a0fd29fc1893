// The entry `./fallback`, in a process that has no WebAssembly at all.

import assert from "node:assert/strict";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { temporaryFolder, unpack } from "../support/package.mjs";
import { completed, created, delta, settled, whole } from "./fake.mjs";

// Node's own fetch has a wasm inside, which it has loaded when it has an answer.
const server = createServer((_, res) => res.end()).listen(0, "127.0.0.1");
await once(server, "listening");
await fetch(`http://127.0.0.1:${server.address().port}`);
server.close().closeAllConnections();
delete globalThis.WebAssembly;

const folder = unpack();
const copies = temporaryFolder();
const params = { model: "m", input: "i" };

/** Imports entries of one copy of the package, whose program `change` makes another. */
function copyOf(change = (program) => program) {
  const copy = mkdtempSync(join(copies, "copy-"));
  cpSync(folder, copy, { recursive: true });
  const file = join(copy, "dist/wasm/fallback.js");
  writeFileSync(file, change(readFileSync(file, "utf8")));
  return (name = "fallback") => import(pathToFileURL(join(copy, `dist/${name}.js`)).href);
}

function clientOf({ OpenResponses }, fetch) {
  return new OpenResponses({ apiKey: "a-key-of-the-test", baseURL: "https://api.example/v1", fetch });
}

const well = () => whole(created, delta("all is "), completed("all is well"));

test("a stream arrives without WebAssembly", async () => {
  const fallback = await copyOf()();
  assert.equal(await clientOf(fallback, well).responses.stream(params).finalText(), "all is well");
});

test("the default entry says that there is no WebAssembly and which entry needs none, and calls of that one go out", async () => {
  const importing = copyOf();
  const entry = await importing("index");
  const refusal = {
    name: "WasmLoadError",
    code: "wasm_unsupported",
    message: /no WebAssembly here.*openresponses-wasm\/fallback/,
  };
  await assert.rejects(entry.init(), refusal);
  await assert.rejects(clientOf(entry, well).responses.create(params), refusal);
  const { OpenResponses } = await entry.init().then(
    () => entry,
    () => importing("fallback"),
  );
  assert.equal(await clientOf({ OpenResponses }, well).responses.stream(params).finalText(), "all is well");
});

test("what does not fit into the memory that there is at first arrives whole, and so does what comes after it", async () => {
  const fallback = await copyOf()();
  const pieces = ["a", "é".repeat(700_000), "b", "👩‍🔬".repeat(400_000), "c", "d"];
  const stream = clientOf(fallback, () =>
    whole(created, ...pieces.map(delta), completed(pieces.join(""))),
  ).responses.stream(params);
  const seen = [];
  for await (const piece of stream.textStream) seen.push(piece);
  assert.equal(seen.join(""), pieces.join(""));
  assert.equal(await stream.finalText(), pieces.join(""));
});

test("memory that cannot grow ends the calls under way, and the next call gets a fresh instance", async () => {
  // 32 pages are 2 MiB.
  const fallback = await copyOf((program) => changed(program, "newPages < 32768", "newPages < 32"))();
  const large = clientOf(fallback, () => whole(created, delta("a".repeat(4 << 20)))).responses.stream(params);
  await assert.rejects(large.finalText(), { code: "wasm_trap", message: /unreachable.*fresh instance/ });
  assert.equal(await clientOf(fallback, well).responses.stream(params).finalText(), "all is well");
  await settled();
});

test("a trap ends the calls under way and their requests, and the next call gets a fresh instance", async () => {
  const [, name] = /"call_chunk": (\$\w+)/.exec(readFileSync(join(folder, "dist/wasm/fallback.js"), "utf8"));
  const trap = `"call_chunk": (...given) => (globalThis.isSprung ? wasm2js_trap() : ${name}(...given))`;
  const fallback = await copyOf((program) => changed(program, `"call_chunk": ${name}`, trap))();
  let signal;
  const fetch = (_, request) => {
    signal = request.signal;
    return well();
  };
  globalThis.isSprung = true;
  const refused = clientOf(fallback, fetch).responses.stream(params).finalText();
  await assert.rejects(refused, { code: "wasm_trap", message: /unreachable.*fresh instance/ });
  assert.equal(signal.aborted, true);
  globalThis.isSprung = false;
  assert.equal(await clientOf(fallback, well).responses.stream(params).finalText(), "all is well");
  await settled();
});

function changed(text, from, to) {
  assert.equal(text.split(from).length, 2, `there is one ${from}`);
  return text.replace(from, () => to);
}
