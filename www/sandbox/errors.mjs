// @ts-check
/** Every error the sandbox answers with, and the one shape it has on the wire. */

/**
 * An answer other than success. Thrown anywhere below the router, which turns it into HTTP.
 */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {{ type: string, code: string | null, message: string, param?: string | null }} detail
   * @param {Record<string, string>} [headers]
   */
  constructor(status, { type, code, message, param = null }, headers = {}) {
    super(message);
    this.status = status;
    this.type = type;
    this.code = code;
    this.param = param;
    this.headers = headers;
  }

  /** The JSON body, `error` member and all. */
  body() {
    return { error: { message: this.message, type: this.type, param: this.param, code: this.code } };
  }
}

/**
 * A 400 that names the field at fault.
 * @param {string | null} param
 * @param {string} message
 * @param {string} [code]
 */
export function invalid(param, message, code = "invalid_value") {
  return new ApiError(400, { type: "invalid_request_error", code, message, param });
}

/**
 * What `sandbox/error-STATUS` and the fault `status=STATUS` answer.
 * @type {Readonly<Record<number, { type: string, code: string, message: string, headers?: Record<string, string> }>>}
 */
export const STATUS_ERRORS = Object.freeze({
  400: { type: "invalid_request_error", code: "bad_request", message: "The request was refused." },
  401: { type: "invalid_request_error", code: "invalid_api_key", message: "The API key was refused." },
  402: { type: "insufficient_credits", code: "insufficient_credits", message: "The account is out of credits." },
  403: { type: "permission_denied", code: "permission_denied", message: "The key may not use this model." },
  404: { type: "not_found", code: "not_found", message: "The resource does not exist." },
  408: { type: "timeout", code: "request_timeout", message: "The request took too long." },
  409: { type: "conflict", code: "conflict", message: "The resource was changed meanwhile." },
  422: { type: "invalid_request_error", code: "unprocessable", message: "The request could not be processed." },
  429: {
    type: "too_many_requests",
    code: "rate_limit_exceeded",
    message: "Too many requests, slow down.",
    // Small, so that a client which honours it makes tests quick rather than slow.
    headers: { "retry-after-ms": "20" },
  },
  500: { type: "server_error", code: "server_error", message: "The server had an unexpected error." },
  502: { type: "server_error", code: "bad_gateway", message: "The model gave an invalid answer." },
  503: {
    type: "server_error",
    code: "service_unavailable",
    message: "The service is overloaded.",
    headers: { "retry-after": "0" },
  },
});

/**
 * The error of an HTTP status.
 * @param {number} status
 */
export function statusError(status) {
  const known = STATUS_ERRORS[status];
  if (known) return new ApiError(status, known, known.headers);
  const type = status < 500 ? "invalid_request_error" : "server_error";
  return new ApiError(status, { type, code: `http_${status}`, message: `The server answered ${status}.` });
}
