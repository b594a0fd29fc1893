/// <reference lib="esnext.disposable" preserve="true" />
// The wasm-bindgen classes, for those who want them without the facade. `await init(source)` comes first here: pass what
// WebAssembly can be made of.

import { PartialJson as Parser } from "./wasm/openresponses_wasm.js";

export { type Batch, BlockReader } from "./block.js";
export { Body } from "./body.js";
export { Memory } from "./memory.js";
export * from "./wasm/openresponses_wasm.js";
export { default as init } from "./wasm/openresponses_wasm.js";

/** Reads a JSON text that is still being written, piece by piece. */
export class PartialJson extends Parser {
  /** What the wasm, which takes whole characters only, gets with the next piece. */
  #half = "";

  /**
   * Takes the next piece, cut anywhere. What it adds to the value stands where `operations` says: behind what the pieces
   * before have added, if `isMore`, and alone otherwise. Half of a surrogate pair at its end counts with the next piece.
   */
  override push(piece: string, isMore: boolean): void {
    const [whole = "", half = ""] = `${this.#half}${piece}`.split(/([\ud800-\udbff])$/);
    this.#half = half;
    super.push(whole, isMore);
  }
}
