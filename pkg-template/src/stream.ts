/// <reference lib="esnext.disposable" preserve="true" />
import { type Batch, type Block, textOf, type Watcher } from "./block.js";
import { Connection, notTaken, type Puller, type Resumption } from "./connection.js";
import type { Deviation } from "./deviation.js";
import { APIUserAbortError, OpenResponsesError } from "./errors.js";
import { fromLines, toLines } from "./lines.js";
import { check, settle } from "./options.js";
import type { PartialField, PartialItem, PartialValue } from "./partial.js";
import { Partials } from "./partials.js";
import type { Response, ResponseEventMap, ResponseStreamEvent, UnknownEvent, Usage } from "./protocol.js";
import { BatchReader } from "./reader.js";
import { withPartial } from "./records.js";
import type { StreamTiming } from "./timing.js";
import { Told } from "./told.js";

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
  /** The server sent comments, or the events `ping` or `keepalive`, which are told nowhere else. Once a chunk. */
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

/** Any type but those that are listed, which a server may send too. */
export type UnlistedType<Type extends string> = Type extends keyof StreamListeners ? never : Type;

type UnknownListener = (event: UnknownEvent) => void;
type Listener = (...told: unknown[]) => void;

/** Somebody who reads, and what of the events. */
interface Tap {
  readonly reader: BatchReader<unknown>;
  readonly project: (batch: Batch) => readonly unknown[];
  /**
   * Only the output text, or the values in it, for which no events need to be built; or, for a branch, what is said beside the
   * events too.
   */
  readonly kind: "text" | "partials" | "events" | "branch";
  readonly partials: Partials | undefined;
  /** The text that it has been given. */
  readonly told: Told;
}

