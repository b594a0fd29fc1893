// One stream through the package, with the fast path and without, and by the reference.

import { isDeepStrictEqual } from "node:util";
import { reference, textOf } from "./reference.mjs";

/** How long a stream may take, in milliseconds: three of its calls wait twice for half a second at most before they end. */
const PATIENCE = 30_000;

/**
 * How often a call sends its request: once, once more for the rest of the stream, and once for the response as it is. No other
 * is answered, so that a call that would send them for ever ends.
 */
const REQUESTS = 3;

export const STALL = "a stall";

/** What is wrong with what the package tells of the stream in these chunks; nothing, if all is well. */
export async function difference(api, chunks) {
  const controller = new AbortController();
  let timer;
  const stall = new Promise((resolve) => {
    timer = setTimeout(() => {
      resolve({ what: STALL, is: `no end within ${PATIENCE} ms`, not: "an end" });
      controller.abort();
    }, PATIENCE);
  });
  try {
    return await Promise.race([compared(api, chunks, controller.signal), stall]);
  } finally {
    clearTimeout(timer);
  }
}

async function compared(api, chunks, signal) {
  const [fast, slow] = [await told(api, chunks, true, signal), await told(api, chunks, false, signal)];
  for (const key of Object.keys(slow)) {
    if (!isDeepStrictEqual(fast[key], slow[key]))
      return { what: `${key} with the fast path`, is: fast[key], not: slow[key] };
  }
  const { events, isAll } = reference(Buffer.concat(chunks));
  const expected = events.map((event) => JSON.stringify(event));
  const begun = isAll ? slow.events : slow.events.slice(0, expected.length);
  if (!isDeepStrictEqual(begun, expected)) return { what: "events", is: begun, not: expected };
  const texts = await textsOf(api, chunks, signal);
  const { output_text } = JSON.parse(slow.snapshot);
  // What no delta has told of the text comes with the end, unless what was told is not how it begins: of a long one that is
  // known by its ends alone.
  const joined = slow.texts.map((text) => JSON.parse(text)).join("");
  const rest = slow.error ? "" : output_text.slice(joined.length);
  const withRest = rest ? [...slow.texts, JSON.stringify(rest)] : slow.texts;
  const due = output_text.startsWith(joined) ? withRest : slow.texts;
  const mayBe = joined.length > 64 ? withRest : due;
  if (!isDeepStrictEqual(texts, due) && !isDeepStrictEqual(texts, mayBe))
    return { what: "the text stream", is: texts, not: due };
  return undefined;
}

/** All that a caller sees, as text: the keys of an object in their order. */
async function told(api, chunks, fastPath, signal) {
  const seen = { events: [], texts: [], alien: [], error: undefined, snapshot: "", deviations: "" };
  const objects = new Set();
  const server = serve(chunks);
  const stream = await open(api, server, fastPath, signal);
  try {
    for await (const event of stream) {
      seen.events.push(JSON.stringify(event));
      const text = textOf(event);
      if (text !== undefined) seen.texts.push(JSON.stringify(text));
      for (const part of [event, ...Object.values(event)]) {
        if (typeof part !== "object" || part === null) continue;
        if (objects.has(part)) seen.alien.push(`shared in event ${seen.events.length}`);
        objects.add(part);
        const prototype = Array.isArray(part) ? Array.prototype : Object.prototype;
        if (Object.getPrototypeOf(part) !== prototype)
          seen.alien.push(`no plain object in event ${seen.events.length}`);
      }
      // The caller may change what it is given.
      Object.assign(event, { type: "changed", added: true });
    }
  } catch (error) {
    seen.error = described(api, error);
  }
  if (server.requests > REQUESTS) throw new Error(`${server.requests} requests (fast path: ${fastPath})`);
  if (seen.alien.length > 0) throw new Error(`${seen.alien.join(", ")} (fast path: ${fastPath})`);
  seen.snapshot = JSON.stringify(stream.snapshot);
  seen.deviations = JSON.stringify(stream.snapshot._deviations);
  return seen;
}

async function textsOf(api, chunks, signal) {
  const texts = [];
  try {
    const stream = await open(api, serve(chunks), true, signal);
    for await (const text of stream.textStream) texts.push(JSON.stringify(text));
  } catch (error) {
    described(api, error);
  }
  return texts;
}

/** A server that answers whatever it is asked for with the same stream. */
function serve(chunks) {
  const server = {
    requests: 0,
    fetch: async () => {
      server.requests += 1;
      if (server.requests > REQUESTS) throw new TypeError("no more answers");
      const body = new ReadableStream({
        start(controller) {
          // Each its own memory, as a network's chunks have.
          for (const chunk of chunks) controller.enqueue(new Uint8Array(chunk));
          controller.close();
        },
      });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    },
  };
  return server;
}

async function open(api, { fetch }, fastPath, signal) {
  // Waits are what takes time here: a stream is gone on with, but nothing is tried again.
  const options = { apiKey: "key", baseURL: "https://api.example/v1", fetch, fastPath, maxRetries: 0 };
  return new api.OpenResponses(options).responses.create({ model: "m", input: "i", stream: true }, { signal });
}

/** An error of the package's, as far as it tells what happened; any other is a failure itself. */
function described(api, error) {
  if (!(error instanceof api.OpenResponsesError)) throw error;
  const { name, code, message, status, type, param, partial } = error;
  return JSON.stringify({ name, code, message, status, type, param, partial, body: error.error });
}
