/** The test of a row of the table: the contract, run in the row's environment. */

import { test } from "node:test";
import { rowOf, titleOf } from "../rows.mjs";
import { holds } from "./contract.mjs";
import { versionNote } from "./report.mjs";

/** What a row needs and this machine has not. */
export class NotHere extends Error {}

/** The rows that were asked for; none named means all of the files that are run. */
const wanted = process.env.PACKAGE_ROWS?.split(" ");

/**
 * Declares the test of a row.
 * @param {string} id
 * @param {(t: import("node:test").TestContext) => Promise<{ version: string, results: any }>} run
 *   gives the environment's release and what the contract told there
 */
export function row(id, run) {
  if (wanted && !wanted.includes(id)) return;
  const title = titleOf(rowOf(id));
  test(title, async (t) => {
    try {
      const { version, results } = await run(t);
      t.diagnostic(versionNote(title, version));
      await holds(t, results);
    } catch (error) {
      // The tests that every change must pass may not leave anything out.
      if (!wanted || !(error instanceof NotHere)) throw error;
      t.skip(error.message);
    }
  });
}
