// What the package gives for tests of applications: answers without a network, recordings, and faults.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../support/package.mjs";
import { api, completed, created, delta, respond, settled, streamFixture } from "./fake.mjs";

const { faulty, feed, jsonFixture, play, record } = await load("testing");

const params = { model: "m", input: "i" };
const KEY = 'sk-a/"secret"-key';
const events = [created, delta("Grüße "), delta("\u{1F30D}!"), completed("Grüße \u{1F30D}!")];
const fixture = streamFixture(events);
const bytes = new TextEncoder().encode(fixture.chunks.join(""));

const client = (fetch, options) =>
  new api.OpenResponses({
    apiKey: "a-key-of-the-test",
    baseURL: "https://api.example/v1",
    fetch,
    maxRetries: 0,
    ...options,
  });

async function textOf(stream) {
  let text = "";
  for await (const piece of stream.textStream) text += piece;
  return text;
}

test("a fixture is plain JSON, and is played in chunks of any size", async () => {
  const kept = JSON.parse(JSON.stringify(fixture));
  for (const chunkBytes of [undefined, 1, 2, 3, 7, 64, Number.POSITIVE_INFINITY]) {
    const stream = client(play(kept, { chunkBytes })).responses.stream(params);
    assert.equal(await textOf(stream), "Grüße \u{1F30D}!", `${chunkBytes}`);
    assert.equal((await stream.finalResponse()).output_text, "Grüße \u{1F30D}!");
    const sizes = [];
    for await (const chunk of respond(kept, { chunkBytes }).body) sizes.push(chunk.length);
    assert.equal(
      sizes.reduce((sum, size) => sum + size, 0),
      bytes.length,
    );
    if (chunkBytes) assert.ok(sizes.slice(0, -1).every((size) => size === chunkBytes));
    else assert.equal(sizes.length, fixture.chunks.length);
  }
});

test("a fixture answers the request of its method and path, once, and what is left over is refused", async () => {
  const answer = (id) => ({ id, object: "response", status: "completed", output: [] });
  const fetch = play([
    jsonFixture(answer("b"), { request: { method: "GET", path: "/v1/responses/b?v=1" } }),
    jsonFixture(answer("new"), { request: { method: "POST", path: "/v1/responses" } }),
    jsonFixture(answer("b again"), { request: { method: "GET", path: "/v1/responses/b?v=1" } }),
  ]);
  const asking = client(fetch, { defaultQuery: { v: "1" } });
  const { id } = await client(fetch).responses.create(params);
  assert.equal(id, "new");
  assert.equal((await asking.responses.retrieve("b")).id, "b");
  assert.equal((await asking.responses.retrieve("b")).id, "b again");
  await assert.rejects(asking.responses.retrieve("b"), (error) => {
    assert.ok(error instanceof api.APIConnectionError);
    assert.match(error.cause.message, /no fixture left for GET \/v1\/responses\/b\?v=1/);
    return true;
  });
  const [first] = fetch.requests;
  assert.deepEqual([first.method, JSON.parse(first.body)], ["POST", params]);
  assert.equal(first.headers.authorization, "Bearer a-key-of-the-test");
  assert.equal(fetch.requests.length, 4);
});

test("a function answers by the request, as often as it is asked", async () => {
  const fetch = play((request, index) => jsonFixture({ data: [{ id: `${index} ${request.method}` }] }));
  const { models } = client(fetch);
  assert.equal((await models.list()).data[0].id, "0 GET");
  assert.equal((await models.list()).data[0].id, "1 GET");
});

test("chunks wait as long as they are told to, and one who has left is not waited for", async (t) => {
  const slow = { ...fixture, chunks: fixture.chunks.map((text) => ({ text, delay: 20 })) };
  const { setTimeout } = globalThis;
  let waits = 0;
  globalThis.setTimeout = (...all) => {
    if (all[1] === 20) waits += 1;
    return setTimeout(...all);
  };
  t.after(() => Object.assign(globalThis, { setTimeout }));
  const waited = async (pace) => {
    waits = 0;
    await (await play(slow, pace)("https://api.example/", {})).text();
    return waits;
  };
  assert.equal(await waited({}), 0);
  assert.equal(await waited({ delay: "recorded" }), fixture.chunks.length);
  assert.equal(await waited({ delay: 20, chunkBytes: bytes.length }), 1);
  const patient = client(play(fixture, { delay: 3_600_000 })).responses.stream(params);
  const reading = patient[Symbol.asyncIterator]().next();
  await settled();
  patient.abort();
  await assert.rejects(reading, api.APIUserAbortError);
  await settled();
  assert.ok(!process.getActiveResourcesInfo().includes("Timeout"));
});

