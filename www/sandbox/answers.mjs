// @ts-check
/** What goes back to the client, before it is put on the wire. */

import { statusError } from "./errors.mjs";

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {Record<string, string>} headers
 * @property {Iterable<string | Uint8Array | number>} frames the body, in the pieces it is made in; a number is a pause, in
 *   milliseconds
 * @property {boolean} [broken] whether the frames are less than what the headers promise
 */

/**
 * @param {any} value
 * @param {number} [status]
 * @param {Record<string, string>} [headers]
 */
export function jsonAnswer(value, status = 200, headers = {}) {
  return textAnswer(JSON.stringify(value), "application/json", status, headers);
}

/** @param {import("./errors.mjs").ApiError} error */
export function errorAnswer(error) {
  return jsonAnswer(error.body(), error.status, error.headers);
}

/**
 * @param {Iterable<string | number>} frames
 * @returns {Answer}
 */
export function streamAnswer(frames) {
  const headers = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    // Asks proxies on the way not to collect the stream.
    "x-accel-buffering": "no",
  };
  return { status: 200, headers, frames };
}

/**
 * Applies the faults that put something else in the place of a good answer.
 * @param {Answer} answer
 * @param {Record<string, any>} faults
 * @returns {Answer}
 */
export function replaced(answer, { status, body }) {
  if (status !== undefined) return errorAnswer(statusError(status));
  switch (body) {
    case "html":
      return page("Welcome", 200);
    case "html-502":
      return page("502 Bad Gateway", 502);
    case "error-200":
      return jsonAnswer(statusError(500).body());
    case "empty":
      return textAnswer("", "application/json");
    case "redirect":
      return textAnswer("", "text/plain", 307, { location: "/elsewhere" });
    case "truncated-json": {
      const [bytes] = /** @type {Uint8Array[]} */ (answer.frames);
      return { ...answer, frames: [bytes.subarray(0, bytes.byteLength >> 1)], broken: true };
    }
    default:
      return answer;
  }
}

/**
 * @param {string} text
 * @param {string} type
 * @param {number} [status]
 * @param {Record<string, string>} [headers]
 * @returns {Answer}
 */
function textAnswer(text, type, status = 200, headers = {}) {
  const bytes = new TextEncoder().encode(text);
  const length = String(bytes.byteLength);
  return { status, headers: { ...headers, "content-type": type, "content-length": length }, frames: [bytes] };
}

/**
 * @param {string} title
 * @param {number} status
 */
function page(title, status) {
  const html = `<!doctype html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  return textAnswer(html, "text/html; charset=utf-8", status);
}
