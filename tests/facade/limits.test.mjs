// The bounds: at each all is well, and one beyond it is an error of its own.

import assert from "node:assert/strict";
import { test } from "node:test";
import { api, client, completed, created, delta, json, whole } from "./fake.mjs";

const params = { model: "m", input: "i" };
const stream = (limits, ...events) => client(() => whole(...events), { limits }).responses.stream(params);

/** What is read before the error, and the error. */
async function broken(iterable) {
  const items = [];
  try {
    for await (const item of iterable) items.push(item);
  } catch (error) {
    return { items, error };
  }
  assert.fail("no error");
}

/** The least bound with which it is well. */
async function least(attempt) {
  let [low, high] = [1, 4_096];
  while (low < high) {
    const middle = (low + high) >> 1;
    const isWell = await attempt(middle).then(
      () => true,
      () => false,
    );
    if (isWell) high = middle;
    else low = middle + 1;
  }
  return low;
}

test("an event of maxEventBytes is taken, and one byte more is event_too_large", async () => {
  // Its name, and the line of its data.
  const size = `response.completeddata: ${JSON.stringify(completed("a"))}`.length;
  const events = [created, delta("a"), completed("a")];
  await stream({ maxEventBytes: size }, ...events).finalResponse();
  const { items, error } = await broken(stream({ maxEventBytes: size - 1 }, ...events));
  assert.ok(error instanceof api.ProtocolError);
  assert.deepEqual([error.code, items.length, error.partial.output_text], ["event_too_large", 2, "a"]);
});

test("an answer of maxResponseBytes that is no stream is taken, and one byte more is response_too_large", async () => {
  const { response } = completed("a");
  const size = JSON.stringify(response).length;
  const create = (maxResponseBytes) =>
    client(() => json(response), { limits: { maxResponseBytes } }).responses.create(params);
  assert.equal((await create(size)).output_text, "a");
  await assert.rejects(create(size - 1), { name: "ProtocolError", code: "response_too_large" });
});

test("a stream's response of maxResponseBytes is kept, and one byte more is response_too_large", async () => {
  const text = "x".repeat(100);
  const item = { type: "function_call", id: "f", call_id: "c", name: "n", arguments: "" };
  const announced = (item) => ({ type: "response.output_item.added", output_index: 0, item });
  const args = (delta) => ({ type: "response.function_call_arguments.delta", output_index: 0, item_id: "f", delta });
  const ways = {
    "a text": [delta(text), delta("y"), (response) => response.output_text.length],
    "the text of recognised deltas": [
      ...Array(50).fill(delta("xx")),
      delta("y"),
      (response) => response.output_text.length,
    ],
    "a call's arguments": [announced(item), args(text), args("y"), (response) => response.output[0].arguments.length],
    items: [
      announced({ ...item, arguments: text }),
      { ...announced({ ...item, arguments: "y" }), output_index: 1 },
      (response) => response.output[0].arguments.length + response.output[1].arguments.length,
    ],
  };
  for (const [name, way] of Object.entries(ways)) {
    const [lengthOf, last, ...before] = way.reverse();
    const events = [created, ...before.reverse(), last];
    const end = { type: "response.completed" };
    const bound = await least((maxResponseBytes) => stream({ maxResponseBytes }, ...events, end).finalResponse());
    assert.ok(bound > 100 && bound < 1_500, `${name}: ${bound}`);
    const kept = await stream({ maxResponseBytes: bound }, ...events, end).finalResponse();
    assert.equal(lengthOf(kept), 101, name);
    const { items, error } = await broken(stream({ maxResponseBytes: bound - 1 }, ...events, end));
    assert.ok(error instanceof api.ProtocolError, name);
    assert.deepEqual([error.code, items.length], ["response_too_large", events.length - 1], name);
    assert.equal(lengthOf(error.partial), 101, name);
    assert.match(error.message, new RegExp(`maxResponseBytes \\(${bound - 1} bytes\\)`));
  }
});

test("a response that is told again and again is kept once", async () => {
  const again = { type: "response.in_progress", response: { id: "resp_1", metadata: { note: "x".repeat(200) } } };
  const events = [created, ...Array(100).fill(again), completed("a")];
  assert.equal(await stream({ maxResponseBytes: 1_500 }, ...events).finalText(), "a");
});

