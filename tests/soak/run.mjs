#!/usr/bin/env node
// Whether memory, sockets and listeners stay flat under load: `node run.mjs [--quick] [--only NAME]`.
//
// Each load runs in a process or a page of its own, against a server in a process of its own; what it leaves behind is a fault.

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { watchable } from "../support/package.mjs";
import * as chromium from "./engines/chromium.mjs";
import * as node from "./engines/node.mjs";
import { concurrent } from "./loads/concurrent.mjs";
import { LOADS } from "./loads/index.mjs";
import { peer } from "./peer.mjs";
import { lines, table } from "./table.mjs";
import { faults } from "./verdict.mjs";

/** How long the server's side is waited for, in milliseconds. */
const PATIENCE = 10_000;

const { values: flags } = parseArgs({ options: { quick: { type: "boolean" }, only: { type: "string" } } });
const loads = LOADS.filter(({ name }) => !flags.only || name === flags.only);
if (loads.length === 0) {
  console.error(`There is no load ${flags.only}; there are ${LOADS.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}

const endings = [];
const tests = { after: (end) => endings.unshift(end) };
const begin = performance.now();
const folder = watchable();
try {
  const engines = { node, chromium: await chromium.start(tests) };
  console.log(`Node ${node.version}, Chromium ${engines.chromium.version}${flags.quick ? ", in short" : ""}`);
  const rows = [];
  for (const load of loads) {
    for (const [engine, task] of Object.entries(flags.quick ? load.quick : load.full)) {
      const row = { engine, load, task, ...(await measured(engines[engine], load, task)) };
      rows.push(row);
      for (const line of lines(row)) console.log(line);
    }
  }
  console.log(`\n${table(rows)}`);
  const failed = rows.filter(({ found }) => found.length > 0);
  const seconds = Math.round((performance.now() - begin) / 1000);
  console.log(`\n${rows.length - failed.length} flat, ${failed.length} not, in ${seconds} s`);
  if (failed.length > 0) process.exitCode = 1;
} finally {
  for (const end of endings) await end();
}

/** Runs a load in an engine; what came of it, and what is wrong with that. */
async function measured(engine, load, task) {
  const child = fork(fileURLToPath(new URL("server.mjs", import.meta.url)), [folder]);
  const server = peer(child);
  const samples = {};
  const sampled = async (name, figures) => {
    const isUnderWay = load.holdsText && name === "middle";
    samples[name] = { ...figures, ...(isUnderWay ? await server("counts") : await idle(server)) };
  };
  const quiet = async () => void (await idle(server));
  const start = performance.now();
  try {
    const setting = { folder, port: await server("port"), sampled, quiet };
    const outcome = { samples, ...(await engine.run({ name: load.name, ...task }, setting)) };
    const seconds = (performance.now() - start) / 1000;
    return {
      ...outcome,
      seconds,
      found: faults({ ...load, atOnce: load.run === concurrent ? task.count : 1 }, outcome),
    };
  } catch (error) {
    return {
      samples,
      seconds: (performance.now() - start) / 1000,
      notes: {},
      peak: 0,
      largestChunk: 0,
      found: [`it broke: ${error.stack}`],
    };
  } finally {
    if (child.connected) child.disconnect();
    if (child.exitCode === null) await once(child, "exit");
  }
}

/** What the server counts, once nothing goes on there any more or it was waited for long enough. */
async function idle(server) {
  const until = performance.now() + PATIENCE;
  for (;;) {
    await server("closeIdle");
    const counts = await server("counts");
    if ((counts.busy === 0 && counts.sockets === 0) || performance.now() > until) return counts;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
