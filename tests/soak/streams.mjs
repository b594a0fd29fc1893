// The streams of the soak. Each has the digest of its text in the `metadata` of its last event.

import { random } from "../../bench/workloads/random.mjs";
import { StreamWriter } from "../../bench/workloads/stream.mjs";
import { words } from "../../bench/workloads/words.mjs";
import { Digest, digestOf } from "./digest.mjs";

/** Short streams differ by so many seeds; there are no others, since they are made once. */
export const SEEDS = 64;

const frame = (event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

/** @type {Map<number, string[]>} */
const made = new Map();

/** The frames of a short stream, of 4 to 8 pieces of text. @param {number} seed */
export function shortStream(seed) {
  const known = made.get(seed % SEEDS);
  if (known) return known;
  const below = random((seed % SEEDS) + 1);
  const pieces = ["Ünïcödé 😀 ", ...words(below, 3 + below(5))];
  const stream = new StreamWriter(below, { metadata: { digest: digestOf(pieces.join("")) } });
  stream.message(pieces);
  const frames = stream.complete().map(frame);
  made.set(seed % SEEDS, frames);
  return frames;
}

/** What a writer's frames are handed over in, in characters. */
const CHUNK = 64 * 1024;

/**
 * A stream of so many bytes, in chunks: short deltas in events that are much longer, as servers send them, and a comment after
 * every sixteenth.
 *
 * @param {number} bytes of the deltas' events; those that repeat the whole text come on top
 */
export function* largeStream(bytes) {
  const below = random(7);
  const digest = new Digest();
  const item = { id: `msg_${"0".repeat(50)}`, type: "message", status: "in_progress", role: "assistant", content: [] };
  const response = { id: "resp_large", object: "response", status: "in_progress", output: [] };
  const place = { item_id: item.id, output_index: 0, content_index: 0 };
  const pool = words(below, 4_096).map((piece) => ({ piece, json: JSON.stringify(piece) }));
  const paddings = Array.from({ length: 64 }, (_, at) => "Zq3".repeat(1 + (at % 6)));
  let number = 0;
  const numbered = (event) => frame({ ...event, sequence_number: number++ });
  const part = (text) => ({ type: "output_text", annotations: [], logprobs: [], text });

  yield [
    numbered({ type: "response.created", response }),
    numbered({ type: "response.output_item.added", output_index: 0, item }),
    numbered({ type: "response.content_part.added", ...place, part: part("") }),
  ].join("");
  const pieces = [];
  let sent = 0;
  let chunk = "";
  while (sent < bytes) {
    const { piece, json } = pool[below(pool.length)];
    digest.add(piece);
    pieces.push(piece);
    chunk +=
      'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","content_index":0,"delta":' +
      `${json},"item_id":"${item.id}","logprobs":[],"obfuscation":"${paddings[below(64)]}","output_index":0,` +
      `"sequence_number":${number++}}\n\n`;
    if (number % 16 === 0) chunk += ": keep-alive\n\n";
    if (chunk.length >= CHUNK) {
      sent += chunk.length;
      yield chunk;
      chunk = "";
    }
  }
  yield chunk;
  const text = pieces.join("");
  const done = { ...item, status: "completed", content: [part(text)] };
  yield numbered({ type: "response.output_text.done", ...place, logprobs: [], text });
  yield numbered({ type: "response.content_part.done", ...place, part: part(text) });
  yield numbered({ type: "response.output_item.done", output_index: 0, item: done });
  const completed = { ...response, status: "completed", output: [done], metadata: { digest: String(digest) } };
  yield numbered({ type: "response.completed", response: completed });
}
