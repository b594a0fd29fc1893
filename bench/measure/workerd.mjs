import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { Samples } from "./rounds.mjs";

const WORKER = fileURLToPath(new URL("../worker/main.mjs", import.meta.url));
const RIVALS = ["ours", "js-min", "openai create"];
const group = "workerd";
/** Runs in one request. */
const RUNS = 5;

/**
 * CPU time in workerd. A worker's own clocks stand still while it works, so the time is the process's: that of its threads, as
 * Linux's /proc tells it, less that of a request which runs nothing.
 */
export async function workerd({ quick, progress }) {
  if (process.platform !== "linux") {
    return { rows: [{ group, what: "all cells", missing: "not run: CPU times are read from Linux's /proc" }] };
  }
  progress("workerd");
  const outdir = mkdtempSync(join(tmpdir(), "openresponses-wasm-bench-"));
  const worker = await start(outdir);
  const rows = [];
  const lines = [];
  try {
    for (const delivery of ["live", "16K"]) {
      const samples = new Samples();
      for (let round = -1; round < (quick ? 3 : 8); round += 1) {
        for (const name of RIVALS) {
          const time = await timeOf(worker, name, delivery);
          if (round >= 0) samples.add(name, round, time);
        }
      }
      for (const other of RIVALS.slice(1)) {
        rows.push({ group, what: `W1 ${delivery}: ours / ${other}`, figure: samples.ratio("ours", other) });
      }
      lines.push([`W1 ${delivery}`, ...RIVALS.map((name) => samples.time(name).toFixed(2))]);
    }
  } finally {
    await worker.dispose();
    rmSync(outdir, { recursive: true });
  }
  const title = "workerd: CPU milliseconds for 1,000 events";
  const notes = ["The time of workerd's threads by /proc, less that of a request that runs nothing."];
  return { rows, tables: [{ title, columns: ["", ...RIVALS], lines, notes }] };
}

/** Milliseconds for 1,000 events. */
async function timeOf(worker, name, delivery) {
  const spent = async (runs) => {
    const before = cpu();
    const query = new URLSearchParams({ name, delivery, runs });
    const { events, isWhole } = await (await worker.dispatchFetch(`http://worker.test/?${query}`)).json();
    if (!isWhole) throw new Error(`${name} has lost characters in workerd.`);
    return { events, time: cpu() - before };
  };
  const idle = await spent(0);
  const { events, time } = await spent(RUNS);
  return ((time - idle.time) / events) * 1000;
}

async function start(outdir) {
  await build({
    entryPoints: [WORKER],
    outdir,
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
    logLevel: "error",
  });
  const worker = new Miniflare({
    modules: true,
    modulesRoot: outdir,
    scriptPath: join(outdir, "main.js"),
    modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],
    compatibilityDate: "2026-04-01",
    cf: false,
  });
  await worker.ready;
  return worker;
}

/** CPU milliseconds of the workerd that this process has started. */
function cpu() {
  const threads = workerdOf(process.pid).flatMap((pid) =>
    readdirSync(`/proc/${pid}/task`).map((id) => `${pid}/task/${id}`),
  );
  const nanoseconds = threads.map((thread) => Number(readFileSync(`/proc/${thread}/schedstat`, "utf8").split(" ")[0]));
  return nanoseconds.reduce((sum, time) => sum + time, 0) / 1e6;
}

function workerdOf(parent) {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const [, name, rest] = /\((.*)\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8"));
      return name === "workerd" && Number(rest.split(" ")[1]) === parent;
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
}