test("an aborted request is not answered, and an aborted body breaks off", async () => {
  const reason = new Error("enough");
  await assert.rejects(play(fixture)("https://api.example/", { signal: AbortSignal.abort(reason) }), reason);
  const aborter = new AbortController();
  const { body } = await play(fixture)("https://api.example/", { signal: aborter.signal });
  const reader = body.getReader();
  await reader.read();
  aborter.abort(reason);
  await assert.rejects(reader.read(), reason);
});

test("an answer can be fed while it is read", async () => {
  const fed = feed({ headers: { "x-request-id": "req_1" } });
  const run = client(play(() => fed.response)).responses.stream(params);
  const reader = run[Symbol.asyncIterator]();
  fed.send(created);
  assert.equal((await reader.next()).value.type, "response.created");
  fed.sendText(": alive\n\n");
  fed.fail();
  await assert.rejects(reader.next(), api.StreamTruncatedError);
  assert.equal(run.requestID, "req_1");
});

test("what is recorded plays as it was", async () => {
  const live = faulty(play([fixture, jsonFixture({ data: [{ id: "a" }] }), fixture], { chunkBytes: 7 }), {});
  const { fetch, fixtures } = record(live);
  const recorded = client(fetch);
  await recorded.responses.stream(params).finalResponse();
  await recorded.models.list();
  assert.deepEqual(fixtures[0].request, {
    method: "POST",
    path: "/v1/responses",
    body: { ...params, stream: true },
  });
  const replayed = client(play(JSON.parse(JSON.stringify(fixtures))));
  const heard = [];
  for await (const event of replayed.responses.stream(params)) heard.push(event);
  assert.deepEqual(heard, events);
  assert.equal((await replayed.models.list()).data[0].id, "a");
  const played = [];
  for await (const chunk of respond(fixtures[0]).body) played.push(...chunk);
  assert.deepEqual(played, [...bytes], "byte for byte, though characters were cut");
  assert.ok(
    fixtures[0].chunks.some((chunk) => chunk.base64),
    "a character was cut",
  );
  assert.ok(fixtures[0].chunks.length > 3);
});

test("what is recorded of a stream is whole when its result is", async () => {
  const { fetch, fixtures } = record(play([fixture, fixture]));
  const recorded = client(fetch);
  await recorded.responses.stream(params).finalText();
  for await (const event of recorded.responses.stream(params)) if (event.type === "response.completed") break;
  for (const one of JSON.parse(JSON.stringify(fixtures))) {
    const heard = [];
    for await (const event of client(play(one)).responses.stream(params)) heard.push(event);
    assert.deepEqual(heard, events);
  }
});

test("a recording holds no key, however it is repeated, and no header that nobody looks at", async () => {
  const told = JSON.stringify({ error: { message: `wrong key ${KEY}`, url: encodeURIComponent(KEY) } });
  const answer = () =>
    new Response(told, {
      status: 401,
      headers: { "content-type": "application/json", "set-cookie": "session=1", "x-request-id": "req", "x-trace": KEY },
    });
  for (const chunkBytes of [1, 5, 1000]) {
    const cut = play(() => respond({ status: 401, headers: {}, chunks: [told] }, { chunkBytes }));
    for (const live of [play(answer), cut]) {
      const { fetch, fixtures } = record(live);
      const asking = client(fetch, {
        apiKey: KEY,
        defaultQuery: { api_key: `${KEY}2` },
        defaultHeaders: { "x-mine": `${KEY}3` },
      });
      const echo = { ...params, metadata: { key: KEY } };
      await assert.rejects(asking.responses.create(echo), api.AuthenticationError);
      const file = JSON.stringify(fixtures);
      for (const form of [
        KEY,
        JSON.stringify(KEY).slice(1, -1),
        encodeURIComponent(KEY),
        "secret",
        "set-cookie",
        "x-trace",
      ]) {
        assert.ok(!file.includes(form) && !file.includes(JSON.stringify(form).slice(1, -1)), `${form} in ${file}`);
      }
      assert.match(file, /wrong key \[removed\]/);
      assert.deepEqual(Object.keys(fixtures[0]).sort(), ["chunks", "headers", "request", "status"]);
    }
  }
});

test("a connection that broke is recorded and played as one, and one that was never there is not recorded", async () => {
  const { fetch, fixtures } = record(faulty(play(fixture), { reset: 120 }));
  await assert.rejects(client(fetch).responses.stream(params).finalResponse(), api.StreamTruncatedError);
  assert.equal(fixtures[0].reset, true);
  await assert.rejects(client(play(fixtures)).responses.stream(params).finalResponse(), {
    name: "StreamTruncatedError",
    message: /reset/,
  });
  const dead = record(faulty(play(fixture), { refuse: true }));
  await assert.rejects(client(dead.fetch).responses.create(params), api.APIConnectionError);
  assert.deepEqual(dead.fixtures, []);
});

