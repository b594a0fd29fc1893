// What all runs came to, as a table.

const OUTCOMES = ["complete", "asked again", "resumed", "polled", "error", "hung", "wrong"];

export class Report {
  #rows = new Map();
  /** The words of each column, in the order in which they came. */
  #words = { stream: [], way: [], mode: [] };

  /** @param {import("./case.mjs").Case} test */
  add({ stream, way, mode }, seen, isWrong) {
    for (const [column, word] of Object.entries({ stream, way, mode })) {
      if (!this.#words[column].includes(word)) this.#words[column].push(word);
    }
    const key = [stream, way, mode].join(" ");
    const row = this.#rows.get(key) ?? { stream, way, mode, runs: 0 };
    this.#rows.set(key, row);
    const outcome = outcomeOf(seen, isWrong);
    row.runs += 1;
    row[outcome] = (row[outcome] ?? 0) + 1;
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
    const written = ([...words]) =>
      words.map((word, at) => (at < 3 ? word.padEnd(widths[at]) : word.padStart(widths[at]))).join("  ");
    return [head, ...lines].map(written).join("\n");
  }

  #sorted() {
    const place = (row, column) => this.#words[column].indexOf(row[column]);
    const difference = (one, other) => (column) => place(one, column) - place(other, column);
    return [...this.#rows.values()].sort((one, other) => {
      const by = difference(one, other);
      return by("stream") || by("way") || by("mode");
    });
  }

  #sum(column) {
    return [...this.#rows.values()].reduce((sum, row) => sum + (row[column] ?? 0), 0);
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
