import { callArguments } from "./arguments.mjs";
import { objects } from "./objects.mjs";
import { text } from "./text.mjs";
import { escaped, unicode } from "./unicode.mjs";

/**
 * @typedef {object} Workload
 * @property {string} name
 * @property {string} about
 * @property {object[]} events what every contestant must give
 * @property {string[]} payloads their JSON, as it stands on the wire
 * @property {Uint8Array[]} frames their bytes, one server-sent event each
 */

/** What each of them is, and how large by default; `size` changes that. */
const KINDS = {
  W1: { about: "10,000 short text deltas", make: text, small: 150 },
  W2: { about: "200 deltas between three response objects of 35 to 40 KB", make: objects, small: 20 },
  W3: { about: "function arguments of 200 KB in 5,000 deltas, full of escapes", make: callArguments, small: 4_000 },
  W4: { about: "reasoning and text in CJK and emoji, half of it escaped", make: unicode, small: 150, halfEscaped: true },
};

export const NAMES = Object.keys(KINDS);

/**
 * @param {string} name
 * @param {number | "small"} [size]
 * @returns {Workload}
 */
export function workload(name, size) {
  const { about, make, small, halfEscaped } = KINDS[name];
  const events = make(size === "small" ? small : size);
  const payloads = events.map((event, at) => {
    const json = JSON.stringify(event);
    return halfEscaped && at % 2 === 1 ? escaped(json) : json;
  });
  const encoder = new TextEncoder();
  const frames = payloads.map((json, at) => encoder.encode(`event: ${events[at].type}\ndata: ${json}\n\n`));
  return { name, about, events, payloads, frames };
}