/** What is no event, for the listeners of a branch to hear in its place among the events. */
type Aside = readonly [type: "heartbeat" | "resumed", ...told: unknown[]];

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
 *        a reader waits; or nobody reads, and somebody listens or awaits the end
 *   [ idle ] ───────────────────────────────────────────────────────▶ [ pulling ]
 *       ▲                        a chunk's events                          │
 *       └──────────────────────────────────────────────────────────────────┤
 *                                                   the end, or an error ──┴──▶ [ over ]
 * ```
 *
 * Who reads sets the pace: while nobody wants more, nothing is read and the server is held back. Of several readers the
 * fastest does; up to `limits.maxBufferedEvents` events are kept for one that lags, and beyond that it is left behind.
 * Leaving the last loop, `abort()` and `await using` close the connection.
 */
export class ResponseStream implements AsyncIterable<ResponseStreamEvent>, AsyncDisposable {
  readonly #connection: Connection;
  readonly #listeners = new Map<string, { listener: Listener; once: boolean }[]>();
  /** The stream that this one is a branch of, and the reader that it has there. */
  readonly #trunk: { stream: ResponseStream; reader: BatchReader<Batch | Aside> } | undefined;
  #taps: readonly Tap[] = [];
  /** Somebody wants the stream to go on though nobody reads it. */
  #flowing = false;
  /** Somebody awaits what is still to come, and may be the one who reads. */
  #awaited = false;
  #isOpen = false;
  #pulling = false;
  /** Events have gone by. */
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
  /** On the clock of `performance.now()`, once they are known. */
  #firstText = NaN;
  #lastEvent = NaN;

  /** @internal */
  constructor(connection: Connection, trunk?: ResponseStream) {
    this.#connection = connection;
    this.#trunk = trunk && { stream: trunk, reader: trunk.#read((batch) => [batch], "branch") };
    this.#whenOver = new Promise((resolve) => {
      this.#resolveOver = resolve;
    });
    connection.listen(this.#aborted);
    connection.head.then(
      () => {
        this.#isOpen = true;
        if (connection.isAborted) {
          this.#aborted();
        } else {
          this.#demand();
        }
      },
      (error) => this.#finish({ error }),
    );
  }

  /**
   * The stream of the events that another one's `toReadableStream()` gave, such as those that a server passes on to a page:
   * with listeners, `snapshot` and all.
   */
  static fromReadableStream(lines: ReadableStream<Uint8Array>): ResponseStream {
    check("lines", lines?.locked === false, "a ReadableStream that nobody reads", Boolean);
    const settings = settle({ apiKey: null, maxRetries: 0, resume: "off", fetch: () => fromLines(lines) });
    return new ResponseStream(new Connection(settings, { method: "POST", path: "", expect: "stream" }, {}));
  }

  /** @throws {@link OpenResponsesError} with the code `reader_too_late` where events have gone by already. */
  [Symbol.asyncIterator](): AsyncIterableIterator<ResponseStreamEvent> {
    return this.#read((batch) => batch);
  }

  /**
   * The output text alone, piece by piece: the cheapest way to read a text, since no event is built. Who begins late gets
   * the text so far as the first piece; what a server sends no deltas of comes as one piece at the end, where what was told is the
   * beginning of the whole.
   */
  get textStream(): AsyncIterable<string> {
    const read = () => this.#read(textsOf, "text");
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
      const partials = this.#freed(new Partials({ output_text: true, function_call: false }, this.#connection));
      const project = () => {
        const values: PartialValue<Value>[] = [];
        for (const { value, item } of partials.grown()) {
          this.#broken ??= item.error;
          values.push(value as PartialValue<Value>);
        }
        return values;
      };
      return this.#read(project, "partials", partials);
    };
    return { [Symbol.asyncIterator]: read };
  }

  /**
   * Two streams of the same events, to be read apart, whenever their readers are ready. They share one connection: `abort()`
   * of either ends both, leaving the loops of both closes it.
   */
  tee(): [ResponseStream, ResponseStream] {
    this.#connection.isShared = true;
    return [new ResponseStream(this.#connection, this), new ResponseStream(this.#connection, this)];
  }

  /** The events as lines of JSON in UTF-8, for `fromReadableStream()` elsewhere. Cancelling it is leaving the loop. */
  toReadableStream(): ReadableStream<Uint8Array> {
    return toLines(this.#read((batch) => [batch]));
  }

  /**
   * Calls `listener` with every event of that type, as it arrives. Listening makes the stream go on by itself, to its
   * end. `snapshot` is that of the whole chunk an event came in. The type may be one that the client does not know.
   */
  on<Type extends keyof StreamListeners>(type: Type, listener: StreamListeners[Type]): this;
  on<Type extends string>(type: UnlistedType<Type>, listener: UnknownListener): this;
  on(type: string, listener: unknown): this {
    return this.#listen(type, listener, false);
  }

  /** Like `on`, for the next event only. */
  once<Type extends keyof StreamListeners>(type: Type, listener: StreamListeners[Type]): this;
  once<Type extends string>(type: UnlistedType<Type>, listener: UnknownListener): this;
  once(type: string, listener: unknown): this {
    return this.#listen(type, listener, true);
  }

  off<Type extends keyof StreamListeners>(type: Type, listener: StreamListeners[Type]): this;
  off<Type extends string>(type: UnlistedType<Type>, listener: UnknownListener): this;
  off(type: string, listener: unknown): this {
    const others = (this.#listeners.get(type) ?? []).filter((entry) => entry.listener !== listener);
    this.#listeners.set(type, others);
    return this;
  }

  /** The next event of that type, to which the stream goes on; rejects when it ends without one. What has come before is no next one. */
  emitted<Type extends keyof StreamListeners>(type: Type): Promise<Parameters<StreamListeners[Type]>[0]>;
  emitted<Type extends string>(type: UnlistedType<Type>): Promise<UnknownEvent>;
  async emitted(type: string): Promise<unknown> {
    const missing = new OpenResponsesError(`The stream ended, and no ${type} came after emitted() was called.`, {
      code: "not_emitted",
    });
    return new Promise((resolve, reject) => {
      this.#listen(type, resolve, true);
      this.#awaited = true;
      this.#whenOver.then(() => reject(this.#over && "error" in this.#over ? this.#over.error : missing));
    });
  }

  /** The response so far. Fields that the server has not sent yet are missing. */
  get snapshot(): Response {
    this.#snapshot ??= this.#connection.snapshot();
    return this.#snapshot;
  }

  /**
   * The whole response, to whose end the stream goes on: events wait for whoever reads, up to `limits.maxBufferedEvents`.
   *
   * @throws {@link ResponseFailedError} when the server declared it failed, {@link StreamTruncatedError} when the stream
   * ended before the response did, and whatever else ended the stream.
   */
  async finalResponse(): Promise<Response> {
    this.#awaited = true;
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

  /** When what happened, and how fast the tokens came. */
  get timing(): StreamTiming {
    const { startedAt, headAt = NaN } = this.#connection;
    const known = (value: number) => (Number.isFinite(value) ? value : null);
    return {
      firstByteMs: known(headAt - startedAt),
      firstTextMs: known(this.#firstText - startedAt),
      lastEventMs: known(this.#lastEvent - startedAt),
      tokensPerSecond: known((this.usage?.output_tokens ?? NaN) / ((this.#lastEvent - headAt) / 1_000)),
    };
  }

  async [asyncDispose](): Promise<void> {
    this.#leave();
    await this.#whenOver;
  }

  #read<T>(project: (batch: Batch) => readonly T[], kind: Tap["kind"] = "events", partials?: Partials): BatchReader<T> {
    // A branch lags behind its snapshot.
    if (this.#begun && (kind !== "text" || this.#trunk)) throw tooLate();
    const reader: BatchReader<T> = new BatchReader(
      () => this.#demand(),
      () => {
        this.#taps = this.#taps.filter((tap) => tap.reader !== reader);
        if (this.#taps.length === 0) this.#leave();
        this.#letGo();
      },
    );
    const before = this.#begun ? this.snapshot.output_text : "";
    if (before) reader.push([before as T], 0);
    const told = new Told();
    told.add([before]);
    this.#taps = [...this.#taps, { reader, project, kind, partials, told }];
    if (this.#over) reader.finish(this.#over);
    return reader;
  }

  /** Nothing more is wanted. */
  #leave(): void {
    this.#endWithTrunk();
    if (this.#over) return;
    if (this.#trunk) {
      this.#trunk.reader.return();
      this.#finish({ error: new APIUserAbortError("The branch of the stream was left.", { code: "aborted" }) });
    } else {
      this.abort();
    }
  }

  #listen(type: string, listener: unknown, once: boolean): this {
    if (typeof listener !== "function") {
      throw new OpenResponsesError(`The listener for ${type} must be a function.`, { code: "invalid_option" });
    }
    if (type === "partial" || type === "field") this.#watch();
    const entries = this.#listeners.get(type) ?? [];
    this.#listeners.set(type, [...entries, { listener: listener as Listener, once }]);
    this.#flow();
    return this;
  }

  /** From the first event on: a value cannot be read from its middle. */
  #watch(): void {
    if (this.#partials) return;
    if (this.#begun) throw tooLate();
    this.#partials = this.#freed(
      new Partials({ output_text: this.#connection.asksForJSON, function_call: true }, this.#connection, (field) => {
        if (!this.#over) this.#emit("field", field);
      }),
    );
  }

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
    if (this.#over) {
      this.#letGo();
      return;
    }
    const { maxBufferedEvents } = this.#connection.limits;
    const taps = this.#taps;
    if (taps.some(({ reader }) => reader.isWaiting)) {
      if (taps.length > 1) this.#leaveBehind(maxBufferedEvents);
    } else if (!this.#flowing) {
      return;
    } else if (taps.length > 0) {
      // While there is room, so that even who reads may await the end.
      if (!this.#awaited || taps.some(({ reader }) => reader.lag >= maxBufferedEvents)) return;
    }
    this.#pull();
  }

  /** Whoever lags too far, or holds its iterator and does not read, does not keep the others waiting. */
  #leaveBehind(maxBufferedEvents: number): void {
    this.#taps = this.#taps.filter(({ reader }) => {
      const isLagging = reader.lag > maxBufferedEvents;
      if (isLagging) reader.drop({ error: lagging(maxBufferedEvents) });
      return !isLagging;
    });
  }

  #pull(): void {
    if (!this.#isOpen) this.#connection.hold();
    if (!this.#isOpen || this.#pulling || this.#over) return;
    this.#pulling = true;
    if (this.#trunk) {
      this.#pullFrom(this.#trunk.stream, this.#trunk.reader);
    } else {
      this.#connection.pull(this.#puller);
    }
  }

  #pullFrom(trunk: ResponseStream, reader: BatchReader<Batch | Aside>): void {
    reader.next().then(({ done, value }) => {
      if (done) {
        this.#puller.end();
      } else {
        const isAside = typeof value[0] === "string";
        if (isAside) this.#tell(value as Aside);
        const batch = isAside ? [] : (value as Batch);
        const { length } = batch;
        const deviations = trunk.#deviations.length;
        const told = { length, heartbeats: 0, deviations, timesResumed: 0 };
        try {
          this.#puller.events({ ...told, ...blockOf(batch) }, false);
        } catch (cause) {
          reader.return();
          this.#puller.fail(notTaken(cause));
        }
      }
    }, this.#puller.fail);
  }

  readonly #puller: Puller = {
    events: (block, isLast) => {
      if (block.timesResumed > this.#timesResumed) {
        this.#timesResumed = block.timesResumed;
        this.#tell(["resumed", this.#connection.resumed()]);
      }
      if (block.deviations > this.#deviations.length) this.#deviate();
      if (block.heartbeats > 0 && !this.#over) this.#tell(["heartbeat"]);
      if (block.length > 0 && !this.#over) this.#take(block);
      // Not before: a listener that wants more would have the block emptied.
      this.#pulling = false;
      // The end is known before the last events are read, so that leaving the loop at them is no abort.
      if (isLast) this.#connection.pull(this.#puller);
      else this.#demand();
    },
    end: () => this.#finish({}),
    fail: (error) => this.#finish({ error }),
  };

  #take(block: Block): void {
    const { length } = block;
    const now = performance.now();
    // Who begins while listeners are told gets what comes after.
    const taps = this.#taps;
    this.#snapshot = undefined;
    this.#begun = true;
    const watchers: Watcher[] = [];
    let isForTexts = this.#listeners.size === 0;
    let isForPartials = true;
    for (const { kind, partials } of taps) {
      if (partials) watchers.push(partials);
      isForTexts &&= kind === "text";
      isForPartials &&= kind === "partials";
    }
    if (this.#partials) watchers.push(this.#partials);
    let texts: readonly string[] | undefined;
    let batch: Batch = [];
    let hasText: boolean;
    if (isForTexts) {
      texts = block.texts();
      hasText = texts.length > 0;
    } else if (isForPartials && watchers.length > 0 && !this.#listensToEvents) {
      hasText = block.skim(watchers);
    } else {
      batch = block.events(watchers);
      hasText = Number.isNaN(this.#firstText) && batch.some(isText);
    }
    this.#lastEvent = now;
    if (hasText && Number.isNaN(this.#firstText)) this.#firstText = now;
    for (const tap of taps) {
      const items = texts ?? tap.project(batch);
      if (tap.kind === "text") tap.told.add(items as string[]);
      tap.reader.push(items, length);
    }
    if (this.#listeners.size > 0) {
      for (const event of batch) {
        if (!this.#over) this.#emit("event", event);
        if (!this.#over && !OWN_TYPES.includes(event.type)) this.#emit(event.type, event);
      }
    }
    if (this.#partials && !texts && !this.#over) {
      for (const { value, item } of this.#partials.grown()) {
        if (!this.#over) this.#emit("partial", value, item);
      }
    }
    if (this.#broken) this.abort(this.#broken);
  }

  /** Whether somebody hears of events, and not only of what comes of them. */
  get #listensToEvents(): boolean {
    for (const [type, entries] of this.#listeners) {
      if (entries.length > 0 && (type === "event" || !OWN_TYPES.includes(type))) return true;
    }
    return false;
  }

  #tell(aside: Aside): void {
    this.#emit(...aside);
    for (const { reader, kind } of this.#taps) {
      // As one event of those that may wait, or it could be any number of them.
      if (kind === "branch") reader.push([aside], 1);
    }
  }

  #deviate(): void {
    const known = this.#deviations.length;
    this.#deviations = this.#connection.deviations();
    for (const deviation of this.#deviations.slice(known)) this.#emit("deviation", deviation);
  }

  /**
   * Who reads or listens is told nothing more of what has arrived, though it may be all there is: what comes of an abort must not
   * depend on how the network cuts an answer. Who waits for the end must hear of it too, while nothing is read.
   */
  readonly #aborted = (): void => {
    this.#endWithTrunk();
    this.#pull();
    if (!this.#isOpen || this.#broken) return;
    if (!this.#over || this.#taps.some(({ reader }) => reader.isBehind)) {
      const over = { error: withPartial(this.#connection.aborted(), this.snapshot) };
      this.#finish(over);
      if (!this.#over || !("error" in this.#over)) this.#over = over;
      for (const { reader } of this.#taps) reader.cut(this.#over);
    }
    this.#letGo();
  };

  /** A branch that has read all of its trunk is over, though nobody has asked for what follows. */
  #endWithTrunk(): void {
    if (this.#trunk?.reader.isDone) this.#finish({});
  }

  /** An abort concerns those who still have something to read. */
  #letGo(): void {
    if (this.#over && !this.#taps.some(({ reader }) => reader.isBehind)) this.#connection.unlisten(this.#aborted);
  }

  #finish(how: { error?: unknown }): void {
    if (this.#over) return;
    const over = this.#broken ? { error: withPartial(this.#broken, this.snapshot) } : how;
    this.#over = over;
    this.#pulling = false;
    if (this.#isOpen) this.#deviate();
    if (!("error" in over)) this.#tellRest();
    this.#resolveOver();
    if (!("error" in over)) {
      this.#emit("end");
    } else if (over.error instanceof APIUserAbortError) {
      this.#emit("abort", over.error);
    } else {
      this.#emit("error", over.error);
    }
    for (const { reader } of this.#taps) reader.finish(over);
    this.#letGo();
  }

  /** The end of the text, of which there was no delta: not every server streams all that it is asked to stream. */
  #tellRest(): void {
    if (this.#connection.startsLate) return;
    for (const { reader, kind, told } of this.#taps) {
      if (kind === "text") reader.push([told.rest(this.snapshot.output_text)].filter(Boolean), 0);
    }
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
    const over = this.#over;
    for (const { listener } of entries) {
      // One of them may have aborted.
      if (this.#over !== over) return;
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

function tooLate(): OpenResponsesError {
  return new OpenResponsesError(
    "Events have gone by, and are not kept: begin before they do, or tee() for later. textStream, snapshot and on() " +
      "serve at any time.",
    { code: "reader_too_late" },
  );
}

function lagging(limit: number): OpenResponsesError {
  return new OpenResponsesError(
    `More than limits.maxBufferedEvents (${limit}) events waited for this reader while another one went on.`,
    { code: "reader_lagged" },
  );
}

function isText(event: ResponseStreamEvent): boolean {
  return textOf(event) !== undefined;
}

/** The block of a branch, whose events are there already. */
function blockOf(batch: Batch): Pick<Block, "events" | "skim" | "texts"> {
  const events = (watchers: readonly Watcher[]) => {
    for (const watcher of watchers) {
      for (const event of batch) watcher.take(event);
    }
    return batch;
  };
  return { events, skim: (watchers) => events(watchers).some(isText), texts: () => textsOf(batch) };
}

function textsOf(batch: Batch): string[] {
  return batch.map(textOf).filter((text) => text !== undefined);
}
