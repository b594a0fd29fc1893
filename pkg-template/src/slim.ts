// No wasm at all: `init(source)` brings it.
// `export *` leaves the default out.
export { default } from "./api.js";
export * from "./api.js";
