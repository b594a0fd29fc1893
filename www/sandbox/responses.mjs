// @ts-check
/** `POST /responses`: from a request body to an answer. */

import { jsonAnswer, replaced } from "./answers.mjs";
import { contextOf } from "./context.mjs";
import { ApiError, invalid } from "./errors.mjs";
import { isStreamed, refuseIneffective } from "./faults.mjs";
import { MODELS } from "./models/index.mjs";
import { endedResource, startedResource } from "./resource.mjs";
import { streamOf } from "./stored.mjs";
import { limitOutput, usageOf } from "./usage.mjs";
import { validateBody } from "./validate.mjs";

/** Milliseconds between the events of a response in the background. */
const BACKGROUND_STEP = 20;

/**
 * @typedef {object} World what outlives a request
 * @property {(prefix: string) => string} newId
 * @property {() => number} now in milliseconds
 * @property {import("./context.mjs").Memory} memory
 * @property {import("./store.mjs").Store} store
 * @property {import("./attempts.mjs").Attempts} attempts
 */

/**
 * @param {World} world
 * @param {{ text: string, json: any }} received the request body; no `json` when it is not JSON
 * @param {Record<string, any>} faults
 * @returns {import("./answers.mjs").Answer}
 */
export function answerResponses(world, { text, json: body }, faults) {
  if (body === undefined) throw invalid(null, "The request body is not valid JSON.", "invalid_json");
  validateBody(body);
  const model = findModel(body.model);
  const items = contextOf(body, world.memory);
  const asked = body.stream === true;
  const streamed = isStreamed(faults, asked);
  const background = body.background === true;
  refuseIneffective(faults, { asked, streamed, model: body.model, background });

  const startedAt = world.now();
  const started = startedResource(body, world.newId("resp"), Math.floor(startedAt / 1000));
  const { newId, attempts, store } = world;
  const outcome = limited(model.answer({ body, items, newId, attempts, faults }), body.max_output_tokens);
  /** @type {any} */
  let ended;
  const stored = {
    started,
    items,
    output: outcome.output,
    end: (/** @type {number} */ at) => {
      ended ??= endedResource(started, outcome, usageOf(items, body, outcome.output), Math.floor(at / 1000));
      return ended;
    },
    obfuscate: body.stream_options?.include_obfuscation ?? true,
    startedAt,
    step: background ? (faults.step ?? BACKGROUND_STEP) : 0,
  };
  if (started.store) {
    store.keep(stored, text.length);
    if (outcome.status !== "failed") world.memory.remember(started.id, [...items, ...outcome.output], text.length);
  }
  if (streamed) return streamOf(store, stored, faults, stored);
  return replaced(jsonAnswer(store.current(stored)), faults);
}

/** @param {string} id */
export function findModel(id) {
  const model = MODELS.get(id);
  if (model) return model;
  const message = `The model '${id}' does not exist.`;
  throw new ApiError(404, { type: "not_found", code: "model_not_found", message, param: "model" });
}

/**
 * @param {import("./resource.mjs").Outcome} outcome
 * @param {number | null | undefined} maxTokens
 * @returns {import("./resource.mjs").Outcome}
 */
function limited(outcome, maxTokens) {
  const { output, cut } = limitOutput(outcome.output, maxTokens);
  return cut ? { output, status: "incomplete" } : outcome;
}
