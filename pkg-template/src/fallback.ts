// For where WebAssembly is forbidden: what is in the wasm elsewhere, as JavaScript.
import * as api from "./api.js";
import { useLoader } from "./load.js";
import { instantiateFallback } from "./wasm/fallback.js";

useLoader(() => instantiateFallback);

export * from "./api.js";

// What needs the program is bound here: a program that imports an error class and nothing else gets neither this module nor
// the client.
export const OpenResponses = api.OpenResponses;
export type OpenResponses = api.OpenResponses;
export default OpenResponses;
export const init = api.init;
export const inputFile = api.inputFile;
export const inputImage = api.inputImage;
export const inputVideo = api.inputVideo;
export const ResponseStream = api.ResponseStream;
export type ResponseStream = api.ResponseStream;
