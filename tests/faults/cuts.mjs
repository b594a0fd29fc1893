// Streams that are cut at every byte, of a response that cannot be retrieved: nothing but asking again helps, and only as
// long as nothing has been delivered.

import { broken, complete, cutAct, patience, WAYS } from "./case.mjs";
import { ERRORS } from "./expectations.mjs";
import { stream } from "./wire.mjs";

/** How a stream ends that is cut where `count` events are whole. */
export function truncation({ recording }, way, count) {
  return way === "stall" ? ERRORS.silent : ERRORS.truncated(recording.numbers[count - 1]);
}

/** @param {import("./reference.mjs").Reference} reference */
export function* cuts(reference) {
  const { recording } = reference;
  for (const way of WAYS) {
    for (let position = 0; position <= recording.bytes.length; position++) {
      const at = { stream: recording.name, way, position };
      const count = recording.whole(position);
      const cut = cutAct(recording.bytes.subarray(0, position), way, count);
      const error = truncation(reference, way, count);
      const isWhole = recording.isWhole(way, position);
      const deviations = isWhole && count < recording.events.length ? ["unterminated_event"] : [];
      const once = isWhole ? complete(reference, { deviations }) : broken(reference, count, error);
      yield { ...at, mode: "once", acts: [cut], options: patience(way, 0), expected: once };
      const isAskedAgain = count === 0 && !isWhole;
      yield {
        ...at,
        mode: "again",
        acts: [cut, { bytes: stream(recording.bytes), then: "end" }],
        options: patience(way, 2),
        expected: isAskedAgain ? complete(reference, { attempts: 2 }) : once,
      };
    }
  }
}
