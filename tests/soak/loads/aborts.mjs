import { random } from "../../../bench/workloads/random.mjs";
import { ask, readWhole, WAYS as WAYS_TO_ASK } from "./readers.mjs";

/** Calls at once: as many as a browser has connections to the server's names. */
const BATCH = 48;

/** How long after its beginning a call is left, at most, in milliseconds. */
const LATEST = 12;

const LOADING = "loading the wasm";

/** Where a call is when it is left, if it had the time to get there. Those of the server's are its `model`s. */
const STATES = [
  "awaiting the key",
  "before the head",
  "within the head",
  "within an event",
  "between events",
  "within a refusal",
  "waiting to retry",
  "after the end",
];

const reason = new Error("enough");

/** How a call is left; each gives the `cause` that its error has, if it is known. */
const WAYS = {
  signal({ aborter }) {
    aborter.abort(reason);
    return reason;
  },
  "abort()"({ stream }) {
    stream.abort(reason);
    return reason;
  },
  async "leaving the loop"({ stream, reader = stream[Symbol.asyncIterator]() }) {
    await reader.return();
  },
  async "await using"({ stream }) {
    await stream[Symbol.asyncDispose]();
  },
};

/** Nobody holds the stream any more. */
const DROPPING = "the garbage collector";

/**
 * Streams that are left at random times, in every state and in every way. The first of them while the wasm is loaded, which
 * is held back until they all have been left.
 */
export async function aborts(soak) {
  const { api, client, count, origins, loadWasm, sample, collect, note } = soak;
  const below = random(11);
  const pick = (list) => list[below(list.length)];
  const clients = origins.map((origin) => client({ baseURL: `${origin}/v1` }));
  let begun = 0;
  const one = (state) => {
    const asked = clients[begun % clients.length];
    const way = pick([...Object.keys(WAYS), DROPPING]);
    for (const what of [state, `by ${way}`]) note(what, 1);
    const seed = begun++;
    return leave(soak, { asked, state, way, seed, reads: below(2) === 0, time: below(LATEST * 8) / 8 });
  };
  const several = (number, state) =>
    Promise.all(Array.from({ length: Math.min(number, count - begun) }, () => one(state ?? pick(STATES))));
  const upTo = async (number) => {
    while (begun < number) {
      await several(BATCH);
      await collect();
    }
  };

  let load;
  api.init(
    new Promise((resolve) => {
      load = resolve;
    }),
  );
  while (begun < count / 10) await several(BATCH, LOADING);
  load(await loadWasm());
  await upTo(count / 5);
  await sample("start");
  await upTo(count / 2);
  await sample("middle");
  await upTo(count);
  // Whoever stays is served as ever.
  for (let way = 0; way < WAYS_TO_ASK; way += 1) await ask(clients[0], { seed: way }, {}, way);
  await sample("end");
}

async function leave({ signal, watch }, { asked, state, way, seed, reads, time }) {
  const wait = new Promise((resolve) => setTimeout(resolve, time));
  const aborter = new AbortController();
  watch(aborter.signal);
  const options = { signal: way === "signal" ? aborter.signal : signal };
  const model = [LOADING, "awaiting the key", "after the end"].includes(state) ? "short" : state;
  const params = { model, input: JSON.stringify({ seed }) };
  if (state === "awaiting the key") {
    // It comes when the call has just been left, or never.
    const key = reads ? wait.then(() => "late") : new Promise(() => {});
    asked = asked.withOptions({ apiKey: () => key });
  }

  if (way === DROPPING) {
    await drop(asked.responses.stream(params, options), state, reads);
    await wait;
    return;
  }
  const stream = asked.responses.stream(params, options);
  if (state === "after the end") {
    await readWhole(stream, seed);
    if (way !== "leaving the loop") await WAYS[way]({ stream, aborter });
    await stream.finalResponse();
    return;
  }
  const reader = reads ? stream[Symbol.asyncIterator]() : undefined;
  if (reader) readAll(reader);
  await wait;
  const cause = await WAYS[way]({ stream, reader, aborter });
  const error = await stream.finalResponse().catch((error) => error);
  if (error?.name !== "APIUserAbortError") throw new Error(`Left by ${way}, ${state}, a stream came to ${error}.`);
  if (cause && error.cause !== cause) throw new Error(`Left by ${way}, ${state}, a stream names ${error.cause}.`);
}

/** Forgets the stream, of which somebody may have read something. */
async function drop(stream, state, reads) {
  if (state === "after the end") await readWhole(stream, 0);
  else if (reads && ["within an event", "between events"].includes(state)) await stream[Symbol.asyncIterator]().next();
}

async function readAll(reader) {
  try {
    while (!(await reader.next()).done);
  } catch {
    // Whoever waits for the end is told, too.
  }
}
