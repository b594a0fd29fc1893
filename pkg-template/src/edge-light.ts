// Vercel's edge runtime compiles no bytes at run time either; there `?module` makes a compiled module of the file.
import { useLoader } from "./load.js";
import module from "./wasm/openresponses_wasm_bg.wasm?module";

useLoader(() => module);

export * from "./api.js";
// `export *` leaves the default out.
export { default } from "./api.js";
