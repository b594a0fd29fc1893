// What a run must come to, and whether it did.

/**
 * What is told apart in a run: expected of it, and seen.
 *
 * @typedef {object} Facts
 * @property {{ name: string, code: string, lastSequenceNumber?: number } | undefined} error
 * @property {readonly string[]} events as JSON, with their keys in the order in which they came
 * @property {string} snapshot as JSON; of a run that ends in an error, its `partial`
 * @property {number} attempts how often the client asked
 * @property {readonly string[]} requests those that reached the server whole, as method and path
 * @property {readonly object[]} resumed what `on("resumed")` was told
 * @property {readonly string[]} deviations their codes
 * @property {(seen: Facts) => string[]} [check] what else is wrong; only expected
 */

/** What is wrong with a run, as sentences; none when all is well. */
export function differences(expected, seen) {
  if (seen.isHung) return [`It hung, with ${seen.events.length} events handed over.`];
  const wrong = [];
  const { check = () => [], ...facts } = expected;
  wrong.push(...check(seen));
  for (const [fact, value] of Object.entries(facts)) {
    const [wanted, found] = [value, seen[fact]].map((it) => (typeof it === "string" ? it : JSON.stringify(it)));
    if (wanted === found) continue;
    wrong.push(fact === "events" ? firstDifference(value, seen.events) : `${fact}: ${found}\n  expected: ${wanted}`);
  }
  // Where nothing was delivered, there need be no partial response.
  if (seen.error && (seen.partial ?? expected.snapshot) !== expected.snapshot) {
    wrong.push(`partial: ${seen.partial}\n  expected: ${expected.snapshot}`);
  }
  if (seen.error && seen.events.length > 0 && seen.partial === undefined) {
    wrong.push("The error has no partial response.");
  }
  if (!seen.isClosed) wrong.push("It left a connection open.");
  return wrong;
}

function firstDifference(expected, seen) {
  const at = expected.findIndex((event, index) => event !== seen[index]);
  const place = at < 0 ? expected.length : at;
  const counts = `${seen.length} events, expected ${expected.length}`;
  return `events: ${counts}; event ${place} is: ${seen[place]}\n  expected: ${expected[place]}`;
}

/**
 * What is wrong with the events of a stream of which the rest was not to be had: those behind the first `count` are the
 * text that is missing, each part's in one delta, and the response as it is at last.
 */
export function differencesOfRest(recording, count, events) {
  const [begin, last] = [recording.events.slice(0, count), events.at(-1)];
  const wrong = [];
  if (begin.some((event, at) => event !== events[at])) wrong.push(firstDifference(begin, events.slice(0, count)));
  const { type, response } = JSON.parse(last ?? "{}");
  if (type !== "response.completed" || JSON.stringify(response) !== JSON.stringify(recording.response)) {
    wrong.push(`the last event is: ${last}\n  expected the response: ${JSON.stringify(recording.response)}`);
  }
  const deltas = events.slice(count, -1).map((event) => JSON.parse(event));
  if (deltas.some((event) => !event.type.endsWith(".delta"))) wrong.push("There is more than what is missing.");
  const [told, whole] = [textOf(events), textOf(recording.events)];
  if (told !== whole) wrong.push(`the text told is: ${told}\n  expected: ${whole}`);
  return wrong;
}

function textOf(events) {
  const parsed = events.map((event) => JSON.parse(event));
  return parsed.flatMap(({ type, delta }) => (type === "response.output_text.delta" ? [delta] : [])).join("");
}

/** The errors that faults end in. */
export const ERRORS = {
  truncated: (lastSequenceNumber) => ({ name: "StreamTruncatedError", code: "stream_truncated", lastSequenceNumber }),
  interrupted: { name: "APIConnectionError", code: "body_interrupted" },
  empty: { name: "ProtocolError", code: "empty_answer" },
  unreachable: { name: "APIConnectionError", code: "connection_failed" },
  silent: { name: "APIConnectionTimeoutError", code: "timeout_idle" },
  headless: { name: "APIConnectionTimeoutError", code: "timeout_head" },
};
