// @ts-check

import { lastUserText } from "../context.mjs";
import { invalid } from "../errors.mjs";
import { SchemaError, valueFor } from "../schema.mjs";
import { completed, message } from "./outcome.mjs";

/** @type {import("./index.mjs").Model} */
export const json = {
  description: "Answers with JSON that satisfies text.format.",
  answer: (turn) => {
    const schema = turn.body.text?.format?.schema;
    const value = schema ? valueOrError(schema) : { text: lastUserText(turn.items) };
    return completed(message(turn, JSON.stringify(value)));
  },
};

/** @param {any} schema */
function valueOrError(schema) {
  try {
    return valueFor(schema);
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw invalid("text.format.schema", `The sandbox cannot make a value: ${error.message}.`);
  }
}
