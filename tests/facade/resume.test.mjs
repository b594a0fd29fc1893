import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { api, client, completed, delta, json, respond, run, streamFixture } from "./fake.mjs";

const params = { model: "m", input: "i", background: true };
const numbered = (...events) => events.map((event, number) => ({ ...event, sequence_number: number }));
const created = {
  type: "response.created",
  response: { id: "resp_1", status: "queued", background: true, output: [] },
};
const events = numbered(created, delta("A"), delta("B"), delta("C"), completed("ABC"));

async function all(iterable) {
  const items = [];
  for await (const item of iterable) items.push(item);
  return items;
}

/** A stream of these events that ends as if that were all. */
const streamed = (...told) => respond(streamFixture(told), { chunkBytes: Infinity });

/** Answers with the first `cut` events; what is asked for after that, with what `later(url, request)` gives. */
const cutAfter = (cut, later, options) =>
  client(
    (url, request) => (request.method === "POST" ? streamed(...events.slice(0, cut)) : later(new URL(url), request)),
    options,
  );

const behind = (url) =>
  events.filter(({ sequence_number }) => sequence_number > url.searchParams.get("starting_after"));

test("a stream that breaks goes on inside the same loop, and nothing is lost or told twice", async () => {
  for (let cut = 1; cut < events.length; cut += 1) {
    const asking = cutAfter(cut, (url) => streamed(...behind(url)));
    const stream = await asking.responses.create({ ...params, include: ["a", "b"], stream: true });
    const resumed = [];
    stream.on("resumed", (how) => resumed.push(how));
    assert.deepEqual(await all(stream), events);
    assert.equal(stream.snapshot.output_text, "ABC");
    assert.deepEqual(resumed, [{ response_id: "resp_1", starting_after: cut - 1, polled: false }]);
    const [first, second, ...more] = asking.seen;
    assert.deepEqual(more, []);
    assert.equal(
      second.url,
      `https://api.example/v1/responses/resp_1?stream=true&starting_after=${cut - 1}&include%5B%5D=a&include%5B%5D=b`,
    );
    assert.deepEqual([second.method, second.body], ["GET", undefined]);
    const { "content-type": _, ...headers } = first.headers;
    assert.deepEqual(second.headers, headers);
  }
});

test("every way to read a stream goes on: texts, batches, listeners, the final response", async () => {
  const asking = (n) => cutAfter(n, (url) => streamed(...behind(url)));
  const begin = (n) => asking(n).responses.stream(params);
  assert.deepEqual(await all(begin(2).textStream), ["A", "B", "C"]);
  assert.deepEqual((await all(begin(3).batches())).flat(), events);
  assert.equal((await begin(3).finalResponse()).output_text, "ABC");
  const heard = [];
  await begin(3)
    .on("event", (event) => heard.push(event))
    .finalText();
  assert.deepEqual(heard, events);
});

test("headers and query of the call are those of its continuation, but for what is about the body", async () => {
  const asking = cutAfter(2, (url) => streamed(...behind(url)), { defaultQuery: { v: "1" } });
  const options = { headers: { "x-mine": "1" }, query: { w: "2" }, idempotencyKey: "once" };
  await asking.responses.stream(params, options).finalResponse();
  const [, second] = asking.seen;
  assert.match(second.url, /\/responses\/resp_1\?stream=true&starting_after=1&v=1&w=2$/);
  assert.deepEqual(Object.keys(second.headers).sort(), ["accept", "authorization", "x-mine"]);
});

test("a server that wants to be left alone for more than a minute is left alone, and the error says for how long", async () => {
  const headers = { "retry-after": "61" };
  const asking = cutAfter(2, () => json({ error: { message: "too many" } }, { status: 429, headers }));
  await assert.rejects(asking.responses.stream(params).finalResponse(), (error) => {
    assert.deepEqual([error.name, error.retryAfterMs], ["StreamTruncatedError", 61_000]);
    assert.match(error.message, /Going on with it failed: .*too many/);
    assert.equal(error.partial.output_text, "A");
    return true;
  });
  assert.equal(asking.seen.length, 2);
});

