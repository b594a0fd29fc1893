import type { Deviation } from "./deviation.js";
import { OpenResponsesError } from "./errors.js";
import type { Fetch } from "./options.js";
import type { Usage } from "./protocol.js";

/** What every hook is told of its call. Neither keys nor payloads are in it, nor queries or ids that stand in paths. */
export interface HookCall {
  /** Counts the calls of this copy of the package, from 1: what is told of one call has one number. */
  readonly call: number;
  /** Such as `responses.create`. */
  readonly operation: string;
  /** Of the latest request: one that goes on with a response asks for it by its id. */
  readonly method: string;
  /** Below the API's root, with `{id}` for an id. */
  readonly path: string;
  /** Empty, and the port 0, for a relative `baseURL` outside of pages. */
  readonly host: string;
  readonly port: number;
  /** As the request names it. */
  readonly model: string | undefined;
  /** Whether a stream was asked for. */
  readonly stream: boolean;
  /** Of the latest request, from 1; 0 before the first. */
  readonly attempt: number;
  /** Milliseconds since the call began. */
  readonly elapsedMs: number;
}

/** A request is about to be sent. */
export interface HookRequest extends HookCall {
  /** Bytes; 0 without a body. */
  readonly bodyBytes: number;
  /**
   * Adds a header, such as `traceparent`. In a web page the server's CORS rules must allow it.
   *
   * @throws {@link OpenResponsesError} for what no header may hold, for a header that is there already, and for `authorization`.
   */
  setHeader(name: string, value: string): void;
}

/** The head of an answer is in, of whatever status. */
export interface HookResponse extends HookCall {
  readonly status: number;
}

/** What something failed with; what the server said is not in it. */
export interface HookError {
  /** The name of the class, such as `RateLimitError`. */
  readonly name: string;
  readonly code: string | number | null | undefined;
  readonly status: number | undefined;
}

/** The request will be sent again, from the beginning. */
export interface HookRetry extends HookCall {
  /** After something that passes, or with another key. */
  readonly kind: "retry" | "renewal";
  /** Milliseconds that are waited before. */
  readonly delayMs: number;
  readonly error: HookError | undefined;
}

/** A stream that broke will be gone on with. */
export interface HookResume extends HookCall {
  /** By the rest of the stream, or by asking for the response until it is complete. */
  readonly kind: "resume" | "poll";
  /** Milliseconds that are waited before. */
  readonly delayMs: number;
  /** What broke; nothing where the server is still at work. */
  readonly error: HookError | undefined;
}

/** The server did something against the protocol, which was mended. */
export interface HookDeviation extends HookCall {
  readonly code: Deviation["code"];
  readonly sequenceNumber: number | null;
}

/** The call is over; or its answer was taken with `asResponse()`, unread. */
export interface HookEnd extends HookCall {
  /** Of the last answer, where there was one. */
  readonly status: number | undefined;
  /** The server's id of the request. */
  readonly requestID: string | undefined;
  readonly responseID: string | undefined;
  /** Bytes of bodies that were read, after decompression. */
  readonly receivedBytes: number;
  /** Of streams. */
  readonly events: number;
  readonly usage: Usage | null;
  /**
   * What the call failed with: a `ResponseFailedError` where the server declares the response failed, but for `retrieve()` without
   * `stream` and `cancel()`, whose result such a response is.
   */
  readonly error: HookError | undefined;
}

/** Functions that are told what happens; what they throw changes nothing. Without any, nothing is measured. */
export interface Hooks {
  request?: ((request: HookRequest) => void) | undefined;
  response?: ((response: HookResponse) => void) | undefined;
  retry?: ((retry: HookRetry) => void) | undefined;
  resume?: ((resume: HookResume) => void) | undefined;
  deviation?: ((deviation: HookDeviation) => void) | undefined;
  end?: ((end: HookEnd) => void) | undefined;
}

/** What is known of a call from outside of it. */
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly expect: string;
}

/** Why a request is sent again: see `Call.again`. */
interface Again {
  kind: "retry" | "renewal" | "resume" | "poll";
  delay_ms: number;
  error: Reason | null;
}

interface Reason {
  name: string;
  code?: string | number | null | undefined;
  status?: number | undefined;
}

/** What is known of a call when it is over. */
type Ending = Pick<HookEnd, "requestID" | "responseID" | "receivedBytes" | "usage">;

const OPERATIONS: Record<string, string> = {
  "POST /responses": "responses.create",
  "GET /responses/{id}": "responses.retrieve",
  "POST /responses/{id}/cancel": "responses.cancel",
  "DELETE /responses/{id}": "responses.delete",
  "GET /responses/{id}/input_items": "responses.inputItems.list",
  "POST /responses/compact": "responses.compact",
  "POST /responses/input_tokens": "responses.inputTokens.count",
  "GET /models": "models.list",
  "GET /models/{id}": "models.retrieve",
};

