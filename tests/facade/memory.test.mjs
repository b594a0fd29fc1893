// The memory of the wasm under many calls: what calls have freed serves the ones after them, and is given back where it is much.

import assert from "node:assert/strict";
import test from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { client, completed, created, delta, feed, instances, json, settled, whole } from "./fake.mjs";

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

const textOf = (response) => response.output_text;

/** Waits until something holds, and not for ever. */
async function until(holds) {
  for (let turn = 0; turn < 1_000 && !holds(); turn++) await settled();
  assert.ok(holds(), String(holds));
}

test("while a stream goes on, its instance serves large ones after another, in the same memory", async () => {
  const params = { model: "m", input: "i" };
  const small = feed();
  const going = client(() => small.response).responses.stream(params);
  const text = going.finalText();
  small.send(created);
  const large = "large".repeat(5 << 20);
  await until(() => instances.calls > 0);
  const { made } = instances;
  const seen = [];
  for (let turn = 0; turn < 3; turn++) {
    const { responses } = client(() => whole(created, delta(large), completed(large)));
    assert.equal(await responses.stream(params).finalText(), large);
    seen.push(instances.bytes);
  }
  assert.equal(instances.made, made);
  assert.ok(seen[2] <= seen[0] * 1.25, `${seen} bytes`);
  small.send(completed("small"));
  assert.equal(await text, "small");
  assert.equal(
    await client(() => json(completed("next").response))
      .responses.create(params)
      .then(textOf),
    "next",
  );
  assert.ok(instances.bytes < 32 << 20, `${instances.bytes} bytes are much`);
});

test("streams under way go on where those after them begin in other memory, since theirs is a gigabyte", async () => {
  const params = { model: "m", input: "i" };
  const large = feed();
  const text = client(() => large.response)
    .responses.stream(params)
    .finalText();
  large.send(created, delta("large"));
  await until(() => instances.calls > 0);
  instances.grow(16_384);
  const small = feed();
  const first = client(() => small.response)
    .responses.stream(params)
    .finalText();
  small.send(created);
  await until(() => instances.calls > 1);
  assert.ok(instances.bytes < 32 << 20, `${instances.bytes} bytes are much`);
  small.send(completed("small"));
  large.send(completed("large"));
  assert.deepEqual(await Promise.all([first, text]), ["small", "large"]);
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
