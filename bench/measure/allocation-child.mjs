import { PerformanceObserver } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import { named } from "../contestants/index.mjs";
import { DELIVERIES } from "../delivery.mjs";
import { streamingFetch } from "../fake-fetch.mjs";
import { Consumer } from "../given.mjs";
import { workload } from "../workloads/index.mjs";

const [name, delivery] = process.argv.slice(2);
const work = workload("W1", [2_000]);
const [contestant] = named(name);
const run = contestant.prepare({ fetch: streamingFetch(DELIVERIES[delivery](work.frames)), payloads: work.payloads });
const consumer = new Consumer();
const used = () => getHeapStatistics().used_heap_size;
const turn = () => new Promise((resolve) => setTimeout(resolve, 10));

for (let warm = 0; warm < 5; warm += 1) await run(consumer.take);
globalThis.gc();
await turn();
let collections = 0;
new PerformanceObserver((list) => {
  collections += list.getEntries().length;
}).observe({ entryTypes: ["gc"] });
const before = used();
await run(consumer.take);
const bytes = (used() - before) / work.events.length;
await turn();
process.send(collections > 0 ? { error: "garbage was collected meanwhile" } : { bytes });
process.disconnect();
