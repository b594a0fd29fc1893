// @ts-check
/** The operations that read an input and ask no model. */

import { contextOf } from "./context.mjs";
import { invalid } from "./errors.mjs";
import { listedItem } from "./items.mjs";
import { findModel } from "./responses.mjs";
import { plain } from "./stored.mjs";
import { usageOf } from "./usage.mjs";
import { validateCompact, validateCount } from "./validate.mjs";

/** @typedef {{ received: { text: string, json: any }, faults: Record<string, any> }} Posted */

/**
 * `POST /responses/compact`: the messages of the user stay, all else is sealed.
 * @param {import("./responses.mjs").World} world
 * @param {Posted} call
 */
export function compact({ memory, newId, now }, { received, faults }) {
  const body = jsonOf(received);
  validateCompact(body);
  findModel(body.model);
  const items = contextOf(body, memory);
  const kept = items.filter(({ type, role }) => type === "message" && role === "user");
  const sealed = {
    type: "compaction",
    id: newId("cmp"),
    encrypted_content: btoa(`${items.length - kept.length} of ${items.length} items`),
  };
  const output = [...kept.map((item) => listedItem(item, newId)), sealed];
  const usage = usageOf(items, body, kept);
  return plain(
    { id: newId("resp"), object: "response.compaction", created_at: Math.floor(now() / 1000), output, usage },
    faults,
  );
}

/**
 * `POST /responses/input_tokens`
 * @param {import("./responses.mjs").World} world
 * @param {Posted} call
 */
export function countInput({ memory }, { received, faults }) {
  const body = jsonOf(received);
  validateCount(body);
  if (body.model) findModel(body.model);
  const { input_tokens } = usageOf(contextOf(body, memory), body, []);
  return plain({ object: "response.input_tokens", input_tokens }, faults);
}

/** @param {{ json: any }} received */
export function jsonOf({ json }) {
  if (json === undefined) throw invalid(null, "The request body is not valid JSON.", "invalid_json");
  return json;
}
