import { callArguments } from "./arguments.mjs";
import { objects } from "./objects.mjs";
import { random } from "./random.mjs";
import { StreamWriter } from "./stream.mjs";
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

/** What each of them is, and what makes a small one of it. */
const KINDS = {
  W1: { about: "10,000 short text deltas", make: text, small: [150] },
  W2: { about: "200 deltas between three response objects of 35 to 40 KB", make: objects, small: [20, 2] },
  W3: { about: "function arguments of 200 KB in 5,000 deltas, full of escapes", make: callArguments, small: [4_000] },
  W4: {
    about: "reasoning and text in CJK and emoji, half of it escaped",
    make: unicode,
    small: [150],
    halfEscaped: true,
  },
};

export const NAMES = Object.keys(KINDS);

/** In the smallest pieces a tenth of a workload says as much as the whole. */
const IN_PIECES = { W1: [1_000], W2: [], W3: [20_000], W4: [1_000] };

/** How large a workload is to be for this delivery. */
export function sizeFor(name, delivery) {
  return delivery === "1-7B" ? IN_PIECES[name] : [];
}

/**
 * @param {string} name
 * @param {number[] | "small"} [size] what its maker takes; by default it is large
 * @returns {Workload}
 */
export function workload(name, size = []) {
  const { about, make, small, halfEscaped = false } = KINDS[name];
  return { name, about, ...onTheWire(make(...(size === "small" ? small : size)), halfEscaped) };
}

/** A stream whose text comes in these deltas. */
export function answer(deltas) {
  const stream = new StreamWriter(random(7));
  stream.message(deltas);
  return onTheWire(stream.complete(), false);
}

function onTheWire(events, halfEscaped) {
  const payloads = events.map((event, at) => {
    const json = JSON.stringify(event);
    return halfEscaped && at % 2 === 1 ? escaped(json) : json;
  });
  const encoder = new TextEncoder();
  const frames = payloads.map((json, at) => encoder.encode(`event: ${events[at].type}\ndata: ${json}\n\n`));
  return { events, payloads, frames };
}
