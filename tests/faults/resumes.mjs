// Streams that are cut at every byte, of a response that can be retrieved: whatever the server makes of it, nothing is lost.

import { broken, complete, cutAct, POST, patience, WAYS } from "./case.mjs";
import { truncation } from "./cuts.mjs";
import { json, stream } from "./wire.mjs";

const PATH = "GET /v1/responses/resp_1";
const MISSING = { error: { message: "Not found.", type: "not_found", code: "not_found", param: null } };

/** A second cut falls anywhere: a prime, so that its place has nothing to do with the first. */
const ELSEWHERE = 7_919;

/**
 * What the server makes of being asked for the rest, behind `count` events: its answers, what is asked for, and what comes
 * of it.
 */
const MODES = {
  resumed: (reference, count) => replay(reference, count, count),
  overlapping: (reference, count) => replay(reference, count, Math.max(count - 2, 0)),
  restarted: (reference, count) => replay(reference, count, 0),
  "cut again": cutAgain,
  unnumbered: ({ recording }) => polled(recording, []),
  polled: ({ recording }, count) => polled(recording, [rest(recording, count)]),
  gone: (reference, count, way) => {
    const { recording } = reference;
    return {
      answers: [json(MISSING, "404 Not Found"), json(MISSING, "404 Not Found")].map(whole),
      requests: [rest(recording, count), PATH],
      expected: broken(reference, count, truncation(reference, way === "stall" ? "end" : way, count)),
    };
  },
};

/** @param {import("./reference.mjs").Reference} reference of which `unnumbered` is that without numbers */
export function* resumes(reference) {
  for (const mode of Object.keys(MODES)) yield* cutEverywhere(mode, mode === "unnumbered" ? reference.unnumbered : reference);
}

function* cutEverywhere(mode, reference) {
  const { recording } = reference;
  for (const way of WAYS) {
    for (let position = 0; position <= recording.bytes.length; position++) {
      // Of the others every byte in one of the ways.
      if (mode !== "resumed" && (position + Object.keys(MODES).indexOf(mode)) % WAYS.length !== WAYS.indexOf(way)) continue;
      const count = recording.whole(position);
      const cut = cutAct(recording.bytes.subarray(0, position), way, count);
      const { answers, requests, expected } = after(mode, reference, way, position);
      yield {
        stream: recording.name,
        way,
        mode,
        position,
        acts: [cut, ...answers],
        options: patience(way, 2),
        params: { background: true },
        expected: { ...expected, requests: [POST, ...requests], attempts: 1 + requests.length },
      };
    }
  }
}

function after(mode, reference, way, position) {
  const { recording } = reference;
  const count = recording.whole(position);
  const numberless = mode === "unnumbered" ? ["missing_sequence_number"] : [];
  if (recording.isWhole(way, position)) {
    const deviations = count < recording.events.length ? [...numberless, "unterminated_event"] : numberless;
    return { answers: [], requests: [], expected: complete(reference, { deviations }) };
  }
  // Of what has not begun nothing is known.
  if (count === 0) {
    const expected = complete(reference, { deviations: numberless });
    return { answers: [whole(stream(recording.bytes))], requests: [POST], expected };
  }
  return MODES[mode](reference, count, way, position);
}

const whole = (bytes) => ({ bytes, then: "end" });
const rest = ({ numbers }, count) => `${PATH}?stream=true&starting_after=${numbers[count - 1]}`;
const told = ({ numbers }, count, polled = false) => ({
  response_id: "resp_1",
  starting_after: numbers[count - 1],
  polled,
});

function replay(reference, count, from) {
  const { recording } = reference;
  return {
    answers: [whole(stream(recording.from(from).bytes))],
    requests: [rest(recording, count)],
    expected: complete(reference, { resumed: [told(recording, count)] }),
  };
}

function cutAgain(reference, count, way, position) {
  const { recording } = reference;
  const replayed = recording.from(count);
  const place = (position * ELSEWHERE) % (replayed.bytes.length + 1);
  const more = replayed.whole(place);
  const cut = cutAct(replayed.bytes.subarray(0, place), way, count + more);
  if (replayed.isWhole(way, place)) {
    const deviations = more < replayed.events.length ? ["unterminated_event"] : [];
    return {
      answers: [cut],
      requests: [rest(recording, count)],
      expected: complete(reference, { resumed: [told(recording, count)], deviations }),
    };
  }
  return {
    answers: [cut, whole(stream(recording.from(count + more).bytes))],
    requests: [rest(recording, count), rest(recording, count + more)],
    expected: complete(reference, { resumed: [told(recording, count), told(recording, count + more)] }),
  };
}
