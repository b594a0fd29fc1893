// What the process still holds when all runs are over.

import { setTimeout as pause } from "node:timers/promises";

/** Sockets and timers. Those that are closing are given a moment: so many looks. */
export async function left(looks = 100) {
  for (let tries = 0; ; tries++) {
    const held = process.getActiveResourcesInfo().filter((name) => /TCP|Timeout|Immediate/.test(name));
    if (held.length === 0 || tries === looks) return held;
    await pause(20);
  }
}
