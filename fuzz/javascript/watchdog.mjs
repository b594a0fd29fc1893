// A thread that sees when the other one is stuck in a loop, where no timer of its own fires.

import { writeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isMainThread, Worker, workerData } from "node:worker_threads";

/** How long one check may take, in milliseconds: longer than the check's own bound. */
const PATIENCE = 60_000;

/** Ends the process, and says at which seed, when `alive(seed)` is not called for a minute. */
export function watch() {
  const cells = new Uint32Array(new SharedArrayBuffer(8));
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: new Int32Array(cells.buffer) });
  worker.unref();
  return {
    alive(seed) {
      cells[1] = seed;
      Atomics.add(cells, 0, 1);
      Atomics.notify(new Int32Array(cells.buffer), 0);
    },
    leave: () => worker.terminate(),
  };
}

if (!isMainThread && workerData instanceof Int32Array) {
  for (let seen = 0; Atomics.wait(workerData, 0, seen, PATIENCE) !== "timed-out"; ) seen = Atomics.load(workerData, 0);
  writeSync(1, `seed ${workerData[1] >>> 0} fails: the thread is stuck in a loop\n`);
  process.kill(process.pid, "SIGKILL");
}
