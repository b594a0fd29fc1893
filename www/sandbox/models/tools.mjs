// @ts-check

import { itemsAfterUser, lastUserText, textOfParts } from "../context.mjs";
import { invalid } from "../errors.mjs";
import { SchemaError, valueFor } from "../schema.mjs";
import { completed, message } from "./outcome.mjs";

/** @typedef {import("./index.mjs").Turn} Turn */

/** @type {import("./index.mjs").Model} */
export const tools = {
  description: "Calls the tools it is offered, then answers with what they gave.",
  answer: (turn) => {
    const outputs = itemsAfterUser(turn.items).filter((item) => item.type === "function_call_output");
    if (outputs.length > 0) return completed(message(turn, report(turn.items, outputs)));
    const wanted = wantedTools(turn.body);
    if (wanted.length === 0) return completed(message(turn, "I may not call any tool."));
    return completed(...wanted.map((tool) => call(turn, tool)));
  },
};

/**
 * The tools to call: one, or two when calls may be parallel and no single tool is asked for.
 * @param {any} body
 * @returns {any[]}
 */
function wantedTools({ tools: offered, tool_choice: choice, parallel_tool_calls: parallel }) {
  const functions = (offered ?? []).filter((/** @type {any} */ tool) => tool.type === "function");
  if (choice === "none" || choice?.mode === "none") return [];
  if (choice?.type === "function") {
    return functions.filter((/** @type {any} */ tool) => tool.name === choice.name).slice(0, 1);
  }
  const allowed = choice?.tools?.map((/** @type {any} */ tool) => tool.name);
  const usable = allowed ? functions.filter((/** @type {any} */ tool) => allowed.includes(tool.name)) : functions;
  return usable.slice(0, parallel ? 2 : 1);
}

/** @param {Turn} turn @param {any} tool */
function call(turn, tool) {
  return {
    type: "function_call",
    id: turn.newId("fc"),
    call_id: turn.newId("call"),
    name: tool.name,
    arguments: JSON.stringify(argumentsFor(tool, turn)),
    status: "completed",
  };
}

/** @param {any} tool @param {Turn} turn */
function argumentsFor(tool, { body, items }) {
  try {
    return valueFor({ type: "object", ...tool.parameters }, nameIn(lastUserText(items)));
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw invalid(
      `tools[${body.tools.indexOf(tool)}].parameters`,
      `The sandbox cannot make arguments: ${error.message}.`,
    );
  }
}

/** What the user may be asking about: the last word with a capital letter that does not begin a sentence. @param {string} text */
function nameIn(text) {
  return text.match(/(?<=[^.!?\s]\s+)\p{Lu}[\p{L}\p{M}-]+/gu)?.at(-1);
}

/** @param {any[]} items @param {any[]} outputs */
function report(items, outputs) {
  const lines = outputs.map(({ call_id, output }) => {
    const name = items.find((item) => item.type === "function_call" && item.call_id === call_id).name;
    return `${name} gave: ${typeof output === "string" ? output : textOfParts(output)}`;
  });
  return lines.join("\n");
}
