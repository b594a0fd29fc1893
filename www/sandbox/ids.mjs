// @ts-check

/**
 * Identifiers that count up, so that the same requests in the same order get the same ids.
 * @returns {(prefix: string) => string}
 */
export function createIds() {
  /** @type {Map<string, number>} */
  const counts = new Map();
  return (prefix) => {
    const count = (counts.get(prefix) ?? 0) + 1;
    counts.set(prefix, count);
    return `${prefix}_${String(count).padStart(8, "0")}`;
  };
}
