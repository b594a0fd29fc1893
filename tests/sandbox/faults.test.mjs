import assert from "node:assert/strict";
import { after, test } from "node:test";
import { DIALECTS } from "../../www/sandbox/dialects.mjs";
import { FAULTS } from "../../www/sandbox/faults.mjs";
import * as client from "./support/client.mjs";
import { checkOrder } from "./support/order.mjs";

const server = client.useServer();

/** Every fault that a test asked for, so that the last test can tell which ones none asked for. */
const asked = new Map(Object.keys(FAULTS).map((name) => [name, new Set()]));
const noting =
  (ask) =>
  (body, query = "") => {
    for (const [name, value] of new URLSearchParams(query)) asked.get(name)?.add(value);
    return ask(server, body, query);
  };
const post = noting(client.post);
const raw = noting(client.raw);

const STREAM = { model: "sandbox/echo", input: "Grüße an alle, 世界 und 👩‍🔬!", stream: true };
const PLAIN = { ...STREAM, stream: false };

/** The body of an answer, without the ids that change from one request to the next. */
const textOf = async (answer) => (await answer.text()).replace(/_\d{8}/g, "_00000001").replace(/_at":\d+/g, '_at":0');
const clean = async (body = STREAM) => textOf(await client.post(server, body));
const typesOf = (text) =>
  client.parseEvents(text).map(({ data }) => (data === "[DONE]" ? data : JSON.parse(data).type));
const bytesOf = ({ chunks }) => Buffer.concat(chunks);
const numbersOf = (text) =>
  client.parseEvents(text).flatMap(({ data }) => (data === "[DONE]" ? [] : [JSON.parse(data).sequence_number]));

test("chunk=N sends chunks of exactly N bytes, across events and across characters", async () => {
  const seen = await raw(STREAM, "?chunk=50&delay=1");
  await seen.ended;
  const sizes = seen.chunks.map(({ length }) => length);
  assert.ok(
    sizes.slice(0, -1).every((size) => size % 50 === 0),
    "chunks may be joined on the way, but not split",
  );
  assert.ok(sizes.includes(50));
  assert.equal(await textOf(new Response(bytesOf(seen))), await clean());
});

test("chunk=1 sends single bytes", async () => {
  const seen = await raw(PLAIN, "?chunk=1");
  await seen.ended;
  assert.ok(seen.chunks.length > bytesOf(seen).length / 4);
  assert.equal(await textOf(new Response(bytesOf(seen))), await clean(PLAIN));
});

test("chunk=event sends one chunk per event", async () => {
  const seen = await raw(STREAM, "?chunk=event&delay=4");
  await seen.ended;
  const texts = seen.chunks.map(String);
  assert.ok(texts.filter((text) => /^event: [^\n]*\ndata: [^\n]*\n\n$/.test(text)).length > texts.length / 2);
});

test("delay=MS waits between chunks", async () => {
  const seen = await raw(STREAM, "?delay=15");
  await seen.ended;
  const total = seen.times.at(-1) - seen.times[0];
  assert.ok(total >= (typesOf(String(bytesOf(seen))).length - 2) * 14, `${total} ms`);
});

test("head_delay=MS waits before the headers", async () => {
  const start = performance.now();
  await raw(STREAM, "?head_delay=60");
  assert.ok(performance.now() - start >= 59);
});

for (const body of [STREAM, PLAIN]) {
  test(`cut=N ends cleanly after N bytes, with stream ${body.stream}`, async () => {
    const text = await (await post(body, "?cut=100")).text();
    assert.equal(Buffer.byteLength(text), 100);
    assert.equal((await (await post(body, "?cut=0")).text()).length, 0);
    assert.equal((await (await post(body, "?cut=100&chunk=7")).text()).length, 100);
    assert.equal(await textOf(await post(body, "?cut=1000000")), await clean(body));
  });

  test(`reset=N breaks the connection after N bytes, with stream ${body.stream}`, async () => {
    for (const count of [0, 100]) {
      const seen = await raw(body, `?reset=${count}`);
      await seen.ended;
      assert.equal(seen.error?.code, "ECONNRESET");
      assert.equal(bytesOf(seen).length, count);
    }
    const seen = await raw(body, "?reset=1000000");
    await seen.ended;
    assert.ok(seen.error, "a body that is shorter is broken at its end");
    assert.equal(await textOf(new Response(bytesOf(seen))), await clean(body));
  });

  test(`stall=N stops after N bytes and keeps the connection open, with stream ${body.stream}`, async () => {
    const seen = await raw(body, "?stall=100");
    await client.until("100 bytes", () => bytesOf(seen).length === 100);
    const state = await Promise.race([seen.ended, new Promise((resolve) => setTimeout(resolve, 60, "open"))]);
    assert.equal(state, "open");
    assert.equal(bytesOf(seen).length, 100);
    seen.close();
  });
}

test("stall=N with a shorter body stalls after its end", async () => {
  const seen = await raw(STREAM, "?stall=1000000");
  await client.until("[DONE]", () => String(bytesOf(seen)).endsWith("data: [DONE]\n\n"));
  const state = await Promise.race([seen.ended, new Promise((resolve) => setTimeout(resolve, 60, "open"))]);
  assert.equal(state, "open");
  seen.close();
});

test("reset=N really resets the connection", async () => {
  await assert.rejects(
    async () => (await post(STREAM, "?reset=100")).text(),
    (error) => {
      assert.equal(error.cause?.code, "ECONNRESET");
      return true;
    },
  );
});

test("status=NNN answers a valid request with that status and a JSON error", async () => {
  for (const status of [400, 418, 429, 503, 599]) {
    const answer = await post(STREAM, `?status=${status}`);
    assert.equal(answer.status, status);
    assert.equal(answer.headers.get("content-type"), "application/json");
    assert.ok((await answer.json()).error.message);
  }
});

test("body=html and body=html-502 answer with a page", async () => {
  for (const [word, status] of [
    ["html", 200],
    ["html-502", 502],
  ]) {
    const answer = await post(STREAM, `?body=${word}`);
    assert.equal(answer.status, status);
    assert.match(answer.headers.get("content-type"), /^text\/html/);
    assert.match(await answer.text(), /^<!doctype html>/);
  }
});

test("body=redirect sends the request to another path", async () => {
  const answer = await post(STREAM, "?body=redirect");
  // Who follows finds nothing there.
  assert.ok(answer.redirected);
  assert.equal(answer.status, 404);
  assert.match(answer.url, /\/elsewhere$/);
});

test("body=error-200 hides an error behind a good status", async () => {
  const answer = await post(STREAM, "?body=error-200");
  assert.equal(answer.status, 200);
  assert.deepEqual(Object.keys(await answer.json()), ["error"]);
});

test("body=empty answers with nothing", async () => {
  const answer = await post(STREAM, "?body=empty");
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), "");
});

