import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { peer } from "../peer.mjs";

export const version = process.version;

/** Runs a load in a process of its own. */
export async function run(task, { folder, port, sampled }) {
  const child = fork(fileURLToPath(new URL("node-process.mjs", import.meta.url)), [folder], {
    execArgv: ["--expose-gc"],
  });
  const ask = peer(child, { sampled });
  try {
    return await ask("soak", task, [`http://127.0.0.1:${port}`]);
  } finally {
    if (child.connected) child.disconnect();
    if (child.exitCode === null) await once(child, "exit");
  }
}
