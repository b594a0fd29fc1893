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
 */

/** What is wrong with a run, as sentences; none when all is well. */
export function differences(expected, seen) {
  if (seen.isHung) return [`It hung, with ${seen.events.length} events handed over.`];
  const wrong = [];
  for (const [fact, value] of Object.entries(expected)) {
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

/** The errors that faults end in. */
export const ERRORS = {
  truncated: (lastSequenceNumber) => ({ name: "StreamTruncatedError", code: "stream_truncated", lastSequenceNumber }),
  unreachable: { name: "APIConnectionError", code: "connection_failed" },
  silent: { name: "APIConnectionTimeoutError", code: "timeout_idle" },
  headless: { name: "APIConnectionTimeoutError", code: "timeout_head" },
};
