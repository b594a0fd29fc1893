// The wasm as an asset of its own, cached and compiled as it streams in. Bundlers look for the literal `new URL(…)`.
import { fetchWasm, useLoader } from "./load.js";

useLoader(() => fetchWasm(new URL("./wasm/openresponses_wasm_bg.wasm", import.meta.url)));

export * from "./api.js";
// `export *` leaves the default out.
export { default } from "./api.js";