let calls = 0;

/** Tells the hooks of one call. */
export class Telling {
  readonly #hooks: readonly Hooks[];
  readonly #started = performance.now();
  readonly #call: { -readonly [Key in Exclude<keyof HookCall, "elapsedMs">]: HookCall[Key] };
  #status: number | undefined;
  /** The headers of the latest request. */
  #sent: Headers | undefined;
  #events = 0;
  #deviations = 0;
  #isOver = false;

  constructor(hooks: readonly Hooks[], { method, path, body, expect }: Asked) {
    this.#hooks = hooks;
    calls += 1;
    const { model } = (body ?? {}) as { model?: unknown };
    this.#call = {
      call: calls,
      operation: OPERATIONS[`${method} ${path}`] ?? `${method} ${path}`,
      method,
      path,
      host: "",
      port: 0,
      model: typeof model === "string" ? model : undefined,
      stream: expect === "stream",
      attempt: 0,
    };
  }

  /** The `fetch` that tells of each request and of its answer. */
  watched(fetch: Fetch | undefined): Fetch | undefined {
    // The core says that there is none.
    if (!fetch && typeof globalThis.fetch !== "function") return undefined;
    return async (url, init) => {
      const call = this.#call;
      const method = init.method as string;
      // Only a stream that is gone on with is asked for in another way than it was begun.
      if (method !== call.method) Object.assign(call, { method, path: "/responses/{id}" });
      try {
        const { hostname, port, protocol } = new URL(url);
        call.host = hostname;
        call.port = Number(port) || (protocol === "https:" ? 443 : 80);
      } catch {
        // Only that `fetch` knows where this leads.
      }
      call.attempt += 1;
      this.#status = undefined;
      const headers = init.headers as Headers;
      this.#sent = headers;
      this.#tell("request", () => ({
        bodyBytes: typeof init.body === "string" ? new TextEncoder().encode(init.body).length : 0,
        setHeader: (name: string, value: string) => setHeader(headers, name, value),
      }));
      const { attempt } = call;
      const response = await (fetch ? fetch(url, init) : globalThis.fetch(url, init));
      // One that was given up may answer yet.
      if (attempt === call.attempt && !this.#isOver) {
        this.#tell("response", () => {
          this.#status = response.status;
          return { status: response.status };
        });
      }
      return response;
    };
  }

  again(record: string): void {
    const { kind, delay_ms: delayMs, error } = JSON.parse(record) as Again;
    this.#tell(kind === "retry" || kind === "renewal" ? "retry" : "resume", () => ({
      kind,
      delayMs,
      error: error ? errorOf(error) : undefined,
    }));
  }

  events(count: number): void {
    this.#events += count;
  }

  /** Takes all that there are by now. */
  deviations(all: readonly Deviation[]): void {
    for (const { code, sequence_number: sequenceNumber } of all.slice(this.#deviations)) {
      this.#tell("deviation", () => ({ code, sequenceNumber }));
    }
    this.#deviations = all.length;
  }

  end(ending: Ending, error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { requestID = "" } = ending;
    const isRepeated = [...(this.#sent ?? [])].some(
      ([name, value]) => !name.endsWith("request-id") && value.includes(requestID),
    );
    this.#tell("end", () => ({
      status: this.#status,
      ...ending,
      // A server may put a key there.
      requestID: isRepeated ? undefined : ending.requestID,
      events: this.#events,
      error: error === undefined ? undefined : errorOf(error as Reason),
    }));
  }

  #tell(name: keyof Hooks, facts: () => object): void {
    for (const hooks of this.#hooks) {
      try {
        const told = { ...this.#call, elapsedMs: performance.now() - this.#started, ...facts() };
        const result: unknown = (hooks[name] as ((told: object) => unknown) | undefined)?.(told);
        // An `async` one that fails has only itself to tell, too.
        if (result instanceof Promise) result.catch(() => {});
      } catch {
        // A hook that throws has only itself to tell; the call goes on.
      }
    }
  }
}

function errorOf({ name, code, status }: Reason): HookError {
  return { name, code, status };
}

function setHeader(headers: Headers, name: string, value: string): void {
  const isValid = /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
  if (!isValid || name.toLowerCase() === "authorization" || headers.has(name)) {
    throw new OpenResponsesError(
      "A hook can add a header that is not there yet, other than authorization, of a name and a value that headers may have.",
      { code: "invalid_header" },
    );
  }
  headers.set(name, value);
}
