/** What is done the wrong way, or to no purpose: it works, or says in one sentence why it does not. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fresh, WASM } from "../support/fresh.mjs";
import { node } from "../support/program.mjs";
import { baseURL, installed, project } from "../support/setting.mjs";

const bytes = readFileSync(join(installed, WASM));

async function works({ OpenResponses }) {
  const client = new OpenResponses({ apiKey: "sk-anything", baseURL });
  assert.equal((await client.responses.create({ model: "sandbox/echo", input: "?" })).output_text, "?");
}

test("a second source for init is told of, and the first stays in use", async (t) => {
  const { entry } = await fresh("slim");
  const warn = t.mock.method(console, "warn", () => {});
  await entry.init(bytes);
  await entry.init(bytes);
  assert.equal(warn.mock.callCount(), 0);
  await entry.init("http://127.0.0.1:9/another.wasm");
  const said = warn.mock.calls.map((call) => call.arguments);
  assert.deepEqual(said, [["openresponses-wasm: init() was given a second source; the first one stays in use."]]);
  await works(entry);
});

test("init may be called again when its instance has served, and a second source is told of then too", async (t) => {
  const { entry } = await fresh("slim");
  const warn = t.mock.method(console, "warn", () => {});
  const source = new Response(bytes);
  await entry.init(source);
  const large = { id: "r", object: "response", status: "completed", output: [], text: "large".repeat(4 << 20) };
  const client = new entry.OpenResponses({ apiKey: null, fetch: async () => Response.json(large) });
  assert.equal((await client.responses.create({ model: "m", input: "?" })).text, large.text);
  await entry.init(source);
  assert.equal(warn.mock.callCount(), 0);
  await entry.init("http://127.0.0.1:9/another.wasm");
  assert.equal(warn.mock.callCount(), 1);
  await works(entry);
});

test("two copies of the package work beside each other", async () => {
  const [first, second] = [await fresh("index"), await fresh("slim")];
  await second.entry.init(bytes);
  await Promise.all([works(first.entry), works(second.entry)]);
  const client = new second.entry.OpenResponses({ apiKey: "wrong", baseURL });
  const error = await client.models.list().catch((reason) => reason);
  assert.ok(error instanceof first.entry.AuthenticationError, String(error));
});

test("a server that renders a page may import the package and make a client, whatever it lacks", async () => {
  const { output, errors } = await node([join(project("node"), "render.mjs")]);
  assert.deepEqual({ output, errors }, { output: "<p>function</p>\n", errors: "" });
});
