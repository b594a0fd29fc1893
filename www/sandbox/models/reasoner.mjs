// @ts-check

import { lastUserText } from "../context.mjs";
import { completed, message } from "./outcome.mjs";

/** @type {import("./index.mjs").Model} */
export const reasoner = {
  description: "Thinks aloud, sums up its thoughts, and then answers.",
  answer: (turn) => {
    const words = lastUserText(turn.items).match(/\S+/gu) ?? [];
    const thoughts = `The user wrote ${words.length} words. Let me count them again: ${words.length}. That is the answer.`;
    const reasoning = {
      type: "reasoning",
      id: turn.newId("rs"),
      // The contract asks for a status on every item, though it does not list one here.
      status: "completed",
      summary: [summary("**Counting the words** of the question."), summary("**Checking** the count.")],
      content: [{ type: "reasoning_text", text: thoughts }],
      ...(turn.body.include?.includes("reasoning.encrypted_content") ? { encrypted_content: btoa(thoughts) } : {}),
    };
    return completed(reasoning, message(turn, `Your message has ${words.length} words.`));
  },
};

/** @param {string} text */
function summary(text) {
  return { type: "summary_text", text };
}
