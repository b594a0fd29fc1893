// @ts-check
/** The models of the sandbox, by their ids. */

import { json } from "./json.mjs";
import { reasoner } from "./reasoner.mjs";
import { story } from "./story.mjs";
import { echo, failed, incomplete, refusal } from "./text.mjs";
import { tools } from "./tools.mjs";
import { errorModels, flaky } from "./trouble.mjs";
import { vision } from "./vision.mjs";

/**
 * @typedef {object} Turn what a model gets to see
 * @property {any} body the request body
 * @property {any[]} items the whole context, oldest item first
 * @property {(prefix: string) => string} newId
 * @property {import("../attempts.mjs").Attempts} attempts
 * @property {Record<string, any>} faults
 */

/**
 * @typedef {object} Model
 * @property {string} description
 * @property {(turn: Turn) => import("../resource.mjs").Outcome} answer
 */

/** @type {ReadonlyMap<string, Model>} */
export const MODELS = new Map(
  Object.entries({
    "sandbox/echo": echo,
    "sandbox/story": story,
    "sandbox/reasoner": reasoner,
    "sandbox/tools": tools,
    "sandbox/json": json,
    "sandbox/vision": vision,
    "sandbox/refusal": refusal,
    "sandbox/incomplete": incomplete,
    "sandbox/failed": failed,
    "sandbox/flaky": flaky,
    ...errorModels,
  }),
);

/**
 * An entry of the model list.
 * @param {string} id of a known model
 */
export function modelEntry(id) {
  return { id, object: "model", created: 0, owned_by: "sandbox", description: MODELS.get(id)?.description };
}
