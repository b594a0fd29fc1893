// @ts-check

/**
 * A map that forgets its oldest entries, so that a sandbox left running does not grow.
 * The newest entry is always kept, however heavy it is.
 * @template V
 */
export class BoundedMap {
  /** @type {Map<string, { value: V, weight: number }>} */
  #entries = new Map();
  #weight = 0;

  /**
   * @param {number} maxEntries
   * @param {number} [maxWeight] in the unit of the weights given to `set`
   */
  constructor(maxEntries, maxWeight = Number.POSITIVE_INFINITY) {
    this.maxEntries = maxEntries;
    this.maxWeight = maxWeight;
  }

  /** @param {string} key */
  get(key) {
    return this.#entries.get(key)?.value;
  }

  /**
   * @param {string} key
   * @param {V} value
   * @param {number} [weight]
   */
  set(key, value, weight = 0) {
    this.delete(key);
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.maxEntries && this.#weight <= this.maxWeight) break;
      if (oldest !== key) this.delete(oldest);
    }
  }

  /** @param {string} key */
  delete(key) {
    this.#weight -= this.#entries.get(key)?.weight ?? 0;
    this.#entries.delete(key);
  }

  /** @returns {IterableIterator<V>} */
  *values() {
    for (const { value } of this.#entries.values()) yield value;
  }
}
