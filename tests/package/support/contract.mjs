/** The results of the contract, or of other checks, as tests. */

import assert from "node:assert/strict";
import * as contract from "../contract.mjs";

/**
 * @param {import("node:test").TestContext} t
 * @param {{ name: string, ok: boolean, error?: string }[]} results
 * @param {string[]} names of the checks that they are of
 */
export async function holds(t, results, names = contract.names) {
  assert.deepEqual(
    results?.map?.(({ name }) => name),
    names,
    "the checks were not run to their end",
  );
  for (const { name, ok, error } of results) {
    await t.test(name, () => {
      if (ok) return;
      // Where it went wrong is told by the stack of there, not of here.
      throw Object.assign(new Error(name), { stack: error });
    });
  }
}
