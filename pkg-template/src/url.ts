// The wasm as an asset of its own, cached and compiled as it streams in. Bundlers look for the literal `new URL(…)`.
import * as api from "./api.js";
import { fetchWasm, useLoader } from "./load.js";

useLoader(() => fetchWasm(new URL("./wasm/openresponses_wasm_bg.wasm", import.meta.url)));

export * from "./api.js";

// What needs the wasm is bound here: a program that imports an error class and nothing else gets neither this module nor
// the wasm.
export const OpenResponses = api.OpenResponses;
export type OpenResponses = api.OpenResponses;
export default OpenResponses;
export const init = api.init;
export const inputFile = api.inputFile;
export const inputImage = api.inputImage;
export const inputVideo = api.inputVideo;
export const ResponseStream = api.ResponseStream;
export type ResponseStream = api.ResponseStream;
