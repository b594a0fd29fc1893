// Responses that are kept: fetched, replayed, cancelled, deleted, and what they were asked.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createSandbox } from "../../www/sandbox/handler.mjs";
import { create, parseEvents, refused, stream, until, useServer } from "./support/client.mjs";
import { createChecker } from "./support/schema.mjs";

const DOCUMENT = fileURLToPath(new URL("../../../shared/openresponses/openapi.json", import.meta.url));
const found = existsSync(DOCUMENT);
const skip = !found && `there is no OpenAPI document at ${DOCUMENT}, so nothing was checked against the contract`;
const document = found ? JSON.parse(readFileSync(DOCUMENT, "utf8")) : { components: { schemas: {} } };
const { schemas } = document.components;
const check = createChecker(document);
if (skip) console.error(`SKIPPED: ${skip}`);

const server = useServer();
const ECHO = { model: "sandbox/echo", input: "one two three four" };

/** Asks for a path below `/responses`. */
async function ask(path, { method = "GET", body } = {}, at = server) {
  const answer = await fetch(`${at.baseURL}/responses/${path}`, {
    method,
    headers: { authorization: "Bearer key", ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get("content-type")?.includes("json") && text !== "";
  return { status: answer.status, text, json: isJson ? JSON.parse(text) : undefined };
}

const eventsOf = ({ text }) =>
  parseEvents(text)
    .filter(({ data }) => data !== "[DONE]")
    .map(({ data }) => JSON.parse(data));

/** A sandbox without a network, with a clock that the test moves. */
function clocked() {
  let time = 1_800_000_000_000;
  const { handle } = createSandbox({ requireKey: false, now: () => time });
  const send = async (path, method = "GET", body = undefined) => {
    const headers = body ? { "content-type": "application/json" } : {};
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    return (await handle(new Request(`https://sandbox.example/v1/responses${path}`, init))).text();
  };
  return {
    send,
    json: async (...request) => JSON.parse(await send(...request)),
    pass: (milliseconds) => {
      time += milliseconds;
    },
  };
}

test("a response is kept as it was answered, unless it must not be", async () => {
  const response = await create(server, ECHO);
  assert.deepEqual((await ask(response.id)).json, response);
  const failed = await create(server, { ...ECHO, model: "sandbox/failed" });
  assert.equal((await ask(failed.id)).json.status, "failed");
  const forgotten = await create(server, { ...ECHO, store: false });
  assert.equal((await ask(forgotten.id)).status, 404);
});

test("a response that is not there is an error that names it", async () => {
  for (const [path, method] of [
    ["resp_none", "GET"],
    ["resp_none", "DELETE"],
    ["resp_none/cancel", "POST"],
    ["resp_none/input_items", "GET"],
    ["resp_none?stream=true", "GET"],
  ]) {
    const { status, json } = await ask(path, { method });
    assert.deepEqual([status, json.error.type, json.error.code], [404, "not_found", "response_not_found"], path);
    assert.match(json.error.message, /resp_none/);
  }
});

test("a stream is replayed with the same events, from its beginning or behind an event", async () => {
  const events = await stream(server, ECHO);
  const { id } = events[0].response;
  const sent = events.map(({ event, ...data }) => data);
  assert.deepEqual(eventsOf(await ask(`${id}?stream=true`)), sent);
  for (const after of [0, 4, sent.length - 2]) {
    assert.deepEqual(eventsOf(await ask(`${id}?stream=true&starting_after=${after}`)), sent.slice(after + 1));
  }
  assert.deepEqual(eventsOf(await ask(`${id}?stream=true&starting_after=999`)), []);
});

test("the replay pads its deltas as it is told, and else as the stream did", async () => {
  const padded = await create(server, ECHO);
  const bare = await create(server, { ...ECHO, stream_options: { include_obfuscation: false } });
  const isPadded = async (path) => (await ask(path)).text.includes("obfuscation");
  assert.equal(await isPadded(`${padded.id}?stream=true`), true);
  assert.equal(await isPadded(`${padded.id}?stream=true&include_obfuscation=false`), false);
  assert.equal(await isPadded(`${bare.id}?stream=true`), false);
  assert.equal(await isPadded(`${bare.id}?stream=true&include_obfuscation=true`), true);
});

test("parameters of the wrong kind are refused by name", async () => {
  const { id } = await create(server, ECHO);
  for (const [query, param] of [
    ["?stream=yes", "stream"],
    ["?starting_after=1", "starting_after"],
    ["?stream=true&starting_after=-1", "starting_after"],
    ["?include_obfuscation=1", "include_obfuscation"],
    ["/input_items?limit=0", "limit"],
    ["/input_items?limit=101", "limit"],
    ["/input_items?order=up", "order"],
    ["/input_items?after=nobody", "after"],
    ["?strem=true", "strem"],
  ]) {
    const { status, json } = await ask(`${id}${query}`);
    assert.deepEqual([status, json.error.param], [400, param], query);
  }
});

test("faults work for all of them", async () => {
  const { id } = await create(server, ECHO);
  for (const [path, method] of [
    [id, "GET"],
    [`${id}/input_items`, "GET"],
    [id, "DELETE"],
  ]) {
    assert.equal((await ask(`${path}?status=503`, { method })).status, 503, path);
  }
  assert.deepEqual(
    eventsOf(await ask(`${id}?stream=true&starting_after=3&error=nested`)).at(-1).type,
    "response.failed",
  );
  assert.ok((await ask(`${id}?stream=true&comments=1`)).text.includes(": keep-alive"));
});

test("a response in the background is queued, then in progress, then completed", async () => {
  const { json, pass } = clocked();
  const first = await json("?step=10", "POST", { ...ECHO, background: true });
  assert.deepEqual([first.status, first.background, first.output, first.usage], ["queued", true, [], null]);
  const seen = new Set();
  let last;
  for (let step = 0; step < 40; step += 1) {
    last = await json(`/${first.id}`);
    seen.add(last.status);
    pass(5);
  }
  assert.deepEqual([...seen], ["queued", "in_progress", "completed"]);
  assert.equal(last.output[0].content[0].text, ECHO.input);
  assert.deepEqual(await json(`/${first.id}`), last, "and stays as it is");
});

test("a response in the background shows the items that are finished", async () => {
  const { json, pass } = clocked();
  const { id } = await json("?step=10", "POST", { ...ECHO, model: "sandbox/reasoner", background: true });
  const seen = new Set();
  for (let step = 0; step < 150; step += 1) {
    const { status, output } = await json(`/${id}`);
    seen.add([status, ...output.map(({ type }) => type)].join(" "));
    pass(10);
  }
  assert.deepEqual(
    [...seen],
    ["queued", "in_progress", "in_progress reasoning", "in_progress reasoning message", "completed reasoning message"],
  );
});

test("a response in the background works on when its stream is left, and the stream can be taken up again", async () => {
  const { send, json, pass } = clocked();
  await send("?step=0", "POST", { ...ECHO, background: true, stream: true });
  const whole = eventsOf({ text: await send("/resp_00000001?stream=true") });
  assert.deepEqual(
    whole.slice(0, 3).map(({ type, response }) => [type, response.status]),
    [
      ["response.created", "queued"],
      ["response.queued", "queued"],
      ["response.in_progress", "in_progress"],
    ],
  );
  const { id } = await json("?step=1000", "POST", { ...ECHO, background: true });
  pass(3500);
  assert.equal((await json(`/${id}`)).status, "in_progress");
  pass(60_000);
  const rest = eventsOf({ text: await send(`/${id}?stream=true&starting_after=3`) });
  assert.deepEqual(
    rest.map(({ type }) => type),
    whole.slice(4).map(({ type }) => type),
  );
});

test("events of the background come when their time has come", async () => {
  const start = performance.now();
  const { id } = await create(server, { ...ECHO, background: true }, "?step=25");
  const events = eventsOf(await ask(`${id}?stream=true`));
  assert.equal(events.at(-1).type, "response.completed");
  // Clocks of whole milliseconds are off by one.
  assert.ok(performance.now() - start >= 25 * (events.length - 1) - 2);
});

test("a cancelled response ends, for whoever asks and for whoever reads", async () => {
  const { id } = await create(server, { ...ECHO, background: true }, "?step=100");
  const reading = ask(`${id}?stream=true`);
  await until("it has begun", async () => (await ask(id)).json.status === "in_progress");
  const { status, json } = await ask(`${id}/cancel`, { method: "POST" });
  assert.deepEqual([status, json.status], [200, "cancelled"]);
  const events = eventsOf(await reading);
  assert.deepEqual([events.at(-1).type, events.at(-1).response.status], ["response.failed", "cancelled"]);
  assert.deepEqual((await ask(id)).json, json);
  assert.deepEqual((await ask(`${id}/cancel`, { method: "POST" })).json, json, "twice is once");
  assert.deepEqual(eventsOf(await ask(`${id}?stream=true`)), events);
});

test("what is over, or was never in the background, cannot be cancelled", async () => {
  const done = await create(server, { ...ECHO, background: true }, "?step=0");
  assert.equal((await ask(`${done.id}/cancel`, { method: "POST" })).json.status, "completed");
  const { id } = await create(server, ECHO);
  assert.equal((await ask(`${id}/cancel`, { method: "POST" })).status, 400);
});

test("a response in the background must be kept", async () => {
  assert.equal((await refused(server, { ...ECHO, background: true, store: false })).param, "store");
});

test("a deleted response is gone, also as a previous one", async () => {
  const { id } = await create(server, ECHO);
  assert.deepEqual((await ask(id, { method: "DELETE" })).json, { id, object: "response", deleted: true });
  for (const method of ["GET", "DELETE"]) assert.equal((await ask(id, { method })).status, 404);
  assert.equal((await refused(server, { ...ECHO, previous_response_id: id })).code, "previous_response_not_found");
});

const ITEMS = [
  { type: "message", role: "developer", content: "d" },
  { type: "message", role: "user", content: [{ type: "input_image", image_url: "https://a.example/x.png" }] },
  { type: "message", role: "assistant", content: "a", phase: "commentary" },
  { type: "reasoning", summary: [], encrypted_content: "e" },
  { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
  { type: "function_call_output", call_id: "c", output: "o" },
  { type: "message", role: "user", content: "u" },
];

test("the input is listed page by page, in either order, with the same ids each time", async () => {
  const { id } = await create(server, { ...ECHO, input: ITEMS });
  const list = async (query) => (await ask(`${id}/input_items${query}`)).json;
  const all = await list("?order=asc");
  assert.deepEqual(
    all.data.map(({ type, role }) => role ?? type),
    ITEMS.map(({ type, role }) => role ?? type),
  );
  assert.deepEqual(
    [all.object, all.has_more, all.first_id, all.last_id],
    ["list", false, all.data[0].id, all.data[6].id],
  );
  assert.deepEqual((await list("")).data, all.data.toReversed());
  const first = await list("?order=asc&limit=3");
  const second = await list(`?order=asc&limit=3&after=${first.last_id}`);
  const third = await list(`?order=asc&limit=3&after=${second.last_id}`);
  assert.deepEqual([...first.data, ...second.data, ...third.data], all.data);
  assert.deepEqual([first.has_more, second.has_more, third.has_more], [true, true, false]);
  const empty = await create(server, { ...ECHO, input: [] });
  const nothing = (await ask(`${empty.id}/input_items`)).json;
  assert.deepEqual(nothing, { object: "list", data: [], first_id: null, last_id: null, has_more: false });
});

test("the listed items satisfy the contract", { skip }, async () => {
  const { id } = await create(server, { ...ECHO, input: ITEMS });
  for (const item of (await ask(`${id}/input_items`)).json.data) {
    assert.deepEqual(check(schemas.ItemField, item), [], item.type);
  }
});

test("tokens are counted as a response would count them", async () => {
  const body = { ...ECHO, instructions: "be brief", tools: [{ type: "function", name: "f" }] };
  const { json } = await ask("input_tokens", { method: "POST", body });
  const { usage } = await create(server, body);
  assert.deepEqual(json, { object: "response.input_tokens", input_tokens: usage.input_tokens });
  const wrong = await ask("input_tokens", { method: "POST", body: { input: 7 } });
  assert.deepEqual([wrong.status, wrong.json.error.param], [400, "input"]);
});

test("a compacted conversation satisfies the contract and can be gone on with", { skip }, async () => {
  const body = { model: "sandbox/echo", input: ITEMS };
  assert.deepEqual(check(schemas.CompactResponseMethodPublicBody, body), []);
  const { json } = await ask("compact", { method: "POST", body });
  assert.deepEqual(check(schemas.CompactResource, json), []);
  assert.deepEqual(
    json.output.map(({ type, role }) => role ?? type),
    ["user", "user", "compaction"],
  );
  const next = await create(server, {
    ...ECHO,
    input: [...json.output, { type: "message", role: "user", content: "on" }],
  });
  assert.equal(next.output[0].content[0].text, "on");
});

test("a conversation is compacted from a response that is kept", async () => {
  const { id } = await create(server, ECHO);
  const { json } = await ask("compact", { method: "POST", body: { model: "sandbox/echo", previous_response_id: id } });
  assert.equal(json.output[0].content[0].text, ECHO.input);
  for (const [body, param] of [
    [{ input: "i" }, "model"],
    [{ model: "sandbox/echo" }, "input"],
    [{ model: "sandbox/none", input: "i" }, "model"],
  ]) {
    const wrong = await ask("compact", { method: "POST", body });
    assert.deepEqual([wrong.json.error.param], [param]);
  }
});

test("a wrong method is told the right ones", async () => {
  const { status, json } = await ask("resp_1", { method: "PUT" });
  assert.equal(status, 405);
  assert.match(json.error.message, /takes GET or DELETE, not PUT/);
});