test("body=truncated-json closes the connection before the promised end", async () => {
  const seen = await raw(PLAIN, "?body=truncated-json");
  await seen.ended;
  assert.ok(seen.error);
  const whole = JSON.stringify(await client.create(server, PLAIN));
  assert.equal(Number(seen.headers["content-length"]), Buffer.byteLength(whole));
  assert.equal(bytesOf(seen).length, Buffer.byteLength(whole) >> 1);
  const start = performance.now();
  const kept = await post(PLAIN, "?body=truncated-json");
  await assert.rejects(kept.text());
  assert.ok(performance.now() - start < 1000, "a connection that could be used again is closed at once");
});

test("body=json answers with JSON although a stream was asked for", async () => {
  const answer = await post(STREAM, "?body=json");
  assert.equal(answer.headers.get("content-type"), "application/json");
  assert.equal(await textOf(answer), await clean(PLAIN));
});

test("body=sse answers with a stream although JSON was asked for", async () => {
  const answer = await post(PLAIN, "?body=sse");
  assert.match(answer.headers.get("content-type"), /^text\/event-stream/);
  assert.equal(await textOf(answer), await clean(STREAM));
});

test("error=nested sends an error object after four events, then response.failed", async () => {
  const messages = client.parseEvents(await (await post(STREAM, "?error=nested")).text());
  assert.equal(messages.length, 4 + 3);
  const [error, failed, done] = messages.slice(4);
  assert.equal(error.event, "error");
  const { error: detail, ...rest } = JSON.parse(error.data);
  assert.deepEqual(rest, { type: "error", sequence_number: 4 });
  assert.deepEqual(Object.keys(detail), ["type", "code", "message", "param"]);
  const { response } = JSON.parse(failed.data);
  assert.deepEqual([failed.event, response.status, response.error.code], ["response.failed", "failed", "server_error"]);
  assert.equal(done.data, "[DONE]");
});

