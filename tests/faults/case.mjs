// A case: what the server does, what is asked of the client, and what must come of it.

import { chunk, KEPT_STREAM_HEAD, LAST_CHUNK, STREAM_HEAD } from "./wire.mjs";

/**
 * @typedef {object} Case
 * @property {string} stream what is cut
 * @property {string} way how
 * @property {string} mode what the client can do about it
 * @property {number} position where: a byte, or the number of a variant
 * @property {() => Script} make
 *
 * @typedef {object} Script
 * @property {readonly import("./server.mjs").Act[]} acts
 * @property {object} options of the client
 * @property {object} [params] of the request
 * @property {boolean} [isAnswer] whether it is for an answer that is no stream
 * @property {import("./expectations.mjs").Facts} expected
 */

/** How a connection ends before its answer does. */
export const WAYS = ["end", "reset", "stall"];

/** How long the client waits for more where nothing more comes, in milliseconds. */
export const IDLE_MS = 200;

/** How long it waits for the head of an answer where it may not come. Other runs share the thread, and their requests must not be late. */
const HEAD_MS = 5_000;

/** What names a case on the command line. */
export const idOf = ({ stream, way, position, mode }) => [stream, way, position, mode].join(":");

/** The options of a client that gives up on what comes to a stop in that way. */
export function patience(way, maxRetries, { idle = IDLE_MS } = {}) {
  return { maxRetries, timeout: way === "stall" ? { idle, head: HEAD_MS } : {} };
}

/** An answer of which no more than these bytes come; `seen` events have been handed over before the connection breaks. */
export function cutAct(bytes, way, seen) {
  const sent = way === "end" ? [STREAM_HEAD, chunk(bytes), LAST_CHUNK] : [KEPT_STREAM_HEAD, chunk(bytes)];
  return { bytes: Buffer.concat(sent), way, ...(way === "reset" ? { seen } : {}) };
}

/** What must come of a stream that is read to its end. */
export function complete({ recording, snapshots }, facts = {}) {
  return ended(recording.events, snapshots.at(-1), undefined, facts);
}

/** What must come of a stream of which only the first `count` events arrive. */
export function broken({ recording, snapshots }, count, error) {
  return ended(recording.events.slice(0, count), snapshots[count], error, {});
}

function ended(events, snapshot, error, { attempts = 1, requests, ...facts }) {
  const asked = requests ?? Array(attempts).fill(POST);
  return { error, events, snapshot, attempts, requests: asked, resumed: [], deviations: [], ...facts };
}

export const POST = "POST /v1/responses";
