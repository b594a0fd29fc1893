import { type Block, BlockReader } from "./block.js";
import { Body } from "./body.js";
import type { Deviation } from "./deviation.js";
import { diagnose } from "./diagnosis.js";
import { type APIError, APIUserAbortError, OpenResponsesError } from "./errors.js";
import { type Hidden, reveal } from "./hidden.js";
import { Telling } from "./hooks.js";
import type { Instance } from "./instance.js";
import { ready } from "./load.js";
import { logging } from "./log.js";
import { Memory } from "./memory.js";
import { type RequestOptions, read, type Settings, settleCall } from "./options.js";
import { Origin } from "./origin.js";
import { isJSON } from "./partials.js";
import type { Response, ResponseCreateParams, ResponseRetrieveParams, Usage } from "./protocol.js";
import { toError, withPartial } from "./records.js";
import type { Call, CallListener, CallOptions, CallStep, PartialJson } from "./wasm/openresponses_wasm.js";
import { weakly } from "./weak.js";

/** What to ask of the server. */
export interface Question {
  method: "GET" | "POST" | "DELETE";
  /** Below the API's root, with its leading slash; `{id}` stands for `id`. */
  path: string;
  /** Becomes one segment of the path, whatever it holds. */
  id?: string;
  /** Parameters for the URL, by their names. */
  query?: object;
  body?: unknown;
  /** What the body is checked for. */
  operation?: "create" | "compact" | "count";
  /** What the server is to answer with: see `CallOptions`. */
  expect: CallOptions["expect"];
}

/** How a stream that broke was gone on with. */
export interface Resumption {
  response_id: string;
  /** The number of the last event before; `null` where the server numbers none. */
  starting_after: number | null;
  /** Whether the stream could not be had any more: the rest of each text comes as one delta, then the last event. */
  polled: boolean;
}

/** Is told, once for each pull, what came of it. */
export interface Puller {
  /** The block must be read. `isLast`: nothing but the end follows, and the next pull is answered at once. */
  events(block: Block, isLast: boolean): void;
  end(): void;
  fail(error: unknown): void;
}

/** One call of the core, from the first request on: loads the wasm, minds the caller's signal, makes errors of records. */
export class Connection {
  /** Settles when the head of the answer is in. */
  readonly head: Promise<globalThis.Response>;
  /** On the clock of `performance.now()`. */
  readonly startedAt = performance.now();
  headAt: number | undefined;
  readonly #origin = new Origin();
  readonly limits: Settings["limits"];
  /** Who is told that the call was aborted. */
  readonly #listening = new Set<() => void>();
  /** Whether the request asks for an output text that is JSON. */
  asksForJSON = false;
  /** Whether events before the first one were not asked for. */
  startsLate = false;
  /** Whether branches may read values in its events when it is over. */
  isShared = false;
  readonly #expect: Question["expect"];
  readonly #throwsFailure: boolean;
  #controller: AbortController | undefined;
  #aborted: { reason: unknown } | undefined;
  #instance: Instance | undefined;
  #call: Call | undefined;
  #body: Body | undefined;
  #block: BlockReader | undefined;
  #memory: Memory | undefined;
  #puller: Puller | undefined;
  /** Whether the next chunk may be read without asking the core. */
  #isAhead = false;
  /** Whether somebody waits for events. */
  #isAwaited = false;
  readonly #held: { connection?: Connection | undefined } = {};
  readonly #me = weakly(this);
  /** Whoever waits for the head. */
  #opening: { resolve(response: globalThis.Response): void; reject(error: unknown): void } | undefined;
  /** What may still be asked for once the call is over and freed. */
  #left: Remains = NOTHING;
  #response: globalThis.Response | undefined;
  /** What the wasm trapped with, and the call with it. */
  #trap: OpenResponsesError | undefined;
  #stopListening: (() => void) | undefined;
  /** Only where there are hooks, or a logger. */
  #telling: Telling | undefined;

  constructor(client: Hidden<Settings>, question: Question, options: RequestOptions | null | undefined) {
    this.#expect = question.expect;
    this.#throwsFailure = question.operation === "create" || question.expect === "stream";
    this.limits = reveal(client).limits;
    this.head = this.#open(reveal(client), question, options ?? {});
  }

