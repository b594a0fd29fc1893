// @ts-check
/**
 * What a request can ask to go wrong, as query parameters of its URL, so that a test needs no extra
 * headers. A name or a value that is not in the table gets a 400 that names it: a typing error in a
 * test never passes for a clean run.
 */

import { DIALECTS } from "./dialects.mjs";
import { invalid } from "./errors.mjs";

/**
 * @typedef {object} Fault
 * @property {"any" | "stream" | "model" | "background"} scope the answers it makes sense for
 * @property {Takes} takes
 * @property {string} does
 */

/**
 * @typedef {object} Takes the values of a parameter
 * @property {string} text
 * @property {(value: string) => any} parse gives undefined for a value that is not allowed
 * @property {readonly string[]} [words] every value, when they can be counted
 */

const MAX = 2 ** 31 - 1;

/** @type {(min: number, max: number) => Takes} */
const integer = (min, max) => ({
  text: `an integer from ${min} to ${max}`,
  parse: (value) => {
    const number = Number(value);
    return /^\d+$/.test(value) && number >= min && number <= max ? number : undefined;
  },
});

/** @type {(...words: string[]) => Takes} */
const words = (...words) => ({
  text: words.join(" | "),
  parse: (value) => (words.includes(value) ? value : undefined),
  words,
});

/** @type {(number: Takes, word: Takes) => Takes} */
const either = (number, word) => ({
  text: `${number.text}, or ${word.text}`,
  parse: (value) => number.parse(value) ?? word.parse(value),
  words: word.words,
});

/** @type {(known: RegExp, text: string) => Takes} */
const list = (known, text) => ({
  text: `${text}, separated by commas`,
  parse: (value) => {
    const names = value.split(",");
    return names.every((name) => known.test(name)) ? new Set(names) : undefined;
  },
});

const FIELDS =
  /^(type|sequence_number|response|item|item_id|output_index|content_index|summary_index|part|delta|text|refusal|arguments|logprobs|obfuscation|error)$/;
const EVENTS =
  /^(error|response\.(created|queued|in_progress|completed|failed|incomplete|(output_item|content_part|reasoning_summary_part)\.(added|done)|(output_text|refusal|reasoning|reasoning_summary_text|function_call_arguments)\.(delta|done)))$/;

/** @type {Readonly<Record<string, Fault>>} */
export const FAULTS = Object.freeze({
  run: {
    scope: "any",
    takes: { text: "1 to 64 letters, digits, '.', '_' or '-'", parse: (id) => id.match(/^[\w.-]{1,64}$/)?.[0] },
    does: "registers the request, for GET /v1/sandbox/runs/{run}",
  },

  // The bytes of an answer.
  chunk: {
    scope: "any",
    takes: either(integer(1, MAX), words("event")),
    does: "sends chunks of N bytes, or (as without it) one chunk per event",
  },
  delay: {
    scope: "any",
    takes: integer(0, 60_000),
    does: "waits this many milliseconds between chunks, instead of the pace of the server",
  },
  head_delay: { scope: "any", takes: integer(0, 60_000), does: "waits this many milliseconds before the headers" },
  cut: {
    scope: "any",
    takes: integer(0, MAX),
    does: "ends cleanly after N bytes of the body, or at its end if that comes first",
  },
  reset: {
    scope: "any",
    takes: integer(0, MAX),
    does: "breaks the connection after N bytes of the body, or at its end if that comes first",
  },
  stall: {
    scope: "any",
    takes: integer(0, MAX),
    does: "sends nothing more after N bytes of the body, or at its end, and keeps the connection open",
  },

  // Answers that are not what was asked for.
  status: { scope: "any", takes: integer(400, 599), does: "answers a valid request with this status and a JSON error" },
  body: {
    scope: "any",
    takes: words("html", "html-502", "error-200", "empty", "truncated-json", "redirect", "json", "sse"),
    does:
      "html: 200 and a page; html-502: 502 and a page; error-200: 200 and a JSON error; empty: 200 and no bytes; " +
      "truncated-json: half of the promised bytes of the JSON answer, then the connection closes; " +
      "redirect: 307, to a path of the same server; " +
      "json: JSON although a stream was asked for; sse: a stream although JSON was asked for",
  },

  // The events of a stream.
  error: {
    scope: "stream",
    takes: words("nested", "flat", "bare", "failed-only"),
    does:
      "fails after some events. nested: an error event with an error object, then response.failed; " +
      "flat: an error event with the fields at its top, and no terminal event; " +
      "bare: an object that only has an error, and no terminal event; failed-only: response.failed",
  },
  at: { scope: "stream", takes: integer(0, MAX), does: "the number of events before the error; without it, 4" },
  unknown: {
    scope: "stream",
    takes: words("1"),
    does: "puts events of unknown types (acme:ping and keepalive) between the others",
  },
  drop: { scope: "stream", takes: list(EVENTS, "event types"), does: "does not send events of these types" },
  omit: { scope: "stream", takes: list(FIELDS, "field names"), does: "removes these fields from every event" },
  terminal: { scope: "stream", takes: words("0"), does: "ends cleanly without a terminal event and without [DONE]" },

  dialect: {
    scope: "stream",
    takes: words(...Object.keys(DIALECTS)),
    does: "tells the answer as servers of that name do: see www/sandbox/dialects.mjs",
  },

  // The lines of a stream.
  events: { scope: "stream", takes: words("0"), does: "leaves out the event: lines" },
  done: { scope: "stream", takes: words("0"), does: "leaves out the final [DONE]" },
  newline: { scope: "stream", takes: words("crlf", "cr"), does: "ends lines with these characters, not with LF" },
  comments: { scope: "stream", takes: words("1"), does: "puts a comment line before every event" },
  bom: { scope: "stream", takes: words("1"), does: "starts the stream with a byte order mark" },
  multiline: { scope: "stream", takes: words("1"), does: "spreads the data of every event over two data: lines" },

  // The responses that take their time.
  step: {
    scope: "background",
    takes: integer(0, 60_000),
    does: "the milliseconds between the events of a response in the background; without it, 20",
  },

  // The models that misbehave on their own.
  fail: {
    scope: "model",
    takes: integer(0, MAX),
    does: "how often sandbox/flaky fails for a run before it answers; without it, once",
  },
});

