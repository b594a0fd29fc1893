// Everything that can go wrong before a stream's first byte, and around its bytes: connections, heads, framing, compression.

import { constants, deflateRawSync, gunzipSync, gzipSync } from "node:zlib";
import { broken, complete, patience, WAYS } from "./case.mjs";
import { truncation } from "./cuts.mjs";
import { ERRORS } from "./expectations.mjs";
import { chunk, head, KEPT, KEPT_STREAM_HEAD, LAST_CHUNK, STREAM_HEAD, stream } from "./wire.mjs";

/** @param {import("./reference.mjs").Reference} reference */
export function* handshake(reference) {
  yield* connections(reference);
  yield* heads(reference);
  yield* garbage(reference);
  yield* framing(reference);
  yield* compression(reference);
}

/** So much that a server that stops reading leaves the client sending. */
const LONG_INPUT = "long ".repeat(400_000);

function* connections(reference) {
  const params = { input: LONG_INPUT };
  const refused = { stream: "connection", way: "refused", position: 0 };
  yield* unanswered(reference, refused, undefined, ERRORS.unreachable);
  for (const [position, at] of ["accept", "first bytes", "head", "body"].entries()) {
    for (const way of WAYS) {
      const where = { stream: "connection", way, position };
      const isAsked = at === "body";
      yield* unanswered(reference, where, { at, way }, errorOf(way), { isAsked, params });
    }
  }
}

function* heads(reference) {
  for (const way of WAYS) {
    for (let position = 0; position < STREAM_HEAD.length; position++) {
      const act = { bytes: STREAM_HEAD.subarray(0, position), way };
      yield* unanswered(reference, { stream: "head", way, position }, act, errorOf(way));
    }
  }
}

const NOT_HTTP = [
  "SSH-2.0-OpenSSH_9.2\r\n",
  "\x15\x03\x01\x00\x02\x02\x28",
  "\0".repeat(64),
  "\r\n\r\n\r\n",
  '{"error":"not HTTP"}\n',
  "HTTP/1.1 OK\r\n\r\n",
  "HTTP/1.1 99999 OK\r\n\r\n",
  "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
  "HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n",
  `HTTP/1.1 200 OK\r\nx-long: ${"x".repeat(100_000)}\r\n\r\n`,
];

function* garbage(reference) {
  for (const [position, text] of NOT_HTTP.entries()) {
    const act = { bytes: Buffer.from(text, "latin1"), way: "end" };
    yield* unanswered(reference, { stream: "head", way: "garbage", position }, act, ERRORS.unreachable);
  }
}

/** Framing that breaks behind no event, and behind some. */
function* framing(reference) {
  const { bytes, frames } = reference.recording;
  const sized = (length) => head({ "content-type": "text/event-stream", "content-length": length }, KEPT);
  const breaks = {
    chunks: [
      "zz\r\n",
      "-1\r\n",
      "fffffffffffffffff\r\n",
      "3\r\nabcdef\r\n",
      "64\r\ntoo short",
      "0\r\nno colon\r\n\r\n",
      "",
    ],
    length: [10, bytes.length * 2],
  };
  for (const count of [0, 6]) {
    const part = bytes.subarray(0, count === 0 ? 9 : frames[count - 1].end);
    for (const [position, more] of breaks.chunks.entries()) {
      const act = {
        bytes: Buffer.concat([KEPT_STREAM_HEAD, chunk(part)]),
        seen: count,
        more: Buffer.from(more),
        way: "end",
      };
      yield* interrupted(reference, { stream: "framing", way: "chunks", position: position + 10 * count }, act, count);
    }
    for (const [position, more] of breaks.length.entries()) {
      const act = { bytes: Buffer.concat([sized(part.length + more), part]), seen: count, way: "end" };
      yield* interrupted(reference, { stream: "framing", way: "length", position: position + 10 * count }, act, count);
    }
  }
  // What is promised beyond the end of the response is not missed.
  const promised = { bytes: Buffer.concat([sized(bytes.length + 10), bytes]), way: "end" };
  const at = { stream: "framing", way: "length", position: 100, mode: "once" };
  const once = { acts: [promised], options: patience("end", 0), expected: complete(reference) };
  yield { ...at, make: () => once };
}

const SYNCED = { finishFlush: constants.Z_SYNC_FLUSH };

const GZIP_HEAD = head(
  { "content-type": "text/event-stream", "content-encoding": "gzip", "transfer-encoding": "chunked" },
  KEPT,
);

function* compression(reference) {
  const gzipped = gzipOf(reference.recording);
  for (const way of WAYS) {
    const step = way === "stall" ? 10 : 1;
    for (let position = 0; position <= gzipped.length; position += step) {
      const part = gzipped.subarray(0, position);
      yield { stream: "gzip", way, position, mode: "once", make: () => compressed(reference, way, part) };
    }
  }
}

function compressed(reference, way, part) {
  const { recording } = reference;
  const { length } = part.length === 0 ? part : gunzipSync(part, SYNCED);
  const count = recording.whole(length);
  const bytes = Buffer.concat([GZIP_HEAD, chunk(part), ...(way === "end" ? [LAST_CHUNK] : [])]);
  const deviations = count < recording.events.length ? ["unterminated_event"] : [];
  return {
    acts: [{ bytes, way, ...(way === "reset" ? { seen: count } : {}) }],
    // What is inflated comes from other threads, and later.
    options: patience(way, 0, { idle: 1_000 }),
    expected: recording.isWhole(way, length)
      ? complete(reference, { deviations })
      : broken(reference, count, truncation(reference, way, count)),
  };
}

/** Each event in blocks of its own, as servers compress that do not wait for the next one. */
function gzipOf({ bytes, frames }) {
  const places = [...frames.map(({ end }) => end), bytes.length];
  const whole = gzipSync(bytes);
  const blocks = places.map((end, index) =>
    deflateRawSync(bytes.subarray(places[index - 1] ?? 0, end), {
      finishFlush: index === places.length - 1 ? constants.Z_FINISH : constants.Z_FULL_FLUSH,
    }),
  );
  // Head and trailer, with their checksum, are those of the whole.
  return Buffer.concat([whole.subarray(0, 10), ...blocks, whole.subarray(-8)]);
}

const errorOf = (way) => (way === "stall" ? ERRORS.headless : ERRORS.unreachable);

/** There is no answer: an error, or the answer to the next attempt. */
function unanswered(reference, at, act, error, { isAsked = act !== undefined, params } = {}) {
  const once = broken(reference, 0, error);
  const again = complete(reference, { attempts: 2 });
  // What the server did not await has not reached it.
  const reached = ({ requests }) => (isAsked ? requests : requests.slice(1));
  return bothModes(reference, at, act, {
    once: { ...once, requests: reached(once) },
    again: { ...again, requests: reached(again) },
    params,
  });
}

/** The answer breaks behind so many events. */
function interrupted(reference, at, act, count) {
  const once = broken(reference, count, truncation(reference, at.way, count));
  return bothModes(reference, at, act, { once, again: count === 0 ? complete(reference, { attempts: 2 }) : once });
}

function* bothModes(reference, at, act, { once, again, params }) {
  const whole = { bytes: stream(reference.recording.bytes), way: "end" };
  const common = { params };
  yield { ...at, mode: "once", make: () => ({ ...common, acts: [act], options: patience(at.way, 0), expected: once }) };
  yield {
    ...at,
    mode: "again",
    make: () => ({ ...common, acts: [act, whole], options: patience(at.way, 2), expected: again }),
  };
}
