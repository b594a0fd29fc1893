#!/usr/bin/env node
/**
 * Tries the packed npm package in every environment of the table: `node compat.mjs TARBALL [ROW ...]`.
 *
 * The rows are in rows.mjs; all are tried if none is named, and then the table is written to COMPATIBILITY.md and into
 * the README. What this machine lacks is named as not run; a row that was asked for by name must run.
 */

import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ROWS, titleOf } from "./rows.mjs";
import { fail } from "./support/report.mjs";
import { runFiles } from "./support/runner.mjs";
import { printed, written } from "./support/table.mjs";

/** Milliseconds for one file: some install what they need first. */
const PATIENCE = 300_000;

const [tarball, ...wanted] = process.argv.slice(2);
if (!tarball || !existsSync(tarball)) fail(tarball ? `There is no ${tarball}.` : "usage: compat.mjs TARBALL [ROW ...]");
const known = ROWS.map(({ id }) => id);
const unknown = wanted.find((id) => !known.includes(id));
if (unknown) fail(`There is no row ${unknown}; there are ${known.join(", ")}.`);

const chosen = ROWS.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
// Beside the rows there are tests that belong to no one of them.
const others = wanted.length > 0 ? [] : readdirSync(new URL("compat", import.meta.url)).map((name) => `compat/${name}`);
const files = [...new Set([...chosen.map(({ file }) => file), ...others])];
process.env.PACKAGE_ROWS = chosen.map(({ id }) => id).join(" ");
const results = await runFiles({
  tarball,
  files: files.map((file) => fileURLToPath(new URL(file, import.meta.url))),
  patience: PATIENCE,
});

const lines = chosen.map((row) => {
  const { outcomes, versions } = results[files.indexOf(row.file)];
  const title = titleOf(row);
  // A row that its file never came to.
  const { outcome, reason } = outcomes.get(title) ?? { outcome: "failed" };
  return { ...row, outcome, reason, version: versions.get(title) ?? "" };
});
console.log(`\n${printed(lines)}`);
if (wanted.length === 0) written(lines);
const count = (outcome) => lines.filter((line) => line.outcome === outcome).length;
console.log(`\n${count("passed")} passed, ${count("failed")} failed, ${count("not run")} not run`);
// Beside the rows that failed: what else did.
const failures = results.flatMap(({ name, failed }) => failed.map((test) => `${name}: ${test}`));
for (const failure of failures) console.log(`  FAILED  ${failure}`);
const good = failures.length === 0 && count("failed") === 0 && (wanted.length === 0 || count("not run") === 0);
process.exitCode = good && count("passed") > 0 ? 0 : 1;