  async #open(client: Settings, question: Question, options: RequestOptions): Promise<globalThis.Response> {
    const settings = settleCall(client, options);
    const body = serialise(question.body);
    const params = serialise(question.query);
    this.startsLate =
      ((question.query as Partial<ResponseRetrieveParams> | undefined)?.starting_after ?? null) !== null;
    this.asksForJSON = isJSON((question.body as Partial<ResponseCreateParams> | null | undefined)?.text?.format);
    const hooks = [...settings.hooks, ...logging(settings, question)];
    if (hooks.length > 0) this.#telling = read("hooks", () => new Telling(hooks, question));
    read("signal", () => this.#listenTo(options.signal ?? undefined));
    try {
      // Whatever hangs (the loading of the wasm, a token function, a `fetch`): aborting settles the call.
      this.#response = await new Promise<globalThis.Response>((resolve, reject) => {
        this.#opening = { resolve, reject };
        if (this.#aborted) {
          this.#abort(this.#aborted.reason);
          return;
        }
        ready()
          .then((instance) => {
            if (this.#aborted) return;
            this.#instance = instance;
            instance.enlist(this.#me);
            const fetch = this.#telling?.watched(settings.fetch) ?? settings.fetch;
            const written = callOptions(settings, question, params);
            const call = new instance.Call(
              written,
              body,
              settings.apiKey,
              fetch as typeof globalThis.fetch | undefined,
            );
            const memory = instance.Call.memory();
            this.#memory = new Memory(memory);
            this.#call = call;
            this.#body = new Body(call, memory, this.#go);
            this.#block = new BlockReader(this.#memory, call.block());
            this.#go(call.start(this.#listener()));
          })
          .catch(reject);
      });
      return this.#response;
    } catch (error) {
      await this.#explain(error, settings, question);
      this.#over(error);
      throw this.#origin.of(error);
    } finally {
      this.#held.connection = undefined;
      this.#opening = undefined;
    }
  }

