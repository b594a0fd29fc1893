import type { Fetch } from "../options.js";
import { expect, expectNames } from "./arguments.js";
import { bodyOf, chunksOf, letGo, RESET, type Reader, type Step } from "./body.js";

/** What goes wrong. Offsets are bytes of the body. */
export interface Faults {
  /** How many requests it goes wrong for, from the first. Default: all. */
  times?: number | undefined;
  /** Milliseconds before the head of the answer; `Infinity` for ever. */
  delay?: number | undefined;
  /** There is no answer, as without a network. */
  refuse?: boolean | undefined;
  /** An answer of this status, with an error of JSON, instead of the right one; nothing is sent. */
  status?: number | undefined;
  /** Beside `status`. */
  headers?: Record<string, string> | undefined;
  /** The body ends here, as if that were all. */
  cut?: number | undefined;
  /** The connection breaks here. */
  reset?: number | undefined;
  /** Nothing comes any more from here on, and the connection stays open. */
  stall?: number | undefined;
  /** From here on, 32 bytes are such as no text has. */
  garbage?: number | undefined;
}

const NAMES: readonly (keyof Faults)[] = [
  "times",
  "delay",
  "refuse",
  "status",
  "headers",
  "cut",
  "reset",
  "stall",
  "garbage",
];

const GARBAGE_BYTES = 32;

/**
 * A `fetch` that fails as it is told, over any other: a player, or the platform's.
 *
 * @throws TypeError for what is no function, and for faults that do not exist.
 */
export function faulty(fetch: Fetch, faults: Faults): Fetch {
  expect(typeof fetch === "function", "The first argument of faulty() must be a fetch, such as that of play().");
  expectNames("faulty()", faults, NAMES);
  let count = 0;
  return async (url, init) => {
    count += 1;
    if (count > (faults.times ?? Infinity)) return fetch(url, init);
    await pause(faults.delay ?? 0, init.signal);
    if (faults.refuse) throw new TypeError("fetch failed: the connection was refused");
    if (faults.status !== undefined) {
      const error = { message: "It fails on purpose.", type: "test_fault", code: null, param: null };
      return Response.json({ error }, { status: faults.status, headers: faults.headers ?? {} });
    }
    const response = await fetch(url, init);
    const { status, headers } = response;
    if (!response.body) return response;
    const reader = response.body.getReader();
    const body = bodyOf(broken(reader, faults), init.signal, () => letGo(reader));
    return new Response(body, { status, headers });
  };
}

async function* broken(reader: Reader, { cut, reset, stall, garbage = Infinity }: Faults): AsyncGenerator<Step> {
  const limit = Math.min(cut ?? Infinity, reset ?? Infinity, stall ?? Infinity);
  let at = 0;
  for await (const bytes of chunksOf(reader)) {
    const kept = bytes.slice(0, limit - at);
    const from = Math.max(garbage - at, 0);
    kept.fill(0xff, Math.min(from, kept.length), Math.max(Math.min(garbage + GARBAGE_BYTES - at, kept.length), 0));
    at += kept.length;
    yield kept;
    if (at >= limit) break;
  }
  if (at < limit) return;
  if (limit === stall) yield Infinity;
  if (limit === reset) yield RESET;
}

function pause(delay: number, signal: AbortSignal | null | undefined): Promise<void> {
  signal?.throwIfAborted();
  if (delay <= 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = delay < Infinity ? setTimeout(resolve, delay) : undefined;
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
