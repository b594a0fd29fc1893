/// <reference lib="esnext.disposable" preserve="true" />
import type { Batch, BlockReader } from "./block.js";
import type { Connection, Puller, Resumption } from "./connection.js";
import type { Deviation } from "./deviation.js";
import { APIUserAbortError, OpenResponsesError } from "./errors.js";
import type { PartialField, PartialItem, PartialValue } from "./partial.js";
import { Partials } from "./partials.js";
import type { Response, ResponseEventMap, ResponseStreamEvent, Usage } from "./protocol.js";
import { BatchReader } from "./reader.js";
import { withPartial } from "./records.js";

/** What can be listened to, and what the listener is given. */
export type StreamListeners = {
  [Type in Exclude<keyof ResponseEventMap, "error">]: (event: ResponseEventMap[Type]) => void;
} & {
  /** Every event, of whatever type. */
  event: (event: ResponseStreamEvent) => void;
  /**
   * A value of JSON that is still being written has grown: structured output (`text.format`), or a function call's
   * arguments. Once a chunk and item; always with the same, growing object, which `structuredClone` keeps as it is now.
   */
  partial: (value: unknown, item: PartialItem) => void;
  /** A value inside of such a value is complete; at last the value itself, with an empty path. */
  field: (field: PartialField) => void;
  /** The server sent comments: it is alive. Once a chunk. */
  heartbeat: () => void;
  /** The stream broke, and goes on where it did: the next events are the next ones. */
  resumed: (how: Resumption) => void;
  /** The server did something against the protocol, which was mended. */
  deviation: (deviation: Deviation) => void;
  /** The stream is over and all is well. */
  end: () => void;
  /** The stream ended with an error, other than an abort. */
  error: (error: unknown) => void;
  /** The call was aborted. */
  abort: (error: APIUserAbortError) => void;
};

type Listener = (...told: unknown[]) => void;

/** What is emitted of the stream itself; a server's event of such a type is emitted as `event` only. */
const OWN_TYPES: readonly string[] = [
  "event",
  "partial",
  "field",
  "heartbeat",
  "resumed",
  "deviation",
  "end",
  "error",
  "abort",
];

// WebKitGTK, for one, has no Symbol.asyncDispose; the code that compilers make of `await using` looks for this one then.
const asyncDispose: typeof Symbol.asyncDispose =
  Symbol.asyncDispose ?? (Symbol.for("Symbol.asyncDispose") as typeof Symbol.asyncDispose);

/**
 * A response as it arrives: an async iterable of its events, as plain objects with the server's own keys.
 *
 * ```text
 *              a reader waits, or somebody listens and nobody reads
 *   [ idle ] ───────────────────────────────────────────────────────▶ [ pulling ]
 *       ▲                        a chunk's events                          │
 *       └──────────────────────────────────────────────────────────────────┤
 *                                                   the end, or an error ──┴──▶ [ over ]
 * ```
 *
 * The one who reads sets the pace: while nobody wants more, nothing is read and the server is held back. Leaving the
 * loop, `abort()` and `await using` close the connection.
 */
export class ResponseStream implements AsyncIterable<ResponseStreamEvent>, AsyncDisposable {
  readonly #connection: Connection;
  readonly #listeners = new Map<string, { listener: Listener; once: boolean }[]>();
  #reader: BatchReader<unknown> | undefined;
  /** What the reader is given of a block. */
  #readBlock: (block: BlockReader, batch: Batch | undefined) => readonly unknown[] = (block) => block.texts();
  /** Somebody wants the stream to go on though nobody reads it. */
  #flowing = false;
  #isOpen = false;
  #pulling = false;
  /** Batches that went by before anybody read. */
  #missed = 0;
  #begun = false;
  /** Where somebody listens to them. */
  #partials: Partials | undefined;
  /** What ends the stream though the server did nothing wrong. */
  #broken: unknown;
  #over: { error?: unknown } | undefined;
  readonly #whenOver: Promise<void>;
  #resolveOver: () => void = () => {};
  #snapshot: Response | undefined;
  #deviations: Deviation[] = [];
  #timesResumed = 0;

