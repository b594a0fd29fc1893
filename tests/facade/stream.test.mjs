import assert from "node:assert/strict";
import { test } from "node:test";
import { api, client, completed, created, delta, feed, instances, run as script, settled, whole } from "./fake.mjs";

const params = { model: "m", input: "i" };
const all = async (iterable) => {
  const items = [];
  for await (const item of iterable) items.push(item);
  return items;
};
const start = (fed, options) => client(() => fed.response).responses.stream(params, options);

test("the loop gets every event in order, then ends", async () => {
  const run = client(() => whole(created, delta("a"), delta("b"), completed("ab"))).responses.stream(params);
  const types = [];
  for await (const event of run) types.push(event.type);
  assert.deepEqual(types, [created.type, delta("").type, delta("").type, completed("").type]);
});

test("events are plain objects with the server's keys in the server's order, unknown ones included", async () => {
  const odd = {
    type: "acme:ping",
    z: 1,
    a: { deep: [null, "\ud83d\ude00"] },
    __proto__x: 1,
    sequence_number: 9,
  };
  const text = `{"type":"acme:ping","z":1,"__proto__":{"polluted":true},"a":[1.50,-0]}`;
  const fed = feed();
  const run = start(fed);
  fed.send(odd);
  fed.sendText(`data: ${text}\n\n`);
  fed.send(completed(""));
  fed.end();
  const events = [];
  for await (const event of run) events.push(event);
  assert.equal(JSON.stringify(events[0]), JSON.stringify(odd));
  assert.deepEqual(events[1], JSON.parse(text));
  assert.equal({}.polluted, undefined);
  assert.equal(Object.getPrototypeOf(events[1]), Object.prototype);
});

test("nothing is read before somebody wants it, and nothing more while the reader is busy", async () => {
  const fed = feed();
  const run = start(fed);
  await settled();
  assert.equal(fed.reads, 0);
  const iterator = run[Symbol.asyncIterator]();
  const first = iterator.next();
  await settled();
  assert.equal(fed.reads, 1);
  fed.send(created, delta("a"));
  assert.equal((await first).value.type, "response.created");
  assert.equal((await iterator.next()).value.delta, "a");
  await settled();
  assert.equal(fed.reads, 1, "both events came in one chunk");
  await iterator.return();
});

test("concurrent next() calls are answered in order", async () => {
  const iterator = client(() => whole(delta("a"), delta("b"), completed("ab")))
    .responses.stream(params)
    [Symbol.asyncIterator]();
  const results = await Promise.all([
    iterator.next(),
    iterator.next(),
    iterator.next(),
    iterator.next(),
    iterator.next(),
  ]);
  assert.deepEqual(
    results.map(({ value, done }) => [value?.delta, done]),
    [
      ["a", false],
      ["b", false],
      [undefined, false],
      [undefined, true],
      [undefined, true],
    ],
  );
});

test("textStream gives the whole text at the end where there was no delta of it", async () => {
  const { response } = completed("Hello");
  const [item] = response.output;
  const at = { item_id: item.id, output_index: 0, content_index: 0 };
  const bare = { ...completed("").response, output: [] };
  const end = { type: "response.completed", response: bare };
  const answers = {
    "JSON in the place of the stream": () => globalThis.Response.json(response),
    "a text that is only done": () => whole(created, { type: "response.output_text.done", ...at, text: "Hello" }, end),
    "an item that is only done": () =>
      whole(created, { type: "response.output_item.done", output_index: 0, item }, end),
    "an output only at the end": () => whole(created, completed("Hello")),
    "a delta of nothing": () => whole(created, delta(""), completed("Hello")),
  };
  for (const [name, answer] of Object.entries(answers)) {
    const run = client(answer).responses.stream(params);
    assert.equal((await all(run.textStream)).join(""), "Hello", name);
    const [left, right] = client(answer).responses.stream(params).tee();
    const both = await Promise.all([left, right].map((branch) => all(branch.textStream)));
    assert.deepEqual(
      both.map((pieces) => pieces.join("")),
      ["Hello", "Hello"],
      name,
    );
  }
  const silent = client(() => whole(created, { ...end })).responses.stream(params);
  assert.deepEqual(await all(silent.textStream), []);
});

