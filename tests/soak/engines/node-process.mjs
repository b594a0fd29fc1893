// A load in Node. Usage: fork node-process.mjs PACKAGE

import { setMaxListeners } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { watchInstances } from "../../support/instances.mjs";
import { load } from "../../support/package.mjs";
import { peer } from "../peer.mjs";
import { soak } from "../soak.mjs";

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
