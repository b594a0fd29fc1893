import type { Deviation } from "./deviation.js";
import { APIUserAbortError, OpenResponsesError } from "./errors.js";
import { ready } from "./load.js";
import { type RequestOptions, type Settings, settleCall } from "./options.js";
import type { Response, Usage } from "./protocol.js";
import { toError, withPartial } from "./records.js";
import type { Call, CallObserver, CallOptions } from "./wasm/openresponses_wasm.js";

/** What to ask of the server. */
export interface Question {
  method: "GET" | "POST" | "DELETE";
  /** Below the API's root, percent-encoded, with its leading slash. */
  path: string;
  body?: unknown;
  /** A stream of events, a response object, or other JSON. */
  expect: "stream" | "response" | "json";
}

/** Is told, once for each pull, what came of it. */
export interface Puller {
  events(json: string, events: number, heartbeats: number, deviations: number): void;
  end(): void;
  fail(error: unknown): void;
}

/** One call of the core, from the first request on: loads the wasm, minds the caller's signal, makes errors of records. */
export class Connection {
  /** Settles when the head of the answer is in. */
  readonly head: Promise<globalThis.Response>;
  /** Aborting it ends the call and closes the connection. */
  readonly controller = new AbortController();
  #call: Call | undefined;
  #response: globalThis.Response | undefined;
  #signal: AbortSignal | undefined;
  #log: (outcome: string, failed: boolean) => void = () => {};

  constructor(client: Settings, question: Question, options: RequestOptions) {
    this.head = this.#open(client, question, options);
  }

  async #open(client: Settings, question: Question, options: RequestOptions): Promise<globalThis.Response> {
    const settings = settleCall(client, options);
    const body = serialise(question.body);
    this.#log = logFor(settings, question);
    this.#listenTo(options.signal ?? undefined);
    const { signal } = this.controller;
    try {
      // Whatever hangs (the loading of the wasm, a token function, a `fetch`): aborting settles the call.
      return await new Promise<globalThis.Response>((resolve, reject) => {
        const abort = () => {
          this.#call?.abort(signal.reason);
          reject(
            new APIUserAbortError("The request was aborted by the caller.", { code: "aborted", cause: signal.reason }),
          );
        };
        if (signal.aborted) {
          abort();
          return;
        }
        signal.addEventListener("abort", abort);
        ready()
          .then((glue) => {
            if (signal.aborted) return;
            this.#call = new glue.Call(callOptions(settings, question, body));
            this.#call.start(new Observer({ head: resolve, fail: reject }));
          })
          .catch(reject);
      }).then((response) => {
        this.#response = response;
        this.#log(`status ${response.status}`, false);
        return response;
      });
    } catch (error) {
      this.#over();
      this.#log(String(error), true);
      throw error;
    }
  }

  /** Reads on; the puller is told what came of it. Only after the head. */
  pull(puller: Puller): void {
    this.#call?.pull(
      new Observer({
        events: (...told) => puller.events(...told),
        end: () => {
          this.#over();
          puller.end();
        },
        fail: (error) => {
          this.#over();
          this.#log(String(error), true);
          puller.fail(withPartial(error, this.snapshot()));
        },
      }),
    );
  }

  /** Reads to the end of an answer that is not handed over event by event. */
  async finish(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const puller: Puller = { events: () => this.pull(puller), end: resolve, fail: reject };
      this.pull(puller);
    });
  }

  /** The response so far, with what the client adds to it. */
  snapshot(): Response {
    const response = JSON.parse(this.#call?.snapshot() ?? '{"output":[],"output_text":""}') as Response;
    for (const [name, value] of [
      ["_request_id", this.requestID],
      ["_deviations", this.deviations()],
    ] as const) {
      Object.defineProperty(response, name, { value, configurable: true, writable: true });
    }
    return response;
  }

  /** What the server did against the protocol. */
  deviations(): Deviation[] {
    return JSON.parse(this.#call?.deviations() ?? "[]") as Deviation[];
  }

  /** What the tokens of the response are and cost, as far as it is known. */
  accounts(): [usage: Usage | null, cost: number | null] {
    return JSON.parse(this.#call?.accounts() ?? "[null,null]") as [Usage | null, number | null];
  }

  /** The JSON of an answer that is no stream. */
  json(): unknown {
    return JSON.parse(this.#call?.body() ?? "null");
  }

  /** The error of a response that the server declared failed. */
  failure(): OpenResponsesError | undefined {
    const record = this.#call?.failure();
    return record === undefined
      ? undefined
      : toError(record, { headers: this.#response?.headers, partial: this.snapshot() });
  }

  get requestID(): string | null {
    return this.#call?.requestID ?? null;
  }

  get response(): globalThis.Response | undefined {
    return this.#response;
  }

  #listenTo(signal: AbortSignal | undefined): void {
    if (signal?.aborted) {
      this.controller.abort(signal.reason);
    } else if (signal) {
      this.#signal = signal;
      signal.addEventListener("abort", this.#onAbort);
    }
  }

  readonly #onAbort = () => this.controller.abort(this.#signal?.reason);

  /** A long-lived signal must not collect the listeners of calls that are over. */
  #over(): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#signal = undefined;
  }
}

/** What somebody who started or pulled wants to hear. */
interface Listener extends Partial<Puller> {
  head?(response: globalThis.Response): void;
  fail(error: unknown): void;
}

/** Hears what the core says of one `start` or `pull`. */
class Observer implements CallObserver {
  readonly #listener: Listener;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  head(response: globalThis.Response): void {
    this.#listener.head?.(response);
  }

  events(...told: Parameters<Puller["events"]>): void {
    this.#listener.events?.(...told);
  }

  end(): void {
    this.#listener.end?.();
  }

  fail(record: string, cause: unknown, headers: Headers | undefined): void {
    this.#listener.fail(toError(record, { cause, headers }));
  }
}

function callOptions(settings: Settings, question: Question, body: string | undefined): CallOptions {
  const { timeouts, limits } = settings;
  return {
    method: question.method,
    baseURL: settings.baseURL,
    path: question.path,
    query: settings.query,
    headers: settings.headers,
    body,
    expect: question.expect,
    apiKey: settings.apiKey,
    fetch: settings.fetch as typeof fetch | undefined,
    strict: settings.strict,
    maxRetries: settings.maxRetries,
    timeoutHead: timeouts.head ?? Infinity,
    timeoutFirstEvent: timeouts.firstEvent ?? Infinity,
    timeoutIdle: timeouts.idle ?? Infinity,
    timeoutTotal: timeouts.total ?? Infinity,
    maxEventBytes: limits.maxEventBytes,
    maxResponseBytes: limits.maxResponseBytes,
  };
}

function serialise(body: unknown): string | undefined {
  try {
    return JSON.stringify(body);
  } catch (cause) {
    throw new OpenResponsesError(`The request cannot be written as JSON: ${(cause as Error).message}`, {
      code: "invalid_request",
      cause,
    });
  }
}

function logFor(
  { logger, logLevel }: Settings,
  { method, path }: Question,
): (outcome: string, failed: boolean) => void {
  const levels = ["off", "error", "warn", "info", "debug"];
  const started = Date.now();
  return (outcome, failed) => {
    const level = failed ? "warn" : "info";
    if (levels.indexOf(level) <= levels.indexOf(logLevel)) {
      logger?.[level](`openresponses-wasm: ${method} ${path}: ${outcome} after ${Date.now() - started} ms`);
    }
  };
}
