// Several readers of one stream: who gets what, who sets the pace, and what happens to the one that lags.

import assert from "node:assert/strict";
import { test } from "node:test";
import { api, client, completed, created, delta, feed, run as script, settled, whole } from "./fake.mjs";

const params = { model: "m", input: "i" };
const start = (fed, options) => client(() => fed.response, options).responses.stream(params);
const bounded = (maxBufferedEvents) => ({ limits: { maxBufferedEvents } });

async function all(iterable) {
  const items = [];
  for await (const item of iterable) items.push(item);
  return items;
}

test("loops, texts, batches and listeners read one stream at the same time, each all of it", async () => {
  const fed = feed();
  const run = start(fed);
  const heard = [];
  run.on("event", (event) => heard.push(event));
  const reading = [run, run, run.textStream, run.textStream, run.batches()].map(all);
  fed.send(created, delta("a"));
  await settled();
  fed.send(delta("b"), completed("ab"));
  fed.end();
  const [one, two, texts, same, batches] = await Promise.all(reading);
  assert.deepEqual(
    one.map(({ type }) => type),
    [created, delta(""), delta(""), completed("")].map(({ type }) => type),
  );
  assert.deepEqual(two, one);
  assert.deepEqual(
    [texts, same],
    [
      ["a", "b"],
      ["a", "b"],
    ],
  );
  assert.deepEqual(
    batches.map(({ length }) => length),
    [2, 2],
  );
  assert.deepEqual([batches.flat(), heard], [one, one]);
});

test("the fastest reader sets the pace, and what it is ahead waits for the others", async () => {
  const fed = feed();
  const run = start(fed);
  const slow = run[Symbol.asyncIterator]();
  const fast = run.textStream[Symbol.asyncIterator]();
  for (const text of ["a", "b", "c"]) {
    fed.send(delta(text));
    assert.equal((await fast.next()).value, text);
  }
  for (const text of ["a", "b", "c"]) assert.equal((await slow.next()).value.delta, text);
  const reads = fed.reads;
  await settled();
  assert.equal(fed.reads, reads, "nobody wants more");
  await Promise.all([slow.return(), fast.return()]);
});

test("who begins to read the text late gets what went before as the first piece", async () => {
  const fed = feed();
  const run = start(fed);
  const events = run[Symbol.asyncIterator]();
  fed.send(created, delta("Hel"), delta("lo"));
  await events.next();
  const late = all(run.textStream);
  fed.send(delta(", you"));
  fed.send(completed("Hello, you"));
  fed.end();
  assert.deepEqual(await late, ["Hello", ", you"]);
  assert.deepEqual(await all(run.textStream), ["Hello, you"], "and after the end all of it");
  assert.equal((await all(events)).length, 4, "the other lost nothing");
});

test("a listener that begins to read the text gets each piece once", async () => {
  const fed = feed();
  const run = start(fed);
  let texts;
  run.once("event", () => {
    texts = all(run.textStream);
  });
  fed.send(created, delta("a"), delta("b"));
  await settled();
  fed.send(delta("c"), completed("abc"));
  fed.end();
  await run.finalResponse();
  assert.equal((await texts).join(""), "abc");
});

test("a listener that asks for the next event takes nothing from anybody", async () => {
  for (const type of ["heartbeat", "deviation", "event"]) {
    const fed = feed();
    const run = start(fed);
    const events = run[Symbol.asyncIterator]();
    const asked = [events.next()];
    run.once(type, () => {
      for (let event = 0; event < 3; event++) asked.push(events.next());
    });
    fed.sendText(
      `: alive\n\n${[created, delta("a"), completed("a")].map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")}`,
    );
    fed.end();
    await inTime(asked[0], type);
    await settled();
    const results = await inTime(Promise.all(asked), type);
    assert.deepEqual(
      results.map(({ value }) => value?.type),
      [created.type, delta("").type, completed("").type, undefined],
      type,
    );
  }
});

test("who begins to read events late is told so, whatever made the stream begin", async () => {
  const late = { name: "OpenResponsesError", code: "reader_too_late" };
  const begun = {
    "a loop": (run) => all(run),
    "a listener": (run) => new Promise((resolve) => run.on("end", resolve)),
    "finalResponse()": (run) => run.finalResponse(),
  };
  for (const [by, begin] of Object.entries(begun)) {
    const run = client(() => whole(created, delta("a"), completed("a"))).responses.stream(params);
    await begin(run);
    for (const read of [
      () => run[Symbol.asyncIterator](),
      () => run.batches()[Symbol.asyncIterator](),
      () => run.partials()[Symbol.asyncIterator](),
      () => run.tee(),
      () => run.toReadableStream(),
      () => run.on("partial", () => {}),
    ]) {
      assert.throws(read, late, `${by}: ${read}`);
    }
  }
});

