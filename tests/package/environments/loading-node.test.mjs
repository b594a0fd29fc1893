/** What happens in Node when the wasm does not load, and that the next call tries again. */

import assert from "node:assert/strict";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { fresh, WASM } from "../support/fresh.mjs";
import { baseURL, installed } from "../support/setting.mjs";
import { startSite } from "../support/site.mjs";

const bytes = readFileSync(join(installed, WASM));

/** Asks something, which loads the wasm. */
async function ask({ OpenResponses }) {
  const client = new OpenResponses({ apiKey: "sk-anything", baseURL });
  return (await client.responses.create({ model: "sandbox/echo", input: "Hello, world!" })).output_text;
}

async function refuses(entry, promise, code, says, status) {
  const error = await promise.then(
    () => assert.fail("It did not fail."),
    (reason) => reason,
  );
  assert.equal(error.name, "WasmLoadError", error.stack);
  assert.ok(error instanceof entry.WasmLoadError && error instanceof entry.OpenResponsesError);
  assert.equal(error.code, code, error.stack);
  assert.match(error.message, says);
  assert.equal(error.status, status);
  return error;
}

const works = async (entry) => assert.equal(await ask(entry), "Hello, world!");

test("./slim without init says what to do, and works once it is done", async () => {
  const { entry } = await fresh("slim");
  const says = /openresponses-wasm\/slim.*await init\(source\).*openresponses_wasm_bg\.wasm/;
  await refuses(entry, ask(entry), "wasm_not_initialized", says);
  await refuses(entry, ask(entry), "wasm_not_initialized", says);
  await refuses(entry, new entry.OpenResponses({ apiKey: null, baseURL }).models.list(), "wasm_not_initialized", says);
  await refuses(entry, entry.init(), "wasm_not_initialized", says);
  await entry.init(bytes);
  await works(entry);
});

for (const [what, garbage] of [
  ["garbage", new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8])],
  ["half of the wasm", bytes.subarray(0, bytes.length >> 1)],
  ["nothing", new Uint8Array(0)],
]) {
  test(`./slim with ${what} refuses it, and takes the right bytes after`, async () => {
    const { entry } = await fresh("slim");
    await refuses(entry, entry.init(garbage), "wasm_invalid", /could not be instantiated: .+/);
    await refuses(entry, ask(entry), "wasm_not_initialized", /init/);
    await entry.init(bytes);
    await works(entry);
  });
}

