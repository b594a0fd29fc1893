// workerd compiles no bytes at run time; there a `.wasm` import is a compiled module.
import { useLoader } from "./load.js";
import module from "./wasm/openresponses_wasm_bg.wasm";

useLoader(() => module);

export * from "./api.js";
// `export *` leaves the default out.
export { default } from "./api.js";
