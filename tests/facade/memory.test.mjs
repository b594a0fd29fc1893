// The memory of the wasm under many calls: what calls have freed serves the ones after them, and is given back where it is much.

import assert from "node:assert/strict";
import test from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { client, completed, created, delta, feed, instances, settled, whole } from "./fake.mjs";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc");

/** Streams at once, each with a text that grows to more than a megabyte by pieces of its own length, in turns. */
async function round() {
  const feeds = Array.from({ length: 12 }, () => feed());
  let next = 0;
  const asked = client(() => feeds[next++].response);
  const streams = feeds.map(() => asked.responses.stream({ model: "m", input: "i" }));
  const texts = streams.map((stream) => stream.finalText());
  const whole = feeds.map(() => "");
  for (const own of feeds) own.send(created);
  for (let turn = 0; turn < 40; turn++) {
    for (const [at, own] of feeds.entries()) {
      const piece = String(turn % 10).repeat(1_000 + 4_999 * ((turn * 7 + at * 5) % 12));
      whole[at] += piece;
      own.send(delta(piece));
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  // In another order than they began, and one of them is abandoned.
  for (const at of [5, 11, 0, 7, 2, 9, 4, 1, 10, 3, 8]) feeds[at].send(completed(whole[at]));
  streams[6].abort();
  const outcomes = await Promise.allSettled(texts);
  for (const [at, { value }] of outcomes.entries()) assert.equal(value, at === 6 ? undefined : whole[at]);
}

test("memory that calls have freed serves the calls after them, however large and interleaved their texts", async () => {
  for (let warmUp = 0; warmUp < 3; warmUp++) await round();
  const before = instances.bytes;
  for (let rounds = 0; rounds < 8; rounds++) await round();
  assert.ok(before > 1_000_000, `${before} bytes are no memory of the wasm`);
  assert.ok(instances.bytes <= before * 1.25, `${before} bytes before, ${instances.bytes} after`);
  assert.equal(instances.calls, 0);
});

test("the memory that a large stream took is given back when it is over, though its stream is held", async () => {
  const params = { model: "m", input: "i" };
  const ask = async (text) => {
    const stream = client(() => whole(created, delta(text), completed(text))).responses.stream(params);
    assert.equal(await stream.finalText(), text);
    return stream;
  };
  const outside = async () => {
    for (let turn = 0; turn < 5; turn++) {
      gc();
      await settled();
    }
    return process.memoryUsage().external;
  };
  await ask("small");
  const small = await outside();
  const held = await ask("large".repeat(5 << 20));
  assert.ok(instances.bytes > 32 << 20, `${instances.bytes} bytes are not much`);
  const after = await outside();
  assert.ok(after < small + (16 << 20), `${small} bytes before, ${after} after`);
  assert.equal(held.snapshot.output_text.length, 25 << 20);
});

/** Waits until something holds, and not for ever. */
async function until(holds) {
  for (let turn = 0; turn < 1_000 && !holds(); turn++) await settled();
  assert.ok(holds(), String(holds));
}

test("streams under way go on where those after them begin in other memory", async () => {
  const params = { model: "m", input: "i" };
  const large = feed();
  const going = client(() => large.response).responses.stream(params);
  const text = going.finalText();
  large.send(created, delta("large".repeat(5 << 20)));
  await until(() => instances.bytes > 32 << 20);
  const begun = instances.calls;
  const small = feed();
  const first = client(() => small.response)
    .responses.stream(params)
    .finalText();
  small.send(created);
  await until(() => instances.calls > begun);
  assert.ok(instances.bytes < 32 << 20, `${instances.bytes} bytes are much`);
  small.send(completed("small"));
  assert.equal(await first, "small");
  for (let turn = 0; turn < 3; turn++) {
    const small = client(() => whole(created, delta("small"), completed("small"))).responses.stream(params);
    assert.equal(await small.finalText(), "small");
  }
  assert.ok(instances.bytes < 32 << 20, `${instances.bytes} bytes are much`);
  large.send(completed("large".repeat(5 << 20)));
  assert.equal((await text).length, 25 << 20);
  assert.equal(instances.calls, 0);
});

test("the branch of a large stream reads the values in it when it is over", async () => {
  const text = JSON.stringify({ text: "large".repeat(5 << 20) });
  const format = { type: "json_schema", name: "n", schema: {} };
  const asked = client(() => whole(created, delta(text), completed(text)));
  const stream = asked.responses.stream({ model: "m", input: "i", text: { format } });
  const [one, other] = stream.tee();
  await one.finalResponse();
  await settled();
  let last;
  for await (const value of other.partials()) last = value;
  assert.equal(JSON.stringify(last), text);
});
