import { named } from "../contestants/index.mjs";
import { DELIVERIES } from "../delivery.mjs";
import { resolvedFetch } from "../fake-fetch.mjs";
import { workload } from "../workloads/index.mjs";
import { entry, measure } from "./rounds.mjs";

/** What is left without streams: reads that are resolved already, events taken batch by batch. */
export async function core(effort) {
  const rows = [];
  for (const [name, delivery] of effort.quick ? CELLS.slice(0, 4) : CELLS) {
    effort.progress(`${name} ${delivery}`);
    const work = workload(name);
    const fetch = resolvedFetch(DELIVERIES[delivery](work.frames));
    const rivals = named("ours, batches()", "js-batch", "JSON.parse per event");
    const samples = await measure(
      rivals.map((rival) => entry(rival, work, fetch)),
      effort,
    );
    const other = delivery === "1-7B" ? "js-batch" : "JSON.parse per event";
    rows.push({
      group: "Core",
      what: `${name} ${delivery}: ours / ${other}`,
      figure: samples.ratio("ours, batches()", other),
    });
  }
  return { rows: [...rows, await linearity(effort), await iterator(effort)] };
}

const CELLS = [
  ["W1", "live"],
  ["W1", "16K"],
  ["W2", "live"],
  ["W2", "16K"],
  ["W3", "live"],
  ["W3", "16K"],
  ["W4", "live"],
  ["W4", "16K"],
  ["W2", "1-7B"],
];

/** Events twice as large, and twice as many, in the smallest pieces. */
async function linearity(effort) {
  effort.progress("linearity");
  const [contestant] = named("ours, batches()");
  const small = workload("W2");
  const large = workload("W2", [430, 51]);
  const of = (work, name) => entry(contestant, work, resolvedFetch(DELIVERIES["1-7B"](work.frames)), name);
  const samples = await measure([of(small, "once"), of(large, "twice")], effort);
  const figure = samples.ratio("twice", "once");
  const bytes = ({ frames }) => frames.reduce((sum, frame) => sum + frame.length, 0);
  return {
    group: "Core",
    what: "W2 1-7B: time for twice the bytes",
    figure,
    note: `exactly ${(bytes(large) / bytes(small)).toFixed(2)} times the bytes`,
  };
}

/** What the iterator costs an event above `batches()`, against a generator in its place. */
async function iterator(effort) {
  effort.progress("iterator");
  const work = workload("W1");
  const fetch = resolvedFetch(DELIVERIES["64K"](work.frames));
  const [own, generator, batches] = ["ours", "ours, async generator", "ours, batches()"];
  const entries = named(own, generator, batches).map((contestant) => entry(contestant, work, fetch));
  const samples = await measure(entries, { ...effort, rounds: 2 * effort.rounds });
  return {
    group: "Core",
    what: "W1 64K: iterator / async generator, a buffered event",
    figure: samples.excess(own, generator, batches),
    missing: "they differ from batches() by less than the noise",
    note: "the differences to batches()",
  };
}
