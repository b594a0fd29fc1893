// @ts-check
/**
 * The responses that are kept, and how far those in the background have come. Nothing runs in between: how far a
 * response is follows from the time.
 */

import { BoundedMap } from "./bounded.mjs";
import { ApiError, invalid } from "./errors.mjs";
import { responseEvents } from "./stream.mjs";

const MAX_RESPONSES = 100;
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * @typedef {object} Stored
 * @property {any} started the response before any output
 * @property {any[]} items what the model read
 * @property {any[]} [listed] the items as they are listed, once somebody has asked
 * @property {any[]} output
 * @property {(at: number) => any} end gives the response that is finished at this time, in milliseconds
 * @property {boolean} obfuscate
 * @property {number} startedAt in milliseconds
 * @property {number} step milliseconds between its events: 0 unless it works in the background
 * @property {number} [cancelledAt] in milliseconds
 */

/** @typedef {ReturnType<typeof createStore>} Store */

/** @param {() => number} now in milliseconds */
export function createStore(now) {
  /** @type {BoundedMap<Stored>} */
  const responses = new BoundedMap(MAX_RESPONSES, MAX_BYTES);

  return {
    /** @param {string} id */
    find(id) {
      const stored = responses.get(id);
      if (stored) return stored;
      const message = `Response with id '${id}' not found.`;
      throw new ApiError(404, { type: "not_found", code: "response_not_found", message });
    },

    /** @param {Stored} stored @param {number} bytes */
    keep(stored, bytes) {
      responses.set(stored.started.id, stored, bytes);
    },

    /** @param {string} id */
    forget(id) {
      responses.delete(id);
    },

    /**
     * The response as it is now.
     * @param {Stored} stored
     */
    current(stored) {
      let response = stored.started;
      /** @type {any[]} */
      const output = [];
      for (const { event, due } of timeline(stored)) {
        if (isCancelledBy(stored, due)) return cancelled(stored, output);
        if (due > now()) break;
        if (event.response) response = event.response;
        if (event.type === "response.output_item.done") output[event.output_index] = event.item;
      }
      return isOver(response) ? response : { ...response, output };
    },

    /**
     * Ends a response that works in the background; one that is over stays as it is.
     * @param {Stored} stored
     */
    cancel(stored) {
      if (!stored.started.background) throw invalid(null, "Only a response in the background can be cancelled.");
      if (!isOver(this.current(stored))) stored.cancelledAt = now();
    },

    /**
     * The events of a response, each once its time has come; before that, pauses in milliseconds.
     * @param {Stored} stored
     * @returns {Generator<import("./stream.mjs").StreamEvent>}
     */
    *events(stored) {
      /** @type {any[]} */
      const output = [];
      for (const { event, due } of timeline(stored)) {
        // It may be cancelled while its events are awaited.
        for (let pause = due - now(); pause > 0 && !isCancelledBy(stored, due); pause = due - now()) yield { pause };
        if (isCancelledBy(stored, due)) {
          // The contract has no event for it, and whoever waits for the end must learn that no other will come.
          yield { type: "response.failed", response: cancelled(stored, output) };
          return;
        }
        if (event.type === "response.output_item.done") output[event.output_index] = event.item;
        yield event;
      }
    },
  };
}

/** @param {{ status: string }} response */
function isOver({ status }) {
  return status !== "queued" && status !== "in_progress";
}

/** @param {Stored} stored @param {number} due */
function isCancelledBy({ cancelledAt }, due) {
  return cancelledAt !== undefined && cancelledAt < due;
}

/** @param {Stored} stored @param {any[]} output the items that were finished */
function cancelled({ started }, output) {
  return { ...started, status: "cancelled", output };
}

/**
 * Every event of a response, and when it happens in milliseconds.
 * @param {Stored} stored
 */
function* timeline({ started, output, end, startedAt, step }) {
  let due = startedAt;
  for (const event of responseEvents(started, output, () => end(due))) {
    yield { event, due };
    due += step;
  }
}