/**
 * The faults that a URL asks for, parsed: only those it names are there.
 * @param {URLSearchParams} query
 * @returns {Record<string, any>}
 */
export function parseFaults(query) {
  /** @type {Record<string, any>} */
  const faults = {};
  for (const [name, value] of query) {
    if (!Object.hasOwn(FAULTS, name)) throw invalid(name, `The sandbox knows no fault '${name}'.`);
    if (Object.hasOwn(faults, name)) throw invalid(name, `The fault '${name}' is given twice.`);
    const { takes } = FAULTS[name];
    const parsed = takes.parse(value);
    if (parsed === undefined) throw invalid(name, `The fault '${name}' takes ${takes.text}, not '${value}'.`);
    faults[name] = parsed;
  }
  refuseConflicts(faults);
  return faults;
}

/**
 * Whether the answer is a stream: what the request asks for, unless a fault says otherwise.
 * @param {Record<string, any>} faults
 * @param {boolean} asked
 */
export function isStreamed(faults, asked) {
  if (faults.body !== undefined) return faults.body === "sse";
  return asked && faults.status === undefined;
}

/**
 * Refuses faults that would have no effect on this answer.
 * @param {Record<string, any>} faults
 * @param {{ asked: boolean, streamed: boolean, model: string | null, background?: boolean }} answer
 *   `asked`: for a stream
 */
export function refuseIneffective(faults, { asked, streamed, model, background = false }) {
  for (const name of Object.keys(faults)) {
    const { scope } = FAULTS[name];
    if (scope === "stream" && !streamed) throw invalid(name, `The fault '${name}' needs a streamed answer.`);
    if (scope === "background" && !background) {
      throw invalid(name, `The fault '${name}' needs a new response in the background.`);
    }
    if (scope === "model" && model !== "sandbox/flaky") {
      throw invalid(name, `The fault '${name}' needs the model sandbox/flaky.`);
    }
  }
  if (faults.body === "json" && !asked) throw invalid("body", "The answer is JSON even without 'body=json'.");
  if (faults.body === "sse" && asked) throw invalid("body", "The answer is a stream even without 'body=sse'.");
  if (faults.body === "sse" && !streamed) throw invalid("body", "This answer cannot be a stream.");
}

/** Of each of these there can be only one. */
const RIVALS = [
  ["cut", "reset", "stall"],
  ["status", "body"],
];

/** @param {Record<string, any>} faults */
function refuseConflicts(faults) {
  for (const rivals of RIVALS) {
    const [first, second] = rivals.filter((name) => faults[name] !== undefined);
    if (second) throw invalid(second, `The faults '${first}' and '${second}' exclude each other.`);
  }
  if (faults.at !== undefined && faults.error === undefined) throw invalid("at", "The fault 'at' needs 'error'.");
}
