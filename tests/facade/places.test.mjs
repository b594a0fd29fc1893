// The table of JavaScript's values that the wasm holds: a call, however it ends, leaves no place in it taken.

import assert from "node:assert/strict";
import { test } from "node:test";
import { watchInstances } from "../support/instances.mjs";
import { load, watchable } from "../support/package.mjs";
import { completed, created, delta, feed, json, play, respond, settled, streamFixture } from "./fake.mjs";

/** The table grows to twice its size at a time, from some hundred free places on: one that each call takes for good shows. */
const CALLS = 400;

const params = { model: "m", input: "i" };
const numbered = [created, delta("A"), completed("A")].map((event, number) => ({ ...event, sequence_number: number }));
const streamed = (...events) => respond(streamFixture(events), { chunkBytes: Infinity });
const streamHead = { headers: { "content-type": "text/event-stream" } };
const thrower = () => {
  throw new TypeError("on purpose");
};
const never = () => new Promise(() => {});

/** Of an instance of its own, whose table is small. */
let api;
const client = (answer, options) =>
  new api.OpenResponses({
    apiKey: "a-key-of-the-test",
    baseURL: "https://api.example/v1",
    maxRetries: 0,
    fetch: answer && play(answer),
    ...options,
  });

/** What a call ends with: nothing, or the code of its error. */
const ended = (promise) =>
  promise.then(
    () => undefined,
    (error) => error.code ?? error.name,
  );

/** Streams, of whose client the `fetch` and the options are given, and what they end with. */
const stream = (fetch, options) => () => ended(client(fetch, options).responses.stream(params).finalResponse());

/** The same, of a `fetch` that is called as it is. */
const asked = (fetch, options) => stream(never, { fetch, ...options });

const aborted = (options, reach) => async () => {
  const call = client(never, options).responses.stream(params);
  const end = ended(call.finalResponse());
  await reach(call);
  call.abort();
  return end;
};

/** Not waited for in milliseconds: that would be most of the test. */
const turns = async () => {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

const CASES = {
  "a stream to its end": [stream(() => streamed(...numbered)), undefined],
  "an answer of JSON": [
    () => ended(client(() => json({ object: "response", status: "completed", output: [] })).responses.create(params)),
    undefined,
  ],
  "a refusal": [stream(() => json({ error: { message: "No.", code: "no" } }, { status: 400 })), "no"],
  "a redirect": [stream(() => Response.redirect("https://elsewhere.example/")), "redirected"],
  "a retry": [
    stream((_, attempt) => (attempt === 0 ? thrower() : streamed(...numbered)), { maxRetries: 1 }),
    undefined,
  ],
  "a `fetch` that throws": [asked(thrower), "connection_failed"],
  "a `fetch` that rejects": [stream(thrower), "connection_failed"],
  "a `fetch` that rejects with nothing": [asked(() => Promise.reject()), "connection_failed"],
  "a `fetch` that gives nothing": [asked(() => undefined), "invalid_fetch"],
  "an answer whose parts throw when they are read": [
    asked(() => Object.defineProperty({ headers: new Headers() }, "status", { get: thrower })),
    "invalid_fetch",
  ],
  "an answer whose headers throw": [
    asked(() => ({ status: 200, headers: { get: thrower }, body: null })),
    "stream_truncated",
  ],
  "an answer whose body throws": [
    asked(() => Object.defineProperty({ status: 200, headers: new Headers() }, "body", { get: thrower })),
    "invalid_fetch",
  ],
  "an answer without a body": [stream(() => new Response(null, streamHead)), "stream_truncated"],
  "a body that cannot be read": [
    stream(() => {
      const response = streamed(...numbered);
      response.body.getReader();
      return response;
    }),
    "invalid_fetch",
  ],
  "a body that breaks while it is read": [
    stream(() => {
      const fed = feed();
      fed.send(...numbered.slice(0, 2));
      queueMicrotask(() => fed.fail());
      return fed.response;
    }),
    "stream_truncated",
  ],
  "a body that breaks with nothing": [
    stream(() => new Response(new ReadableStream({ pull: (body) => body.error() }), streamHead)),
    "stream_truncated",
  ],
  "a body that cannot be cancelled": [
    stream(() => new Response(new ReadableStream({ pull: thrower, cancel: thrower }), streamHead)),
    "stream_truncated",
  ],
  "a key that a function gives": [stream(() => streamed(...numbered), { apiKey: async () => "a-key" }), undefined],
  "a function for the key that throws": [stream(never, { apiKey: thrower }), "token_function_failed"],
  "a function for the key that rejects": [
    stream(never, { apiKey: () => Promise.reject(new Error("no")) }),
    "token_function_failed",
  ],
  "an abort before all else": [aborted({}, () => {}), "aborted"],
  "an abort while the key is awaited": [aborted({ apiKey: never }, turns), "aborted"],
  "an abort while the answer is awaited": [aborted({}, turns), "aborted"],
  "an abort while a retry is waited for": [aborted({ fetch: thrower, maxRetries: 9 }, turns), "aborted"],
  "an abort while a refusal is read": [aborted({ fetch: () => feed({ status: 400 }).response }, turns), "aborted"],
  "an abort while events are awaited": [aborted({ fetch: () => feed().response }, turns), "aborted"],
  "an abort within the loop": [
    async () => {
      const fed = feed();
      fed.send(created);
      const call = client(() => fed.response).responses.stream(params);
      for await (const _ of call) break;
      return ended(call.finalResponse());
    },
    "aborted",
  ],
  "a stream that is gone on with": [
    () => {
      const fetch = ({ url }) =>
        streamed(...(url.includes("starting_after") ? numbered.slice(1) : numbered.slice(0, 1)));
      return ended(
        client(fetch)
          .responses.stream({ ...params, background: true })
          .finalResponse(),
      );
    },
    undefined,
  ],
};

/** As many calls, some of them at a time. */
async function times(count, call, code) {
  for (let done = 0; done < count; done += 50) {
    const codes = await Promise.all(Array.from({ length: 50 }, call));
    assert.deepEqual([...new Set(codes)], [code]);
  }
  await settled();
}

for (const [what, [call, code]] of Object.entries(CASES)) {
  test(`${what} leaves no value in the wasm's table`, async (context) => {
    // No wait between a break and what comes of it.
    context.mock.method(Math, "random", () => 0);
    const instances = watchInstances();
    api = await load(undefined, watchable());
    await api.init();
    await times(100, call, code);
    const before = instances.places;
    assert.ok(before > 0);
    await times(CALLS, call, code);
    assert.equal(instances.places, before);
  });
}
