import * as entry from "../../pkg/dist/index.js";
import { aiSdk } from "./ai-sdk.mjs";
import { eventsourceParser, eventsourceParserStream } from "./eventsource-parser.mjs";
import { jsBatch } from "./js-batch.mjs";
import { jsMin } from "./js-min.mjs";
import { jsonParse, readLoop } from "./limits.mjs";
import { openaiCreate, openaiStream } from "./openai.mjs";
import { openrouter } from "./openrouter.mjs";
import { ours } from "./ours.mjs";

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {"events" | "deltas" | "text" | "nothing"} gives what it calls `take` with: events; the texts of all their
 *   deltas; those of the output text; not at all
 * @property {boolean} [reorders] whether its events have their keys in another order than the server's
 * @property {Record<string, string>} [lacks] workloads that it does not carry whole, and why
 * @property {(source: { fetch: typeof fetch, payloads: string[] }) => (take: (given: any) => void) => Promise<void>} prepare
 */

/** @type {Contestant[]} */
export const contestants = [
  ...ours(entry),
  openaiCreate,
  openaiStream,
  aiSdk,
  openrouter,
  eventsourceParserStream,
  eventsourceParser,
  jsMin,
  jsBatch,
  jsonParse,
  readLoop,
];

/** The contestants of these names, in this order. */
export function named(...names) {
  return names.map((name) => {
    const found = contestants.find((contestant) => contestant.name === name);
    if (!found) throw new Error(`There is no contestant ${name}.`);
    return found;
  });
}
