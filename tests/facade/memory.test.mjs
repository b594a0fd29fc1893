// The memory of the wasm under many calls: what calls have freed serves the ones after them.

import assert from "node:assert/strict";
import test from "node:test";
import { client, completed, created, delta, feed, instances } from "./fake.mjs";

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
