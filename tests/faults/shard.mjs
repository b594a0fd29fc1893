// A share of the cases, many at a time in one process.

import { load } from "../support/package.mjs";
import { IDLE_MS, idOf } from "./case.mjs";
import { cases } from "./cases.mjs";
import { differences } from "./expectations.mjs";
import { Lateness } from "./lateness.mjs";
import { left } from "./left.mjs";
import { references } from "./reference.mjs";
import { Report } from "./report.mjs";
import { run } from "./run.mjs";
import { Server } from "./server.mjs";

/** How many runs are under way at a time, each with a server of its own. */
const LANES = 32;

/** How often a run is made again that went wrong while the machine was late. */
const REPEATS = 5;

/** How many failures are told in full. */
const TOLD = 10;

/** With `--quick`, every one of so many places: a prime, so that it keeps no step with what repeats in a stream. */
const STEP = 23;

const { quick, only, index, count } = JSON.parse(process.argv[2]);

// The waits before asking again are drawn by lot: as short as can be.
Math.random = () => 0;

// Stacks of thousands of errors cost more than the runs.
Error.stackTraceLimit = 0;

const api = await load();
const report = new Report();
const lateness = new Lateness(IDLE_MS / 4);
let repeated = 0;
const waiting = cases(await references(api), isWanted, { index, count });
await Promise.all(Array.from({ length: LANES }, lane));
lateness.stop();
process.send({ rows: report.rows, repeated, left: await left() });

function isWanted(test) {
  return only === undefined ? !quick || test.position % STEP === 0 : `${idOf(test)}:`.startsWith(`${only}:`);
}

async function lane() {
  const server = await Server.open();
  for (const test of waiting) {
    const { seen, wrong } = await made(server, test.make());
    report.add(test, seen, wrong.length > 0);
    if (wrong.length > 0 && report.failures <= TOLD) tell(test, seen, wrong);
  }
  server.close();
}

async function made(server, script) {
  for (let tries = 0; ; tries++) {
    const begin = performance.now();
    const seen = await run(api, server, script);
    const wrong = differences(script.expected, seen);
    if (wrong.length === 0 || tries === REPEATS || !lateness.since(begin)) return { seen, wrong };
    repeated += 1;
  }
}

function tell(test, { message }, wrong) {
  console.log(`--only "${idOf(test)}"`);
  for (const sentence of [...wrong, ...(message ? [`message: ${message}`] : [])]) console.log(`  ${sentence}`);
}
