#!/usr/bin/env node
/**
 * Tests the packed npm package in the places where it is used: `node run.mjs TARBALL [ENVIRONMENT ...]`.
 *
 * Each file of environments/ is one environment; all are run if none is named. `BLESS=1` takes the tarball's list of
 * files as the right one. More environments are in compat/: see compat.mjs.
 */

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { close, fail } from "./support/report.mjs";
import { ENDING, runFiles } from "./support/runner.mjs";

const PATIENCE = 120_000;
const FOLDER = fileURLToPath(new URL("environments", import.meta.url));

const [tarball, ...wanted] = process.argv.slice(2);
if (!tarball || !existsSync(tarball))
  fail(tarball ? `There is no ${tarball}.` : "usage: run.mjs TARBALL [ENVIRONMENT ...]");
const known = readdirSync(FOLDER)
  .filter((name) => name.endsWith(ENDING))
  .map((name) => name.slice(0, -ENDING.length));
const unknown = wanted.find((name) => !known.includes(name));
if (unknown) fail(`There is no environment ${unknown}; there are ${known.join(", ")}.`);

const chosen = known.filter((name) => wanted.length === 0 || wanted.includes(name));
const files = chosen.map((name) => join(FOLDER, name + ENDING));
process.exitCode = close(await runFiles({ tarball, files, patience: PATIENCE })) ? 0 : 1;
