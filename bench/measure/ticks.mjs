import { named } from "../contestants/index.mjs";
import { workload } from "../workloads/index.mjs";
import { percentile } from "./rounds.mjs";

/** Beyond it, the event came by a timer or another task. */
const LIMIT = 500;
const DELTAS = 100;

/** A loop that looks at nothing: its body comes when `read()` settles. */
const bareRead = {
  name: "read loop",
  prepare: ({ fetch }) =>
    async function run(take) {
      const reader = (await fetch()).body.getReader();
      for (let result = await reader.read(); !result.done; result = await reader.read()) take(result.value);
    },
};

/** One event at a time: how many microtasks run between its `read()` and the loop's body. */
export async function ticks({ progress }) {
  const rows = [];
  const rivals = named(
    "ours",
    "ours, on()",
    "js-min",
    "js-batch",
    "openai create",
    "openai stream",
    "ai + open-responses",
  );
  for (const contestant of [bareRead, ...rivals]) {
    progress(contestant.name);
    const median = percentile(await ticksOf(contestant), 0.5);
    const what = `${contestant.name}: microtasks from read() to the loop's body`;
    rows.push({
      group: "Latency",
      what,
      figure: { median, low: median },
      unit: "ticks",
      note: median >= LIMIT ? "by way of timers" : undefined,
    });
  }
  return { rows };
}

async function ticksOf(contestant) {
  const { events, frames } = workload("W1", [DELTAS]);
  let controller;
  const body = new ReadableStream({ start: (given) => (controller = given) });
  const response = new Response(body, { headers: { "content-type": "text/event-stream" } });
  const run = contestant.prepare({ fetch: async () => response });

  let ticks = 0;
  let seen;
  const count = () => {
    if (seen !== undefined || ticks >= LIMIT) return;
    ticks += 1;
    queueMicrotask(count);
  };
  const over = run(() => (seen ??= ticks));
  const found = [];
  for (const [at, frame] of frames.entries()) {
    await quiet();
    ticks = 0;
    seen = undefined;
    controller.enqueue(frame);
    // Behind the reaction to the read, which the line above has queued.
    queueMicrotask(count);
    await quiet();
    if (events[at].type === "response.output_text.delta") found.push(seen ?? LIMIT);
  }
  controller.close();
  await over;
  return found;
}

/** Whatever was going on has come to rest. */
async function quiet() {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
}