test("error=flat sends the error's fields at the top of the event, and no terminal event", async () => {
  const [error, done, ...more] = client.parseEvents(await (await post(STREAM, "?error=flat&at=2")).text()).slice(2);
  assert.equal(error.event, "error");
  const data = JSON.parse(error.data);
  assert.deepEqual(Object.keys(data), ["type", "sequence_number", "code", "message", "param"]);
  assert.deepEqual([done.data, more], ["[DONE]", []]);
});

test("error=bare sends an object with nothing but the error, without an event line", async () => {
  const [error, done] = client.parseEvents(await (await post(STREAM, "?error=bare&at=0")).text());
  assert.equal(error.event, undefined);
  assert.deepEqual(Object.keys(JSON.parse(error.data)), ["error"]);
  assert.equal(done.data, "[DONE]");
});

test("error=failed-only sends response.failed, at the latest instead of the end", async () => {
  const types = typesOf(await (await post(STREAM, "?error=failed-only&at=3")).text());
  assert.deepEqual(types.slice(3), ["response.failed", "[DONE]"]);
  const late = typesOf(await (await post(STREAM, "?error=failed-only&at=1000000")).text());
  assert.deepEqual(late, typesOf(await clean()).with(-2, "response.failed"));
});

test("unknown=1 puts unknown events between the others and leaves the rest as it is", async () => {
  const text = await (await post(STREAM, "?unknown=1")).text();
  const types = typesOf(text);
  assert.ok(types.includes("acme:ping") && types.includes("keepalive"));
  assert.deepEqual(
    types.filter((type) => !/acme:ping|keepalive/.test(type)),
    typesOf(await clean()),
  );
  assert.deepEqual(
    numbersOf(text),
    numbersOf(text).map((_, index) => index),
  );
});

test("drop=TYPES does not send events of these types, and leaves gaps in the numbers", async () => {
  const text = await (await post(STREAM, "?drop=response.output_item.added,response.content_part.added")).text();
  const types = typesOf(text);
  assert.ok(!types.some((type) => type.endsWith(".added")));
  assert.equal(types.length, typesOf(await clean()).length - 2);
  assert.deepEqual(numbersOf(text).slice(0, 3), [0, 1, 4]);
});

test("omit=FIELDS removes these fields from every event", async () => {
  const text = await (await post(STREAM, "?omit=sequence_number,item_id,type")).text();
  const messages = client.parseEvents(text).slice(0, -1);
  for (const { event, data } of messages) {
    const event_data = JSON.parse(data);
    assert.ok(event.startsWith("response."), "the event line keeps the type");
    for (const field of ["sequence_number", "item_id", "type"]) assert.ok(!(field in event_data));
  }
  assert.equal(messages.length, typesOf(await clean()).length - 1);
});

test("terminal=0 ends without a terminal event and without [DONE]", async () => {
  assert.deepEqual(typesOf(await (await post(STREAM, "?terminal=0")).text()), typesOf(await clean()).slice(0, -2));
  assert.deepEqual(typesOf(await (await post(STREAM, "?terminal=0&error=nested")).text()).at(-1), "error");
});

test("events=0 leaves out the event lines", async () => {
  assert.equal(await textOf(await post(STREAM, "?events=0")), (await clean()).replace(/^event: .*\n/gm, ""));
});

test("done=0 leaves out the [DONE]", async () => {
  assert.equal(await textOf(await post(STREAM, "?done=0")), (await clean()).replace("data: [DONE]\n\n", ""));
});

