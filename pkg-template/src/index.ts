// The default entry: the wasm travels inside the module, deflated. No asset, no plugin, no path, no request.
import * as api from "./api.js";
import { inflate, useLoader } from "./load.js";
import deflated from "./wasm/inline.js";

useLoader(() => inflate(deflated));

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