test("textStream gives at the end what the end of a text has beyond its deltas, unless it was rewritten", async () => {
  const at = { item_id: "msg_1", output_index: 0, content_index: 0 };
  const done = (text) => ({ type: "response.output_text.done", ...at, text });
  const message = (id, text) => ({
    id,
    type: "message",
    role: "assistant",
    status: "completed",
    content: [{ type: "output_text", text, annotations: [] }],
  });
  const output = [message("msg_1", "Hello"), message("msg_2", ", world")];
  const two = { type: "response.completed", response: { ...completed("").response, output } };
  const long = "Hello, ".repeat(40);
  for (const [pieces, ...events] of [
    [["He", "llo"], delta("He"), done("Hello"), completed("Hello")],
    [["He", "llo"], delta("He"), completed("Hello")],
    [["Hello", ", world"], delta("Hello"), two],
    [["Hello"], delta("Hello"), completed("Hello")],
    [["Hello"], delta("Hello"), done("Hallo Welt"), completed("Hallo Welt")],
    [["He", "ll"], delta("He"), delta("ll"), done("Help me"), completed("Help me")],
    [["Hello"], delta("Hello"), done("Hell"), completed("Hell")],
    [[long, long, "!"], delta(long), delta(long), completed(`${long}${long}!`)],
    [[long, long], delta(long), delta(long), completed(`${long}${"Hallo, ".repeat(40)}!`)],
  ]) {
    const run = client(() => whole(created, ...events)).responses.stream(params);
    assert.deepEqual(await all(run.textStream), pieces);
    const [left, right] = client(() => whole(created, ...events))
      .responses.stream(params)
      .tee();
    assert.deepEqual(await Promise.all([left, right].map((branch) => all(branch.textStream))), [pieces, pieces]);
  }

  const fed = feed();
  const late = client(() => fed.response).responses.stream(params);
  fed.send(created, delta("He"));
  await late.emitted("response.output_text.delta");
  const texts = all(late.textStream);
  fed.send(completed("Hello"));
  assert.deepEqual(await texts, ["He", "llo"]);
});

test("textStream gives nothing of what came before the number from which on a stream was asked for", async () => {
  const { responses } = client(() => whole(completed("Hello")));
  const late = await responses.retrieve("resp_1", { stream: true, starting_after: 7 });
  assert.deepEqual(await all(late.textStream), []);
  const first = await responses.retrieve("resp_1", { stream: true });
  assert.deepEqual(await all(first.textStream), ["Hello"]);
});

test("textStream gives the text alone, batches() the events of each chunk", async () => {
  const texts = [];
  for await (const text of client(() => whole(created, delta("a"), delta("é"), completed("aé"))).responses.stream(
    params,
  ).textStream)
    texts.push(text);
  assert.deepEqual(texts, ["a", "é"]);

  const fed = feed();
  const sizes = [];
  fed.send(created, delta("a"));
  const run = start(fed);
  for await (const batch of run.batches()) {
    sizes.push(batch.length);
    if (sizes.length === 1) {
      fed.send(completed("a"));
      fed.end();
    }
  }
  assert.deepEqual(sizes, [2, 1]);
});

test("a delta without a text is an event, and no text", async () => {
  const odd = [delta(undefined), delta(null), delta(7), delta(["a"]), delta("")];
  const answer = () => whole(created, delta("a"), ...odd, delta("b"), completed("ab"));
  const run = client(answer).responses.stream(params);
  const texts = [];
  for await (const text of run.textStream) texts.push(text);
  assert.deepEqual(texts, ["a", "", "b"]);
  const [branch] = client(answer).responses.stream(params).tee();
  const branched = [];
  for await (const text of branch.textStream) branched.push(text);
  assert.deepEqual(branched, texts);
  const events = [];
  for await (const event of client(answer).responses.stream(params)) events.push(event);
  assert.equal(events.length, 9);
});

