// One run: the client asks a server that fails as the case says, and what came of it is noted.

/**
 * How long a run may take, in milliseconds, before it counts as hung, and how long connections may stay open behind it: the
 * rest of a complete answer is awaited for a second.
 */
const BOUNDS = { run: 30_000, close: 10_000 };

/**
 * @param {{ OpenResponses: new (options: object) => any }} api the package
 * @param {import("./server.mjs").Server} server one that no other run uses meanwhile
 * @param {import("./case.mjs").Script} script
 */
export async function run(api, server, { acts, options, params, isAnswer }, bounds = BOUNDS) {
  server.begin(acts);
  const client = new api.OpenResponses({ apiKey: null, baseURL: server.baseURL, fetch: server.fetch, ...options });
  const asked = { model: "m", input: "i", ...params };
  const stream = isAnswer ? answer(client.responses, asked) : client.responses.stream(asked);
  const seen = { error: undefined, events: [], resumed: [], isHung: false };
  const reading = read(stream, server, seen);
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, bounds.run, true);
  });
  seen.isHung = (await Promise.race([reading, late])) === true;
  clearTimeout(timer);
  if (seen.isHung) {
    stream.abort();
    server.destroy();
  }
  // The request that was answered last may still be draining.
  const isClosed = await server.closed(bounds.close);
  server.destroy();
  return {
    ...seen,
    snapshot: JSON.stringify(stream.snapshot),
    attempts: server.attempts,
    requests: server.requests,
    deviations: stream.deviations.map(({ code }) => code),
    isClosed,
  };
}

/** An answer that is no stream, as a stream without events. */
function answer(responses, params) {
  const controller = new AbortController();
  const call = {
    deviations: [],
    on() {},
    abort: () => controller.abort(),
    [Symbol.asyncIterator]: () => call,
    async next() {
      try {
        call.snapshot = await responses.create(params, { signal: controller.signal });
        call.deviations = call.snapshot._deviations;
        return { done: true };
      } catch (error) {
        call.snapshot = error.partial;
        throw error;
      }
    },
  };
  return call;
}

async function read(stream, server, seen) {
  stream.on("resumed", (told) => seen.resumed.push(told));
  try {
    for await (const event of stream) {
      seen.events.push(JSON.stringify(event));
      server.handedOver(seen.events.length);
    }
  } catch (error) {
    const { name, code, lastSequenceNumber, partial } = error;
    seen.error = { name, code, lastSequenceNumber };
    seen.message = error.message;
    seen.partial = JSON.stringify(partial);
  }
}
