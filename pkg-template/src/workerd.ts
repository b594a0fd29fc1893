// workerd compiles no bytes at run time; there a `.wasm` import is a compiled module.
import * as api from "./api.js";
import { useLoader } from "./load.js";
import module from "./wasm/openresponses_wasm_bg.wasm";

useLoader(() => module);

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