test("listeners hear their type, `event` hears all, and the stream goes on by itself", async () => {
  const heard = [];
  const run = client(() => whole(created, delta("a"), completed("a"))).responses.stream(params);
  run
    .on("response.output_text.delta", (event) => heard.push(event.delta))
    .on("event", (event) => heard.push(event.type))
    .on("end", () => heard.push("end"));
  await run.finalResponse();
  assert.deepEqual(heard, [created.type, delta("").type, "a", completed("").type, "end"]);
});

test("a listener and a loop share one stream, begun in any order in the same turn", async () => {
  const run = client(() => whole(delta("a"), delta("b"), completed("ab"))).responses.stream(params);
  let heard = "";
  run.on("response.output_text.delta", (event) => {
    heard += event.delta;
  });
  const final = run.finalResponse();
  let read = "";
  for await (const text of run.textStream) read += text;
  assert.deepEqual([heard, read, (await final).output_text], ["ab", "ab", "ab"]);
});

test("once() hears one event, off() none, emitted() gives the next", async () => {
  const fed = feed();
  const run = start(fed);
  let once = 0;
  let never = 0;
  const deaf = () => {
    never += 1;
  };
  run.once("response.output_text.delta", () => {
    once += 1;
  });
  run.on("response.output_text.delta", deaf).off("response.output_text.delta", deaf);
  const next = run.emitted("response.output_text.delta");
  fed.send(delta("a"), delta("b"), completed("ab"));
  fed.end();
  assert.equal((await next).delta, "a");
  await run.finalResponse();
  assert.deepEqual([once, never], [1, 0]);
  await assert.rejects(run.emitted("response.refusal.delta"), { code: "not_emitted" });
  // The event has come, before.
  const missed = { code: "not_emitted", message: /no response\.completed came after emitted\(\) was called/ };
  await assert.rejects(run.emitted("response.completed"), missed);
});

test("a listener that throws is reported as uncaught and harms neither the stream nor the others", () => {
  const { stdout } = script(`
    process.on("uncaughtException", (error) => console.log("uncaught:", error.message));
    const stream = client(() => whole(delta("a"), completed("a"))).responses.stream({ model: "m", input: "i" });
    stream.on("response.output_text.delta", () => { throw new Error("the listener's own"); });
    stream.on("response.output_text.delta", () => console.log("the other hears"));
    console.log(await stream.finalText());
  `);
  assert.deepEqual(stdout.trim().split("\n").sort(), ["a", "the other hears", "uncaught: the listener's own"]);
});

test("a listener may abort the stream it listens to", async () => {
  const fed = feed();
  const run = start(fed);
  run.on("response.output_text.delta", () => run.abort("enough"));
  const aborted = new Promise((resolve) => run.on("abort", resolve));
  const final = run.finalResponse();
  fed.send(delta("a"), delta("b"));
  await assert.rejects(final, (error) => error instanceof api.APIUserAbortError && error.cause === "enough");
  assert.equal((await aborted).name, "APIUserAbortError");
  await settled();
  assert.ok(fed.cancelled, "the connection is closed");
});

/** Each makes streams of these events: in one chunk that is all of the answer, and in one behind which it goes on. */
const CHUNKS = {
  "the terminal event is in the same chunk": () => whole(created, delta("a"), delta("b"), completed("ab")),
  "the answer goes on": () => {
    const fed = feed();
    fed.send(created, delta("a"), delta("b"));
    return fed.response;
  },
};

