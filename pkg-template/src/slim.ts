// No wasm at all: `init(source)` brings it.
export * from "./api.js";
