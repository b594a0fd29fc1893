export { OpenResponses, OpenResponses as default } from "./client.js";
export type { Deviation } from "./deviation.js";
export * from "./errors.js";
export { init, type WasmSource } from "./load.js";
export type { ApiKey, ClientOptions, Fetch, Limits, Logger, LogLevel, RequestOptions, Timeouts } from "./options.js";
export type { APIPromise, WithResponse } from "./promise.js";
export type * from "./protocol.js";
export { ResponseStream, type StreamListeners } from "./stream.js";