test("maxBufferedEvents may come in one chunk, and one more is too_many_events", async () => {
  const events = [created, delta("a"), delta("b"), delta("c"), completed("abc")];
  for (const options of [{}, { fastPath: false }]) {
    const ask = (maxBufferedEvents) =>
      client(() => whole(...events), { limits: { maxBufferedEvents }, ...options }).responses.stream(params);
    assert.equal(await ask(5).finalText(), "abc");
    const { items, error } = await broken(ask(4));
    assert.ok(error instanceof api.ProtocolError);
    assert.deepEqual([error.code, items.length], ["too_many_events", 4]);
    const texts = await broken(ask(3).textStream);
    assert.deepEqual([texts.error.code, texts.items], ["too_many_events", ["a", "b"]]);
  }
});

test("limits are positive whole numbers", () => {
  for (const name of ["maxEventBytes", "maxResponseBytes", "maxBufferedEvents"]) {
    for (const wrong of [0, -1, 1.5, Number.NaN, Infinity, "1", null]) {
      assert.throws(() => client(() => whole(), { limits: { [name]: wrong } }), { code: "invalid_option" });
    }
  }
});

const nested = (depth) => "[".repeat(depth) + "]".repeat(depth);
const sse = (...texts) =>
  new Response(texts.map((text) => `data: ${text}\n\n`).join(""), { headers: { "content-type": "text/event-stream" } });

test("an event that is nested too deep ends the stream, and what came before it is there", async () => {
  for (const depth of [513, 100_000]) {
    const deep = [
      `{"type":"acme:x","a":${nested(depth)}}`,
      `{"type":"response.output_item.added","output_index":0,"item":${nested(depth)}}`,
      `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`.replace("{", '{"type":"acme:x",'),
      "[".repeat(depth),
    ];
    for (const event of deep) {
      const answer = () => sse(JSON.stringify(created), event, JSON.stringify(completed("a")));
      const { error, items } = await broken(client(answer).responses.stream(params));
      assert.deepEqual([error.name, error.code, items.length], ["ProtocolError", "nested_too_deep", 1]);
      assert.equal(error.partial.id, created.response.id);
    }
  }
});

test("an event that is nested as deep as may be is taken", async () => {
  const event = `{"type":"acme:x","a":${nested(511)}}`;
  const run = client(() => sse(JSON.stringify(created), event, JSON.stringify(completed("a")))).responses.stream(
    params,
  );
  const events = [];
  for await (const told of run) events.push(told);
  assert.equal(JSON.stringify(events[1]), event);
});

test("answers that are no streams, refusals and structured output that are nested too deep are errors like others", async () => {
  const answer = (text, status = 200) =>
    client(() => new Response(text, { status, headers: { "content-type": "application/json" } }), { maxRetries: 0 });
  const deep = nested(100_000);
  await assert.rejects(answer(`{"output":${deep}}`).responses.create(params), { code: "nested_too_deep" });
  await assert.rejects(answer(`{"data":${deep}}`).models.list(), { code: "nested_too_deep" });
  await assert.rejects(answer(`{"error":${deep}}`, 400).responses.create(params), api.BadRequestError);
  await assert.rejects(answer(deep, 500).responses.create(params), api.InternalServerError);
  const format = { format: { type: "json_object" } };
  const run = client(() => whole(created, delta(deep), completed(deep))).responses.stream({ ...params, text: format });
  assert.equal((await broken(run.partials())).error.code, "invalid_json");
});

test("a request that is nested deeply is sent as it is, and one that cannot be written is refused before it is sent", async () => {
  const deep = (depth) => {
    let metadata = { left_out: null };
    for (let level = 0; level < depth; level++) metadata = { metadata };
    return { ...params, metadata };
  };
  const asking = client(() => json(completed("a").response));
  await asking.responses.create(deep(2_000));
  assert.equal(asking.seen[0].body, JSON.stringify(deep(2_000)));
  await assert.rejects(asking.responses.create(deep(1_000_000)), (error) => {
    assert.ok(error instanceof api.OpenResponsesError);
    assert.equal(error.code, "invalid_request");
    return true;
  });
  assert.equal(asking.seen.length, 1);
});
