// One stream through the package, with the fast path and without, and by the reference.

import { isDeepStrictEqual } from "node:util";
import { reference } from "./reference.mjs";

/** What is wrong with what the package tells of the stream in these chunks; nothing, if all is well. */
export async function difference(api, chunks) {
  const [fast, slow] = [await told(api, chunks, true), await told(api, chunks, false)];
  for (const key of Object.keys(slow)) {
    if (!isDeepStrictEqual(fast[key], slow[key]))
      return { what: `${key} with the fast path`, is: fast[key], not: slow[key] };
  }
  const { events, isAll } = reference(Buffer.concat(chunks));
  const expected = events.map((event) => JSON.stringify(event));
  const begun = isAll ? slow.events : slow.events.slice(0, expected.length);
  if (!isDeepStrictEqual(begun, expected)) return { what: "events", is: begun, not: expected };
  const texts = await textsOf(api, chunks);
  if (!isDeepStrictEqual(texts, slow.texts)) return { what: "the text stream", is: texts, not: slow.texts };
  return undefined;
}

/** All that a caller sees, as text: the keys of an object in their order. */
async function told(api, chunks, fastPath) {
  const seen = { events: [], texts: [], alien: [], error: undefined, snapshot: "", deviations: "" };
  const objects = new Set();
  const stream = await open(api, chunks, fastPath);
  try {
    for await (const event of stream) {
      seen.events.push(JSON.stringify(event));
      if (event.type === "response.output_text.delta") seen.texts.push(JSON.stringify(event.delta));
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
  if (seen.alien.length > 0) throw new Error(`${seen.alien.join(", ")} (fast path: ${fastPath})`);
  seen.snapshot = JSON.stringify(stream.snapshot);
  seen.deviations = JSON.stringify(stream.snapshot._deviations);
  return seen;
}

async function textsOf(api, chunks) {
  const texts = [];
  try {
    for await (const text of (await open(api, chunks, true)).textStream) texts.push(JSON.stringify(text));
  } catch (error) {
    described(api, error);
  }
  return texts;
}

async function open(api, chunks, fastPath) {
  const fetch = async () => {
    const body = new ReadableStream({
      start(controller) {
        // Each its own memory, as a network's chunks have.
        for (const chunk of chunks) controller.enqueue(new Uint8Array(chunk));
        controller.close();
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
  const client = new api.OpenResponses({ apiKey: "key", baseURL: "https://api.example/v1", fetch, fastPath });
  return client.responses.create({ model: "m", input: "i", stream: true });
}

/** An error of the package's, as far as it tells what happened; any other is a failure itself. */
function described(api, error) {
  if (!(error instanceof api.OpenResponsesError)) throw error;
  const { name, code, message, status, type, param, partial } = error;
  return JSON.stringify({ name, code, message, status, type, param, partial, body: error.error });
}
