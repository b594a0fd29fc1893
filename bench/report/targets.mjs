/**
 * What a row must reach, and what it may hope for, by the row's group and name. They are upper bounds, in the row's own unit.
 * The hopes of whole streams are what prototypes of the design have reached.
 */
const WHOLE = [
  ["W1 16K: ours / openai create", 0.08, 0.04],
  ["W1 live: ours / openai create", 0.35, 0.28],
  ["W2 16K: ours / openai create", 0.25, 0.14],
  ["W2 live: ours / openai create", 0.4, 0.24],
  ["W3 16K: ours / openai create", 0.15, 0.09],
  ["W4 16K: ours / openai create", 0.12, 0.06],
  ["W1 live: ours / js-min", 0.95, 0.64],
  ["W1 16K: ours / js-min", 0.4, 0.24],
  ["W1 64K: ours / js-min", 0.4, 0.24],
  ["W1 1-7B: ours / js-min", 0.95],
  ["W2 live: ours / js-min", 0.95, 0.78],
  ["W2 16K: ours / js-min", 0.95, 0.61],
  ["W2 64K: ours / js-min", 0.95, 0.61],
  ["W2 1-7B: ours / js-min", 0.95],
  ["W3 live: ours / js-min", 0.95, 0.61],
  ["W3 16K: ours / js-min", 0.95, 0.31],
  ["W3 64K: ours / js-min", 0.95, 0.31],
  ["W3 1-7B: ours / js-min", 0.95],
  ["W4 live: ours / js-min", 0.95, 0.73],
  ["W4 16K: ours / js-min", 0.6, 0.38],
  ["W4 64K: ours / js-min", 0.6, 0.38],
  ["W4 1-7B: ours / js-min", 0.95],
  ["W1 live: ours / best JavaScript", 1.05, 0.94],
  ["W1 16K: ours / best JavaScript", 0.75, 0.3],
  ["W1 64K: ours / best JavaScript", 0.75, 0.3],
  ["W2 live: ours / best JavaScript", 1.05, 0.83],
  ["W2 16K: ours / best JavaScript", 0.75, 0.65],
  ["W2 64K: ours / best JavaScript", 0.75, 0.65],
  ["W3 live: ours / best JavaScript", 1.05, 0.81],
  ["W3 16K: ours / best JavaScript", 0.75, 0.61],
  ["W3 64K: ours / best JavaScript", 0.75, 0.61],
  ["W4 live: ours / best JavaScript", 1.05, 0.71],
  ["W4 16K: ours / best JavaScript", 0.75, 0.37],
  ["W4 64K: ours / best JavaScript", 0.75, 0.37],
];

const OTHERS = {
  Core: [
    ["W1 16K: ours / JSON.parse per event", 0.6, 0.37],
    ["W1 live: ours / JSON.parse per event", 1.1, 0.9],
    ["W2 16K: ours / JSON.parse per event", 1.3, 1.1],
    ["W2 live: ours / JSON.parse per event", 1.3, 1.1],
    ["W2 1-7B: ours / js-batch", 2, 1.3],
    ["W2 1-7B: time for twice the bytes", 2.3],
    ["W1 64K: iterator / async generator, a buffered event", 0.7, 0.5],
  ],
  Latency: [
    ["ours: microtasks from read() to the loop's body", 1, 1],
    ["ours, on(): microtasks from read() to the loop's body", 0, 0],
  ],
  Allocation: [
    ["W1 16K: bytes an event, ours / openai create", 0.6, 0.49],
    ["W1 16K: bytes an event, ours / js-min", 0.6, 0.38],
  ],
  "Partial JSON": [
    ["200 KB: ours / ai's parsePartialJson", 1 / 500, 1 / 1780],
    ["1 MB / 200 KB: ours", 6],
  ],
  "Start-up": [["the same and the first call", 4, 2]],
  Size: [
    ["the wasm alone, gzipped", 28, 20],
    ["JavaScript without the wasm, gzipped", 8, 6],
    ["the default entry whole / openai", 0.42, 0.3],
  ],
};

const TARGETS = new Map(
  Object.entries({ "Whole streams": WHOLE, ...OTHERS }).flatMap(([group, rows]) =>
    rows.map(([what, must, stretch]) => [`${group}: ${what}`, { must, stretch }]),
  ),
);

/** @returns {{ must?: number, stretch?: number }} */
export function targetOf({ group, what }) {
  return TARGETS.get(`${group}: ${what}`) ?? {};
}
