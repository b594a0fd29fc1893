/** Runs test files, each in a process of its own, beside a sandbox server and projects that use the packed package. */

import { once } from "node:events";
import { rmSync } from "node:fs";
import { basename, resolve } from "node:path";
import { run } from "node:test";
import { serve } from "../../../www/sandbox/serve.mjs";
import { install } from "./project.mjs";
import { Result } from "./report.mjs";

/** Files at a time: most of them wait more than they compute. */
const AT_ONCE = 2;
export const ENDING = ".test.mjs";

/**
 * @param {{ tarball: string, files: string[], patience: number }} what
 *   `patience`: milliseconds for one file: what the package keeps alive must not keep the tests
 * @returns {Promise<Result[]>} in the order of the files
 */
export async function runFiles({ tarball, files, patience }) {
  const projects = install(resolve(tarball));
  const sandbox = await serve();
  process.env.PACKAGE_TARBALL = resolve(tarball);
  process.env.PACKAGE_PROJECTS = projects;
  process.env.SANDBOX_URL = sandbox.baseURL;

  /** @type {Result[]} */
  const results = files.map((file) => new Result(basename(file, ENDING)));
  const queue = files.map((file, place) => ({ file, result: results[place] }));
  await Promise.all(Array.from({ length: AT_ONCE }, work));

  await sandbox.close();
  rmSync(projects, { recursive: true, force: true });
  return results;

  /** Runs what is in the queue, one after the other. */
  async function work() {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { file, result } = next;
      const tests = run({ files: [file], timeout: patience });
      tests.on("test:start", (data) => result.begin(data));
      for (const type of ["test:pass", "test:fail"]) tests.on(type, (data) => result.take(type, data));
      tests.on("test:diagnostic", ({ message }) => result.note(message));
      for (const type of ["test:stdout", "test:stderr"])
        tests.on(type, ({ message }) => result.lines.push(message.trimEnd()));
      await once(tests.resume(), "end");
      result.end();
      console.log([result.name, ...result.lines].join("\n"));
    }
  }
}