test("a loop that begins after the request failed is told why", async () => {
  const run = client(() => new Response("", { status: 401 })).responses.stream(params);
  await assert.rejects(run.finalResponse());
  await assert.rejects(all(run), api.AuthenticationError);
  await assert.rejects(all(run.textStream), api.AuthenticationError);
});

test("leaving one loop leaves the others theirs, leaving the last one closes the connection", async () => {
  const fed = feed();
  const run = start(fed);
  const [one, two] = [run[Symbol.asyncIterator](), run.textStream[Symbol.asyncIterator]()];
  fed.send(created, delta("a"));
  await one.next();
  await one.return();
  assert.equal((await two.next()).value, "a");
  fed.send(delta("b"));
  assert.equal((await two.next()).value, "b");
  assert.equal(fed.cancelled, undefined);
  await two.return();
  await settled();
  assert.ok(fed.cancelled);
});

test("an error is thrown to every reader, behind what came before it", async () => {
  const fed = feed();
  const run = start(fed);
  const reading = [run, run.textStream].map(async (iterable) => {
    const items = [];
    await assert.rejects(async () => {
      for await (const item of iterable) items.push(item);
    }, api.StreamTruncatedError);
    return items.length;
  });
  fed.send(created, delta("a"));
  fed.end();
  assert.deepEqual(await Promise.all(reading), [2, 1]);
});

test("finalResponse(), finalText() and emitted() may be awaited inside a loop, which then loses nothing", async () => {
  const waits = {
    finalResponse: (run) => run.finalResponse(),
    finalText: (run) => run.finalText(),
    emitted: (run) => run.emitted("response.completed"),
  };
  for (const [name, wait] of Object.entries(waits)) {
    const fed = feed();
    const run = start(fed);
    fed.send(created);
    setTimeout(() => {
      fed.send(delta("a"), delta("b"));
      fed.send(completed("ab"));
      fed.end();
    });
    const types = [];
    for await (const event of run) {
      if (types.length === 0) await inTime(wait(run), name);
      types.push(event.type);
    }
    assert.equal(types.length, 4, name);
  }
});

test("listeners alone do not make a stream go on that somebody reads", async () => {
  const fed = feed();
  const run = start(fed).on("response.output_text.delta", () => {});
  const events = run[Symbol.asyncIterator]();
  fed.send(created);
  await events.next();
  await settled();
  const { reads } = fed;
  fed.send(delta("a"));
  await settled();
  assert.equal(fed.reads, reads);
  await events.return();
});

test("awaiting the end reads on while there is room for what waits for the loop, and then waits for the loop", async () => {
  const fed = feed();
  const run = start(fed, bounded(3));
  const events = run[Symbol.asyncIterator]();
  fed.send(created);
  await events.next();
  const final = run.finalResponse();
  for (const text of ["a", "b", "c", "d", "e"]) {
    fed.send(delta(text));
    await settled();
  }
  assert.equal(run.snapshot.output_text, "abc", "three events wait");
  fed.send(completed("abcde"));
  fed.end();
  assert.equal((await all(events)).length, 6);
  assert.equal((await final).output_text, "abcde");
});

test("a reader for which as many events wait as may is not left behind, and with one more it is", async () => {
  for (const [count, isLeft] of [
    [3, false],
    [4, true],
  ]) {
    const fed = feed();
    const run = start(fed, bounded(3));
    const lagging = run[Symbol.asyncIterator]();
    const reading = run.textStream[Symbol.asyncIterator]();
    for (let at = 0; at < count; at++) {
      fed.send(delta(`${at}`));
      assert.equal((await reading.next()).value, `${at}`);
    }
    // Wants more, which is when it is looked at who lags.
    const next = reading.next();
    await settled();
    if (isLeft) {
      await assert.rejects(lagging.next(), { name: "OpenResponsesError", code: "reader_lagged" });
      assert.deepEqual(await lagging.next(), { value: undefined, done: true });
    } else {
      assert.equal((await lagging.next()).value.delta, "0");
    }
    fed.send(delta("more"), completed("more"));
    fed.end();
    assert.equal((await next).value, "more", "the others go on");
    assert.deepEqual(await all(reading), []);
  }
});

