// The benchmark. Usage: node run.mjs [--quick] [--strict] [--check]
//   --quick   the key cells, with fewer rounds: two minutes
//   --strict  a missed target is a failure
//   --check   only whether every contestant gives what it must, on small workloads
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { contestants } from "./contestants/index.mjs";
import { check } from "./digest.mjs";
import { allocation } from "./measure/allocation.mjs";
import { browsers } from "./measure/browsers.mjs";
import { core } from "./measure/core.mjs";
import { partialJson } from "./measure/partial-json.mjs";
import { sizes } from "./measure/sizes.mjs";
import { startup } from "./measure/startup.mjs";
import { streams } from "./measure/streams.mjs";
import { ticks } from "./measure/ticks.mjs";
import { workerd } from "./measure/workerd.mjs";
import { machine } from "./report/machine.mjs";
import { figures, render } from "./report/tables.mjs";
import { verdict } from "./report/verdict.mjs";
import { NAMES, workload } from "./workloads/index.mjs";

const { values: flags } = parseArgs({
  options: { quick: { type: "boolean" }, strict: { type: "boolean" }, check: { type: "boolean" } },
});
const quick = Boolean(flags.quick);
const SECTIONS = { streams, core, partialJson, ticks, allocation, startup, sizes, browsers, workerd };

await checkAll(quick || flags.check ? "small" : undefined);
if (!flags.check) await measureAll();

async function checkAll(size) {
  console.log("Does everybody give what they must?");
  const failures = await check(
    contestants,
    NAMES.map((name) => workload(name, size)),
  );
  for (const failure of failures) console.error(`WRONG: ${failure}`);
  if (failures.length > 0) process.exit(1);
  console.log(`  ${contestants.length} contestants do, on ${NAMES.join(", ")} in every delivery`);
}

async function measureAll() {
  const begin = performance.now();
  const rows = [];
  const tables = [];
  for (const [name, section] of Object.entries(SECTIONS)) {
    const progress = (what) => console.log(`  ${clock(begin)}  ${name}: ${what}`);
    const found = await section({
      quick,
      ...(quick ? { rounds: 7, seconds: 0.4 } : { rounds: 11, seconds: 1.2 }),
      progress,
    });
    rows.push(...found.rows);
    tables.push(...(found.tables ?? []));
  }
  const all = [...tables, figures(rows)];
  console.log(`\n${all.map((table) => render(table, false)).join("\n")}`);
  const missed = rows.filter((row) => verdict(row) === "MISS");
  console.log(`${missed.length} targets are missed; in ${clock(begin)}`);
  writeFileSync(new URL("RESULTS.md", import.meta.url), results(all));
  // Nobody's open timer is waited for.
  process.exit(flags.strict && missed.length > 0 ? 1 : 0);
}

function results(all) {
  const how = quick ? "the key cells with few rounds" : "all cells";
  const lines = [
    "# Results of the benchmark",
    "",
    `Written by \`cargo xtask bench${quick ? " --quick" : ""}\` (${how}); do not edit. Read the ratios, not the microseconds.`,
    "",
    ...machine().map((line) => `- ${line}`),
    "",
    ...NAMES.map((name) => `- ${name}: ${workload(name).about}`),
    "- live: one event a chunk; 16K, 64K: chunks of so many bytes; 1-7B: random pieces of 1 to 7 bytes.",
    "- The core's cost with accumulation against that without is not measured: it cannot be switched off.",
    "",
  ];
  return `${lines.join("\n")}\n${all.map((table) => render(table, true)).join("\n")}`;
}

function clock(begin) {
  const seconds = Math.round((performance.now() - begin) / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, "0")}`;
}
