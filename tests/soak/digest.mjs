/** A digest of a text that arrives in pieces, wherever it is cut: FNV-1a of its code units. */
export class Digest {
  length = 0;
  #state = 0x811c9dc5;

  /** @param {string} piece */
  add(piece) {
    let state = this.#state;
    for (let at = 0; at < piece.length; at += 1) state = Math.imul(state ^ piece.charCodeAt(at), 0x01000193);
    this.#state = state;
    this.length += piece.length;
  }

  toString() {
    return `${this.length}:${(this.#state >>> 0).toString(16)}`;
  }
}

/** @param {string} text */
export function digestOf(text) {
  const digest = new Digest();
  digest.add(text);
  return String(digest);
}
