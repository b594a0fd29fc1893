import type { Response } from "./protocol.js";
import { keep, kept } from "./unshown.js";

/** What an error of the package knows about its kind: its own name and those of the classes above it. */
const kinds = Symbol.for("openresponses-wasm.error.kinds");

/**
 * The root of all errors of this package. `instanceof` works across two copies of the package: it goes by name, not by
 * identity.
 */
export class OpenResponsesError extends Error {
  /** The class's stable name, also when the code is minified. */
  static readonly kind: string = "OpenResponsesError";

  /** A stable string for errors of this side; for errors that a server sent, its `code` exactly as sent. */
  readonly code: string | number | null | undefined;

  constructor(message: string, options: { code?: string | number | null | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const names: string[] = [];
    for (let type = new.target; type.kind !== undefined; type = Object.getPrototypeOf(type)) {
      names.push(type.kind);
    }
    // Not enumerable, like `message` and `stack`: an error prints as one.
    Object.defineProperty(this, "name", { value: new.target.kind, configurable: true, writable: true });
    Object.defineProperty(this, kinds, { value: names });
    this.code = options.code;
  }

  /** What `JSON.stringify()` and the ports of extensions take of it, and `postMessage()` should be given. */
  toJSON(): { name: string; message: string; [field: string]: unknown } {
    return { name: this.name, message: this.message, ...(this as object) };
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (Object.hasOwn(this, "kind")) {
      const names = (value as { [kinds]?: unknown } | null | undefined)?.[kinds];
      return Array.isArray(names) && names.includes(this.kind);
    }
    // A class of the user's own that extends one of ours.
    return Function.prototype[Symbol.hasInstance].call(this, value);
  }
}

/** What went wrong with a call to the API, with everything the server said about it. */
export class APIError extends OpenResponsesError {
  static override readonly kind: string = "APIError";

  /** The HTTP status; none for an error inside a stream, or of the connection. */
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly param: string | undefined;
  /** The server's id of the request, to be quoted when asking its operator. */
  readonly requestID: string | undefined;
  /** The error object the server sent. */
  readonly error: unknown;
  /** Whether the same request may succeed when sent again. */
  readonly retryable: boolean;
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: APIErrorOptions = {}) {
    super(message, options);
    this.status = options.status;
    this.type = options.type;
    this.param = options.param;
    this.requestID = options.requestID;
    this.error = options.error;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
    keep(this, options);
  }

  /** The answer's headers, where there was an answer. Not shown where the error is logged, since they may hold cookies. */
  get headers(): Headers | undefined {
    return kept(this).headers;
  }

  /** The response as far as it had arrived, where some of it had. Not shown where the error is logged. */
  get partial(): Response | undefined {
    return kept(this).partial;
  }
}

export interface APIErrorOptions {
  code?: string | number | null | undefined;
  cause?: unknown;
  status?: number | undefined;
  type?: string | undefined;
  param?: string | undefined;
  requestID?: string | undefined;
  headers?: Headers | undefined;
  error?: unknown;
  retryable?: boolean | undefined;
  retryAfterMs?: number | undefined;
  partial?: Response | undefined;
  lastSequenceNumber?: number | undefined;
}

/** Status 400: the request is malformed or not supported; `param` may name the field. */
export class BadRequestError extends APIError {
  static override readonly kind: string = "BadRequestError";
}

/** Status 401: the key is missing, wrong or no longer valid. */
export class AuthenticationError extends APIError {
  static override readonly kind: string = "AuthenticationError";
}

/** Status 402, or another one that means it: the account has no credits left. */
export class InsufficientCreditsError extends APIError {
  static override readonly kind: string = "InsufficientCreditsError";
}

/** Status 403: the key may not do this, or the input was flagged. */
export class PermissionDeniedError extends APIError {
  static override readonly kind: string = "PermissionDeniedError";
}

/** Status 404, or another one that means it: the model or the response does not exist. */
export class NotFoundError extends APIError {
  static override readonly kind: string = "NotFoundError";
}

/** Status 408: the server gave up waiting. */
export class RequestTimeoutError extends APIError {
  static override readonly kind: string = "RequestTimeoutError";
}

/** Status 409 */
export class ConflictError extends APIError {
  static override readonly kind: string = "ConflictError";
}

/** Status 422 */
export class UnprocessableEntityError extends APIError {
  static override readonly kind: string = "UnprocessableEntityError";
}

/** Status 429: too many requests. */
export class RateLimitError extends APIError {
  static override readonly kind: string = "RateLimitError";
}

