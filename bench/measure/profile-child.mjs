// Usage: node profile-child.mjs <workload> <delivery>: nanoseconds an event by part, as JSON.
import { Session } from "node:inspector/promises";
// The package's own modules, before they are put together: a frame's file tells its part.
import { OpenResponses } from "../../target/modules/index.js";
import { ours } from "../contestants/ours.mjs";
import { DELIVERIES } from "../delivery.mjs";
import { streamingFetch } from "../fake-fetch.mjs";
import { workload } from "../workloads/index.mjs";

/** The first part whose test fits a frame has it. */
const PARTS = {
  "the wasm": ({ url }) => url.startsWith("wasm:"),
  "JSON.parse, building events": ({ url, functionName }) => url.endsWith("/block.js") || functionName === "parse",
  "decoding text": ({ functionName }) => /^decode/.test(functionName),
  "glue of wasm-bindgen": ({ url }) => url.endsWith("/glue.js"),
  "the rest of the facade": ({ url }) => url.includes("/modules/"),
  "the platform's streams": ({ url }) => /webstreams|abort_controller|event_target/.test(url),
  "garbage collection": ({ functionName }) => functionName === "(garbage collector)",
  "the consumer, promises, V8": () => true,
};

const WARM_UP_MS = 1_500;
const MEASURED_MS = 1_500;

const [name, delivery] = process.argv.slice(2);
const work = workload(name);
const [contestant] = ours({ OpenResponses });
const once = contestant.prepare({ fetch: streamingFetch(DELIVERIES[delivery](work.frames)) });

/** How many events there were. */
async function runFor(milliseconds) {
  let events = 0;
  for (const end = performance.now() + milliseconds; performance.now() < end; ) {
    await once(() => {
      events += 1;
    });
  }
  return events;
}

const session = new Session();
session.connect();
await runFor(WARM_UP_MS);
await session.post("Profiler.enable");
await session.post("Profiler.setSamplingInterval", { interval: 100 });
await session.post("Profiler.start");
const events = await runFor(MEASURED_MS);
const { profile } = await session.post("Profiler.stop");

const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
const times = Object.fromEntries(Object.keys(PARTS).map((part) => [part, 0]));
profile.samples.forEach((id, at) => {
  const frame = frames.get(id);
  if (frame.functionName === "(idle)") return;
  const [part] = Object.entries(PARTS).find(([, fits]) => fits(frame));
  times[part] += (profile.timeDeltas[at] * 1_000) / events;
});
process.stdout.write(JSON.stringify(times));
