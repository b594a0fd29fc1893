// A consumer that does not read holds the server back: measured at a server, over a connection of the platform's `fetch`.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { api, created, delta } from "./fake.mjs";

/** Of one delta, in bytes. */
const PIECE = "x".repeat(16_384);
const PIECES = 1_536;
const TOTAL = PIECE.length * PIECES;

/**
 * What may be under way while nobody reads, in bytes: the socket buffers of both sides (Linux lets them grow to 4 and 6 MiB
 * each), and some chunks in the server's and the client's streams. There are 24 MiB to send.
 */
const UNDER_WAY = 12 * 2 ** 20;

/** A server that sends as fast as the connection takes it, and knows how much it took. */
async function serve(t) {
  const state = { sent: 0, isClosed: false };
  const frame = (event) => `data: ${JSON.stringify(event)}\n\n`;
  const piece = frame(delta(PIECE));
  const server = createServer(async (_, response) => {
    // Whatever it waits for will not come then.
    const closed = new Promise((resolve) => response.on("close", resolve)).then(() => {
      state.isClosed = true;
    });
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(frame(created));
    for (let sent = 0; sent < PIECES && !state.isClosed; sent++) {
      const isTaken = response.write(piece);
      if (!isTaken) await Promise.race([new Promise((resolve) => response.once("drain", resolve)), closed]);
      state.sent += PIECE.length;
    }
    response.end(frame({ type: "response.completed", response: { id: "resp_1", status: "completed" } }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { state, baseURL: `http://127.0.0.1:${server.address().port}/v1` };
}

function ask(baseURL) {
  return new api.OpenResponses({ apiKey: null, baseURL }).responses.stream({ model: "m", input: "i" });
}

/** When the server has begun and come to a standstill. */
async function standstill(state) {
  for (let still = 0, before = -1; still < 10; still = state.sent > 0 && state.sent === before ? still + 1 : 0) {
    before = state.sent;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

const textOf = (event) => (event.type === delta("").type ? event.delta : "");

/** How to read, and the length of the text in what is read. */
const readers = {
  "an event loop": [(run) => run, (event) => textOf(event).length],
  "a loop over the text": [(run) => run.textStream, (text) => text.length],
  "a loop over batches": [(run) => run.batches(), (batch) => batch.map(textOf).join("").length],
  "a loop beside a listener": [(run) => run.on("event", () => {}), (event) => textOf(event).length],
  "both branches of tee()": [(run) => run.tee()[0], (event) => textOf(event).length],
};

for (const [name, [read, lengthOf]] of Object.entries(readers)) {
  test(`${name} that stops holds the server back, and afterwards nothing is lost`, async (t) => {
    const { state, baseURL } = await serve(t);
    const run = ask(baseURL);
    const iterator = read(run)[Symbol.asyncIterator]();
    let length = lengthOf((await iterator.next()).value);
    for (let stop = 0; stop < 2; stop++) {
      await standstill(state);
      const ahead = state.sent - length;
      assert.ok(ahead < UNDER_WAY, `${ahead} bytes sent that nobody read`);
      const until = length + TOTAL / 4;
      while (length < until) length += lengthOf((await iterator.next()).value);
    }
    for await (const item of iterator) length += lengthOf(item);
    assert.equal(length, TOTAL);
    assert.equal(state.sent, TOTAL);
  });
}

test("before anybody reads, the server is held back too", async (t) => {
  const { state, baseURL } = await serve(t);
  const run = ask(baseURL);
  await standstill(state);
  assert.ok(state.sent < UNDER_WAY, `${state.sent} bytes`);
  assert.equal((await run.finalText()).length, TOTAL);
});

test("a consumer that stops for ever and aborts frees the server", async (t) => {
  const { state, baseURL } = await serve(t);
  const run = ask(baseURL);
  await run[Symbol.asyncIterator]().next();
  await standstill(state);
  assert.ok(state.sent < UNDER_WAY, `${state.sent} bytes`);
  assert.equal(state.isClosed, false);
  run.abort();
  while (!state.isClosed) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(state.sent < TOTAL);
});

test("listeners alone hold nothing back, since they cannot be slow", async (t) => {
  const { state, baseURL } = await serve(t);
  let length = 0;
  const run = ask(baseURL).on("response.output_text.delta", (event) => {
    length += event.delta.length;
  });
  await new Promise((resolve, reject) => run.on("end", resolve).on("error", reject));
  assert.deepEqual([length, state.sent], [TOTAL, TOTAL]);
});
