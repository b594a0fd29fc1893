// A load in Node. Usage: fork node-process.mjs PACKAGE

import { setMaxListeners } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { watchInstances } from "../../support/instances.mjs";
import { load } from "../../support/package.mjs";
import { peer } from "../peer.mjs";
import { soak } from "../soak.mjs";

/** Where Node's `fetch` has its connections. */
const DISPATCHER = Symbol.for("undici.globalDispatcher.1");

/** How long requests are waited for, in milliseconds; one that stays is counted by the server. */
const PATIENCE = 10_000;

// Node warns of more than ten listeners on one signal, which a thousand calls at once have.
setMaxListeners(0);
const [folder] = process.argv.slice(2);
const instances = watchInstances();
const api = await load("slim", folder);

const tell = peer(process, {
  soak: (task, origins) =>
    soak(task, {
      api,
      instances,
      origins,
      gc: globalThis.gc,
      quiet: letGoOfConnections,
      loadWasm: () => readFile(join(folder, "dist/wasm/openresponses_wasm_bg.wasm")),
      figures() {
        const { heapUsed, rss } = process.memoryUsage();
        // The channel to the parent is no one's leak.
        const kinds = process.getActiveResourcesInfo().filter((kind) => kind !== "PipeWrap");
        return { heap: heapUsed, outside: rss, resources: kinds };
      },
      tell: (name, figures) => tell("sampled", name, figures),
    }),
});

/** Closes the connections, and lets go of what Node keeps of each that it ever had: 2.6 KB of its heap. */
async function letGoOfConnections() {
  const dispatcher = globalThis[DISPATCHER];
  // There is none before the first `fetch`.
  if (!dispatcher) return;
  await Promise.race([dispatcher.close(), setTimeout(PATIENCE, undefined, { ref: false })]);
  globalThis[DISPATCHER] = new dispatcher.constructor();
}
