#!/usr/bin/env node
// `node tests/faults/main.mjs [--quick] [--only stream[:way[:position[:mode]]]]`: the packed package against faults at every
// place, on real sockets.

import { parseArgs } from "node:util";
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
const LANES = 96;

/** How many failures are told in full. */
const TOLD = 20;

/** With `--quick`, every one of so many places: a prime, so that it keeps no step with what repeats in a stream. */
const STEP = 23;

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false }, only: { type: "string" } } });

// The waits before asking again are drawn by lot: as short as can be.
Math.random = () => 0;

const begin = performance.now();
const api = await load();
const report = new Report();
const isWanted = ({ position, ...test }) =>
  values.only === undefined
    ? !values.quick || position % STEP === 0
    : `${idOf({ position, ...test })}:`.startsWith(`${values.only}:`);
const waiting = cases(await references(api), isWanted);
await Promise.all(Array.from({ length: LANES }, lane));

console.log(String(report));
const seconds = ((performance.now() - begin) / 1000).toFixed(1);
const remains = await left();
if (remains.length > 0) console.log(`left behind: ${remains.join(", ")}`);
console.log(`${report.runs} runs, ${report.failures} failed, in ${seconds} s`);
if (report.runs === 0) console.log(`There is no case ${values.only}.`);
process.exitCode = report.runs > 0 && report.failures === 0 && remains.length === 0 ? 0 : 1;

async function lane() {
  const server = await Server.open();
  for (const test of waiting) {
    const made = test.make();
    if (report.runs % 200 === 0) process.stderr.write(`${report.runs} ${idOf(test)} ${(performance.now()/1000).toFixed(1)} ${process.memoryUsage().rss >> 20}\n`);
    const seen = await run(api, server, made);
    const wrong = differences(made.expected, seen);
    report.add(test, seen, wrong.length > 0);
    if (wrong.length > 0 && report.failures <= TOLD) tell(test, seen, wrong);
  }
  server.close();
}

function tell(test, { message }, wrong) {
  console.log(`--only ${idOf(test)}`);
  for (const sentence of [...wrong, ...(message ? [`message: ${message}`] : [])]) console.log(`  ${sentence}`);
}
