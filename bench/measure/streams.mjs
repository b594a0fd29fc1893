import { contestants, named } from "../contestants/index.mjs";
import { DELIVERIES } from "../delivery.mjs";
import { streamingFetch } from "../fake-fetch.mjs";
import { lackOf } from "../given.mjs";
import { NAMES, sizeFor, workload } from "../workloads/index.mjs";
import { entry, measure } from "./rounds.mjs";

const BEST = ["js-batch", "eventsource-parser"];
const KEY = ["ours", "ours, fast path off", "openai create", "js-min", ...BEST, "JSON.parse per event", "read loop"];
/** Measured where it belongs, with the iterators. */
const ELSEWHERE = "ours, async generator";

/** Whole streams from `fetch` to the loop's body: rows against the others, and a table of everybody. */
export async function streams({ quick, rounds, seconds, progress }) {
  const rows = [];
  const cells = [];
  const competing = quick ? named(...KEY) : contestants.filter(({ name }) => name !== ELSEWHERE);
  for (const name of NAMES) {
    for (const delivery of quick ? ["live", "16K"] : Object.keys(DELIVERIES)) {
      progress(`${name} ${delivery}`);
      const work = workload(name, sizeFor(name, delivery));
      const fetch = streamingFetch(DELIVERIES[delivery](work.frames));
      const able = competing.filter((contestant) => !lackOf(contestant, name));
      const entries = able.map((contestant) => entry(contestant, work, fetch));
      const samples = await measure(entries, { rounds, seconds });
      rows.push(...rowsOf(name, delivery, samples));
      cells.push({ name, delivery, samples, events: work.events.length });
    }
  }
  return { rows, tables: [everybody(competing, cells)] };
}

function rowsOf(name, delivery, samples) {
  const row = (other, who = other) => ({
    group: "Whole streams",
    what: `${name} ${delivery}: ours / ${who}`,
    figure: samples.ratio("ours", other),
  });
  const best = BEST.reduce((one, other) => (samples.time(one) < samples.time(other) ? one : other));
  return [
    row("openai create"),
    row("js-min"),
    { ...row(best, "best JavaScript"), note: `that is ${best}` },
    row("ours, fast path off"),
  ];
}

function everybody(competing, cells) {
  const columns = cells.map(({ name, delivery }) => `${name} ${delivery}`);
  const lines = competing.map(({ name, ...contestant }) => [
    name,
    ...cells.map((cell) => {
      const lack = lackOf(contestant, cell.name);
      if (lack) return "n/c";
      const microseconds = (cell.samples.time(name) * 1000) / cell.events;
      const ratio = cell.samples.ratio(name, "openai create");
      return `${microseconds.toFixed(2)} (${ratio.median.toFixed(2)})`;
    }),
  ]);
  const lacking = competing.flatMap(({ name, lacks = {} }) =>
    Object.entries(lacks).map(([workload, why]) => `${name}, ${workload}: ${why}`),
  );
  return {
    title: "Whole streams: CPU microseconds an event (and the ratio to openai create)",
    columns: ["", ...columns],
    lines,
    notes: [
      "1-7B: W1, W3 and W4 a tenth as long.",
      "n/c: cannot be compared, since not everything is handed over (textStream gives output text alone).",
      ...lacking,
    ],
  };
}
