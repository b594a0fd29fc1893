// @ts-check
/** A response as the events of a stream, in the order that the contract asks for. */

import { tokenize } from "./usage.mjs";

/**
 * @typedef {{ type?: string, [field: string]: any }} StreamEvent one that only has a `pause` is none: the next event is not
 *   there for so many milliseconds
 */

/**
 * The events of a response, still without sequence numbers. Lazy: the end of the response is only
 * computed when the stream gets there.
 * @param {any} started the response before any output
 * @param {any[]} output
 * @param {() => any} end gives the finished response
 * @returns {Generator<StreamEvent>}
 */
export function* responseEvents(started, output, end) {
  if (started.background) {
    const queued = { ...started, status: "queued" };
    yield { type: "response.created", response: queued };
    yield { type: "response.queued", response: queued };
  } else {
    yield { type: "response.created", response: started };
  }
  yield { type: "response.in_progress", response: started };
  for (const [index, item] of output.entries()) yield* itemEvents(item, index);
  const ended = end();
  yield { type: `response.${ended.status}`, response: ended };
}

/**
 * Numbers the events from 0 and pads the deltas.
 * @param {Iterable<StreamEvent>} events
 * @param {boolean} obfuscate
 * @returns {Generator<StreamEvent>}
 */
export function* numbered(events, obfuscate) {
  let sequence_number = 0;
  for (const { type, ...fields } of events) {
    if (type === undefined) {
      yield fields;
      continue;
    }
    const padding = obfuscate && type.endsWith(".delta") ? { obfuscation: pad(fields.delta, sequence_number) } : {};
    yield { type, sequence_number, ...fields, ...padding };
    sequence_number += 1;
  }
}

/** How the parts of an item are called in the names of their events. */
const PARTS = {
  output_text: { event: "response.output_text", field: "text", extra: { logprobs: [] } },
  refusal: { event: "response.refusal", field: "refusal", extra: {} },
  reasoning_text: { event: "response.reasoning", field: "text", extra: {} },
  summary_text: { event: "response.reasoning_summary_text", field: "text", extra: {} },
};

/**
 * @param {any} item
 * @param {number} output_index
 * @returns {Generator<StreamEvent>}
 */
function* itemEvents(item, output_index) {
  const at = { item_id: item.id, output_index };
  // An item that is still in progress was left behind by a failure: it is opened and never closed.
  const closed = item.status !== "in_progress";
  yield { type: "response.output_item.added", output_index, item: emptied(item) };
  for (const [content_index, part] of (item.content ?? []).entries()) {
    yield* partEvents("response.content_part", { ...at, content_index }, part, closed);
  }
  for (const [summary_index, part] of (item.summary ?? []).entries()) {
    yield* partEvents("response.reasoning_summary_part", { ...at, summary_index }, part, closed);
  }
  if (item.type === "function_call") {
    yield* textEvents("response.function_call_arguments", at, "arguments", item.arguments, {}, closed);
  }
  if (closed) yield { type: "response.output_item.done", output_index, item };
}

/**
 * @param {string} frame
 * @param {object} at
 * @param {any} part
 * @param {boolean} closed
 * @returns {Generator<StreamEvent>}
 */
function* partEvents(frame, at, part, closed) {
  const { event, field, extra } = PARTS[/** @type {keyof typeof PARTS} */ (part.type)];
  yield { type: `${frame}.added`, ...at, part: { ...part, [field]: "" } };
  yield* textEvents(event, at, field, part[field], extra, closed);
  if (closed) yield { type: `${frame}.done`, ...at, part };
}

/**
 * @param {string} event
 * @param {object} at
 * @param {string} field
 * @param {string} text
 * @param {object} extra
 * @param {boolean} closed
 * @returns {Generator<StreamEvent>}
 */
function* textEvents(event, at, field, text, extra, closed) {
  for (const delta of tokenize(text)) yield { type: `${event}.delta`, ...at, delta, ...extra };
  if (closed) yield { type: `${event}.done`, ...at, [field]: text, ...extra };
}

/**
 * The item as it is announced: all its texts and lists are still to come.
 * @param {any} item
 */
function emptied(item) {
  const empty = { ...item, status: "in_progress" };
  for (const list of ["content", "summary"]) if (item[list]) empty[list] = [];
  if (item.type === "function_call") empty.arguments = "";
  delete empty.encrypted_content;
  return empty;
}

const PADDING = "m0Vd4Kx9QzT1bRf7LsW2hYc8";
const BLOCK = 16;

/**
 * Fills a delta up to whole blocks, so that the size of an event does not tell its text.
 * @param {string} delta
 * @param {number} seed
 */
function pad(delta, seed) {
  const length = BLOCK - (delta.length % BLOCK);
  return Array.from({ length }, (_, index) => PADDING[(seed * 7 + index * 5) % PADDING.length]).join("");
}
