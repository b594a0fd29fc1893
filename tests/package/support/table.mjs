/** The table of environments: for the terminal, for COMPATIBILITY.md and for the README. */

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const COMPATIBILITY = fileURLToPath(new URL("../../../COMPATIBILITY.md", import.meta.url));
const README = fileURLToPath(new URL("../../../README.md", import.meta.url));

const BEGIN = "<!-- compatibility: written by cargo xtask compat -->";
const END = "<!-- /compatibility -->";

const HEAD = `# Compatibility

Where the packed package was installed and tried, by \`cargo xtask compat\`, which writes this file. In each environment the
same checks run against the sandbox server: importing has no effect, then single responses, streams, errors, aborts that
close the connection, retries and several clients. \`openresponses-wasm\` is the default entry: it needs no plugin, no asset and no configuration.
`;

/**
 * @typedef {object} Line
 * @property {string} id
 * @property {string} environment
 * @property {string} version
 * @property {string} entry
 * @property {string} outcome
 * @property {string} [reason]
 * @property {string} [note]
 */

/** @param {Line[]} lines */
export function printed(lines) {
  const columns = lines.map((line) => [line.id, line.environment, line.version, line.entry, result(line)]);
  const widths = columns[0].map((_, place) => Math.max(...columns.map((cells) => cells[place].length)));
  return columns
    .map((cells) =>
      cells
        .map((cell, place) => cell.padEnd(widths[place]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Writes the table into both documents. @param {Line[]} lines */
export function written(lines) {
  const table = markdown(lines);
  writeFileSync(COMPATIBILITY, `${HEAD}\n${table}\n`);
  const readme = readFileSync(README, "utf8");
  const [begin, end] = placeIn(readme);
  writeFileSync(README, `${readme.slice(0, begin)}\n\n${table}\n\n${readme.slice(end)}`);
}

/** Where the table stands in the README. @param {string} readme @returns {[begin: number, end: number]} */
function placeIn(readme) {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error("The README has no place for the table of environments.");
  return [begin + BEGIN.length, end];
}

/** The tables of both documents. @returns {{ compatibility: string, readme: string }} */
export function tables() {
  const readme = readFileSync(README, "utf8");
  const compatibility = readFileSync(COMPATIBILITY, "utf8");
  return { readme: readme.slice(...placeIn(readme)).trim(), compatibility: compatibility.slice(HEAD.length).trim() };
}

/** @param {Line[]} lines */
function markdown(lines) {
  const rows = lines.map((line) => `| ${line.environment} | ${line.version} | \`${line.entry}\` | ${result(line)} |`);
  return ["| environment | version | entry | result |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** @param {Line} line */
function result({ outcome, reason, note }) {
  if (outcome === "failed") return "FAILED";
  if (outcome === "passed") return note ? `passed; ${note}` : "passed";
  return `${outcome}: ${reason}`;
}
