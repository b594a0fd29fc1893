/** A linear congruential generator: the same numbers on every machine. Gives whole numbers below `limit`. */
export function random(seed) {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** @param {(limit: number) => number} below @param {string} alphabet */
export function letters(below, alphabet, length) {
  let text = "";
  for (let at = 0; at < length; at += 1) text += alphabet[below(alphabet.length)];
  return text;
}
