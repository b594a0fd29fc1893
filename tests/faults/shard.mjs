// A share of the cases, many at a time in one process.

import { load } from "../support/package.mjs";
import { idOf } from "./case.mjs";
import { cases } from "./cases.mjs";
import { differences } from "./expectations.mjs";
import { left } from "./left.mjs";
import { references } from "./reference.mjs";
import { Report } from "./report.mjs";
import { run } from "./run.mjs";
import { Server } from "./server.mjs";

/** How many runs are under way at a time, each with a server of its own. */
const LANES = 32;

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
const waiting = cases(await references(api), isWanted, { index, count });
await Promise.all(Array.from({ length: LANES }, lane));
process.send({ rows: report.rows, left: await left() });

function isWanted(test) {
  return only === undefined ? !quick || test.position % STEP === 0 : `${idOf(test)}:`.startsWith(`${only}:`);
}

async function lane() {
  const server = await Server.open();
  for (const test of waiting) {
    const script = test.make();
    const seen = await run(api, server, script);
    const wrong = differences(script.expected, seen);
    report.add(test, seen, wrong.length > 0);
    if (wrong.length > 0 && report.failures <= TOLD) tell(test, seen, wrong);
  }
  server.close();
}

function tell(test, { message }, wrong) {
  console.log(`--only "${idOf(test)}"`);
  for (const sentence of [...wrong, ...(message ? [`message: ${message}`] : [])]) console.log(`  ${sentence}`);
}
