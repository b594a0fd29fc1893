/** What came of the environments: line by line, then in a table, then in one line. */

import { inspect } from "node:util";

/** What a test begins the line with that names its release. */
const VERSION = "version ";

/** The line by which a test names the release that it ran in. @param {string} title @param {string} version */
export function versionNote(title, version) {
  return VERSION + JSON.stringify({ title, version });
}

/** One environment: what its tests told, and what they amount to. */
export class Result {
  passed = 0;
  /** @type {string[]} */
  failed = [];
  /** @type {string[]} */
  skipped = [];
  time = 0;
  /** @type {string[]} */
  lines = [];
  /** What came of the tests of the file itself, by name. @type {Map<string, { outcome: string, reason?: string }>} */
  outcomes = new Map();
  /** What tests say of themselves: by test, the release that they ran in. @type {Map<string, string>} */
  versions = new Map();
  /** By depth: the test under way. @type {string[]} */
  #names = [];
  /** By depth: whether the test that ends next at that depth has had tests within. */
  #within = [];

  /** @param {string} name */
  constructor(name) {
    this.name = name;
  }

  /** A test begins. @param {any} data */
  begin({ name, nesting }) {
    this.#names[nesting] = name;
  }

  /** A test has ended. @param {"test:pass" | "test:fail"} type @param {any} data */
  take(type, { name, nesting, skip, details, file }) {
    const hasTests = this.#within[nesting + 1] === true;
    this.#within[nesting + 1] = false;
    this.#within[nesting] = true;
    // The file stands for what went wrong outside of its tests.
    const isFile = name === file || name.endsWith(".test.mjs");
    const path = [...this.#names.slice(0, nesting), name].join(": ");
    const isOwnFault = type === "test:fail" && details.error?.failureType !== "subtestsFailed";
    if (isOwnFault) this.failed.push(isFile ? "the file itself" : path);
    else if (skip !== undefined) this.skipped.push(typeof skip === "string" ? `${path}: ${skip}` : path);
    else if (type === "test:pass" && !hasTests && !isFile) this.passed += 1;
    if (nesting === 0) {
      this.time += details.duration_ms;
      const outcome = type === "test:fail" ? "failed" : skip === undefined ? "passed" : "not run";
      this.outcomes.set(name, { outcome, reason: typeof skip === "string" ? skip : undefined });
    }

    const mark = type === "test:fail" ? "✖" : skip !== undefined ? "﹣" : "✔";
    const indent = "  ".repeat(nesting + 1);
    this.lines.push(`${indent}${mark} ${name}${typeof skip === "string" ? ` (skipped: ${skip})` : ""}`);
    if (isOwnFault) this.lines.push(indented(describe(details.error), `${indent}    `));
  }

  /** The runner or a test says something beside its outcome. @param {string} message */
  note(message) {
    if (message.startsWith(VERSION)) {
      const { title, version } = JSON.parse(message.slice(VERSION.length));
      this.versions.set(title, version);
    }
    // Nothing else tells of an error that comes after the test.
    if (message.includes("asynchronous activity")) this.lines.push(message);
  }

  /** A file that tests nothing must not pass for a good one. */
  end() {
    if (this.passed + this.failed.length + this.skipped.length === 0) this.failed.push("no test ran");
  }
}

/** Prints the table and the closing line; whether all is well. @param {Result[]} results */
export function close(results) {
  console.log("");
  for (const { name, passed, failed, skipped, time } of results) {
    const counts = `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`;
    console.log(`${name.padEnd(16)}${counts.padEnd(34)}${(time / 1000).toFixed(1).padStart(6)} s`);
    for (const test of failed) console.log(`  FAILED   ${test}`);
    for (const test of skipped) console.log(`  skipped  ${test}`);
  }
  const sum = (count) => results.reduce((total, result) => total + count(result), 0);
  const passed = sum((result) => result.passed);
  const failed = sum((result) => result.failed.length);
  const skipped = sum((result) => result.skipped.length);
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return failed === 0 && passed > 0;
}

/** The error as it was thrown: the test runner wraps it. */
function describe(error) {
  const thrown = error?.cause ?? error;
  return thrown?.stack ?? (typeof thrown === "string" ? thrown : inspect(thrown));
}

function indented(text, indent) {
  return text.replace(/^/gm, indent);
}

/** Ends a command that was asked for something impossible. @param {string} sentence @returns {never} */
export function fail(sentence) {
  console.error(sentence);
  process.exit(2);
}