  /** @internal */
  constructor(connection: Connection) {
    this.#connection = connection;
    this.#whenOver = new Promise((resolve) => {
      this.#resolveOver = resolve;
    });
    const { signal } = connection.controller;
    // An abort while nothing is read must be heard of too: by whoever waits for the end.
    signal.addEventListener("abort", () => this.#pull());
    connection.head.then(
      () => {
        this.#isOpen = true;
        if (signal.aborted) {
          this.#pull();
        } else {
          this.#demand();
        }
      },
      (error) => this.#finish({ error }),
    );
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<ResponseStreamEvent> {
    return this.#read((batch) => batch);
  }

  /** The output text alone, piece by piece: the cheapest way to read a text, since no event is built. */
  get textStream(): AsyncIterable<string> {
    const read = () => this.#read(textsOf, (block) => block.texts());
    return { [Symbol.asyncIterator]: read };
  }

  /** All events of one chunk of the network at a time: the cheapest way to read a fast stream. */
  batches(): AsyncIterable<Batch> {
    const read = () => this.#read((batch) => [batch]);
    return { [Symbol.asyncIterator]: read };
  }

  /**
   * The structured output as it grows, where `text.format` asks for JSON: after each chunk that adds to it, the same
   * object, to which the next chunk will add; `structuredClone` keeps it as it is now. At every moment it is what has
   * arrived, mended; at the end it is what `JSON.parse` gives. Of several output texts there is one object each.
   *
   * @throws {@link ProtocolError} with the code `invalid_json` where the text is not JSON; it ends the stream.
   */
  partials<Value = unknown>(): AsyncIterable<PartialValue<Value>> {
    const read = () => {
      const partials = this.#freed(new Partials({ output_text: true, function_call: false }, this.#newParser));
      return this.#read((batch) => {
        const grown = partials.take(batch);
        this.#broken = grown.find(({ item }) => item.error)?.item.error;
        return grown.map(({ value }) => value as PartialValue<Value>);
      });
    };
    return { [Symbol.asyncIterator]: read };
  }

  /**
   * Calls `listener` with every event of that type, as it arrives. Listening makes the stream go on by itself, to its
   * end. `snapshot` is that of the whole chunk an event came in.
   */
  on<Type extends keyof StreamListeners>(type: Type, listener: StreamListeners[Type]): this {
    return this.#listen(type, listener as Listener, false);
  }

  /** Like `on`, for the next event only. */
  once<Type extends keyof StreamListeners>(type: Type, listener: StreamListeners[Type]): this {
    return this.#listen(type, listener as Listener, true);
  }

  off<Type extends keyof StreamListeners>(type: Type, listener: StreamListeners[Type]): this {
    const others = (this.#listeners.get(type) ?? []).filter((entry) => entry.listener !== listener);
    this.#listeners.set(type, others);
    return this;
  }

  /** The next event of that type; rejects when the stream ends without one. */
  async emitted<Type extends keyof StreamListeners>(type: Type): Promise<Parameters<StreamListeners[Type]>[0]> {
    const missing = new OpenResponsesError(`The stream ended without ${type}.`, { code: "not_emitted" });
    return new Promise((resolve, reject) => {
      this.#listen(type, resolve as Listener, true);
      this.#whenOver.then(() => reject(this.#over && "error" in this.#over ? this.#over.error : missing));
    });
  }

  /** The response so far. Fields that the server has not sent yet are missing. */
  get snapshot(): Response {
    this.#snapshot ??= this.#connection.snapshot();
    return this.#snapshot;
  }

  /**
   * The whole response. While a loop reads the stream, the loop sets the pace: awaiting this inside of it, before the
   * terminal event, waits for ever.
   *
   * @throws {@link ResponseFailedError} when the server declared it failed, {@link StreamTruncatedError} when the stream
   * ended before the response did, and whatever else ended the stream.
   */
  async finalResponse(): Promise<Response> {
    this.#flow();
    await this.#whenOver;
    if (this.#over && "error" in this.#over) throw this.#over.error;
    const failure = this.#connection.failure();
    if (failure) throw failure;
    return this.snapshot;
  }

  /** The whole output text; throws what `finalResponse()` throws. */
  async finalText(): Promise<string> {
    return (await this.finalResponse()).output_text;
  }

  /** Ends the call and closes the connection. Who reads or waits gets an {@link APIUserAbortError}. */
  abort(reason?: unknown): void {
    this.controller.abort(reason);
  }

  /** Aborting it is `abort()`. */
  get controller(): AbortController {
    return this.#connection.controller;
  }

  /** The answer, once its head is in; its body belongs to the stream. */
  get httpResponse(): globalThis.Response | undefined {
    return this.#connection.response;
  }

  /** The server's id of the request, where it sends one and the browser may see it. */
  get requestID(): string | null {
    return this.#connection.requestID;
  }

  /** What the server did against the protocol, and how it was mended; empty with a server that keeps it. */
  get deviations(): readonly Deviation[] {
    return this.#deviations;
  }

  /** The tokens used, wherever the server tells them; usually not before the end. */
  get usage(): Usage | null {
    return this.#connection.accounts()[0];
  }

  /** What the response cost by the server's own account, usually in US dollars, where it tells. */
  get cost(): number | null {
    return this.#connection.accounts()[1];
  }

  async [asyncDispose](): Promise<void> {
    if (!this.#over) this.abort();
    await this.#whenOver;
  }

  /** `readBlock` is for when nobody else needs the events. */
  #read<T>(project: (batch: Batch) => readonly T[], readBlock?: (block: BlockReader) => readonly T[]): BatchReader<T> {
    if (this.#reader) {
      throw new OpenResponsesError("The stream is being read already: it can be read once.", { code: "stream_in_use" });
    }
    if (this.#missed > 0) {
      throw new OpenResponsesError(
        "The stream has begun without a reader, because of on() or finalResponse(): begin to read before, or at the same time.",
        { code: "stream_in_use" },
      );
    }
    const reader = new BatchReader<T>(
      () => this.#demand(),
      () => {
        if (!this.#over) this.abort();
      },
    );
    this.#reader = reader as BatchReader<unknown>;
    this.#readBlock = (block, batch) => (batch || !readBlock ? project(batch ?? block.events()) : readBlock(block));
    if (this.#over) reader.finish(this.#over);
    return reader;
  }

  #listen(type: string, listener: Listener, once: boolean): this {
    if (typeof listener !== "function") {
      throw new OpenResponsesError(`The listener for ${type} must be a function.`, { code: "invalid_option" });
    }
    if (type === "partial" || type === "field") this.#watch();
    const entries = this.#listeners.get(type) ?? [];
    this.#listeners.set(type, [...entries, { listener, once }]);
    this.#flow();
    return this;
  }

  /** From the first event on: a value cannot be read from its middle. */
  #watch(): void {
    if (this.#partials) return;
    if (this.#begun) {
      throw new OpenResponsesError("The stream has begun: listen to partial and field before it does.", {
        code: "stream_in_use",
      });
    }
    this.#partials = this.#freed(
      new Partials({ output_text: this.#connection.asksForJSON, function_call: true }, this.#newParser, (field) =>
        this.#emit("field", field),
      ),
    );
  }

  readonly #newParser = () => this.#connection.partialJson();

  #freed(partials: Partials): Partials {
    this.#whenOver.then(() => partials.free());
    return partials;
  }

  /** From the next microtask on, so that whoever wants to read too can still begin. */
  #flow(): void {
    if (this.#flowing) return;
    this.#flowing = true;
    queueMicrotask(() => this.#demand());
  }

  #demand(): void {
    const isWanted = this.#reader ? this.#reader.isWaiting : this.#flowing;
    if (isWanted) this.#pull();
  }

  #pull(): void {
    if (!this.#isOpen) this.#connection.hold();
    if (!this.#isOpen || this.#pulling || this.#over) return;
    this.#pulling = true;
    this.#connection.pull(this.#puller);
  }

  readonly #puller: Puller = {
    events: (block, isLast) => {
      this.#pulling = false;
      if (block.timesResumed > this.#timesResumed) {
        this.#timesResumed = block.timesResumed;
        this.#emit("resumed", this.#connection.resumed());
      }
      if (block.deviations > this.#deviations.length) this.#deviate();
      if (block.heartbeats > 0) this.#emit("heartbeat");
      if (block.length > 0) this.#take(block);
      this.#demand();
      // The end is known before the last events are read, so that leaving the loop at them is no abort.
      if (isLast) this.#pull();
    },
    end: () => this.#finish({}),
    fail: (error) => this.#finish({ error }),
  };

  #take(block: BlockReader): void {
    this.#snapshot = undefined;
    this.#begun = true;
    const batch = this.#listeners.size > 0 ? block.events() : undefined;
    const items = this.#readBlock(block, batch);
    for (const event of batch ?? []) {
      this.#emit("event", event);
      if (!OWN_TYPES.includes(event.type)) this.#emit(event.type, event);
    }
    if (batch && this.#partials) {
      for (const { value, item } of this.#partials.take(batch)) this.#emit("partial", value, item);
    }
    if (this.#reader) {
      this.#reader.push(items);
      if (this.#broken) this.abort(this.#broken);
    } else {
      this.#missed += 1;
    }
  }

  #deviate(): void {
    const known = this.#deviations.length;
    this.#deviations = this.#connection.deviations();
    for (const deviation of this.#deviations.slice(known)) this.#emit("deviation", deviation);
  }

  #finish(how: { error?: unknown }): void {
    if (this.#over) return;
    const over = this.#broken ? { error: withPartial(this.#broken, this.snapshot) } : how;
    this.#over = over;
    this.#pulling = false;
    if (this.#isOpen) this.#deviate();
    this.#resolveOver();
    if (!("error" in over)) {
      this.#emit("end");
    } else if (over.error instanceof APIUserAbortError) {
      this.#emit("abort", over.error);
    } else {
      this.#emit("error", over.error);
    }
    this.#reader?.finish(over);
  }

  #emit(type: string, ...told: unknown[]): void {
    const entries = this.#listeners.get(type);
    if (!entries || entries.length === 0) return;
    if (entries.some((entry) => entry.once)) {
      this.#listeners.set(
        type,
        entries.filter((entry) => !entry.once),
      );
    }
    for (const { listener } of entries) {
      try {
        listener(...told);
      } catch (error) {
        // The listener's own fault: it is reported as uncaught, and neither the stream nor other listeners suffer.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

function textsOf(batch: Batch): string[] {
  const texts: string[] = [];
  for (const event of batch) {
    if (event.type === "response.output_text.delta") texts.push(event.delta);
  }
  return texts;
}