for (const [when, answer] of Object.entries(CHUNKS)) {
  const begin = () => client(answer).responses.stream(params);
  const enough = { name: "APIUserAbortError", code: "aborted", cause: "enough" };

  test(`a loop that aborts gets no further event, but the abort, where ${when}`, async () => {
    const ways = { events: (run) => run, texts: (run) => run.textStream, branch: (run) => run.tee()[0] };
    for (const [what, read] of Object.entries(ways)) {
      const run = begin();
      const seen = [];
      const loop = async () => {
        for await (const item of read(run)) {
          seen.push(item);
          run.abort("enough");
        }
      };
      await assert.rejects(inTime(loop(), what), enough, what);
      assert.equal(seen.length, 1, what);
      await assert.rejects(inTime(run.finalResponse(), what), (error) => error.partial.id === "resp_1", what);
    }
  });

  test(`a listener that aborts is told nothing more, and neither is any reader, where ${when}`, async () => {
    for (const type of ["event", "response.output_text.delta"]) {
      const { calls } = instances;
      const run = begin();
      const heard = [];
      run.on(type, (event) => {
        heard.push(event);
        run.abort("enough");
      });
      for (const own of ["end", "abort"]) run.on(own, () => heard.push(own));
      run.on("partial", () => heard.push("partial"));
      const loop = run[Symbol.asyncIterator]();
      const [next, final] = [loop.next(), run.finalText()];
      await assert.rejects(inTime(final, type), enough, type);
      assert.deepEqual([heard.length, heard.at(-1)], [2, "abort"], type);
      await next;
      await assert.rejects(inTime(loop.next(), type), enough, type);
      assert.deepEqual(await inTime(loop.next(), type), { value: undefined, done: true });
      await settled();
      assert.equal(instances.calls, calls, "the wasm is freed");
    }
  });
}

test("who has read all is not told of an abort behind the end, and who has not is", async () => {
  const run = client(() => whole(created, completed("ab"))).responses.stream(params);
  const [fast, slow] = [run[Symbol.asyncIterator](), run[Symbol.asyncIterator]()];
  for (let event = 0; event < 2; event += 1) await fast.next();
  await slow.next();
  run.abort("enough");
  assert.deepEqual(await fast.next(), { value: undefined, done: true });
  await assert.rejects(slow.next(), api.APIUserAbortError);
});

test("a caller's signal ends a loop behind the end too, and is let go of when all is read", async () => {
  const counted = () => {
    const aborter = new AbortController();
    const { signal } = aborter;
    const listeners = new Set();
    for (const [method, note] of Object.entries({ addEventListener: "add", removeEventListener: "delete" })) {
      const done = signal[method].bind(signal);
      signal[method] = (type, listener) => {
        listeners[note](listener);
        done(type, listener);
      };
    }
    return { aborter, signal, listeners };
  };
  const answer = () => whole(created, delta("a"), delta("b"), completed("ab"));
  const stopped = counted();
  const seen = [];
  const run = client(answer).responses.stream(params, { signal: stopped.signal });
  const loop = async () => {
    for await (const { type } of run) {
      seen.push(type);
      if (seen.length === 2) stopped.aborter.abort("enough");
    }
  };
  await assert.rejects(loop(), { name: "APIUserAbortError", cause: "enough" });
  assert.equal(seen.length, 2);
  assert.equal(stopped.listeners.size, 0);
  const read = counted();
  for await (const _ of client(answer).responses.stream(params, { signal: read.signal }));
  assert.equal(read.listeners.size, 0);
  const left = counted();
  for await (const _ of client(answer).responses.stream(params, { signal: left.signal })) break;
  assert.equal(left.listeners.size, 0);
  const heard = counted();
  await client(answer).responses.stream(params, { signal: heard.signal }).finalResponse();
  assert.equal(heard.listeners.size, 0);
});

