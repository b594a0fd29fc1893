// @ts-check
/** The models that answer with one message. */

import { lastUserText } from "../context.mjs";
import { completed, message, messageOf } from "./outcome.mjs";

/** @typedef {import("./index.mjs").Model} Model */

/** @type {Model} */
export const echo = {
  description: "Answers with the text of the last user message.",
  answer: (turn) => completed(message(turn, lastUserText(turn.items))),
};

/** @type {Model} */
export const refusal = {
  description: "Refuses to answer.",
  answer: (turn) =>
    completed(messageOf(turn, { type: "refusal", refusal: "I am sorry, but I cannot help with that." })),
};

/** @type {Model} */
export const incomplete = {
  description: "Stops in the middle, as if it had run out of tokens.",
  answer: (turn) => ({
    output: [message(turn, "This answer is going to be long, and it stops before it has", "incomplete")],
    status: "incomplete",
  }),
};

/** @type {Model} */
export const failed = {
  description: "Fails after some text.",
  answer: (turn) => ({
    // The message is never finished, and only an incomplete response may have an incomplete item.
    output: [message(turn, "The beginning of this answer is fine, but then", "in_progress")],
    status: "failed",
    error: { code: "server_error", message: "The model failed in the middle of its answer." },
  }),
};
