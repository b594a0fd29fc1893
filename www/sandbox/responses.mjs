// @ts-check
/** `POST /responses`: from a request body to an answer. */

import { jsonAnswer, replaced, streamAnswer } from "./answers.mjs";
import { contextOf } from "./context.mjs";
import { DIALECTS } from "./dialects.mjs";
import { distorted } from "./distort.mjs";
import { ApiError, invalid } from "./errors.mjs";
import { isStreamed, refuseIneffective } from "./faults.mjs";
import { sseFrames } from "./frames.mjs";
import { MODELS } from "./models/index.mjs";
import { endedResource, startedResource } from "./resource.mjs";
import { responseEvents } from "./stream.mjs";
import { limitOutput, usageOf } from "./usage.mjs";
import { validateBody } from "./validate.mjs";

/**
 * @typedef {object} World what outlives a request
 * @property {(prefix: string) => string} newId
 * @property {() => number} now in milliseconds
 * @property {import("./context.mjs").Memory} memory
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
  refuseIneffective(faults, { asked, streamed, model: body.model });

  const seconds = () => Math.floor(world.now() / 1000);
  const started = startedResource(body, world.newId("resp"), seconds());
  const { newId, attempts } = world;
  const outcome = limited(model.answer({ body, items, newId, attempts, faults }), body.max_output_tokens);
  const end = () => endedResource(started, outcome, usageOf(items, body, outcome.output), seconds());
  if (started.store && outcome.status !== "failed") {
    world.memory.remember(started.id, [...items, ...outcome.output], text.length);
  }

  if (!streamed) return replaced(jsonAnswer(end()), faults);
  const events = distorted(responseEvents(started, outcome.output, end), faults, {
    obfuscate: body.stream_options?.include_obfuscation ?? true,
    failed: (error) => endedResource(started, { output: [], status: "failed", error }, null, seconds()),
  });
  return streamAnswer(sseFrames(events, { ...DIALECTS[faults.dialect]?.lines, ...faults }));
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
