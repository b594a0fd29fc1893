/// <reference lib="esnext.disposable" preserve="true" />
// The wasm-bindgen classes, for those who want them without the facade. `await init(source)` comes first here: pass what
// WebAssembly can be made of.

export { type Batch, BlockReader } from "./block.js";
export { Body } from "./body.js";
export { Memory } from "./memory.js";
export * from "./wasm/openresponses_wasm.js";
export { default as init } from "./wasm/openresponses_wasm.js";
