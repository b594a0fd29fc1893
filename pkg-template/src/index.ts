// The default entry: the wasm travels inside the module, deflated. No asset, no plugin, no path, no request.
import { inflate, useLoader } from "./load.js";
import deflated from "./wasm/inline.js";

useLoader(() => inflate(deflated));

export * from "./api.js";
// `export *` leaves the default out.
export { default } from "./api.js";