for (const [what, answer, status] of [
  ["status 404", (res) => res.writeHead(404).end("no"), 404],
  ["a page", (res) => res.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><p>Welcome"), 200],
  ["a connection that breaks", (res) => res.destroy(), undefined],
  [
    "half of the promised bytes",
    (res) => {
      res.writeHead(200, { "content-type": "application/wasm", "content-length": bytes.length });
      res.write(bytes.subarray(0, bytes.length >> 1), () => res.destroy());
    },
    undefined,
  ],
]) {
  for (const source of ["a URL", "a promise of a Response"]) {
    test(`./slim with ${source} that leads to ${what} says so, and works once that is mended`, async (t) => {
      const { entry } = await fresh("slim");
      const site = await startSite({ "/": join(installed, "dist/wasm") }, t);
      const url = `${site.origin}/openresponses_wasm_bg.wasm`;
      const init = () => entry.init(source === "a URL" ? url : fetch(url));
      site.answers.set("/openresponses_wasm_bg.wasm", (_, res) => answer(res));
      const error = await refuses(entry, init(), "wasm_not_found", /Serve openresponses_wasm_bg\.wasm there/, status);
      if (status || source === "a URL") assert.equal(error.url, url);
      if (status) assert.match(error.message, status === 404 ? /status 404/ : /an HTML page/);
      site.answers.clear();
      await init();
      await works(entry);
    });
  }
}

test("./url without its file says so, and works once it is there", async () => {
  const { entry, wasm } = await fresh("url");
  renameSync(wasm, `${wasm}.away`);
  await refuses(entry, ask(entry), "wasm_not_found", /openresponses_wasm_bg\.wasm/);
  renameSync(`${wasm}.away`, wasm);
  await works(entry);
});

test("./url with garbage in its file says so, and works once it is mended", async () => {
  const { entry, wasm } = await fresh("url");
  writeFileSync(wasm, "garbage");
  await refuses(entry, ask(entry), "wasm_invalid", /could not be instantiated/);
  writeFileSync(wasm, bytes);
  await works(entry);
});

/** The ways to inflate the wasm, with the other one out of order. */
const INFLATING = {
  "node:zlib": (t) => replace(t, globalThis, "DecompressionStream", unwanted),
  "DecompressionStream, where Node's own modules cannot be had": (t) => replace(t, process, "getBuiltinModule"),
  "DecompressionStream, where there is no such module": (t) => replace(t, process, "getBuiltinModule", () => undefined),
  "DecompressionStream, where the module is another": (t) => replace(t, process, "getBuiltinModule", () => ({})),
  "DecompressionStream, where the module inflates nothing": (t) =>
    replace(t, process, "getBuiltinModule", (name) => (name === "node:zlib" ? { inflateRawSync() {} } : { Buffer })),
  "DecompressionStream, where the module inflates to something else": (t) =>
    replace(t, process, "getBuiltinModule", (name) =>
      name === "node:zlib" ? { inflateRawSync: (bytes) => bytes } : { Buffer },
    ),
  "DecompressionStream, where the module is refused": (t) => replace(t, process, "getBuiltinModule", unwanted),
};

function unwanted() {
  throw new Error("not implemented");
}

function replace(t, object, name, value) {
  const before = object[name];
  t.after(() => Object.assign(object, { [name]: before }));
  object[name] = value;
}

for (const [what, arrange] of Object.entries(INFLATING)) {
  test(`the default entry inflates the wasm with ${what}`, async (t) => {
    const { entry } = await fresh("index");
    arrange(t);
    await works(entry);
  });

  test(`a default entry whose wasm is damaged says so, inflated with ${what}`, async (t) => {
    const { folder } = await fresh("slim");
    const inline = join(folder, "dist/wasm/inline.js");
    writeFileSync(inline, readFileSync(inline, "utf8").replace(/.{64}(?=";\n$)/, ""));
    const entry = await import(pathToFileURL(join(folder, "dist/index.js")).href);
    arrange(t);
    await refuses(entry, entry.init(), "wasm_not_found", /The wasm could not be loaded/);
  });
}

test("the default entry without a way to inflate says what to do, and works once there is one", async (t) => {
  const { entry } = await fresh("index");
  const { DecompressionStream } = globalThis;
  replace(t, process, "getBuiltinModule");
  replace(t, globalThis, "DecompressionStream");
  await refuses(entry, ask(entry), "wasm_unsupported", /DecompressionStream.*openresponses-wasm\/slim.*init\(\)/);
  Object.assign(globalThis, { DecompressionStream });
  await works(entry);
});

for (const [engine, message] of [
  ["V8", "WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory for new instance"],
  ["SpiderMonkey", "out of memory"],
  ["JavaScriptCore", "Out of memory"],
]) {
  test(`a want of memory as ${engine} says it is told as one, and the next call tries again`, async (t) => {
    const { entry } = await fresh("index");
    const { instantiate } = WebAssembly;
    const restore = () => Object.assign(WebAssembly, { instantiate });
    t.after(restore);
    WebAssembly.instantiate = () => Promise.reject(new RangeError(message));
    await refuses(entry, ask(entry), "wasm_out_of_memory", /no memory for the wasm \(.*let go of/);
    restore();
    await works(entry);
  });
}

test("a stream tells of a wasm that does not load like any other call", async () => {
  const { entry } = await fresh("slim");
  const client = new entry.OpenResponses({ apiKey: "sk-anything", baseURL });
  const stream = () => client.responses.stream({ model: "sandbox/echo", input: "?" });
  const loop = async () => {
    for await (const _ of stream()) assert.fail("an event");
  };
  await refuses(entry, loop(), "wasm_not_initialized", /init/);
  await refuses(entry, stream().finalResponse(), "wasm_not_initialized", /init/);
  await entry.init(bytes);
  assert.equal(await stream().finalText(), "?");
});

test("calls that load at the same time load once", async (t) => {
  const { entry } = await fresh("slim");
  const site = await startSite({ "/": join(installed, "dist/wasm") }, t);
  let requests = 0;
  site.answers.set("/openresponses_wasm_bg.wasm", () => {
    requests += 1;
  });
  const source = `${site.origin}/openresponses_wasm_bg.wasm`;
  await Promise.all([entry.init(source), entry.init(source), ask(entry), ask(entry)]);
  assert.equal(requests, 1);
});

test("a wasm of somebody else's is refused, and does not stand in the way of the right one", async () => {
  const { entry } = await fresh("slim");
  const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  for (const other of [empty, new WebAssembly.Module(empty)]) {
    await assert.rejects(entry.init(other), { name: "WasmLoadError", code: "wasm_invalid" });
  }
  await entry.init(bytes);
  await works(entry);
});
