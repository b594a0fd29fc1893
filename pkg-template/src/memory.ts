import { isShort, shortText } from "./short-text.js";

/** Made when it is first needed: whoever only imports the package may have none, as in Jest's jsdom. */
let decoder: TextDecoder | undefined;

/** What the wasm has written into its memory. */
export class Memory {
  readonly #memory: WebAssembly.Memory;
  #words: Uint32Array = new Uint32Array(0);
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  /** All of it, until the wasm runs again. */
  get words(): Uint32Array {
    // The memory moves when it grows, and leaves views of no length behind: asking for its buffer each time costs more.
    if (this.#words.length === 0) {
      const { buffer } = this.#memory;
      this.#words = new Uint32Array(buffer);
      this.#bytes = new Uint8Array(buffer);
    }
    return this.#words;
  }

  /** The text there, for whose address `words` was asked, and perhaps something behind it. */
  text(address: number, length: number, isASCII: boolean): string {
    return isShort(length, isASCII) ? shortText(this.#bytes, address, length, isASCII) : this.decoded(address, length);
  }

  /** The text there, for whose address `words` was asked. */
  decoded(address: number, length: number): string {
    decoder ??= new TextDecoder("utf-8", { ignoreBOM: true });
    return decoder.decode(this.#bytes.subarray(address, address + length));
  }
}
