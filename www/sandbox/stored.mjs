// @ts-check
/** The operations on responses that are kept. */

import { jsonAnswer, replaced, streamAnswer } from "./answers.mjs";
import { distorted } from "./distort.mjs";
import { invalid } from "./errors.mjs";
import { isStreamed, refuseIneffective } from "./faults.mjs";
import { sseFrames } from "./frames.mjs";
import { listedItem } from "./items.mjs";
import { endedResource } from "./resource.mjs";

/** @typedef {import("./responses.mjs").World} World */
/** @typedef {import("./answers.mjs").Answer} Answer */

/**
 * A call that names a kept response.
 * @typedef {object} Named
 * @property {string} name
 * @property {URLSearchParams} query
 * @property {Record<string, any>} faults
 */

/** `GET /responses/{id}` @param {World} world @param {Named} call @returns {Answer} */
export function retrieve({ store }, { name, query, faults }) {
  const stored = store.find(name);
  const asked = flag(query, "stream", false);
  const after = whole(query, "starting_after", { min: 0, fallback: -1 });
  if (after >= 0 && !asked) throw invalid("starting_after", "'starting_after' needs 'stream=true'.");
  const obfuscate = flag(query, "include_obfuscation", stored.obfuscate);
  const streamed = isStreamed(faults, asked);
  refuseIneffective(faults, { asked, streamed, model: null });
  if (!streamed) return replaced(jsonAnswer(store.current(stored)), faults);
  return streamOf(store, stored, faults, { after, obfuscate });
}

/** `DELETE /responses/{id}` @param {World} world @param {Named} call @returns {Answer} */
export function remove({ store, memory }, { name, faults }) {
  store.find(name);
  // An error means that nothing was done.
  if (faults.status === undefined) {
    store.forget(name);
    memory.forget(name);
  }
  return plain({ id: name, object: "response", deleted: true }, faults);
}

/** `POST /responses/{id}/cancel` @param {World} world @param {Named} call @returns {Answer} */
export function cancel({ store }, { name, faults }) {
  const stored = store.find(name);
  if (faults.status === undefined) store.cancel(stored);
  return plain(store.current(stored), faults);
}

/** `GET /responses/{id}/input_items` @param {World} world @param {Named} call @returns {Answer} */
export function inputItems({ store, newId }, { name, query, faults }) {
  const stored = store.find(name);
  const limit = whole(query, "limit", { min: 1, max: 100, fallback: 20 });
  const order = query.get("order") ?? "desc";
  if (order !== "asc" && order !== "desc") throw invalid("order", "'order' must be one of: asc, desc.");
  stored.listed ??= stored.items.map((item) => listedItem(item, newId));
  const items = order === "asc" ? stored.listed : stored.listed.toReversed();
  const after = query.get("after");
  const at = after === null ? 0 : items.findIndex(({ id }) => id === after) + 1;
  if (after !== null && at === 0) throw invalid("after", `'after' names '${after}', which is no item of the input.`);
  const data = items.slice(at, at + limit);
  return plain(
    {
      object: "list",
      data,
      first_id: data[0]?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
      has_more: at + limit < items.length,
    },
    faults,
  );
}

/**
 * The stream of a response, from its beginning or behind an event.
 * @param {import("./store.mjs").Store} store
 * @param {import("./store.mjs").Stored} stored
 * @param {Record<string, any>} faults
 * @param {{ after?: number, obfuscate: boolean }} how
 */
export function streamOf(store, stored, faults, { after = -1, obfuscate }) {
  const events = distorted(store.events(stored), faults, {
    obfuscate,
    failed: (error) => endedResource(stored.started, { output: [], status: "failed", error }, null, 0),
  });
  return streamAnswer(sseFrames(behind(events, after), faults));
}

/**
 * An answer that is never a stream.
 * @param {any} value
 * @param {Record<string, any>} faults
 */
export function plain(value, faults) {
  refuseIneffective(faults, { asked: false, streamed: false, model: null });
  return replaced(jsonAnswer(value), faults);
}

/**
 * @param {Iterable<{ name: string | undefined, data: any }>} events
 * @param {number} after
 */
function* behind(events, after) {
  for (const event of events) {
    if (event.data.sequence_number === undefined || event.data.sequence_number > after) yield event;
  }
}

/** @param {URLSearchParams} query @param {string} name @param {boolean} fallback */
function flag(query, name, fallback) {
  const value = query.get(name);
  if (value === null) return fallback;
  if (value !== "true" && value !== "false") throw invalid(name, `'${name}' must be true or false, not '${value}'.`);
  return value === "true";
}

/**
 * @param {URLSearchParams} query
 * @param {string} name
 * @param {{ min: number, max?: number, fallback: number }} limits
 */
function whole(query, name, { min, max = Number.MAX_SAFE_INTEGER, fallback }) {
  const value = query.get(name);
  if (value === null) return fallback;
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= min && number <= max) return number;
  throw invalid(name, `'${name}' must be an integer from ${min}${max < 1000 ? ` to ${max}` : ""}, not '${value}'.`);
}
