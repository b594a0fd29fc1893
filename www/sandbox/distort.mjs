// @ts-check
/** The faults that change which events a stream has, and what is in them. */

import { numbered } from "./stream.mjs";

/** @typedef {import("./stream.mjs").StreamEvent} StreamEvent */

const EVENTS_BEFORE_ERROR = 4;
const TERMINAL = ["response.completed", "response.incomplete", "response.failed"];

const ERROR = {
  type: "server_error",
  code: "server_error",
  message: "The model stopped working in the middle of its answer.",
  param: null,
};

/**
 * The events as they are sent. The name is that of the `event:` line.
 * @param {Iterable<StreamEvent>} events
 * @param {Record<string, any>} faults
 * @param {{ obfuscate: boolean, failed: (error: { code: string, message: string }) => any }} how
 *   `failed` gives the response object for a failure
 * @returns {Generator<{ name: string | undefined, data: StreamEvent }>}
 */
export function* distorted(events, faults, { obfuscate, failed }) {
  let sent = events;
  if (faults.error) {
    const ending = { type: "response.failed", response: failed({ code: ERROR.code, message: ERROR.message }) };
    sent = failing(sent, faults.error, faults.at ?? EVENTS_BEFORE_ERROR, ending);
  }
  if (faults.unknown) sent = withUnknown(sent);
  for (const event of numbered(sent, obfuscate)) {
    const { type } = event;
    if (faults.drop?.has(type)) continue;
    if (faults.terminal && TERMINAL.includes(type ?? "")) continue;
    yield { name: type, data: faults.omit ? without(event, faults.omit) : event };
  }
}

/**
 * @param {Iterable<StreamEvent>} events
 * @param {string} shape
 * @param {number} at
 * @param {StreamEvent} ending
 * @returns {Generator<StreamEvent>}
 */
function* failing(events, shape, at, ending) {
  let count = 0;
  for (const event of events) {
    if (event.pause !== undefined) {
      yield event;
      continue;
    }
    // The error comes before the end of the response even if that is near.
    if (count === at || TERMINAL.includes(event.type ?? "")) break;
    yield event;
    count += 1;
  }
  if (shape === "nested") yield { type: "error", error: ERROR };
  if (shape === "flat") yield { ...ERROR, type: "error" };
  if (shape === "bare") yield { error: ERROR };
  if (shape === "nested" || shape === "failed-only") yield ending;
}

/**
 * @param {Iterable<StreamEvent>} events
 * @returns {Generator<StreamEvent>}
 */
function* withUnknown(events) {
  let count = 0;
  for (const event of events) {
    if (event.pause !== undefined) {
      yield event;
      continue;
    }
    if (count > 0) yield count % 2 ? { type: "acme:ping", note: "nothing to see" } : { type: "keepalive" };
    yield event;
    count += 1;
  }
}

/**
 * @param {StreamEvent} event
 * @param {Set<string>} omitted
 */
function without(event, omitted) {
  return Object.fromEntries(Object.entries(event).filter(([field]) => !omitted.has(field)));
}