test("what waits is counted in events, whatever a reader is given of them", async () => {
  const readers = {
    batches: (run) => run.batches()[Symbol.asyncIterator](),
    texts: (run) => run.textStream[Symbol.asyncIterator](),
  };
  for (const [name, read] of Object.entries(readers)) {
    const fed = feed();
    const run = start(fed, bounded(4));
    const lagging = read(run);
    const reading = run[Symbol.asyncIterator]();
    for (let chunk = 0; chunk < 2; chunk++) {
      fed.send(delta("a"), { type: "response.in_progress", response: {} }, delta("b"));
      for (let event = 0; event < 3; event++) await reading.next();
    }
    reading.next();
    await assert.rejects(lagging.next(), { code: "reader_lagged" }, name);
    await reading.return();
  }
});

test("a single reader is never left behind, however slow it is", async () => {
  const fed = feed();
  const run = start(fed, bounded(3));
  const final = run.finalResponse();
  const events = run[Symbol.asyncIterator]();
  fed.send(created);
  fed.send(delta("a"), delta("b"), delta("c"));
  fed.send(delta("d"), delta("e"), completed("abcde"));
  fed.end();
  await settled();
  assert.equal((await all(events)).length, 7);
  await final;
});

test("both streams of tee() have every event, each with its listeners, its text and its end", async () => {
  const fed = feed();
  const [left, right] = start(fed).tee();
  fed.send(created, delta("a"));
  fed.send(delta("b"), completed("ab"));
  fed.end();
  const heard = [];
  left.on("response.output_text.delta", (event) => heard.push(event.delta));
  const events = await all(left);
  assert.equal(events.length, 4);
  assert.deepEqual(heard, ["a", "b"]);
  await settled();
  assert.deepEqual(await all(right), events, "read later");
  assert.equal((await left.finalResponse()).id, "resp_1");
  assert.equal(await right.finalText(), "ab");
  assert.deepEqual(right.deviations, left.deviations);
  assert.ok(left.deviations.length > 0);
});

test("listeners of a branch hear heartbeats and resumptions in their place among the events, however late it is read", async () => {
  const numbered = [created, delta("a"), delta("b"), delta("c"), completed("abc")].map((event, sequence_number) => ({
    ...event,
    sequence_number,
  }));
  const beat = ": alive\n\n";
  const fed = [numbered.slice(0, 2), numbered.slice(2, 3), numbered.slice(3)].map((events) => {
    const own = feed();
    own.sendText(beat);
    own.send(...events);
    own.sendText(beat);
    own.end();
    return own.response;
  });
  let answers = 0;
  const asking = client(() => fed[answers++]);
  const run = asking.responses.stream({ ...params, background: true });
  const [left, right] = run.tee();
  const [early, late] = right.tee();
  const heard = new Map([run, left, early, late].map((branch) => [branch, []]));
  const listen = (branch) => {
    const told = heard.get(branch);
    branch.on("event", ({ delta, type }) => told.push(delta ?? type));
    branch.on("heartbeat", () => told.push("beat"));
    branch.on("resumed", ({ starting_after }) => told.push(starting_after));
  };
  listen(run);
  listen(left);
  listen(early);
  await left.finalResponse();
  await early.finalResponse();
  listen(late);
  assert.equal(await late.finalText(), "abc");
  const all = ["beat", created.type, "a", "beat", "beat", 1, "b", "beat", "beat", 2, "c", completed("").type];
  for (const told of heard.values()) assert.deepEqual(told, all);
});

test("heartbeats that wait for a branch count as events, so that there is an end of them", async () => {
  const fed = feed();
  const [left, right] = start(fed, bounded(2)).tee();
  const reading = all(left);
  for (let beat = 0; beat < 4; beat += 1) {
    fed.sendText(": alive\n\n");
    await settled();
  }
  fed.send(created, completed("a"));
  fed.end();
  assert.equal((await reading).length, 2);
  await assert.rejects(right.finalResponse(), { code: "reader_lagged" });
});

test("a branch that was left is over, and the connection is closed when the other one is left too", async () => {
  const fed = feed();
  const [left, right] = start(fed).tee();
  fed.send(created, delta("a"));
  const final = left.finalResponse();
  const refused = assert.rejects(inTime(final, "the branch"), api.APIUserAbortError);
  for await (const _ of left) break;
  await refused;
  for await (const text of right.textStream) {
    assert.equal(text, "a");
    assert.equal(fed.cancelled, undefined);
    break;
  }
  await settled();
  assert.ok(fed.cancelled);
});

test("abort() of a branch ends both, also where events wait", async () => {
  const fed = feed();
  const [left, right] = start(fed).tee();
  fed.send(created, delta("a"));
  fed.send(delta("b"));
  const events = right[Symbol.asyncIterator]();
  await events.next();
  left.abort("enough");
  await assert.rejects(inTime(left.finalResponse(), "left"), { name: "APIUserAbortError", cause: "enough" });
  await assert.rejects(inTime(right.finalResponse(), "right"), { name: "APIUserAbortError", cause: "enough" });
  await inTime(left[Symbol.asyncDispose](), "dispose");
  await settled();
  assert.ok(fed.cancelled);
});

