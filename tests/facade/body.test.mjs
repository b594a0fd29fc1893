// Whatever stands in the place of a body: it is read, or refused in words.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { runInNewContext } from "node:vm";
import { client, feed } from "./fake.mjs";

const params = { model: "m", input: "i" };
const headers = { "content-type": "text/event-stream" };
const event = 'data: {"type":"response.completed","response":{"output":[]}}\n\n';
const encoded = new TextEncoder().encode(event);

/** An answer that is no `Response`, around that body. */
const like = (body) => ({ status: 200, headers: new Headers(headers), body });

/** An answer whose body yields these things. */
const yielding = (...chunks) =>
  like(
    new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
    }),
  );

async function outcome(answer) {
  const types = [];
  try {
    for await (const { type } of client(() => answer).responses.stream(params)) types.push(type);
    return types.join(" ");
  } catch (error) {
    return `${error.name} ${error.code}`;
  }
}

test("bytes in other views and from other realms are bytes", async () => {
  const padded = new TextEncoder().encode(`xx${event}`);
  const foreign = runInNewContext("new Uint8Array(length)", { length: encoded.length });
  foreign.set(encoded);
  for (const chunk of [encoded, Buffer.from(event), new DataView(padded.buffer, 2), foreign]) {
    assert.equal(await outcome(yielding(chunk)), "response.completed");
  }
});

test("what only looks like a response serves as one, and a read() that gives no promise", async () => {
  const parts = [encoded];
  const getReader = () => ({ read: () => ({ done: parts.length === 0, value: parts.pop() }), cancel() {} });
  assert.equal(await outcome(like({ getReader })), "response.completed");
});

test("a body that cannot be read is told as what it is", async () => {
  const locked = new Response("x", { headers });
  locked.body.getReader();
  const throwing = (what) => like({ getReader: () => ({ read: what, cancel() {} }) });
  const cases = [
    [new Response(null, { headers }), "StreamTruncatedError stream_truncated"],
    [like(undefined), "StreamTruncatedError stream_truncated"],
    [locked, "OpenResponsesError invalid_fetch"],
    [like({}), "OpenResponsesError invalid_fetch"],
    [yielding("a string"), "OpenResponsesError invalid_fetch"],
    [yielding(null), "OpenResponsesError invalid_fetch"],
    [yielding([1, 2]), "OpenResponsesError invalid_fetch"],
    [
      throwing(() => {
        throw null;
      }),
      "StreamTruncatedError stream_truncated",
    ],
    [throwing(() => Promise.reject(undefined)), "StreamTruncatedError stream_truncated"],
    [throwing(() => undefined), "StreamTruncatedError stream_truncated"],
  ];
  for (const [answer, expected] of cases) assert.equal(await outcome(answer), expected);
});

test("a chunk that is larger than all before, and one that makes the wasm's memory grow, arrive whole", async () => {
  for (const length of [1, 100, 70_000, 3_000_000]) {
    const delta = "x".repeat(length);
    const pieces = [1, 2].map((number) =>
      new TextEncoder().encode(
        `data: ${JSON.stringify({ type: "response.output_text.delta", output_index: 0, content_index: 0, delta, sequence_number: number })}\n\n`,
      ),
    );
    const stream = client(() => yielding(...pieces, encoded)).responses.stream(params);
    const deltas = [];
    for await (const told of stream) if (told.type === "response.output_text.delta") deltas.push(told.delta.length);
    assert.deepEqual(deltas, [length, length]);
  }
});

test("aborting while a chunk is awaited cancels the body, and leaves nothing unhandled", async () => {
  const unhandled = [];
  const note = (reason) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  // One body that knows the signal, one that does not.
  for (const knows of [false, true]) {
    const fed = feed();
    const stream = client((_url, { signal }) => {
      if (knows) signal.addEventListener("abort", () => fed.fail(signal.reason));
      return fed.response;
    }).responses.stream(params);
    const next = stream[Symbol.asyncIterator]().next();
    await wait(5);
    stream.abort("enough");
    await assert.rejects(next, { name: "APIUserAbortError", cause: "enough" });
    await wait(5);
    if (!knows) assert.ok(fed.cancelled);
  }
  process.off("unhandledRejection", note);
  assert.deepEqual(unhandled, []);
});
