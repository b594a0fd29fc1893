#!/usr/bin/env node
// Streams by chance through the packed package: `node fuzz/javascript/fuzz.mjs [--seconds N] [--seed N]`.

import { parseArgs } from "node:util";
import { load } from "../../tests/support/package.mjs";
import { difference, STALL } from "./check.mjs";
import { keep } from "./corpus.mjs";
import { minimise } from "./minimise.mjs";
import { Random } from "./random.mjs";
import { cut, stream } from "./streams.mjs";
import { watch } from "./watchdog.mjs";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "60" }, seed: { type: "string" } } });
const [seconds, first] = [Number(values.seconds), Number(values.seed ?? Date.now() % 2 ** 32)];
if (!Number.isFinite(seconds) || !Number.isInteger(first)) throw new TypeError("--seconds and --seed take numbers");

const api = await load();
const watchdog = watch();
const end = performance.now() + seconds * 1000;
const tick = 10_000;
/** How long a smaller stream is looked for that fails too, in milliseconds: a call may wait before it goes on. */
const MINIMISING = 60_000;
let [seed, executions, bytes, failures, shown] = [first, 0, 0, 0, performance.now()];

while (performance.now() < end) {
  const random = new Random(seed);
  const made = stream(random);
  const chunks = cut(made, random);
  const found = await tried(chunks);
  executions += 1;
  bytes += made.length;
  if (found) {
    failures += 1;
    await report(made, chunks, found);
    if (failures === 10) break;
  }
  if (performance.now() > shown + tick) {
    shown = performance.now();
    console.log(`${executions} executions, seed ${seed}`);
  }
  seed = (seed + 1) >>> 0;
}
console.log(
  `${executions} executions, ${(bytes / 2 ** 20).toFixed(1)} MB of streams, seeds from ${first}; ${failures} failed`,
);
watchdog.leave();
process.exitCode = failures === 0 ? 0 : 1;

/** What is wrong, an exception included. */
async function tried(chunks) {
  watchdog.alive(seed);
  try {
    return await difference(api, chunks);
  } catch (error) {
    return { what: "an exception", is: String(error?.stack ?? error), not: "none" };
  }
}

async function report(made, chunks, found) {
  console.log(`seed ${seed} fails: ${found.what}`);
  if (found.what === STALL) {
    // To wait for each smaller one would stall the fuzzing.
    console.log(`  ${found.is}, kept as ${keep(`seed-${seed}`, made)}`);
    return;
  }
  // Where the stream was cut may matter: in chunks of the same length, as good as can be.
  const size = Math.max(1, Math.round(made.length / chunks.length));
  const pieces = (smaller) =>
    Array.from({ length: Math.ceil(smaller.length / size) }, (_, at) => smaller.subarray(at * size, (at + 1) * size));
  const fails = async (smaller) => (await tried([smaller])) ?? (await tried(pieces(smaller)));
  const until = performance.now() + MINIMISING;
  const failsInTime = async (smaller) => (performance.now() < until ? fails(smaller) : undefined);
  const smallest = (await fails(made)) ? await minimise(made, failsInTime) : made;
  const { is, not } = (await fails(smallest)) ?? found;
  console.log(`  is  ${JSON.stringify(is)?.slice(0, 2000)}\n  not ${JSON.stringify(not)?.slice(0, 2000)}`);
  console.log(`  kept as ${keep(`seed-${seed}`, smallest)}, ${smallest.length} bytes`);
}
