/** Counts what `node --test` tells, file by file, and closes with a table. */

import { basename } from "node:path";

export class Report {
  /** @type {Map<string, { passed: number, failed: string[], skipped: string[], begin: number, time: number }>} */
  #rows = new Map();
  /** For each file, by depth: whether the test that comes next at that depth has tests within. */
  #within = new Map();

  /** @param {string[]} files in the order of the table */
  constructor(files) {
    for (const file of files) this.#rows.set(file, { passed: 0, failed: [], skipped: [], time: 0 });
  }

  /** @param {"test:pass" | "test:fail"} type @param {any} data */
  take(type, data) {
    const row = this.#rows.get(data.file);
    if (!row) return;
    if (data.nesting === 0) row.time += data.details?.duration_ms ?? 0;
    const within = this.#within.get(data.file) ?? [];
    this.#within.set(data.file, within);
    const hasTests = within[data.nesting + 1] === true;
    within[data.nesting + 1] = false;
    within[data.nesting] = true;
    // The file itself stands for what went wrong outside of its tests.
    const isFile = data.name === data.file;
    const ownFault = data.details?.error?.failureType !== "subtestsFailed";
    if (type === "test:fail") {
      if (!hasTests || ownFault) row.failed.push(isFile ? "the file itself" : data.name);
    } else if (data.skip !== undefined) {
      row.skipped.push(`${data.name}${typeof data.skip === "string" && data.skip ? `: ${data.skip}` : ""}`);
    } else if (!hasTests && !isFile) {
      row.passed += 1;
    }
  }

  /** Prints the table and the closing line; whether all is well. */
  close() {
    const total = { passed: 0, failed: 0, skipped: 0 };
    console.log("");
    for (const [file, row] of this.#rows) {
      const name = basename(file, ".test.mjs");
      // A file that tests nothing must not pass for a good one.
      if (row.passed + row.failed.length + row.skipped.length === 0) row.failed.push("no test ran");
      const counts = `${row.passed} passed, ${row.failed.length} failed, ${row.skipped.length} skipped`;
      console.log(`${name.padEnd(16)} ${counts.padEnd(36)} ${(row.time / 1000).toFixed(1).padStart(6)} s`);
      for (const failed of row.failed) console.log(`  FAILED   ${failed}`);
      for (const skipped of row.skipped) console.log(`  skipped  ${skipped}`);
      total.passed += row.passed;
      total.failed += row.failed.length;
      total.skipped += row.skipped.length;
    }
    const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
    console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
    return total.failed === 0 && total.passed > 0;
  }
}
