// The default entry: the wasm travels inside the module, deflated. No asset, no plugin, no path, no request.
import * as api from "./api.js";
import { compile, inflate } from "./compile.js";
import { useLoader } from "./load.js";
import deflated from "./wasm/inline.js";

export * from "./api.js";

// What needs the wasm is bound here, and by calls that bundlers know to leave out where nobody uses what they give: who imports
// an error class and nothing else gets neither the client nor the wasm.
const bound = <T>(what: T): T => {
  useLoader(async () => compile(await inflate(deflated)));
  return what;
};
export const OpenResponses = /* @__PURE__ */ bound(api.OpenResponses);
export type OpenResponses = api.OpenResponses;
export default OpenResponses;
export const init = /* @__PURE__ */ bound(api.init);
export const inputFile = /* @__PURE__ */ bound(api.inputFile);
export const inputImage = /* @__PURE__ */ bound(api.inputImage);
export const inputVideo = /* @__PURE__ */ bound(api.inputVideo);
export const ResponseStream = /* @__PURE__ */ bound(api.ResponseStream);
export type ResponseStream = api.ResponseStream;
