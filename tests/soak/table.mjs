// What the soak has found, for people to read.

const MOMENTS = ["start", "middle", "end"];

const count = (number) => number.toLocaleString("en");
const megabytes = (bytes) => (bytes === undefined ? "-" : (bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 2 : 1));

/** The lines of one load: what was done, how far answers were that the client has left, and what is wrong. */
export function lines({ engine, load, task, seconds, samples, notes, found }) {
  const { left = {}, mostAtOnce = 0 } = samples.end ?? {};
  const facts = Object.entries(notes).map(([what, number]) => `${what} ${count(number)}`);
  const cut = Object.entries(left).map(([far, number]) => `${far} ${count(number)}`);
  return [
    `${engine} ${load.name}: ${load.about}: ${amount(task)}, in ${seconds.toFixed(1)} s`,
    ...(facts.length > 0 ? [`  ${facts.join(", ")}`] : []),
    ...(cut.length > 0 ? [`  answers that the server saw cut off: ${cut.join(", ")}`] : []),
    ...(mostAtOnce > 0 ? [`  at the server at once: ${count(mostAtOnce)}`] : []),
    ...found.map((sentence) => `  NOT FLAT: ${sentence}`),
  ];
}

function amount({ count: number, rounds = 1 }) {
  return rounds === 1 ? count(number) : `${count(number)} in ${rounds} rounds`;
}

/** All loads: memory in megabytes at start, middle and end, and what was left at the end. */
export function table(rows) {
  const head = [
    "",
    "load",
    "count",
    "wasm MB",
    "peak",
    "heap MB",
    "beside",
    "calls",
    "listeners",
    "sockets",
    "verdict",
  ];
  const cells = rows.map(({ engine, load, task, samples, peak, found }) => {
    const { end = {} } = samples;
    const over = (kind) => MOMENTS.map((moment) => megabytes(samples[moment]?.[kind])).join(" / ");
    const left = [end.calls, end.listeners, end.sockets].map((number) => String(number ?? "-"));
    const verdict = found.length === 0 ? "flat" : "NOT FLAT";
    const memory = [over("wasm"), megabytes(peak), over("heap"), over("outside")];
    return [engine, load.name, amount(task), ...memory, ...left, verdict];
  });
  const widths = head.map((_, column) => Math.max(...[head, ...cells].map((row) => row[column].length)));
  const line = (row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("  ")
      .trimEnd();
  return [...[head, ...cells].map(line), "", NOTE].join("\n");
}

const NOTE =
  "Memory at start / middle / end, after garbage collection. Beside the heap: Node's resident set; what Chromium holds for the\n" +
  "page, which grows by some 350 bytes with each request of a page that is driven, of a bare fetch too.";
