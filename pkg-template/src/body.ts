import type { Call, CallStep } from "./wasm/openresponses_wasm.js";
import { type Weak, weakly } from "./weak.js";

/** How long the rest of a complete answer is awaited, in milliseconds, so that its connection can serve the next request. */
const DRAIN_MS = 1_000;

/** How much of it is read, in bytes. */
const DRAIN_BYTES = 65_536;

type Reader = Pick<ReadableStreamDefaultReader<unknown>, "read" | "cancel">;

/** What waits for the next chunk. */
interface Waiter {
  /** Whose it is: weakly, where nobody waits for what comes of it. */
  body: Body | Weak<Body> | undefined;
  took(result: ReadableStreamReadResult<unknown> | undefined): void;
  failed(error: unknown): void;
}

/**
 * Puts the body of an answer into the wasm's memory, a chunk at a time.
 *
 * Written in JavaScript and not in Rust: of what a short chunk costs, the calls across the boundary would be the most.
 * Here there is one.
 */
export class Body {
  readonly #call: Call;
  readonly #memory: WebAssembly.Memory;
  /** Hears what came of a `read()`. */
  readonly #tell: (step: CallStep) => void;
  #reader: Reader | undefined;
  #isOpen = false;
  #received = 0;
  /** Where chunks are put. */
  #room: Uint8Array | undefined;
  #me: Weak<Body> | undefined;
  /** Holds the body only where its chunk is awaited, so that one that nobody wants any more is let go. */
  readonly #waiter = this.#newWaiter();

  constructor(call: Call, memory: WebAssembly.Memory, tell: (step: CallStep) => void) {
    this.#call = call;
    this.#memory = memory;
    this.#tell = tell;
  }

  /** Without `this` in it. Not `static`, which bundlers would take for an effect of the module. */
  #newWaiter(): Waiter {
    // Looking through a weak reference for each chunk would cost more than the rest of it.
    const held = () => {
      const { body } = waiter;
      return body && "deref" in body ? body.deref() : body;
    };
    const waiter: Waiter = {
      body: undefined,
      took(result) {
        const body = held();
        if (body) body.#take(result);
      },
      failed(error) {
        const body = held();
        if (body) body.#fail(error);
      },
    };
    return waiter;
  }

  /** `isAwaited`: whoever waits for the chunk holds the body no less than its stream does. */
  read(isAwaited: boolean): void {
    if (!this.#isOpen) {
      this.#isOpen = true;
      try {
        this.#reader = (this.#call.response?.body ?? undefined)?.getReader();
        if (this.#reader) abandoned?.register(this, this.#reader, this);
      } catch (error) {
        this.#tell(this.#call.broke(error, true));
        return;
      }
    }
    if (!this.#reader) {
      this.#tell(this.#call.ended());
      return;
    }
    if (!isAwaited) this.#me ??= weakly(this);
    this.#waiter.body = isAwaited ? this : this.#me;
    readFrom(this.#reader).then(this.#waiter.took, this.#waiter.failed);
  }

  /** Lets the body go. Aborting the request is not enough, since a `fetch` of the caller's own may ignore its signal. */
  close(): void {
    const reader = this.#leave();
    if (reader) cancel(reader);
  }

  /** For the body of the next answer, to a request that is sent again. */
  again(): Body {
    const next = new Body(this.#call, this.#memory, this.#tell);
    next.#received = this.#received;
    return next;
  }

  /** The bytes that were read, of all answers. */
  get received(): number {
    return this.#received;
  }

  /** Reads the rest of a complete answer, within bounds. */
  drain(): void {
    const reader = this.#leave();
    if (!reader) return;
    const timer = setTimeout(() => cancel(reader), DRAIN_MS);
    // In Node a timer keeps the process alive, and here it need not.
    (timer as { unref?(): void }).unref?.();
    const stop = () => clearTimeout(timer);
    let left = DRAIN_BYTES;
    const next = (result: ReadableStreamReadResult<unknown> | undefined): void => {
      // What is empty, or no bytes, counts too: there must be an end of it.
      left -= (result?.value as Uint8Array | undefined)?.byteLength || 1;
      if (!result || result.done) {
        stop();
      } else if (left > 0) {
        readFrom(reader).then(next).catch(stop);
      } else {
        stop();
        cancel(reader);
      }
    };
    readFrom(reader).then(next).catch(stop);
  }

  #leave(): Reader | undefined {
    const reader = this.#reader;
    this.#reader = undefined;
    this.#waiter.body = undefined;
    this.#isOpen = true;
    abandoned?.unregister(this);
    return reader;
  }

  #take(result: ReadableStreamReadResult<unknown> | undefined): void {
    this.#waiter.body = undefined;
    if (!this.#reader) return;
    let chunk: Uint8Array | undefined;
    try {
      // Of a reader of the caller's own, each of these may throw.
      if (result && !result.done) chunk = bytesOf(result.value);
    } catch (error) {
      this.#tell(this.#call.broke(error, true));
      return;
    }
    if (!chunk) {
      this.#leave();
      this.#tell(this.#call.ended());
      return;
    }
    const { length } = chunk;
    this.#received += length;
    let room = this.#room;
    // The memory moves when it grows, and leaves a view of no length behind.
    if (!room || room.length < length) {
      const address = this.#call.reserve(length);
      // The wasm has trapped.
      if (address === 0) return;
      room = new Uint8Array(this.#memory.buffer, address, length);
      this.#room = room;
    }
    // What somebody else has taken over is empty, and cannot be copied.
    if (length > 0) room.set(chunk);
    this.#tell(this.#call.chunk(length));
  }

  #fail(error: unknown): void {
    if (this.#reader) this.#tell(this.#call.broke(error, false));
  }
}

/** Bodies that nobody holds any more are let go. */
const abandoned =
  typeof FinalizationRegistry === "function"
    ? /* @__PURE__ */ new FinalizationRegistry((reader: Reader) => cancel(reader))
    : undefined;

/** Whatever `read()` does: it may throw, and a test double may give no promise. */
function readFrom(reader: Reader): Promise<ReadableStreamReadResult<unknown>> {
  try {
    const result = reader.read();
    return result instanceof Promise ? result : Promise.resolve(result);
  } catch (error) {
    return Promise.reject(error);
  }
}

/** A stream that is broken already rejects, which changes nothing. */
function cancel(reader: Reader): void {
  try {
    Promise.resolve(reader.cancel()).catch(() => {});
  } catch {
    // The same, at once.
  }
}

/** The bytes of a chunk, which may be a view of another kind, or of another realm. */
function bytesOf(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (!ArrayBuffer.isView(chunk)) throw new TypeError("It yields something else than bytes.");
  return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
