export { OpenResponses, OpenResponses as default } from "./client.js";
export type { WasmSource } from "./compile.js";
export type { Resumption } from "./connection.js";
export type { Deviation } from "./deviation.js";
export type { Diagnosis } from "./diagnosis.js";
export * from "./errors.js";
export type {
  HookCall,
  HookDeviation,
  HookEnd,
  HookError,
  HookRequest,
  HookResponse,
  HookResume,
  HookRetry,
  Hooks,
} from "./hooks.js";
export { init } from "./load.js";
export type { Logger, LogLevel } from "./log.js";
export {
  type InputFileOptions,
  type InputImageOptions,
  type InputSource,
  type InputVideoOptions,
  inputFile,
  inputImage,
  inputVideo,
  type MediaOptions,
  type MediaProgress,
} from "./media.js";
export type {
  ApiKey,
  ClientOptions,
  Fetch,
  Limits,
  Pairs,
  RequestOptions,
  Timeouts,
} from "./options.js";
export { Page, type PagePromise } from "./pages.js";
export type { PartialField, PartialItem, PartialValue } from "./partial.js";
export type { APIPromise, WithResponse } from "./promise.js";
export type * from "./protocol.js";
export { ResponseStream, type StreamListeners } from "./stream.js";
export type { StreamTiming } from "./timing.js";
