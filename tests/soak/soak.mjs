// One load in one engine: what it needs, and what it is measured by. Runs in a process of Node or in a page.

import { LOADS } from "./loads/index.mjs";
import { memoryFetch } from "./memory-fetch.mjs";

/**
 * How often garbage is collected: at least, since one piece may only let go of the next, and until what was abandoned is gone.
 * Before memory is looked at, more often: of a thousand streams at once Node gives the last tenth back at the sixth time.
 */
const COLLECTIONS = { least: 3, settled: 8, most: 100 };

/**
 * @param {{ name: string, count: number, rounds?: number }} task
 * @param {{
 *   api: typeof import("../../pkg/dist/slim.js"),
 *   instances: ReturnType<typeof import("../support/instances.mjs").watchInstances>,
 *   origins: string[],
 *   loadWasm(): Promise<ArrayBuffer>,
 *   gc(): unknown,
 *   quiet(): Promise<void>,
 *   figures(): object,
 *   tell(sample: string, figures: object): Promise<void>,
 * }} engine `origins`: the names of the server; `quiet`: until nothing goes on between this engine and the server, and no
 *   connection is kept; `figures`: what else this engine knows of itself
 * @returns {Promise<{ peak: number, largestChunk: number, notes: Record<string, number> }>} `peak`: of the wasm's memory, in bytes
 */
export async function soak({ name, ...given }, engine) {
  const load = LOADS.find((load) => load.name === name);
  const { api, instances, origins, loadWasm } = engine;
  const listeners = countListeners();
  const { signal } = new AbortController();
  listeners.watch(signal);
  const fetch = load.fetch === "memory" ? memoryFetch() : undefined;
  const notes = {};
  let peak = 0;
  const watchPeak = () => {
    peak = Math.max(peak, instances.bytes);
  };

  /** Lets garbage be collected, and what comes of that happen; for some time, since engines collect in steps of their own. */
  const collect = async (least = COLLECTIONS.least) => {
    for (let times = 1; times <= COLLECTIONS.most; times += 1) {
      await engine.gc();
      await new Promise((resolve) => setTimeout(resolve, times));
      if (times >= least && instances.calls === 0 && listeners.count === 0) return;
    }
  };

  const sample = async (name) => {
    // In the middle of a stream there is one call, and it stays.
    if (load.holdsText && name === "middle") {
      await engine.gc();
    } else {
      // An engine keeps connections for the next request, and some 5 KB of its heap for each: more than the rest of a load.
      await engine.quiet();
      await collect(COLLECTIONS.settled);
    }
    watchPeak();
    const { calls, bytes } = instances;
    await engine.tell(name, { calls, wasm: bytes, listeners: listeners.count, ...(await engine.figures()) });
  };

  // The loading is a part of the load where calls are left, and beforehand everywhere else.
  if (name !== "aborts") await api.init(await loadWasm());
  await load.run({
    ...given,
    api,
    origins,
    loadWasm,
    signal,
    watch: listeners.watch,
    collect,
    sample,
    watchPeak,
    note: (what, number) => {
      notes[what] = (notes[what] ?? 0) + number;
    },
    client: (options) =>
      new api.OpenResponses({
        apiKey: "a-key-of-the-soak",
        baseURL: `${origins[0]}/v1`,
        dangerouslyAllowBrowser: true,
        diagnoseNetwork: false,
        fetch,
        ...options,
      }),
  });
  return { peak, largestChunk: instances.largestChunk, notes };
}

/** Counts the listeners on signals that the client is given. */
function countListeners() {
  let count = 0;
  return {
    get count() {
      return count;
    },
    /** @param {AbortSignal} signal */
    watch(signal) {
      const held = new Set();
      const { addEventListener, removeEventListener } = signal;
      signal.addEventListener = (type, listener, ...more) => {
        if (!held.has(listener)) count += 1;
        held.add(listener);
        addEventListener.call(signal, type, listener, ...more);
      };
      signal.removeEventListener = (type, listener, ...more) => {
        if (held.delete(listener)) count -= 1;
        removeEventListener.call(signal, type, listener, ...more);
      };
    },
  };
}
