// No wasm at all: `init(source)` brings it.
// `export *` leaves the default out.

export * from "./api.js";
export { default } from "./api.js";
