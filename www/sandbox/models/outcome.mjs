// @ts-check
/** The output items that models are made of. */

/**
 * @typedef {import("../resource.mjs").Outcome} Outcome
 * @typedef {import("./index.mjs").Turn} Turn
 */

/**
 * A finished answer that consists of items.
 * @param {...any} output
 * @returns {Outcome}
 */
export function completed(...output) {
  return { output, status: "completed" };
}

/**
 * A message with one text.
 * @param {Turn} turn
 * @param {string} text
 * @param {string} [status]
 */
export function message(turn, text, status) {
  return messageOf(turn, { type: "output_text", text, annotations: [], logprobs: [] }, status);
}

/**
 * @param {Turn} turn
 * @param {any} part
 * @param {string} [status]
 */
export function messageOf(turn, part, status = "completed") {
  return { type: "message", id: turn.newId("msg"), status, role: "assistant", content: [part] };
}
