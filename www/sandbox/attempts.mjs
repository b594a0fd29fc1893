// @ts-check

import { BoundedMap } from "./bounded.mjs";

const MAX_KEYS = 200;

/** @typedef {ReturnType<typeof createAttempts>} Attempts */

/** Counts how often something was tried. */
export function createAttempts() {
  /** @type {BoundedMap<number>} */
  const counts = new BoundedMap(MAX_KEYS);
  return {
    /**
     * The number of this attempt, from 1.
     * @param {string} key
     */
    next(key) {
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return count;
    },

    /** @param {string} key */
    forget(key) {
      counts.delete(key);
    },
  };
}
