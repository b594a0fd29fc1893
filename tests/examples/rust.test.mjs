// The front ends in Rust of examples/, as wasm-bindgen makes them, in Node and against the sandbox.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { serve } from "../../www/sandbox/serve.mjs";

const built = new URL("../../target/examples/", import.meta.url);
const page = await load("page");
const tools = await load("tools");
const asked = [];
let server;

before(async () => {
  server = await serve({ port: 0 });
  // In the place of the relay, which adds the key.
  const send = globalThis.fetch;
  globalThis.fetch = (url, init) => {
    asked.push(JSON.parse(init.body));
    init.headers.set("authorization", "Bearer a-key-for-the-sandbox");
    return send(url, init);
  };
});
after(() => server.close());

test("a front end in Rust exports what is its own, and nothing of the client's", () => {
  assert.deepEqual(Object.keys(page).sort(), ["answer", "default", "initSync"]);
  const types = readFileSync(new URL("page.d.ts", built), "utf8");
  const declared = [...types.matchAll(/^export (?:default )?\w+ (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(declared.sort(), ["InitInput", "InitOutput", "SyncInitInput", "__wbg_init", "answer", "initSync"]);
});

test("a page shows the answer as it arrives, and gives the whole", async () => {
  const pieces = [];
  const whole = await page.answer(server.baseURL, "sandbox/reasoner", "Hello", (piece) => pieces.push(piece));
  assert.ok(pieces.length > 1);
  assert.equal(pieces.join(""), whole);
});

test("a loop of tools sends back what the calls came to, behind the output as it was", async () => {
  asked.length = 0;
  const answer = await tools.answer(server.baseURL, "sandbox/tools", "What is the weather in Paris?");
  assert.match(answer, /17/);
  const [first, second] = asked.map(({ input }) => input);
  assert.equal(asked.length, 2);
  assert.deepEqual(second.slice(0, first.length), first);
  const call = second.find(({ type }) => type === "function_call");
  assert.deepEqual(second.at(-1), {
    type: "function_call_output",
    call_id: call.call_id,
    output: JSON.stringify({ city: JSON.parse(call.arguments).city, celsius: 17 }),
  });
});

async function load(name) {
  const example = await import(new URL(`${name}.js`, built));
  example.initSync({ module: readFileSync(new URL(`${name}_bg.wasm`, built)) });
  return example;
}
