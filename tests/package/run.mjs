#!/usr/bin/env node
/**
 * Tests the packed npm package in the places where it is used: `node run.mjs TARBALL [ENVIRONMENT ...]`.
 *
 * Each file of environments/ is one environment; all are run if none is named. `BLESS=1` takes the tarball's list of
 * files as the right one.
 */

import { existsSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { run } from "node:test";
import { spec as Spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";
import { serve } from "../../www/sandbox/serve.mjs";
import { install } from "./support/project.mjs";
import { Report } from "./support/report.mjs";

const ENDING = ".test.mjs";
const FOLDER = fileURLToPath(new URL("environments", import.meta.url));

const [tarball, ...wanted] = process.argv.slice(2);
if (!tarball || !existsSync(tarball)) fail(tarball ? `There is no ${tarball}.` : "usage: run.mjs TARBALL [ENVIRONMENT ...]");
const known = readdirSync(FOLDER)
  .filter((name) => name.endsWith(ENDING))
  .map((name) => name.slice(0, -ENDING.length));
const unknown = wanted.find((name) => !known.includes(name));
if (unknown) fail(`There is no environment ${unknown}; there are ${known.join(", ")}.`);

const files = known.filter((name) => wanted.length === 0 || wanted.includes(name)).map((name) => join(FOLDER, name + ENDING));
const projects = install(resolve(tarball));
const sandbox = await serve();
process.env.PACKAGE_TARBALL = resolve(tarball);
process.env.PACKAGE_PROJECTS = projects;
process.env.SANDBOX_URL = sandbox.baseURL;

const report = new Report(files);
const tests = run({ files, concurrency: 2 });
for (const type of ["test:pass", "test:fail"]) tests.on(type, (data) => report.take(type, data));
const shown = tests.compose(new Spec());
shown.pipe(process.stdout, { end: false });
await new Promise((done) => shown.on("end", done));

await sandbox.close();
rmSync(projects, { recursive: true, force: true });
process.exitCode = report.close() ? 0 : 1;

/** @param {string} sentence @returns {never} */
function fail(sentence) {
  console.error(sentence);
  process.exit(2);
}
