#!/usr/bin/env node
/**
 * Tests the packed npm package in the places where it is used: `node run.mjs TARBALL [ENVIRONMENT ...]`.
 *
 * Each file of environments/ is one environment; all are run if none is named. `BLESS=1` takes the tarball's list of
 * files as the right one.
 */

import { once } from "node:events";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { run } from "node:test";
import { fileURLToPath } from "node:url";
import { serve } from "../../www/sandbox/serve.mjs";
import { install } from "./support/project.mjs";
import { close, Result } from "./support/report.mjs";

/** Milliseconds for one environment: what the package keeps alive must not keep the tests. */
const PATIENCE = 120_000;
/** Environments at a time: most of them wait more than they compute. */
const AT_ONCE = 2;
const ENDING = ".test.mjs";
const FOLDER = fileURLToPath(new URL("environments", import.meta.url));

const [tarball, ...wanted] = process.argv.slice(2);
if (!tarball || !existsSync(tarball))
  fail(tarball ? `There is no ${tarball}.` : "usage: run.mjs TARBALL [ENVIRONMENT ...]");
const known = readdirSync(FOLDER)
  .filter((name) => name.endsWith(ENDING))
  .map((name) => name.slice(0, -ENDING.length));
const unknown = wanted.find((name) => !known.includes(name));
if (unknown) fail(`There is no environment ${unknown}; there are ${known.join(", ")}.`);

const projects = install(resolve(tarball));
const sandbox = await serve();
process.env.PACKAGE_TARBALL = resolve(tarball);
process.env.PACKAGE_PROJECTS = projects;
process.env.SANDBOX_URL = sandbox.baseURL;

const chosen = known.filter((name) => wanted.length === 0 || wanted.includes(name));
/** @type {Result[]} */
const results = [];
const queue = [...chosen];
await Promise.all(Array.from({ length: AT_ONCE }, work));

await sandbox.close();
rmSync(projects, { recursive: true, force: true });
results.sort((a, b) => chosen.indexOf(a.name) - chosen.indexOf(b.name));
process.exitCode = close(results) ? 0 : 1;

/** Runs what is in the queue, one after the other. */
async function work() {
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const result = new Result(name);
    const tests = run({ files: [join(FOLDER, name + ENDING)], timeout: PATIENCE });
    tests.on("test:start", (data) => result.begin(data));
    for (const type of ["test:pass", "test:fail"]) tests.on(type, (data) => result.take(type, data));
    // Nothing else tells of an error that comes after the test.
    tests.on("test:diagnostic", ({ message }) => {
      if (message.includes("asynchronous activity")) result.lines.push(message);
    });
    for (const type of ["test:stdout", "test:stderr"])
      tests.on(type, ({ message }) => result.lines.push(message.trimEnd()));
    await once(tests.resume(), "end");
    result.end();
    results.push(result);
    console.log([name, ...result.lines].join("\n"));
  }
}

/** @param {string} sentence @returns {never} */
function fail(sentence) {
  console.error(sentence);
  process.exit(2);
}