test("after an abort no listener is told anything, of the same event neither", async () => {
  const told = [];
  const run = client(() => whole(created, delta("a"), completed("a"))).responses.stream(params);
  run.on("event", () => run.abort()).on("event", () => told.push("event"));
  run.on(created.type, () => told.push(created.type)).on("abort", () => told.push("abort"));
  await assert.rejects(run.finalResponse(), api.APIUserAbortError);
  assert.deepEqual(told, ["abort"]);

  const fed = feed();
  const odd = start(fed);
  const heard = [];
  odd.on("deviation", () => odd.abort()).on("heartbeat", () => heard.push("heartbeat"));
  const over = assert.rejects(odd.finalResponse(), api.APIUserAbortError);
  fed.sendText(`: beat\n\ndata: {"type":"response.output_text.delta","delta":1}\n\n`);
  await over;
  assert.deepEqual(heard, []);
});

test("a server's event cannot pose as one of the stream's own", async () => {
  const ended = [];
  const run = client(() => whole({ type: "end", mine: true }, { type: "abort" }, completed(""))).responses.stream(
    params,
  );
  run.on("end", (argument) => ended.push(argument)).on("abort", () => assert.fail("not aborted"));
  await run.finalResponse();
  assert.deepEqual(ended, [undefined]);
});

test("heartbeats are heard while nothing else arrives", async () => {
  const fed = feed();
  const run = start(fed);
  const heard = run.emitted("heartbeat");
  fed.sendText(": still here\n\n");
  await heard;
  fed.send(completed(""));
  fed.end();
  await run.finalResponse();
});

test("comments and keep-alive events are heartbeats, and no events", async () => {
  const signs = {
    comment: ": still here\n\n",
    "comment as data": "data: : still here\n\n",
    "an event without data": "event: ping\ndata:\n\n",
    keepalive: 'event: keepalive\ndata: {"type":"keepalive","sequence_number":3}\n\n',
    ping: 'data: {"type":"ping"}\n\n',
    "a ping by its name": "event: ping\ndata: {}\n\n",
  };
  for (const [name, sign] of Object.entries(signs)) {
    const fed = feed();
    const run = start(fed);
    const types = [];
    let beats = 0;
    run
      .on("event", ({ type }) => types.push(type))
      .on("heartbeat", () => {
        beats += 1;
      });
    fed.sendText(sign);
    await settled();
    assert.deepEqual([beats, types, run.timing.lastEventMs, run.deviations], [1, [], null, []], name);
    fed.sendText(`data: ${JSON.stringify(created)}\n\n${sign}`);
    fed.send(completed(""));
    fed.end();
    await run.finalResponse();
    assert.deepEqual([beats, types], [2, [created.type, completed("").type]], name);
  }
});

test("a keep-alive event is no progress: the first event is still awaited", async () => {
  const fed = feed();
  const run = start(fed, { timeout: { firstEvent: 100 }, maxRetries: 0 });
  const beat = run.emitted("heartbeat");
  fed.sendText('data: {"type":"keepalive","sequence_number":0}\n\n');
  await beat;
  await assert.rejects(run.finalResponse(), { code: "timeout_first_event" });
});

test("timing tells when the answer, its text and its last event came, and the tokens per second", async () => {
  const clock = performance.now;
  let now = 1_000;
  performance.now = () => now;
  try {
    const fed = feed();
    const answer = deferred();
    const run = client(() => answer.promise).responses.stream(params);
    const nothing = { firstByteMs: null, firstTextMs: null, lastEventMs: null, tokensPerSecond: null };
    assert.deepEqual(run.timing, nothing);
    const final = run.finalResponse();
    await settled();
    now += 100;
    answer.resolve(fed.response);
    await settled();
    assert.deepEqual(run.timing, { ...nothing, firstByteMs: 100 });
    now += 50;
    fed.send(created);
    await settled();
    assert.deepEqual(run.timing, { ...nothing, firstByteMs: 100, lastEventMs: 150 });
    now += 50;
    fed.send(delta("a"));
    await settled();
    now += 400;
    const end = completed("ab");
    fed.send(delta("b"), { ...end, response: { ...end.response, usage: { output_tokens: 40 } } });
    fed.end();
    await final;
    const timing = { firstByteMs: 100, firstTextMs: 200, lastEventMs: 600, tokensPerSecond: 80 };
    assert.deepEqual(run.timing, timing);
    now += 1_000;
    await settled();
    assert.deepEqual(run.timing, timing, "and so it stays");
  } finally {
    performance.now = clock;
  }
});

