// Streams that are cut at every byte, of a response that can be retrieved: whatever the server makes of it, nothing is lost.

import { broken, complete, cutAct, POST, patience, WAYS } from "./case.mjs";
import { truncation } from "./cuts.mjs";
import { differencesOfRest } from "./expectations.mjs";
import { json, stream } from "./wire.mjs";

const PATH = "GET /v1/responses/resp_1";

const whole = (bytes) => ({ bytes, way: "end" });
const NOT_FOUND = whole(json({ error: { message: "Not found.", type: "not_found" } }, "404 Not Found"));

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
  unnumbered: (reference, count) => polled(reference, count, []),
  polled: (reference, count) => polled(reference, count, [rest(reference.recording, count)]),
  gone: (reference, count, way) => ({
    answers: [NOT_FOUND, NOT_FOUND],
    requests: [rest(reference.recording, count), PATH],
    expected: broken(reference, count, truncation(reference, way, count)),
  }),
};

/** @param {import("./reference.mjs").Reference} reference of which `unnumbered` is that without numbers */
export function* resumes(reference) {
  for (const mode of Object.keys(MODES))
    yield* cutEverywhere(mode, mode === "unnumbered" ? reference.unnumbered : reference);
}

function* cutEverywhere(mode, reference) {
  const { name, bytes } = reference.recording;
  for (const [turn, way] of WAYS.entries()) {
    // Of the other modes every byte in one of the ways, in turns.
    const step = mode === "resumed" ? 1 : WAYS.length;
    for (let position = step === 1 ? 0 : turn; position <= bytes.length; position += step) {
      yield { stream: name, way, mode, position, make: () => made(mode, reference, way, position) };
    }
  }
}

function made(mode, reference, way, position) {
  const { recording } = reference;
  const cut = cutAct(recording.bytes.subarray(0, position), way, recording.whole(position));
  const { answers, requests, expected } = after(mode, reference, way, position);
  return {
    acts: [cut, ...answers],
    options: patience(way, 2),
    params: { background: true },
    expected: { ...expected, requests: [POST, ...requests], attempts: 1 + requests.length },
  };
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

const rest = ({ numbers }, count) => `${PATH}?stream=true&starting_after=${numbers[count - 1]}`;
const told = ({ numbers }, count, polled = false) => ({
  response_id: "resp_1",
  starting_after: numbers[count - 1] ?? null,
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
    // Where the second answer brought no event, the stream went on once.
    expected: complete(reference, {
      resumed: [told(recording, count), ...(more > 0 ? [told(recording, count + more)] : [])],
    }),
  };
}

/** The stream cannot be had any more (`refused` are the requests for it), and the response is still worked on at first. */
function polled(reference, count, refused) {
  const { recording } = reference;
  const { events, deviations, ...expected } = complete(reference, { resumed: [told(recording, count, true)] });
  return {
    answers: [
      ...refused.map(() => NOT_FOUND),
      whole(json({ ...recording.response, status: "in_progress", output: [] })),
      whole(json(recording.response)),
    ],
    requests: [...refused, PATH, PATH],
    expected: { ...expected, check: (seen) => differencesOfRest(recording, count, seen.events) },
  };
}