  /** Browsers hide why a request failed. The error says what can be found out, instead of what it might be. */
  async #explain(error: unknown, settings: Settings, { path, id = "", body }: Question): Promise<void> {
    const { code, cause, message } = error as Partial<APIError>;
    if (!settings.diagnoseNetwork || code !== "connection_failed" || !(cause instanceof TypeError)) return;
    const { signal } = this.controller;
    const found = await diagnose(settings, path.replace("{id}", encodeURIComponent(id)), body !== undefined, signal);
    (error as Error).message = `${message?.split(". ", 1)[0]}. ${found.message}`;
  }

  /** Somebody waits for the head: the call goes on until it is in, though nobody else may hold it. */
  hold(): void {
    if (this.#opening) this.#held.connection = this;
  }

  /**
   * Aborting it ends the call and closes the connection. Made when somebody asks for it: in Node a signal, and with it whatever
   * listens to it, outlives the collections of the young generation.
   */
  get controller(): AbortController {
    if (!this.#controller) {
      const controller = new AbortController();
      const { signal } = controller;
      signal.addEventListener("abort", () => this.#abort(signal.reason));
      this.#controller = controller;
    }
    return this.#controller;
  }

  get isAborted(): boolean {
    return this.#aborted !== undefined;
  }

  #abort(reason: unknown): void {
    this.#aborted = { reason };
    if (this.#living) this.#go(this.#living.abort(reason));
    this.#opening?.reject(this.aborted());
    for (const tell of this.#listening) tell();
  }

  /** Has `tell` called when the call is aborted: behind the end too, for whoever has not read all of it, until `unlisten()`. */
  listen(tell: () => void): void {
    this.#listening.add(tell);
  }

  unlisten(tell: () => void): void {
    if (this.#listening.delete(tell) && this.#listening.size === 0) this.#stopListening?.();
  }

  /** Reads on; the puller is told what came of it. Only after the head. */
  pull(puller: Puller): void {
    this.#puller = puller;
    this.#isAwaited = true;
    // Where no time runs, only the platform can go on, which holds what waits for a chunk.
    if (!this.#isAhead) this.#held.connection = this;
    if (this.#trap) {
      this.#failWith(this.#trap);
    } else if (this.#isAhead) {
      this.#go(2);
    } else if (this.#call) {
      this.#go(this.#call.pull());
    }
  }

  /** The wasm has trapped: whatever the call waits for will not come. */
  trapped(error: OpenResponsesError): void {
    this.#trap = error;
    this.#body?.close();
    this.#failWith(error);
  }

  /** The call, unless it is over or lost. */
  get #living(): Call | undefined {
    return this.#trap ? undefined : this.#call;
  }

  /**
   * The wasm holds its listener, out of the garbage collector's sight: strongly only while it is what goes on with the call, and
   * somebody waits for the head or for events, so that a stream that nobody holds any more is collected, and its connection
   * closed. Cloudflare's workers let go of all that a request waits for whose visitor has left, and run nothing of it any more.
   */
  #listener(): CallListener {
    const me = this.#me;
    const held = this.#held;
    return (step) => {
      const connection = held.connection ?? me.deref();
      if (connection) connection.#go(step);
    };
  }

  /** Does what the core asks for, and tells whoever waits what it says: see `CallStep`. */
  readonly #go = (step: CallStep): void => {
    this.#isAhead = step === 8;
    if (this.#isAwaited && step !== 2) this.#held.connection = this;
    try {
      switch (step) {
        case 1:
          this.headAt = performance.now();
          this.#opening?.resolve(this.#call?.response as globalThis.Response);
          break;
        case 2:
          this.#body?.read(this.#isAwaited);
          break;
        case 3:
        case 4:
        case 8:
          this.#isAwaited = false;
          this.#held.connection = undefined;
          if (this.#telling) this.#tellOf(this.#telling, this.#block as BlockReader);
          this.#puller?.events(this.#block as BlockReader, step === 4);
          break;
        case 5:
          this.#body?.drain();
          this.#puller?.end();
          this.#over();
          break;
        case 6:
          this.#body?.close();
          this.#fail();
          break;
        case 7:
          this.#telling?.again((this.#call as Call).again());
          this.#body?.close();
          this.#body = this.#body?.again();
          break;
      }
    } catch (cause) {
      // A trap on the way has been told already.
      if (!this.#trap) this.#breakOff(cause);
    }
  };

  /** Nobody would be told of what is thrown here, and whoever waits would wait for ever. */
  #breakOff(cause: unknown): void {
    this.#body?.close();
    this.#failWith(notTaken(cause));
  }

  #fail(): void {
    const call = this.#call;
    if (!call) return;
    let error: unknown;
    try {
      error = toError(call.error() as string, { cause: call.cause, headers: headersOf(call.response) });
      if (this.#puller) error = withPartial(error, this.snapshot());
    } catch {
      // The wasm has trapped, of which `trapped` was told.
      return;
    }
    this.#failWith(error);
  }

  #failWith(error: unknown): void {
    if (this.#puller) {
      this.#puller.fail(this.#origin.of(error));
      this.#over(error);
    } else {
      this.#opening?.reject(error);
    }
  }

  /** Reads to the end of an answer that is not handed over event by event. */
  async finish(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const puller: Puller = { events: () => this.pull(puller), end: resolve, fail: reject };
      this.pull(puller);
    });
  }

  /** Leaves the answer, its body unread, to the caller: it lives on without the connection, but for the caller's signal. */
  detach(): void {
    this.#living?.detach();
    // As long as the body is there to be read, the caller's signal must reach it.
    if (this.#response?.body) detached.set(this.#response.body, this);
    this.#end();
  }

  /** The error of a call that was aborted, where the core does not know it. */
  aborted(): APIUserAbortError {
    const cause = this.#aborted?.reason;
    return this.#origin.of(new APIUserAbortError("The request was aborted by the caller.", { code: "aborted", cause }));
  }

  /** The response so far, with what the client adds to it. */
  snapshot(): Response {
    const response = this.signed(JSON.parse(this.#call?.snapshot() ?? this.#left.snapshot) as Response);
    const value = this.deviations();
    Object.defineProperty(response, "_deviations", { value, configurable: true, writable: true });
    return response;
  }

  /** What the server did against the protocol. */
  deviations(): Deviation[] {
    return JSON.parse(this.#living?.deviations() ?? this.#left.deviations) as Deviation[];
  }

  /** What the tokens of the response are and cost, as far as it is known. */
  accounts(): [usage: Usage | null, cost: number | null] {
    return JSON.parse(this.#living?.accounts() ?? this.#left.accounts) as [Usage | null, number | null];
  }

  /** The JSON of an answer that is no stream. */
  json(): unknown {
    return this.signed(JSON.parse(this.#call?.body() ?? this.#left.body));
  }

  /** The result, with the request's id on it if it is an object. */
  signed<T>(result: T): T {
    if (typeof result === "object" && result !== null) {
      Object.defineProperty(result, "_request_id", { value: this.requestID, configurable: true, writable: true });
    }
    return result;
  }

  /** The error of a response that the server declared failed, where such a one is not the call's result. */
  failure(): OpenResponsesError | undefined {
    if (!this.#throwsFailure) return undefined;
    const record = this.#call ? this.#call.failure() : this.#left.failure;
    return record === undefined
      ? undefined
      : this.#origin.of(toError(record, { headers: headersOf(this.#response), partial: this.snapshot() }));
  }

  /** A reader of JSON that is still being written, in the same wasm; only after the head. */
  partialJson(): PartialJson {
    return new (this.#instance as Instance).PartialJson();
  }

  /** Has such a reader read a part of the text of the block, while that is being read. */
  feed(parser: PartialJson, from: number, to: number, isMore: boolean): void {
    parser.feed(this.#call as Call, from, to, isMore);
  }

  /** The wasm's; only after the head. */
  get memory(): Memory {
    return this.#memory as Memory;
  }

  get requestID(): string | null {
    const call = this.#living;
    return call ? (call.requestID ?? null) : this.#left.requestID;
  }

  /** The latest, where the request was sent again. */
  get response(): globalThis.Response | undefined {
    this.#response = this.#living?.response ?? this.#response;
    return this.#response;
  }

  /** How the stream was gone on with the last time it broke. */
  resumed(): Resumption {
    return JSON.parse((this.#call as Call).resumed()) as Resumption;
  }

  /** Holds itself weakly there: a long-lived signal must not keep the calls that were once given it. */
  #listenTo(signal: AbortSignal | undefined): void {
    if (signal?.aborted) {
      this.controller.abort(signal.reason);
    } else if (signal) {
      const me = this.#me;
      const listener = () => me.deref()?.controller.abort(signal.reason);
      signal.addEventListener("abort", listener);
      const stop = () => signal.removeEventListener("abort", listener);
      this.#stopListening = stop;
      abandoned?.register(this, stop);
    }
  }

  #over(error?: unknown): void {
    this.#held.connection = undefined;
    if (this.#listening.size === 0) this.#stopListening?.();
    this.#instance?.dismiss(this.#me);
    this.#end(error);
    // Later: the call may be what has called, and cannot be freed from within.
    queueMicrotask(() => this.#free());
  }

  #tellOf(telling: Telling, block: BlockReader): void {
    telling.events(block.length);
    if (block.deviations > 0) telling.deviations(this.deviations());
  }

  /** Says, once, what came of the call. */
  #end(error?: unknown): void {
    const telling = this.#telling;
    if (!telling) return;
    // A trap has taken with it what was known.
    const call = this.#living;
    if (call) telling.deviations(this.deviations());
    const reason = error ?? (call && this.failure());
    telling.end(
      {
        requestID: (reason as Partial<APIError> | undefined)?.requestID ?? this.requestID ?? undefined,
        responseID: (call && this.resumed().response_id) || undefined,
        receivedBytes: this.#body?.received ?? 0,
        usage: this.accounts()[0],
      },
      reason,
    );
  }

  /**
   * Wasm memory is not left to the garbage collector, which does not see how large it is and may not exist.
   */
  #free(): void {
    this.#puller = undefined;
    this.#body = undefined;
    this.#block = undefined;
    // Whoever holds the call for what came of it does not hold all of the wasm's memory.
    if (!this.isShared) this.#instance = this.#memory = undefined;
    const call = this.#living;
    if (!call) return;
    try {
      this.#response = this.response;
      this.#left = {
        snapshot: call.snapshot(),
        body: ["stream", "response"].includes(this.#expect) ? "null" : call.body(),
        failure: call.failure(),
        deviations: call.deviations(),
        accounts: call.accounts(),
        requestID: call.requestID ?? null,
      };
      this.#call = undefined;
      call.free();
    } catch {
      // The wasm has trapped, of which whoever asks for what was in it is told.
    }
  }
}

/** See the fields of the same names of {@link Connection}. */
interface Remains {
  snapshot: string;
  body: string;
  failure: string | undefined;
  deviations: string;
  accounts: string;
  requestID: string | null;
}

const NOTHING: Remains = {
  snapshot: '{"output":[],"output_text":""}',
  body: "null",
  failure: undefined,
  deviations: "[]",
  accounts: "[null,null]",
  requestID: null,
};

const detached = /* @__PURE__ */ new WeakMap<ReadableStream, Connection>();

/** Calls that nobody holds any more listen to nobody. */
const abandoned =
  typeof FinalizationRegistry === "function"
    ? /* @__PURE__ */ new FinalizationRegistry((stop: () => void) => stop())
    : undefined;

/** The core's options: see `CallOptions`. */
function callOptions(settings: Settings, question: Question, params: string | undefined): string {
  const { method, path, id, operation, expect, body } = question;
  const asked: Partial<CallOptions> = {
    method,
    path,
    // Nothing that would say something else of itself when it is written.
    id: typeof id === "string" ? id : undefined,
    params,
    operation,
    expect,
    background: (body as Partial<ResponseCreateParams> | undefined)?.background === true,
  };
  return `${JSON.stringify(asked).slice(0, -1)},${settings.core}`;
}

/** What was to be done with what arrived threw, as it may where the globals are frozen or were changed. */
export function notTaken(cause: unknown): OpenResponsesError {
  return new OpenResponsesError("What the server sent could not be handed on: what was thrown is the cause.", {
    code: "internal_error",
    cause,
  });
}

/** What a test double has in the place of headers may throw. */
function headersOf(response: globalThis.Response | undefined): Headers | undefined {
  try {
    return response?.headers;
  } catch {
    return undefined;
  }
}

function serialise(body: unknown): string | undefined {
  try {
    return JSON.stringify(body);
  } catch (cause) {
    // What was thrown may quote the request.
    throw new OpenResponsesError(
      "The request cannot be written as JSON: it refers to itself, holds a BigInt, or something in it throws, which is the cause.",
      { code: "invalid_request", cause },
    );
  }
}