test("the snapshot grows with the stream", async () => {
  const fed = feed();
  const run = start(fed);
  assert.equal(run.snapshot.output_text, "");
  const iterator = run[Symbol.asyncIterator]();
  fed.send(created, delta("Hel"));
  await iterator.next();
  assert.equal(run.snapshot.id, "resp_1");
  assert.equal(run.snapshot.output_text, "Hel");
  assert.equal(run.snapshot, run.snapshot, "built once as long as nothing new came");
  fed.send(delta("lo"));
  await iterator.next();
  await iterator.next();
  assert.equal(run.snapshot.output_text, "Hello");
  await iterator.return();
});

test("finalResponse() rejects when the server declared the response failed; the loop just ends", async () => {
  const failed = {
    type: "response.failed",
    response: { status: "failed", output: [], error: { code: "server_error", message: "no" } },
  };
  const answer = () => whole(created, delta("a"), failed);
  await assert.rejects(client(answer).responses.stream(params).finalResponse(), (error) => {
    assert.ok(error instanceof api.ResponseFailedError);
    assert.deepEqual([error.code, error.message, error.partial.output_text], ["server_error", "no", "a"]);
    return true;
  });
  let last;
  for await (const event of client(answer).responses.stream(params)) last = event.type;
  assert.equal(last, "response.failed");
});

test("nothing is lost of a stream whose last events have no blank lines, or that has none at all", async () => {
  const events = [created, delta("The answer is "), delta("42"), completed("The answer is 42")];
  const lines = events.map((event) => `data: ${JSON.stringify(event)}`);
  for (const body of [
    `${lines[0]}\n\n${lines[1]}\n\n${lines[2]}\n${lines[3]}\n`,
    lines.join("\n"),
    `${lines.join("\r\n")}\r\n`,
    `${lines.join("\n\n")}\ndata: [DONE]\n`,
  ]) {
    const headers = { "content-type": "text/event-stream" };
    const { responses } = client(() => new Response(body, { headers }));
    assert.deepEqual(await all(responses.stream(params)), events);
    const stream = responses.stream(params);
    assert.equal((await all(stream.textStream)).join(""), "The answer is 42");
    assert.ok(stream.deviations.some(({ code }) => code === "joined_events"));
  }
});

test("an event in the line behind its data is told as any other", async () => {
  const headers = { "content-type": "text/event-stream" };
  const body = [created, delta("t"), completed("t")].map((event) => `data:\n ${JSON.stringify(event)}\n\n`).join("");
  const stream = client(() => new Response(body, { headers })).responses.stream(params);
  assert.deepEqual(await all(stream), [created, delta("t"), completed("t")]);
  assert.ok(stream.deviations.some(({ code }) => code === "misplaced_data"));
});

test("a stream cut off throws after its last event, with what arrived", async () => {
  const run = client(() => whole(created, { ...delta("a"), sequence_number: 7 })).responses.stream(params);
  const types = [];
  await assert.rejects(
    async () => {
      for await (const event of run) types.push(event.type);
    },
    (error) => {
      assert.ok(error instanceof api.StreamTruncatedError);
      assert.match(error.message, /sequence number 7/);
      assert.equal(error.partial.output_text, "a");
      return true;
    },
  );
  assert.equal(types.length, 2);
  await assert.rejects(run.finalResponse(), api.StreamTruncatedError);
});

