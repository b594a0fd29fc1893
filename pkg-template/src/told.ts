/** As many code units of the beginning are known, or more. */
const HEAD = 64;

/**
 * A text that was told piece by piece. It is known by its length, its beginning and its last piece: keeping all of it would cost
 * a stream of short pieces a tenth of its time.
 */
export class Told {
  #length = 0;
  #head = "";
  #tail = "";

  add(pieces: readonly string[]): void {
    let length = this.#length;
    for (let at = 0; at < pieces.length; at++) length += (pieces[at] as string).length;
    if (length === this.#length) return;
    this.#length = length;
    this.#tail = pieces[pieces.length - 1] as string;
    if (this.#head.length < HEAD) this.#head += pieces.join("");
  }

  /** What the whole text has behind it; nothing where it begins otherwise. */
  rest(whole: string): string {
    const told = whole.slice(0, this.#length);
    return told.startsWith(this.#head) && told.endsWith(this.#tail) ? whole.slice(this.#length) : "";
  }
}