test("a branch whose last event was read is whole, be it aborted or left", async () => {
  for (const end of ["abort", "break"]) {
    const run = client(() => whole(created, delta("ab"), completed("ab"))).responses.stream(params);
    const [branch, other] = run.tee();
    for await (const { type } of branch) {
      if (type !== completed("").type) continue;
      if (end === "break") break;
      branch.abort();
    }
    assert.equal((await branch.finalResponse()).output_text, "ab", end);
    const reading = all(other);
    if (end === "break") assert.equal((await reading).length, 3);
    else await assert.rejects(reading, api.APIUserAbortError);
  }
});

test("a branch that nobody reads is left behind, and the other one goes on", async () => {
  const fed = feed();
  const [left, right] = start(fed, bounded(2)).tee();
  const reading = all(left);
  for (const text of ["a", "b", "c", "d"]) {
    fed.send(delta(text));
    await settled();
  }
  fed.send(completed("abcd"));
  fed.end();
  assert.equal((await reading).length, 5);
  await assert.rejects(all(right), { code: "reader_lagged" });
  await assert.rejects(right.finalResponse(), { code: "reader_lagged" });
});

test("the text of a branch is read from its beginning or not at all, since its snapshot is ahead of it", async () => {
  const fed = feed();
  const [left, right] = start(fed).tee();
  fed.send(delta("a"));
  fed.send(delta("b"), completed("ab"));
  fed.end();
  await left.finalResponse();
  const events = right[Symbol.asyncIterator]();
  await events.next();
  assert.throws(() => right.textStream[Symbol.asyncIterator](), { code: "reader_too_late" });
  assert.equal((await all(events)).length, 2);
});

test("toReadableStream() gives the events as lines, and fromReadableStream() the stream again", async () => {
  const odd = { type: "acme:ping", text: "two\nlines, an é and half a pair: \ud83d", "": null };
  const events = [created, odd, delta("Hé"), delta("llo"), completed("Héllo")];
  const lines = client(() => whole(...events))
    .responses.stream(params)
    .toReadableStream();
  const [one, other] = lines.tee();
  const text = await new Response(one).text();
  assert.deepEqual(
    text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
    events,
  );
  assert.ok(text.endsWith("\n"));
  const again = api.ResponseStream.fromReadableStream(other);
  assert.deepEqual(await all(again), events);
  assert.equal(await again.finalText(), "Héllo");
  assert.equal(again.snapshot.id, "resp_1");
});

test("lines cut anywhere, ended by CR LF, apart by empty lines or unended are the same stream", async () => {
  const events = [created, delta("é\u{1f600}"), completed("é\u{1f600}")];
  const texts = ["\n", "\r\n", "\n\n"].map((end) => events.map((event) => JSON.stringify(event) + end).join(""));
  for (const text of [...texts, texts[0].trimEnd()]) {
    const bytes = new TextEncoder().encode(text);
    for (let cut = 0; cut <= bytes.length; cut += 7) {
      const lines = new ReadableStream({
        start(controller) {
          for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut)]) controller.enqueue(piece);
          controller.close();
        },
      });
      const run = api.ResponseStream.fromReadableStream(lines);
      assert.deepEqual(await all(run), events);
    }
  }
});

test("lines that break off, or are none, are an error like any stream's", async () => {
  const lines = (text, end = (controller) => controller.close()) =>
    api.ResponseStream.fromReadableStream(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode(text));
          setTimeout(() => end(controller));
        },
      }),
    );
  const cut = `${JSON.stringify(delta("a"))}\n`;
  await assert.rejects(lines(cut).finalResponse(), (error) => {
    assert.ok(error instanceof api.StreamTruncatedError);
    assert.equal(error.partial.output_text, "a");
    return true;
  });
  const cause = new Error("the relay's");
  await assert.rejects(lines(cut, (controller) => controller.error(cause)).finalResponse(), { cause });
  const passedOn = api.ResponseStream.fromReadableStream(
    client(() => whole(created))
      .responses.stream(params)
      .toReadableStream(),
  );
  await assert.rejects(passedOn.finalResponse(), (error) => {
    assert.match(
      error.message,
      /^The stream ended before .*\(The stream ended before .*\.\)\. What arrived is in `partial`\.$/,
    );
    assert.equal(error.message.split("What arrived").length, 2);
    return true;
  });
  await assert.rejects(lines("no JSON\n").finalResponse(), api.StreamTruncatedError);
  const locked = new ReadableStream();
  locked.getReader();
  for (const wrong of [undefined, null, {}, "lines", locked]) {
    assert.throws(() => api.ResponseStream.fromReadableStream(wrong), { code: "invalid_option" });
  }
});

