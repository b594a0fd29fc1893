// A load in a page.

import { watchInstances } from "../../support/instances.mjs";
import { soak } from "../soak.mjs";

const instances = watchInstances();

globalThis.soaking = async (task, origins) =>
  soak(task, {
    api: await import("/package/dist/slim.js"),
    instances,
    origins,
    gc: () => globalThis.gc({ type: "major", execution: "async" }),
    quiet: () => globalThis.quiet(),
    loadWasm: async () => (await fetch("/package/dist/wasm/openresponses_wasm_bg.wasm")).arrayBuffer(),
    figures: () => ({}),
    tell: (name, figures) => globalThis.sampled(name, figures),
  });
