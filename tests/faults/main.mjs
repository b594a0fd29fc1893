#!/usr/bin/env node
// `node tests/faults/main.mjs [--quick] [--only stream[:way[:position[:mode]]]]`: the packed package against faults at every
// place, on real sockets, and a table of what came of it.

import { fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Report } from "./report.mjs";

const SHARD = fileURLToPath(new URL("shard.mjs", import.meta.url));

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false }, only: { type: "string" } } });
const begin = performance.now();
const report = new Report();
let repeated = 0;
const count = values.only === undefined ? availableParallelism() : 1;
const shards = await Promise.all(Array.from({ length: count }, (_, index) => shard(index)));
const faults = shards.flat();

console.log(String(report));
for (const fault of faults) console.log(fault);
if (report.runs === 0) console.log("There is no such case.");
if (repeated > 0) console.log(`${repeated} runs were made again: they went wrong while the machine was late.`);
const seconds = ((performance.now() - begin) / 1000).toFixed(1);
console.log(`${report.runs} runs, ${report.failures} failed, in ${seconds} s`);
process.exitCode = report.runs > 0 && report.failures === 0 && faults.length === 0 ? 0 : 1;

/** Runs a share of the cases in a process of its own; gives what went wrong beside the runs. */
async function shard(index) {
  const child = fork(SHARD, [JSON.stringify({ ...values, index, count })], { execArgv: ["--max-semi-space-size=64"] });
  let told;
  child.on("message", (message) => {
    told = message;
    report.merge(told.rows);
    repeated += told.repeated;
  });
  const [code, signal] = await once(child, "close");
  if (!told || code !== 0) return [`process ${index} ended with ${signal ?? `code ${code}`}`];
  return told.left.length > 0 ? [`process ${index} leaves behind: ${told.left.join(", ")}`] : [];
}
