// Hostile but real: what a client meets between a model and a page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ASK, against, begun, body, clean, isError, numbered, read, response, sse } from "./support.mjs";

const lacking = (...names) =>
  clean().map((event) => Object.fromEntries(Object.entries(event).filter(([name]) => !names.includes(name))));
const inserted = (...events) => {
  const [first, ...rest] = clean();
  return numbered([first, ...events, ...rest]);
};

/** Streams that are mended, or need no mending. */
const MENDED = {
  "all events and [DONE]": [sse(clean())],
  "no [DONE]": [sse(clean(), { done: false })],
  "no sequence_number": [sse(lacking("sequence_number")), "missing_sequence_number"],
  "a sparse response": [
    sse(
      clean().map((event) =>
        event.response ? { ...event, response: { id: "resp_1", output: event.response.output } } : event,
      ),
    ),
  ],
  "no event lines": [sse(clean(), { names: false })],
  "comments between the events": [sse(clean()).replaceAll("\n\n", "\n\n: keep-alive\n\n")],
  "an unknown event of an extension": [sse(inserted({ type: "acme:ping" }))],
  "an unknown event of the future": [sse(inserted({ type: "response.future_thing.delta", delta: "x" }))],
  "an unknown item": [
    sse(
      numbered([
        ...clean().slice(0, -1),
        { type: "response.output_item.added", output_index: 1, item: { type: "acme:widget", id: "w", status: "x" } },
        { type: "response.output_item.done", output_index: 1, item: { type: "acme:widget", id: "w", status: "x" } },
        { type: "response.completed", response: { ...response("completed"), output: [] } },
      ]),
    ),
    "empty_output",
  ],
  "no item_id": [sse(lacking("item_id")), "missing_item_id"],
  "null wherever something may be missing": [
    sse(clean().map((event) => ({ ...event, item_id: null, obfuscation: null, logprobs: null, annotations: null }))),
    "missing_item_id",
  ],
  "comments as data": [sse(clean()).replaceAll("\n\n", "\n\ndata: : PROCESSING\n\n")],
  "one event that is no JSON": [
    sse(clean()).replace("\n\n", '\n\ndata: {"type":"response.output_te\n\n'),
    "invalid_json",
  ],
  "a byte order mark and CRLF": [`\uFEFF${sse(clean()).replaceAll("\n", "\r\n")}`],
  "events after the last": [sse([...clean(), ...clean("Other")])],
  "a last event without its blank line": [sse(clean(), { done: false }).slice(0, -2), "unterminated_event"],
};

for (const [what, [text, ...codes]] of Object.entries(MENDED)) {
  test(`${what}: the answer is whole`, async (t) => {
    const seen = await read(await against(t, body(text)));
    assert.equal(seen.error, undefined);
    assert.equal(seen.text, "Hello");
    assert.deepEqual(seen.codes, codes);
    const final = await seen.stream.finalResponse();
    assert.equal(final.status, "completed");
    assert.equal(final.id, "resp_1");
    const strict = await read(await against(t, body(text), { strict: true }));
    if (codes.length === 0) assert.equal(strict.error, undefined);
    else isError(strict.error, "ProtocolError", { code: codes[0], message: /strict/ });
    assert.deepEqual(strict.codes, codes.slice(0, 1), "what was refused is listed too");
  });
}

test("an unknown item stays in its place", async (t) => {
  const seen = await read(await against(t, body(MENDED["an unknown item"][0])));
  assert.deepEqual(
    seen.stream.snapshot.output.map(({ type }) => type),
    ["message", "acme:widget"],
  );
});

test("an event that passes through is the server's own, whatever its type", async (t) => {
  const ping = { type: "acme:ping", sequence_number: 1, anything: [{ x: null }] };
  const seen = await read(await against(t, body(sse(inserted(ping)))));
  assert.deepEqual(seen.events[1], ping);
});

test("no terminal event: truncated, with what arrived", async (t) => {
  const seen = await read(await against(t, body(sse(begun(), { done: false }))));
  isError(seen.error, "StreamTruncatedError", {
    code: "stream_truncated",
    message: /sequence number 5.*no terminal event/,
    lastSequenceNumber: 5,
    retryable: false,
    status: undefined,
  });
  assert.equal(seen.error.partial.output_text, "Hello");
});

test("[DONE] without a terminal event is truncated too", async (t) => {
  const seen = await read(await against(t, body(sse(begun()))));
  isError(seen.error, "StreamTruncatedError", { lastSequenceNumber: 5, message: /\[DONE\]/ });
});

test("a connection that is reset in the middle: truncated", async (t) => {
  const client = await against(t, (answer) => {
    answer.writeHead(200, { "content-type": "text/event-stream" });
    answer.write(sse(begun(), { done: false }), () => setTimeout(() => answer.socket.resetAndDestroy(), 20));
  });
  const seen = await read(client);
  isError(seen.error, "StreamTruncatedError", { lastSequenceNumber: 5, message: /connection broke/ });
  assert.equal(seen.error.partial.output_text, "Hello");
  assert.ok(seen.error.cause, "what the platform threw");
});

