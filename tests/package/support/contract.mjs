/** The results of the contract, as tests. */

import assert from "node:assert/strict";
import { names } from "../contract.mjs";

/**
 * @param {import("node:test").TestContext} t
 * @param {{ name: string, ok: boolean, error?: string }[]} results
 */
export async function holds(t, results) {
  assert.deepEqual(
    results?.map?.(({ name }) => name),
    names,
    "the contract was not run to its end",
  );
  for (const { name, ok, error } of results) {
    await t.test(name, () => {
      if (ok) return;
      // Where it went wrong is told by the stack of there, not of here.
      throw Object.assign(new Error(name), { stack: error });
    });
  }
}
