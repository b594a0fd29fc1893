// What the process still holds when all runs are over.

import { setTimeout as pause } from "node:timers/promises";

/** Sockets and timers. Those that are closing are given a moment. */
export async function left() {
  for (let tries = 0; ; tries++) {
    const held = process.getActiveResourcesInfo().filter((name) => /TCP|Timeout|Immediate/.test(name));
    if (held.length === 0 || tries === 100) return held;
    await pause(20);
  }
}
