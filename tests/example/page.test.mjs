// The front end in Rust of examples/page.rs, as wasm-bindgen makes it, in Node and against the sandbox.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { serve } from "../../www/sandbox/serve.mjs";

const built = new URL("../../target/page/", import.meta.url);
const page = await import(new URL("page.js", built));
let server;

before(async () => {
  page.initSync({ module: readFileSync(new URL("page_bg.wasm", built)) });
  server = await serve({ port: 0 });
  // In the place of the relay, which adds the key.
  const send = globalThis.fetch;
  globalThis.fetch = (url, init) => {
    init.headers.set("authorization", "Bearer a-key-for-the-sandbox");
    return send(url, init);
  };
});
after(() => server.close());

test("a front end in Rust exports what is its own, and nothing of the client's", () => {
  assert.deepEqual(Object.keys(page).sort(), ["answer", "default", "initSync"]);
  const types = readFileSync(new URL("page.d.ts", built), "utf8");
  const declared = [...types.matchAll(/^export (?:default )?(?:\w+) (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(declared.sort(), ["InitInput", "InitOutput", "SyncInitInput", "__wbg_init", "answer", "initSync"]);
});

test("it shows the answer as it arrives, and gives the whole", async () => {
  const pieces = [];
  const whole = await page.answer(server.baseURL, "sandbox/reasoner", "Hello", (piece) => pieces.push(piece));
  assert.ok(pieces.length > 1);
  assert.equal(pieces.join(""), whole);
});