test("newline=crlf and newline=cr end all lines that way", async () => {
  assert.equal(await textOf(await post(STREAM, "?newline=crlf")), (await clean()).replaceAll("\n", "\r\n"));
  assert.equal(await textOf(await post(STREAM, "?newline=cr")), (await clean()).replaceAll("\n", "\r"));
});

test("comments=1 puts comments before the first event and between events", async () => {
  const text = await textOf(await post(STREAM, "?comments=1"));
  assert.ok(text.startsWith(": keep-alive\n\nevent: response.created\n"));
  assert.equal(text.match(/: keep-alive\n/g).length, text.match(/^event: /gm).length);
  assert.equal(text.replaceAll(": keep-alive\n\n", ""), await clean());
});

test("bom=1 starts the stream with a byte order mark, before anything else", async () => {
  for (const query of ["?bom=1", "?bom=1&comments=1"]) {
    const bytes = Buffer.from(await (await post(STREAM, query)).arrayBuffer());
    assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    assert.equal(bytes.indexOf(Buffer.from("\uFEFF"), 1), -1);
  }
});

test("multiline=1 spreads data over two lines that together are the same JSON", async () => {
  const text = await textOf(await post(STREAM, "?multiline=1"));
  assert.equal(text.match(/^data: /gm).length, (typesOf(text).length - 1) * 2 + 1);
  assert.deepEqual(typesOf(text), typesOf(await clean()));
});

test("run=ID registers the request", async () => {
  await (await post(STREAM, "?run=registered")).text();
  assert.equal((await fetch(`${server.baseURL}/sandbox/runs/registered`)).status, 200);
});

test("fail=N makes sandbox/flaky fail N times", async () => {
  const body = { ...PLAIN, model: "sandbox/flaky" };
  const statuses = [];
  for (let attempt = 0; attempt < 3; attempt += 1) statuses.push((await post(body, "?fail=2&run=fails")).status);
  assert.deepEqual(statuses, [503, 503, 200]);
});

for (const [name, { lines = {}, says }] of Object.entries(DIALECTS)) {
  test(`dialect=${name} tells the answer otherwise: ${says}`, async () => {
    const told = async (body, query) => textOf(await post(body, query));
    const reasoned = { ...STREAM, model: "sandbox/reasoner" };
    const called = { ...STREAM, model: "sandbox/tools", tools: [{ type: "function", name: "look_up" }] };
    const clean = [await told(reasoned), await told(called)];
    const spoken = [await told(reasoned, `?dialect=${name}`), await told(called, `?dialect=${name}`)];
    assert.notDeepEqual(spoken, clean);
    assert.deepEqual([await told(reasoned, `?dialect=${name}`), await told(called, `?dialect=${name}`)], spoken);
    assert.equal(spoken[0].includes("[DONE]"), lines.done === undefined);
    assert.equal(/^event: /m.test(spoken[0]), lines.events === undefined);
  });
}

test("faults can be combined", async () => {
  const query = "?chunk=3&newline=crlf&comments=1&bom=1&multiline=1&unknown=1&events=0&done=0";
  const text = await (await post(STREAM, query)).text();
  const events = client.parseEvents(text).map(({ data }) => JSON.parse(data));
  assert.deepEqual(events.at(-1).response.output[0].content[0].text, STREAM.input);
});

test("a stream without faults keeps the order", async () => {
  checkOrder(
    client
      .parseEvents(await clean())
      .slice(0, -1)
      .map(({ event, data }) => ({ event, ...JSON.parse(data) })),
  );
});

test("step=MS is the time between the events of a response in the background", async () => {
  const body = { ...PLAIN, input: "one two", background: true };
  assert.equal((await (await post(body, "?step=0")).json()).status, "completed");
  const start = performance.now();
  const events = typesOf(await (await post({ ...body, stream: true }, "?step=15")).text()).slice(0, -1);
  // Clocks of whole milliseconds are off by one.
  assert.ok(performance.now() - start >= 15 * (events.length - 1) - 2);
});

after(() => {
  for (const [name, values] of asked) {
    assert.ok(values.size > 0, `no test asks for the fault '${name}'`);
    for (const word of FAULTS[name].takes.words ?? []) {
      assert.ok(values.has(word), `no test asks for the fault '${name}=${word}'`);
    }
  }
});
