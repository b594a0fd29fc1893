// @ts-check
/** What a model reads: the remembered conversation followed by the new input. */

import { BoundedMap } from "./bounded.mjs";
import { ApiError, invalid } from "./errors.mjs";

const MAX_RESPONSES = 100;
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * The responses that `previous_response_id` can name.
 * @returns {Memory}
 */
export function createMemory() {
  /** @type {BoundedMap<any[]>} */
  const conversations = new BoundedMap(MAX_RESPONSES, MAX_BYTES);
  return {
    remember(id, items, bytes) {
      conversations.set(id, items, bytes);
    },
    forget(id) {
      conversations.delete(id);
    },
    recall(id) {
      return conversations.get(id);
    },
    findItem(id) {
      for (const items of conversations.values()) {
        const found = items.find((item) => item.id === id);
        if (found) return found;
      }
      return undefined;
    },
  };
}

/**
 * @typedef {object} Memory
 * @property {(id: string, items: any[], bytes: number) => void} remember
 * @property {(id: string) => void} forget
 * @property {(id: string) => any[] | undefined} recall
 * @property {(id: string) => any} findItem
 */

/**
 * Everything the model reads for a valid request body, oldest item first.
 * @param {any} body
 * @param {Memory} memory
 * @returns {any[]}
 */
export function contextOf(body, memory) {
  const previous = body.previous_response_id;
  const input = body.input ?? [];
  const earlier = previous ? memory.recall(previous) : [];
  if (!earlier) {
    throw new ApiError(404, {
      type: "not_found",
      code: "previous_response_not_found",
      message: `Previous response with id '${previous}' not found.`,
      param: "previous_response_id",
    });
  }
  const added =
    typeof input === "string"
      ? [{ type: "message", role: "user", content: input }]
      : input.map((/** @type {any} */ item, /** @type {number} */ index) => resolve(item, index, memory));
  const items = [...earlier, ...added];
  checkCallIds(items, earlier.length);
  return items;
}

/**
 * The text of the last message of the user, or nothing when there is none.
 * @param {any[]} items
 */
export function lastUserText(items) {
  const content = lastUserMessage(items)?.content ?? "";
  return typeof content === "string" ? content : textOfParts(content);
}

/** @param {any[]} items */
export function lastUserMessage(items) {
  return items.findLast(isUserMessage);
}

/**
 * What came after the last message of the user.
 * @param {any[]} items
 */
export function itemsAfterUser(items) {
  return items.slice(items.findLastIndex(isUserMessage) + 1);
}

/** @param {any[]} parts */
export function textOfParts(parts) {
  return parts
    .filter((part) => part.type === "input_text")
    .map((part) => part.text)
    .join("\n");
}

/** @param {any} item */
function isUserMessage(item) {
  return item.type === "message" && item.role === "user";
}

/**
 * @param {any} item
 * @param {number} index
 * @param {Memory} memory
 */
function resolve(item, index, memory) {
  if (item.type === undefined && item.role !== undefined) return { type: "message", ...item };
  const isReference = item.type === "item_reference" || item.type === undefined || item.type === null;
  if (!isReference) return item;
  const found = memory.findItem(item.id);
  if (found) return found;
  throw new ApiError(404, {
    type: "not_found",
    code: "item_not_found",
    message: `Item with id '${item.id}' not found.`,
    param: `input[${index}].id`,
  });
}

/**
 * The output of a tool must answer a call that came before it.
 * @param {any[]} items
 * @param {number} offset how many of the items are not part of the new input
 */
function checkCallIds(items, offset) {
  const called = new Set();
  items.forEach((item, index) => {
    if (item.type === "function_call") called.add(item.call_id);
    if (item.type === "function_call_output" && !called.has(item.call_id)) {
      const path = `input[${index - offset}].call_id`;
      throw invalid(path, `'${path}' names '${item.call_id}', which no function call has.`);
    }
  });
}
