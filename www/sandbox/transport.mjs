// @ts-check
/** The bytes of an answer on their way out: how they are cut into chunks, slowed down and stopped. */

/** Bytes that arrive together with the end of the connection can get lost, so they get a head start. */
const RESET_GRACE = 20;

const encoder = new TextEncoder();

/**
 * A body that is only produced as fast as it is read, and that notices when nobody reads it any more.
 * @param {Iterable<string | Uint8Array | number>} frames a number is a pause, in milliseconds
 * @param {Record<string, any>} faults
 * @param {object} how
 * @param {number} how.pace milliseconds between frames
 * @param {boolean} how.broken whether the frames are less than what was promised
 * @param {import("./runs.mjs").Exchange} how.exchange
 * @returns {ReadableStream<Uint8Array>}
 */
export function byteStream(frames, faults, { pace, broken, exchange }) {
  const wait = faults.delay ?? (typeof faults.chunk === "number" ? 0 : pace);
  const limit = faults.cut ?? faults.reset ?? faults.stall ?? Number.POSITIVE_INFINITY;
  const chunks = limited(rechunked(frames, faults.chunk), limit);
  const gone = new AbortController();
  let first = true;

  /** @param {ReadableStreamDefaultController<Uint8Array>} controller */
  async function end(controller) {
    if (faults.stall !== undefined) return sleep(Number.POSITIVE_INFINITY, gone.signal);
    if (faults.reset !== undefined) {
      await sleep(RESET_GRACE, gone.signal);
      if (gone.signal.aborted) return;
      exchange.end("failed");
      controller.error(new Error("The connection is broken on purpose."));
      return;
    }
    exchange.end(broken ? "failed" : "completed");
    controller.close();
  }

  return new ReadableStream(
    {
      async pull(controller) {
        let { done, value } = chunks.next();
        while (typeof value === "number") {
          await sleep(value, gone.signal);
          if (gone.signal.aborted) return;
          ({ done, value } = chunks.next());
        }
        if (done || value === undefined) return end(controller);
        if (!first && wait > 0) await sleep(wait, gone.signal);
        if (gone.signal.aborted) return;
        first = false;
        exchange.sent(value.byteLength);
        controller.enqueue(value);
      },
      cancel() {
        exchange.end("closed_by_client");
        gone.abort();
      },
    },
    // Nothing is produced ahead of the reader, so that what counts as sent was really asked for.
    { highWaterMark: 0 },
  );
}

/**
 * Waits, or stops waiting when the signal aborts.
 * @param {number} milliseconds without limit if infinite
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export function sleep(milliseconds, signal) {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = milliseconds === Number.POSITIVE_INFINITY ? undefined : setTimeout(finish, milliseconds);
    signal.addEventListener("abort", finish);
  });
}

/**
 * @param {Iterable<string | Uint8Array | number>} frames
 * @param {number | "event" | undefined} size
 * @returns {Generator<Uint8Array | number>}
 */
function* rechunked(frames, size) {
  /** @type {Uint8Array[]} */
  let waiting = [];
  let length = 0;
  for (const frame of frames) {
    if (typeof frame === "number") {
      yield frame;
      continue;
    }
    const bytes = typeof frame === "string" ? encoder.encode(frame) : frame;
    if (typeof size !== "number") {
      yield bytes;
      continue;
    }
    waiting.push(bytes);
    length += bytes.byteLength;
    if (length < size) continue;
    const all = joined(waiting, length);
    const rest = length % size;
    for (let at = 0; at < length - rest; at += size) yield all.subarray(at, at + size);
    waiting = [all.subarray(length - rest)];
    length = rest;
  }
  if (length > 0) yield joined(waiting, length);
}

/**
 * @param {Iterable<Uint8Array | number>} chunks
 * @param {number} limit
 * @returns {Generator<Uint8Array | number>}
 */
function* limited(chunks, limit) {
  let left = limit;
  for (const chunk of chunks) {
    if (left === 0) return;
    if (typeof chunk === "number") {
      yield chunk;
      continue;
    }
    yield chunk.subarray(0, left);
    left -= Math.min(left, chunk.byteLength);
  }
}

/**
 * @param {Uint8Array[]} parts
 * @param {number} length of all of them
 */
function joined(parts, length) {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}
