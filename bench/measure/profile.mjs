import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { NAMES } from "../workloads/index.mjs";

const CHILD = fileURLToPath(new URL("./profile-child.mjs", import.meta.url));
const DELIVERIES = ["live", "16K"];

/** Where ours spends its time, by V8's profiler: a process for each cell, so that its code is compiled for that alone. */
export async function profile({ quick, progress }) {
  if (quick) return { rows: [] };
  const cells = [];
  for (const name of NAMES) {
    for (const delivery of DELIVERIES) {
      progress(`${name} ${delivery}`);
      const { stdout } = await promisify(execFile)(process.execPath, [CHILD, name, delivery]);
      cells.push({ title: `${name} ${delivery}`, parts: JSON.parse(stdout) });
    }
  }
  return { rows: [], tables: [table(cells)] };
}

function table(cells) {
  const parts = Object.keys(cells[0].parts);
  const line = (part) => [
    part,
    ...cells.map((cell) => {
      const all = Object.values(cell.parts).reduce((sum, time) => sum + time, 0);
      return `${Math.round(cell.parts[part])} (${Math.round((100 * cell.parts[part]) / all)} %)`;
    }),
  ];
  return {
    title: "Where ours spends its time: CPU nanoseconds an event",
    columns: ["", ...cells.map(({ title }) => title)],
    lines: parts.map(line),
    notes: [
      "Samples of the main thread, with the profiler's own cost in them. JSON.parse is counted where it is called.",
    ],
  };
}