test("leaving the loop closes the connection", async () => {
  const fed = feed();
  fed.send(created, delta("a"));
  for await (const _ of start(fed)) break;
  await settled();
  assert.ok(fed.cancelled);
});

test("await using closes the connection", async () => {
  const fed = feed();
  const run = start(fed);
  await run[Symbol.asyncDispose]();
  await assert.rejects(run.finalResponse(), api.APIUserAbortError);
});

test("a caller's signal aborts, and lets go of the stream when it is over", async () => {
  const fed = feed();
  const aborter = new AbortController();
  const run = start(fed, { signal: aborter.signal });
  const reading = run[Symbol.asyncIterator]().next();
  await settled();
  const reason = new Error("the caller's");
  aborter.abort(reason);
  await assert.rejects(reading, (error) => error instanceof api.APIUserAbortError && error.cause === reason);

  const listeners = new Set();
  const watched = new AbortController();
  const { signal } = watched;
  signal.addEventListener = (_, listener) => listeners.add(listener);
  signal.removeEventListener = (_, listener) => listeners.delete(listener);
  await client(() => whole(completed("")))
    .responses.stream(params, { signal })
    .finalResponse();
  assert.equal(listeners.size, 0);
});

test("a signal that was aborted before sends nothing", async () => {
  const asking = client(() => assert.fail("nothing must be sent"));
  await assert.rejects(asking.responses.create(params, { signal: AbortSignal.abort("early") }), {
    code: "aborted",
    cause: "early",
  });
  assert.equal(asking.seen.length, 0);
});

test("the request's id and the answer are at hand", async () => {
  const fed = feed({ headers: { "x-request-id": "req_9" } });
  const run = start(fed);
  assert.deepEqual([run.requestID, run.httpResponse], [null, undefined]);
  fed.send(completed(""));
  fed.end();
  const final = await run.finalResponse();
  assert.equal(run.requestID, "req_9");
  assert.equal(run.httpResponse.status, 200);
  assert.equal(final._request_id, "req_9");
  assert.ok(!Object.keys(final).includes("_request_id"));
});

test("the connection of a complete answer is read to its end, so that it can serve again", async () => {
  const fed = feed();
  const run = start(fed);
  fed.send(completed("a"));
  assert.equal(await run.finalText(), "a");
  await settled();
  fed.sendText("data: [DONE]\n\n");
  fed.end();
  await settled();
  assert.equal(fed.cancelled, undefined);
});

test("a deviation is told when it happens, and a server's event of that name is an event only", async () => {
  const { responses } = client(() =>
    whole(created, { type: "deviation", of: "the server" }, delta("a"), completed("a")),
  );
  const heard = [];
  const events = [];
  const run = responses
    .stream({ model: "m", input: "i" })
    .on("deviation", (deviation) => heard.push(deviation))
    .on("event", (event) => events.push(event.type));
  assert.deepEqual(run.deviations, []);
  const final = await run.finalResponse();
  assert.deepEqual(heard, run.deviations);
  assert.deepEqual(final._deviations, run.deviations);
  assert.ok(heard.length > 0 && heard.every(({ code }) => typeof code === "string"));
  assert.ok(events.includes("deviation"));
});

test("a deviation is told while the stream is open", async () => {
  const fed = feed();
  const run = start(fed);
  const reader = run[Symbol.asyncIterator]();
  fed.send(created);
  await reader.next();
  assert.deepEqual(
    run.deviations.map(({ code }) => code),
    ["missing_sequence_number"],
  );
  await reader.return();
});

test("strict must be a boolean", () => {
  for (const strict of [1, "true", null]) {
    assert.throws(() => client(() => whole(), { strict }), { name: "OpenResponsesError", code: "invalid_option" });
  }
});