test("a recorder hands on at once what arrives, and lets go of what nobody reads", async () => {
  const fed = feed();
  const { fetch } = record(play(() => fed.response));
  const run = client(fetch).responses.stream(params);
  const reader = run[Symbol.asyncIterator]();
  fed.send(created);
  assert.equal((await reader.next()).value.type, "response.created");
  const waiting = reader.next();
  await settled();
  run.abort();
  await assert.rejects(waiting, api.APIUserAbortError);
  await settled();
  assert.ok(fed.cancelled);
});

test("at every byte, a cut and a reset end in an error or in the whole, and garbage in no wrong text", async () => {
  for (let at = 0; at <= bytes.length; at += 1) {
    for (const kind of ["cut", "reset", "garbage"]) {
      const run = client(faulty(play(fixture), { [kind]: at })).responses.stream(params);
      const outcome = await run.finalText().catch((error) => error);
      if (typeof outcome === "string") {
        if (kind !== "garbage") assert.equal(outcome, "Grüße \u{1F30D}!", `${kind} at ${at}`);
      } else {
        assert.ok(outcome instanceof api.APIError, `${kind} at ${at}: ${outcome.stack}`);
      }
    }
  }
  const lengths = [];
  for (const at of [0, 1, 100, bytes.length, bytes.length + 1]) {
    let length = 0;
    const { body } = await faulty(play(fixture), { cut: at })("https://api.example/", {});
    for await (const chunk of body) length += chunk.length;
    lengths.push(length);
  }
  assert.deepEqual(lengths, [0, 1, 100, bytes.length, bytes.length]);
  const spoilt = [];
  for await (const chunk of (await faulty(play(fixture), { garbage: 60 })("https://api.example/", {})).body)
    spoilt.push(...chunk);
  assert.deepEqual(
    spoilt.flatMap((byte, index) => (byte === bytes[index] ? [] : [index])),
    Array.from({ length: 32 }, (_, index) => 60 + index),
  );
});

test("a stall is silence, which a time-out ends and which closes the connection", async () => {
  const fed = feed();
  fed.send(created, delta("a"));
  const stalled = client(
    faulty(
      play(() => fed.response),
      { stall: 60 },
    ),
    { timeout: { idle: 20 } },
  );
  await assert.rejects(stalled.responses.stream(params).finalResponse(), api.APIError);
  await settled();
  assert.ok(fed.cancelled);
});

test("faults of the head: delays, refusals and statuses, for the first requests only where that is said", async () => {
  const later = (faults, options) =>
    client(
      faulty(
        play(() => fixture),
        faults,
      ),
      options,
    ).responses;
  await assert.rejects(later({ refuse: true }).stream(params).finalResponse(), api.APIConnectionError);
  await assert.rejects(later({ status: 429 }).create(params), api.RateLimitError);
  await assert.rejects(
    later({ delay: Number.POSITIVE_INFINITY }, { timeout: 20 }).create(params),
    api.APIConnectionTimeoutError,
  );
  const retried = later({ status: 503, headers: { "retry-after-ms": "1" }, times: 2 }, { maxRetries: 2 });
  assert.equal((await retried.create(params)).output_text, "Grüße \u{1F30D}!");
  const tired = later({ status: 503, headers: { "retry-after-ms": "1" }, times: 3 }, { maxRetries: 2 });
  await assert.rejects(tired.create(params), api.ServiceUnavailableError);
});

test("what is no fixture, no fetch, or no option there is, is refused at once, by the names of what there is", async () => {
  for (const wrong of [undefined, null, 5, "data: {}", {}, [fixture, undefined], events, new Response("")]) {
    assert.throws(() => play(wrong), { name: "TypeError", message: /streamFixture\(\).*a function/ });
  }
  for (const wrong of [undefined, {}, fixture]) assert.throws(() => faulty(wrong, {}), /must be a fetch/);
  for (const wrong of [undefined, null, "reset"]) assert.throws(() => faulty(play(fixture), wrong), /garbage/);
  assert.throws(() => faulty(play(fixture), { rest: 40 }), /There is no option rest: .*\breset\b/);
  for (const make of [play, respond]) {
    assert.throws(() => make(fixture, { chunkSize: 5 }), /There is no option chunkSize: .*\bchunkBytes, delay\b/);
    for (const chunkBytes of [0, -1, Number.NaN]) assert.throws(() => make(fixture, { chunkBytes }), /from 1/);
  }
  assert.throws(() => respond(events), /respond\(\) takes a fixture/);
  const nothing = play(() => undefined);
  await assert.rejects(nothing("https://api.example/v1/responses", {}), /must return a fixture or a Response/);
});
