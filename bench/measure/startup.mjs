import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { percentile } from "./rounds.mjs";

const CHILD = fileURLToPath(new URL("./startup-child.mjs", import.meta.url));

/** Milliseconds of a fresh process until the wasm is there and the first call has been answered. */
export async function startup({ quick, progress }) {
  progress("fresh processes");
  const times = [];
  for (let run = 0; run < (quick ? 9 : 25); run += 1) {
    const { stdout } = await promisify(execFile)(process.execPath, [CHILD]);
    times.push(JSON.parse(stdout));
  }
  const figure = (of) => {
    const all = times.map(of);
    return { median: percentile(all, 0.5), low: percentile(all, 0.2) };
  };
  const row = (what, of, note) => ({ group: "Start-up", what, figure: figure(of), unit: "ms", note });
  return {
    rows: [
      row("inflate, compile, instantiate", ({ init }) => init, "wall time; init() of the default entry"),
      row("the same and the first call", ({ init, call }) => init + call, "to the stream's first event"),
    ],
  };
}
