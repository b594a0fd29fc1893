// @ts-check

import { ApiError } from "./errors.mjs";

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The body of a request, as text and parsed; `json` stays undefined when it is not JSON in UTF-8.
 * @param {Request} request
 * @returns {Promise<{ text: string, json: any }>}
 */
export async function readBody(request) {
  if (!request.body) return { text: "", json: undefined };
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const reader = request.body.getReader();
  let text = "";
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.byteLength;
      if (size > MAX_BYTES) throw tooLarge();
      text += decoder.decode(value, { stream: true });
    }
    text += decoder.decode();
    return { text, json: JSON.parse(text) };
  } catch (error) {
    if (error instanceof ApiError) throw error;
    return { text, json: undefined };
  }
}

/**
 * Refuses a body that does not say that it is JSON.
 * @param {Request} request
 * @param {{ text: string }} received
 */
export function requireJson({ headers }, { text }) {
  const type = headers.get("content-type");
  if (text === "" || /^application\/json\s*(;|$)/i.test(type ?? "")) return;
  const message = `The content-type must be application/json, not ${type ?? "missing"}.`;
  throw new ApiError(415, { type: "invalid_request_error", code: "unsupported_media_type", message });
}

function tooLarge() {
  const message = `The request body is larger than ${MAX_BYTES} bytes.`;
  return new ApiError(413, { type: "invalid_request_error", code: "request_too_large", message });
}