test("response.failed: an event in the loop, an error from the helpers", async (t) => {
  const failed = {
    type: "response.failed",
    response: { ...response("failed"), error: { code: "server_error", message: "It broke." } },
  };
  const seen = await read(await against(t, body(sse(numbered([...begun(), failed])))));
  assert.equal(seen.error, undefined);
  assert.equal(seen.events.at(-1).type, "response.failed");
  for (const helper of ["finalResponse", "finalText"]) {
    const error = await seen.stream[helper]().catch((thrown) => thrown);
    isError(error, "ResponseFailedError", { code: "server_error", message: "It broke.", retryable: true });
    assert.equal(error.partial.output_text, "Hello");
  }
});

test("a surrogate pair in two deltas is one character", async (t) => {
  const before = sse(clean().slice(0, 4), { done: false });
  const at = { item_id: "msg_1", output_index: 0, content_index: 0 };
  const halves = ["\\ud83e", "\\udd80!"].map(
    (half, index) =>
      `data: ${JSON.stringify({ type: "response.output_text.delta", sequence_number: 4 + index, ...at }).slice(0, -1)},"delta":"${half}"}\n\n`,
  );
  const seen = await read(await against(t, body(before + halves.join(""))));
  assert.equal(seen.text, "🦀!");
  assert.equal(
    seen.events
      .filter(({ delta }) => delta)
      .map(({ delta }) => delta)
      .join(""),
    "🦀!",
  );
});

test("JSON for a stream, and a stream for JSON", async (t) => {
  const json = JSON.stringify(clean().at(-1).response);
  for (const type of ["application/json", "text/event-stream", "text/plain", null]) {
    const seen = await read(await against(t, body(`\uFEFF${json}`, { type })));
    assert.equal(seen.error, undefined);
    assert.equal(seen.text, "Hello");
    assert.ok(seen.codes.includes("json_for_stream"));
    assert.equal(seen.codes.includes("wrong_content_type"), type === "text/event-stream");
  }
  for (const type of ["application/json", "text/event-stream", "text/plain", null]) {
    const client = await against(t, body(sse(clean()), { type }));
    const made = await client.responses.create(ASK);
    assert.equal(made.output_text, "Hello");
    const codes = made._deviations.map(({ code }) => code);
    assert.deepEqual(
      codes,
      type === "application/json" ? ["wrong_content_type", "stream_for_json"] : ["stream_for_json"],
    );
    assert.ok(!Object.keys(made).includes("_deviations"));
  }
});

test("a clean answer has no deviations", async (t) => {
  const client = await against(t, body(JSON.stringify(clean().at(-1).response), { type: "application/json" }), {
    strict: true,
  });
  assert.deepEqual((await client.responses.create(ASK))._deviations, []);
});

test("a deviation says what, how it was mended, and where", async (t) => {
  const events = clean();
  delete events[4].item_id;
  const seen = await read(await against(t, body(sse(events))));
  const [deviation, ...others] = seen.stream.deviations;
  assert.deepEqual(others, []);
  assert.deepEqual(Object.keys(deviation), ["code", "message", "sequence_number"]);
  assert.equal(deviation.code, "missing_item_id");
  assert.equal(deviation.sequence_number, 4);
  assert.match(deviation.message, /item_id/);
});

test("usage and cost are found wherever a server puts them", async (t) => {
  const usage = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };
  const last = (change) => {
    const events = clean();
    events[events.length - 1] = change(events.at(-1));
    return events;
  };
  const within = (fields) => last((event) => ({ ...event, response: { ...event.response, ...fields } }));
  const cases = {
    "in the usage": [within({ usage: { ...usage, cost: 0.5 } }), []],
    "in the response": [within({ usage, cost: 0.5 }), []],
    "beside the response": [last((event) => ({ ...event, usage, cost: 0.5 })), ["misplaced_usage"]],
    "in usage beside the response": [
      last((event) => ({ ...event, usage: { ...usage, cost: 0.5 } })),
      ["misplaced_usage"],
    ],
    "in an event of its own": [
      numbered([...clean().slice(0, -1), { type: "acme:bill", usage, cost: 0.5 }, clean().at(-1)]),
      ["misplaced_usage"],
    ],
  };
  for (const [where, [events, codes]] of Object.entries(cases)) {
    const seen = await read(await against(t, body(sse(events))));
    assert.equal(seen.stream.cost, 0.5, where);
    assert.equal(seen.stream.usage.total_tokens, 3, where);
    assert.equal((await seen.stream.finalResponse()).usage.total_tokens, 3, where);
    assert.deepEqual(seen.codes, codes, where);
  }
  const without = await read(await against(t, body(sse(clean()))));
  assert.deepEqual([without.stream.usage, without.stream.cost], [null, null]);
});
