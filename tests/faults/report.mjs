// What all runs came to, as a table.

const OUTCOMES = ["complete", "asked again", "resumed", "polled", "error", "hung", "wrong"];

/** The words of the columns that name a row, in the order of the table. */
const ORDER = {
  stream: ["connection", "head", "framing", "gzip", "answer", "refusal", "text", "tools", "comments"],
  way: ["refused", "garbage", "chunks", "length", "end", "reset", "stall"],
  mode: ["once", "again", "resumed", "overlapping", "restarted", "cut again", "unnumbered", "polled", "gone"],
};

export class Report {
  #rows = new Map();

  /** @param {import("./case.mjs").Case} test */
  add({ stream, way, mode }, seen, isWrong) {
    this.merge([{ stream, way, mode, runs: 1, [outcomeOf(seen, isWrong)]: 1 }]);
  }

  /** Adds the counts of others. */
  merge(rows) {
    for (const { stream, way, mode, ...counts } of rows) {
      const key = [stream, way, mode].join(":");
      const row = this.#rows.get(key) ?? { stream, way, mode };
      for (const [name, count] of Object.entries(counts)) row[name] = (row[name] ?? 0) + count;
      this.#rows.set(key, row);
    }
  }

  get rows() {
    return [...this.#rows.values()];
  }

  get runs() {
    return this.#sum("runs");
  }

  get failures() {
    return this.#sum("wrong") + this.#sum("hung");
  }

  toString() {
    const head = ["stream", "way", "mode", "runs", ...OUTCOMES];
    const lines = this.#sorted().map((row) => head.map((name) => String(row[name] ?? "-")));
    lines.push(["all", "", "", ...head.slice(3).map((name) => String(this.#sum(name)))]);
    const widths = head.map((name, column) => Math.max(name.length, ...lines.map((line) => line[column].length)));
    const written = (words) =>
      words.map((word, at) => (at < 3 ? word.padEnd(widths[at]) : word.padStart(widths[at]))).join("  ");
    return [head, ...lines].map(written).join("\n");
  }

  #sorted() {
    const place = (row) => Object.keys(ORDER).map((column) => ORDER[column].indexOf(row[column]));
    return this.rows.sort((one, other) => {
      const [first, second] = [place(one), place(other)];
      return first[0] - second[0] || first[1] - second[1] || first[2] - second[2];
    });
  }

  #sum(column) {
    return this.rows.reduce((sum, row) => sum + (row[column] ?? 0), 0);
  }
}

function outcomeOf(seen, isWrong) {
  if (seen.isHung) return "hung";
  if (isWrong) return "wrong";
  if (seen.error) return "error";
  if (seen.resumed.some(({ polled }) => polled)) return "polled";
  if (seen.resumed.length > 0) return "resumed";
  return seen.attempts > 1 ? "asked again" : "complete";
}