test("the lines are read as they are wanted; cancelling them leaves the stream, whose error is theirs", async () => {
  const fed = feed();
  const lines = start(fed).toReadableStream().getReader();
  fed.send(created);
  await lines.read();
  await settled();
  const { reads } = fed;
  fed.send(delta("a"));
  await settled();
  assert.equal(fed.reads, reads, "nobody wants more");
  await lines.cancel();
  await settled();
  assert.ok(fed.cancelled);

  const cut = client(() => whole(created))
    .responses.stream(params)
    .toReadableStream();
  await assert.rejects(new Response(cut).text(), api.StreamTruncatedError);
});

test("what the server says of an error goes with the lines, be it within the stream or in its place", async () => {
  const limited = { message: "slow down", type: "rate_limit_error", code: "rate_limit_exceeded", param: null };
  const unpaid = { message: "no credits", type: "insufficient_credits", param: "model" };
  const answers = [
    [() => whole(created, delta("a"), { type: "error", error: limited }), api.RateLimitError, limited],
    [() => Response.json({ error: limited }, { status: 429 }), api.RateLimitError, limited],
    [() => Response.json({ error: unpaid }, { status: 402 }), api.InsufficientCreditsError, { ...unpaid, code: 402 }],
    [() => Response.json({ error: { message: "odd" } }, { status: 503 }), api.ServiceUnavailableError, { code: 503 }],
  ];
  for (const [answer, Class, { message = "odd", type, code, param }] of answers) {
    const lines = client(answer, { maxRetries: 0 }).responses.stream(params).toReadableStream();
    const again = api.ResponseStream.fromReadableStream(lines);
    const heard = [];
    again.on("event", (event) => heard.push(event));
    await assert.rejects(again.finalText(), (error) => {
      assert.equal(error.constructor, Class);
      assert.deepEqual([error.message, error.type, error.code, error.param], [message, type, code, param ?? undefined]);
      return true;
    });
    assert.equal(heard.length, answer === answers[0][0] ? 2 : 0);
  }
});

test("leaving a stream of lines lets the lines go", async () => {
  let cancelled;
  const lines = new ReadableStream({
    pull(controller) {
      controller.enqueue(new TextEncoder().encode(`${JSON.stringify(delta("a"))}\n`));
    },
    cancel(reason) {
      cancelled = reason ?? true;
    },
  });
  for await (const _ of api.ResponseStream.fromReadableStream(lines)) break;
  await settled();
  assert.ok(cancelled);
});

test("memory is bounded though a reader never reads while another reads a million events", () => {
  const { stdout, stderr } = script(
    `
    const line = (text) => new TextEncoder().encode("data: " + JSON.stringify(delta(text)) + "\\n\\n");
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        const chunk = line("word ");
        const many = new Uint8Array(chunk.length * 500);
        for (let at = 0; at < 500; at++) many.set(chunk, at * chunk.length);
        controller.enqueue(many);
        sent += 500;
        if (sent === 1_000_000) {
          controller.enqueue(new TextEncoder().encode("data: " + JSON.stringify(completed("")) + "\\n\\n"));
          controller.close();
        }
      },
    }, { highWaterMark: 0 });
    const answer = new Response(body, { headers: { "content-type": "text/event-stream" } });
    const run = client(() => answer, { limits: { maxBufferedEvents: 20_000 } })
      .responses.stream({ model: "m", input: "i" });
    const never = run[Symbol.asyncIterator]();
    const used = () => { gc(); return process.memoryUsage().heapUsed; };
    let read = 0, most = 0;
    const before = used();
    for await (const batch of run.batches()) {
      read += batch.length;
      if (read % 50_000 === 0) most = Math.max(most, used() - before);
    }
    const error = await never.next().catch(({ code }) => code);
    console.log(JSON.stringify({ read, most, error }));
  `,
    ["--expose-gc"],
  );
  const { read, most, error } = JSON.parse(stdout || assert.fail(stderr));
  assert.equal(read, 1_000_001);
  assert.equal(error, "reader_lagged");
  // A million of these events take some 200 MB.
  assert.ok(most < 20 * 2 ** 20, `${most} bytes`);
});

/** Fails instead of waiting for ever. */
function inTime(promise, what) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error(`${what} never settled`)), 500).unref());
  return Promise.race([promise, late]);
}
