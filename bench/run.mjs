// The benchmark. Usage: node run.mjs [--quick] [--strict] [--check]
//   --quick   the key cells, with fewer rounds: two minutes; RESULTS.md stays as it is
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
import { profile } from "./measure/profile.mjs";
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
const FEW = { rounds: 7, seconds: 0.4 };
const MANY = { rounds: 11, seconds: 1 };
const SECTIONS = { streams, profile, core, partialJson, ticks, allocation, startup, sizes, browsers, workerd };

await checkAll(quick || flags.check ? "small" : undefined);
if (!flags.check) await measureAll();

async function checkAll(size) {
  console.log("Does everybody give what they must?");
  const failures = await check(contestants, size);
  for (const failure of failures) console.error(`WRONG: ${failure}`);
  if (failures.length > 0) process.exit(1);
  console.log(`  ${contestants.length} contestants do, on ${NAMES.join(", ")} in every delivery`);
}

async function measureAll() {
  const begin = performance.now();
  const rows = [];
  const tables = [];
  let crashed = false;
  for (const [name, section] of Object.entries(SECTIONS)) {
    const progress = (what) => console.log(`  ${clock(begin)}  ${name}: ${what}`);
    try {
      const found = await section({ quick, ...(quick ? FEW : MANY), progress });
      rows.push(...found.rows);
      tables.push(...(found.tables ?? []));
    } catch (error) {
      // The figures of the others are worth having.
      crashed = true;
      console.error(error);
      rows.push({ group: name, what: "all of it", missing: `it crashed: ${error?.message}` });
    }
  }
  const all = [...tables, figures(rows)];
  console.log(`\n${all.map((table) => render(table, false)).join("\n")}`);
  const missed = rows.filter((row) => verdict(row) === "MISS");
  console.log(`${missed.length} targets are missed; in ${clock(begin)}`);
  // What is committed there comes from a whole run.
  if (!quick) writeFileSync(new URL("RESULTS.md", import.meta.url), results(all));
  // Nobody's open timer is waited for.
  process.exit(crashed || (flags.strict && missed.length > 0) ? 1 : 0);
}

function results(all) {
  const lines = [
    "# Results of the benchmark",
    "",
    "Written by `cargo xtask bench`. Read the ratios, not the microseconds.",
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
