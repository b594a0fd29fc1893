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
  const { name, bytes } = reference.recording;
  for (const way of WAYS) {
    for (let position = 0; position <= bytes.length; position++) {
      const at = { stream: name, way, position };
      yield { ...at, mode: "once", make: () => once(reference, at) };
      yield { ...at, mode: "again", make: () => again(reference, at) };
    }
  }
}

function once(reference, { way, position }) {
  const { recording } = reference;
  const count = recording.whole(position);
  const deviations = count < recording.events.length ? ["unterminated_event"] : [];
  return {
    acts: [cutAct(recording.bytes.subarray(0, position), way, count)],
    options: patience(way, 0),
    expected: recording.isWhole(way, position)
      ? complete(reference, { deviations })
      : broken(reference, count, truncation(reference, way, count)),
  };
}

function again(reference, at) {
  const { recording } = reference;
  const { acts, expected } = once(reference, at);
  const isAskedAgain = recording.whole(at.position) === 0;
  return {
    acts: [...acts, { bytes: stream(recording.bytes), way: "end" }],
    options: patience(at.way, 2),
    expected: isAskedAgain ? complete(reference, { attempts: 2 }) : expected,
  };
}