test("where the stream cannot be had any more, the response is asked for until it is done", async () => {
  let polls = 0;
  const asking = cutAfter(3, (url) => {
    if (url.searchParams.has("stream")) return json({ error: { message: "too old" } }, { status: 400 });
    polls += 1;
    return json(polls < 2 ? { id: "resp_1", status: "in_progress", output: [] } : completed("ABC").response);
  });
  const stream = asking.responses.stream(params);
  const resumed = [];
  stream.on("resumed", (how) => resumed.push(how));
  const texts = await all(stream.textStream);
  assert.deepEqual(texts, ["A", "B", "C"]);
  assert.deepEqual(resumed, [{ response_id: "resp_1", starting_after: 2, polled: true }]);
  assert.equal((await stream.finalResponse()).status, "completed");
  assert.equal(asking.seen.at(-1).headers.accept, "application/json");
  assert.equal(asking.seen.length, 4);
});

test("a response that is still worked on is asked for with pauses, whatever time-outs there are", async () => {
  for (const timeout of [undefined, { idle: 60_000 }]) {
    const working = { id: "resp_1", status: "in_progress", output: [] };
    const asking = cutAfter(3, (url) =>
      url.searchParams.has("stream") ? json({ error: { message: "no" } }, { status: 404 }) : json(working),
    );
    const stream = asking.responses.stream(params, { timeout });
    const end = assert.rejects(stream.finalResponse(), api.APIUserAbortError);
    while (asking.seen.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    // The next one is due after 250 ms at least.
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.equal(asking.seen.length, 3);
    stream.abort();
    await end;
  }
});

test("where nothing can be had any more, the error says so and has what arrived", async () => {
  const asking = cutAfter(3, () => json({ error: { message: "no such response" } }, { status: 404 }));
  const stream = asking.responses.stream(params);
  await assert.rejects(all(stream), (error) => {
    assert(error instanceof api.StreamTruncatedError);
    assert.match(error.message, /after sequence number 2 .* Going on with it failed: no such response/);
    assert.equal(error.partial.output_text, "AB");
    return true;
  });
  assert.equal(asking.seen.length, 3);
});

test("a server that answers every request with the same broken stream is left, and nothing is told twice", async () => {
  const numberless = { ...events[3], sequence_number: undefined };
  const asking = client(() => streamed(events[0], events[1], numberless, events[2]), { maxRetries: 0 });
  const stream = await asking.responses.create({ ...params, stream: true });
  const told = [];
  await assert.rejects(async () => {
    for await (const event of stream) told.push(event.delta);
  }, api.StreamTruncatedError);
  assert.deepEqual(told, [undefined, "A", "C", "B"]);
  assert.equal(asking.seen.length, 3);
});

test("resume: off, for a client or a call, ends a broken stream", async () => {
  for (const [options, call] of [
    [{ resume: "off" }, {}],
    [{}, { resume: "off" }],
  ]) {
    const asking = cutAfter(3, assert.fail, options);
    await assert.rejects(asking.responses.stream(params, call).finalResponse(), api.StreamTruncatedError);
    assert.equal(asking.seen.length, 1);
  }
  const on = cutAfter(3, (url) => streamed(...behind(url)), { resume: "off" });
  assert.equal(await on.responses.stream(params, { resume: "auto" }).finalText(), "ABC");
  for (const resume of ["on", true, null]) {
    assert.throws(() => cutAfter(1, assert.fail, { resume }), { code: "invalid_option" });
  }
});

test("a response that is not kept is not asked for, unless the head says that it is", async () => {
  const plain = { type: "response.created", sequence_number: 0, response: { ...created.response, background: false } };
  const asking = (headers) =>
    client((url, { method }) =>
      method === "POST"
        ? new Response(streamed(plain, events[1]).body, {
            headers: { "content-type": "text/event-stream", ...headers },
          })
        : streamed(...behind(new URL(url))),
    );
  await assert.rejects(asking({}).responses.stream(params).finalText(), api.StreamTruncatedError);
  assert.equal(await asking({ "openresponses-resume": "starting_after" }).responses.stream(params).finalText(), "ABC");
});

test("a stream that is asked for by its id goes on behind the number, whatever the server repeats", async () => {
  for (const repeated of [0, 1, 2, 3]) {
    const asking = client(() => streamed(...events.slice(repeated)));
    const stream = asking.responses.stream({ response_id: "resp_1", starting_after: 2 });
    assert.deepEqual(await all(stream), events.slice(3));
    assert.equal(stream.snapshot.output_text, "ABC");
    assert.match(asking.seen[0].url, /\/responses\/resp_1\?starting_after=2&stream=true$/);
  }
  const missing = client(() => json({ error: { message: "no such response" } }, { status: 404 }));
  await assert.rejects(missing.responses.stream({ response_id: "r" }).finalText(), api.NotFoundError);
});

test("a stream that is asked for by its id, of which no event is left, ends with the response", async () => {
  const empty = { headers: { "content-type": "text/event-stream" } };
  for (const body of ["", "data: [DONE]\n\n"]) {
    const asking = client(
      (url) => (new URL(url).searchParams.has("stream") ? new Response(body, empty) : json(completed("ABC").response)),
      { maxRetries: 0 },
    );
    const stream = asking.responses.stream({ response_id: "resp_1", starting_after: 4 });
    const told = await all(stream);
    assert.deepEqual(told, [completed("ABC")]);
    assert.equal((await stream.finalResponse()).output_text, "ABC");
    assert.equal(asking.seen.at(-1).url, "https://api.example/v1/responses/resp_1");
    assert.equal(asking.seen.length, 2);
  }
});

test("until the first event a broken stream is asked for again, and the loop does not notice", async () => {
  let count = 0;
  const asking = client(() => {
    count += 1;
    return count < 3 ? streamed() : streamed(...events);
  });
  const stream = await asking.responses.create({ model: "m", input: "i", stream: true });
  const first = stream.httpResponse;
  assert.deepEqual(await all(stream), events);
  assert.equal(count, 3);
  assert.notEqual(stream.httpResponse, first, "the answer is the one that was read");
  assert.equal(stream.httpResponse.bodyUsed, true);
});

test("a token function is asked again after a 401, once, whatever maxRetries says", async () => {
  const keys = ["old", "new", "other", "another", "never"];
  let asked = 0;
  const apiKey = () => keys[asked++];
  const answer = (_, { headers }) =>
    headers.authorization === "Bearer new"
      ? json({ object: "response", status: "completed", output: [] })
      : json({ error: { message: "expired" } }, { status: 401 });
  const asking = client(answer, { apiKey, maxRetries: 0 });
  assert.equal((await asking.responses.create({ model: "m", input: "i" })).status, "completed");
  assert.deepEqual([asked, asking.seen.length], [2, 2]);
  await assert.rejects(asking.responses.create({ model: "m", input: "i" }), api.AuthenticationError);
  assert.equal(asking.seen.length, 4);
  const literal = client(answer, { maxRetries: 2 });
  await assert.rejects(literal.responses.create({ model: "m", input: "i" }), api.AuthenticationError);
  assert.equal(literal.seen.length, 1);
});

test("a 401 is told at once where the caller's own authorization was refused, or none was sent", async () => {
  const apiKey = () => assert.fail("nobody wants its key");
  for (const authorization of ["Bearer own", null]) {
    const asking = client(() => json({ error: { message: "no" } }, { status: 401 }), {
      apiKey,
      defaultHeaders: { authorization },
    });
    await assert.rejects(asking.responses.create({ model: "m", input: "i" }), api.AuthenticationError);
    assert.equal(asking.seen.length, 1, String(authorization));
  }
});

test("an abort while a stream waits to go on ends it at once, and nothing more is sent", async () => {
  const asking = cutAfter(3, () => json({}, { status: 503 }), { maxRetries: 100 });
  const stream = asking.responses.stream(params);
  const reason = new Error("enough");
  const reading = all(stream);
  const isWaiting = () => asking.seen.length > 1;
  while (!isWaiting()) await new Promise((resolve) => setTimeout(resolve, 5));
  stream.abort(reason);
  await assert.rejects(reading, (error) => error instanceof api.APIUserAbortError && error.cause === reason);
  const sent = asking.seen.length;
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(asking.seen.length, sent);
});

const wire = (told) => told.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");

/** A server on a real socket; `use` gets a client of it, and the sockets that are open. */
async function serving(answer, use) {
  const open = new Set();
  const server = createServer(answer);
  server.on("connection", (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address();
    await use(new api.OpenResponses({ apiKey: "a-key-of-the-test", baseURL: `http://127.0.0.1:${port}/v1` }), open);
    server.closeIdleConnections();
    while (open.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  } finally {
    server.close();
  }
}

test("a stream over a real connection that is reset goes on over another one, and none is left open", () =>
  serving(
    (request, response) => {
      const url = new URL(request.url, "http://localhost");
      response.writeHead(200, { "content-type": "text/event-stream" });
      if (request.method === "POST") {
        response.write(`${wire(events.slice(0, 3))}data: {`, () =>
          setTimeout(() => response.socket.resetAndDestroy(), 20),
        );
      } else {
        response.end(wire(behind(url)));
      }
    },
    async (asking) => assert.deepEqual(await all(asking.responses.stream(params)), events),
  ));

/** Cuts the stream, has no rest of it, and answers with a stream where it is asked for the response. */
const streaming = (first, whole) => (request, response) => {
  if (request.method === "GET" && request.url.includes("stream=true")) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end(wire(request.method === "POST" ? first : whole));
};

test("a server that gives a stream where the response is asked for is followed in it, and nothing is lost or told twice", () =>
  serving(streaming(events.slice(0, 3), events), async (asking) => {
    const stream = asking.responses.stream(params);
    const resumed = [];
    stream.on("resumed", (how) => resumed.push(how));
    assert.deepEqual(await all(stream), events);
    assert.equal(stream.snapshot.output_text, "ABC");
    assert.deepEqual(resumed, [{ response_id: "resp_1", starting_after: 2, polled: false }]);
  }));

test("a stream without numbers where the response is asked for is not told, and the error says so and has what arrived", () => {
  const numberless = events.map(({ sequence_number: _, ...event }) => event);
  return serving(streaming(numberless.slice(0, 3), numberless), async (asking) => {
    const told = [];
    const read = async () => {
      const options = { maxRetries: 0 };
      for await (const event of asking.responses.stream(params, options)) told.push(event);
    };
    await assert.rejects(read, (error) => {
      assert(error instanceof api.StreamTruncatedError);
      assert.match(error.message, /Going on with it failed: .* events that are not known to be the next ones/);
      assert.equal(error.partial.output_text, "AB");
      return true;
    });
    assert.deepEqual(told, numberless.slice(0, 3));
  });
});

test("a process lives while a call waits to be sent again, and ends though a stream with a time-out is left unread", () => {
  const { stdout, status } = run(`
    let count = 0;
    const asking = client(() => (count += 1) < 3 ? json({}, { status: 503 }) : whole(created, completed("done")));
    const stream = await asking.responses.create({ model: "m", input: "i", stream: true }, { timeout: { total: 600_000 } });
    console.log(await stream.finalText());
    const unread = feed();
    client(() => unread.response).responses.create({ model: "m", input: "i", stream: true }, { timeout: { total: 600_000 } });
  `);
  assert.deepEqual([stdout.trim(), status], ["done", 0]);
});