/** Status 500 and above: the server failed. */
export class InternalServerError extends APIError {
  static override readonly kind: string = "InternalServerError";
}

/** Status 502: the model is down, or answered something invalid. */
export class BadGatewayError extends InternalServerError {
  static override readonly kind: string = "BadGatewayError";
}

/** Status 503: nobody can serve the request now. */
export class ServiceUnavailableError extends InternalServerError {
  static override readonly kind: string = "ServiceUnavailableError";
}

/** The server could not be reached, or the connection broke. */
export class APIConnectionError extends APIError {
  static override readonly kind: string = "APIConnectionError";
}

/** The server took longer than the option `timeout` allows; `code` says for what. */
export class APIConnectionTimeoutError extends APIConnectionError {
  static override readonly kind: string = "APIConnectionTimeoutError";
}

/** The caller ended the call; the reason it gave is the `cause`. */
export class APIUserAbortError extends APIError {
  static override readonly kind: string = "APIUserAbortError";
}

/** The stream ended before the response did; what had arrived is in `partial`. */
export class StreamTruncatedError extends APIError {
  static override readonly kind: string = "StreamTruncatedError";

  /** The highest `sequence_number` of the events that arrived, where they had one. */
  readonly lastSequenceNumber: number | undefined;

  constructor(message: string, options: APIErrorOptions = {}) {
    super(message, options);
    this.lastSequenceNumber = options.lastSequenceNumber;
  }
}

/** The server declared the response failed; the response is in `partial`. */
export class ResponseFailedError extends APIError {
  static override readonly kind: string = "ResponseFailedError";
}

/**
 * The answer is not what the protocol says, or larger than `limits` allow. With the option `strict` the `code` is that of
 * the first deviation.
 */
export class ProtocolError extends APIError {
  static override readonly kind: string = "ProtocolError";
}

/** The package's wasm could not be loaded; the next call tries again. */
export class WasmLoadError extends OpenResponsesError {
  static override readonly kind: string = "WasmLoadError";

  /** The HTTP status, where the wasm was fetched and something else answered. */
  readonly status: number | undefined;
  /** Where the wasm was fetched from, where it was. */
  readonly url: string | undefined;

  constructor(
    code: string,
    message: string,
    options: { cause?: unknown; status?: number | undefined; url?: string | undefined } = {},
  ) {
    super(message, { ...options, code });
    this.status = options.status;
    this.url = options.url;
  }
}

interface ErrorClasses {
  readonly OpenResponsesError: typeof OpenResponsesError;
  readonly APIError: typeof APIError;
  readonly BadRequestError: typeof BadRequestError;
  readonly AuthenticationError: typeof AuthenticationError;
  readonly InsufficientCreditsError: typeof InsufficientCreditsError;
  readonly PermissionDeniedError: typeof PermissionDeniedError;
  readonly NotFoundError: typeof NotFoundError;
  readonly RequestTimeoutError: typeof RequestTimeoutError;
  readonly ConflictError: typeof ConflictError;
  readonly UnprocessableEntityError: typeof UnprocessableEntityError;
  readonly RateLimitError: typeof RateLimitError;
  readonly InternalServerError: typeof InternalServerError;
  readonly BadGatewayError: typeof BadGatewayError;
  readonly ServiceUnavailableError: typeof ServiceUnavailableError;
  readonly APIConnectionError: typeof APIConnectionError;
  readonly APIConnectionTimeoutError: typeof APIConnectionTimeoutError;
  readonly APIUserAbortError: typeof APIUserAbortError;
  readonly StreamTruncatedError: typeof StreamTruncatedError;
  readonly ResponseFailedError: typeof ResponseFailedError;
  readonly ProtocolError: typeof ProtocolError;
  readonly WasmLoadError: typeof WasmLoadError;
}

const classes = [
  OpenResponsesError,
  APIError,
  BadRequestError,
  AuthenticationError,
  InsufficientCreditsError,
  PermissionDeniedError,
  NotFoundError,
  RequestTimeoutError,
  ConflictError,
  UnprocessableEntityError,
  RateLimitError,
  InternalServerError,
  BadGatewayError,
  ServiceUnavailableError,
  APIConnectionError,
  APIConnectionTimeoutError,
  APIUserAbortError,
  StreamTruncatedError,
  ResponseFailedError,
  ProtocolError,
  WasmLoadError,
];

/** All classes by name: the statics of `OpenResponses`. */
export const errorClasses = /* @__PURE__ */ Object.fromEntries(
  /* @__PURE__ */ classes.map((each) => [each.kind, each]),
) as unknown as ErrorClasses;