test("usage and cost are null before anything is known, and after a failed load or request", async () => {
  const { responses } = client(() => new Response("", { status: 401 }));
  const run = responses.stream({ model: "m", input: "i" });
  assert.deepEqual([run.usage, run.cost, run.deviations], [null, null, []]);
  await assert.rejects(run.finalResponse(), { name: "AuthenticationError" });
  assert.deepEqual([run.usage, run.cost, run.deviations], [null, null, []]);
});

test("however a stream is left, its end is told to all who wait for it", async () => {
  const begun = () => {
    const fed = feed();
    fed.send(created, delta("a"));
    return start(fed);
  };
  const leave = {
    "breaking the loop": async (run) => {
      for await (const _ of run) break;
    },
    "breaking the loop over the text": async (run) => {
      for await (const _ of run.textStream) break;
    },
    "aborting while nobody reads": async (run) => {
      await settled();
      run.abort();
    },
    "aborting while an iterator is held": async (run) => {
      await run[Symbol.asyncIterator]().next();
      run.abort();
    },
    "aborting before the answer": async (run) => run.abort(),
  };
  for (const [how, act] of Object.entries(leave)) {
    const early = begun();
    const waiting = early.finalResponse().catch((error) => error.name);
    const heard = early.emitted("abort").then((error) => error.name);
    await act(early);
    assert.equal(await inTime(waiting, how), "APIUserAbortError", how);
    assert.equal(await inTime(heard, how), "APIUserAbortError", how);

    const late = begun();
    await act(late);
    await inTime(late[Symbol.asyncDispose](), how);
    await inTime(late[Symbol.asyncDispose](), how);
    await assert.rejects(inTime(late.finalText(), how), api.APIUserAbortError, how);
  }
});

test("leaving the loop at the terminal event is no abort", async () => {
  const fed = feed();
  const run = start(fed);
  fed.send(created, completed("whole"));
  for await (const event of run) if (event.type === "response.completed") break;
  assert.equal((await inTime(run.finalResponse())).output_text, "whole");
});

test("finalResponse() may be awaited inside the loop once the response is complete", async () => {
  const run = client(() => whole(created, completed("whole"))).responses.stream(params);
  let text;
  for await (const event of run) {
    if (event.type === "response.completed") text = (await inTime(run.finalResponse())).output_text;
  }
  assert.equal(text, "whole");
});

test("next() after return() is done, though a chunk was awaited", async () => {
  const fed = feed();
  fed.send(created);
  const iterator = start(fed)[Symbol.asyncIterator]();
  await iterator.next();
  const awaited = iterator.next();
  await iterator.return();
  assert.deepEqual(await inTime(awaited), { value: undefined, done: true });
  assert.deepEqual(await inTime(iterator.next()), { value: undefined, done: true });
});

test("no listener stays on a caller's signal, however the stream ends", async () => {
  const { signal } = new AbortController();
  const listeners = new Set();
  signal.addEventListener = (_, listener) => listeners.add(listener);
  signal.removeEventListener = (_, listener) => listeners.delete(listener);
  const fed = feed();
  fed.send(created);
  for await (const _ of start(fed, { signal })) break;
  const unread = start(feed(), { signal });
  await settled();
  unread.abort();
  await assert.rejects(start({ response: new Response("", { status: 400 }) }, { signal }).finalResponse());
  await settled();
  assert.equal(listeners.size, 0);
});

test("what is left of a stream that is over is not in the wasm any more, and still told", async () => {
  const run = client(() => whole(created, completed("text"))).responses.stream(params);
  await run.finalResponse();
  await settled();
  assert.equal(run.snapshot.output_text, "text");
  assert.equal((await run.finalResponse()).id, "resp_1");
});

function deferred() {
  const made = {};
  made.promise = new Promise((resolve) => {
    made.resolve = resolve;
  });
  return made;
}

/** Fails instead of waiting for ever. */
function inTime(promise, what = "this") {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error(`${what} never settled`)), 500).unref());
  return Promise.race([promise, late]);
}
