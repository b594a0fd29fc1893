import { isInBrowser, isWebPage, variable } from "./environment.js";
import { OpenResponsesError } from "./errors.js";
import { Hidden } from "./hidden.js";
import type { Hooks } from "./hooks.js";
import { LOG_LEVELS, type Logger, type LogLevel, levelsOf } from "./log.js";
import type { CallOptions } from "./wasm/openresponses_wasm.js";

/** A key, a function that is asked for one before each request, or `null` where a relay adds it. */
export type ApiKey = string | (() => string | Promise<string>) | null;

/** Any function of `fetch`'s shape; it is called with a URL as a string, and options. */
export type Fetch = (url: string, init: RequestInit) => globalThis.Response | Promise<globalThis.Response>;

/** Names and values: a plain object, or anything that yields pairs, such as `Headers`, a `Map` or `URLSearchParams`. */
export type Pairs<Value> = Record<string, Value> | Iterable<readonly [string, Value]>;

/** How long to wait for what, in milliseconds; without a number there is no bound. */
export interface Timeouts {
  /** To the head of the answer, for each attempt. Default: 600 000. */
  head?: number | undefined;
  /** From reading to the first event. Off by default: a model may think for minutes. Comments do not count. */
  firstEvent?: number | undefined;
  /** Between two chunks of the answer, while one is awaited. Comments count. Off by default. */
  idle?: number | undefined;
  /** From the call to the end of the answer, retries and all. Off by default. */
  total?: number | undefined;
}

/** What is too much: positive whole numbers. What goes beyond ends the call with a {@link ProtocolError} of the code named. */
export interface Limits {
  /** Bytes of one event of a stream; `event_too_large`. Default: 64 MiB. */
  maxEventBytes?: number | undefined;
  /**
   * Bytes of an answer that is no stream; of a stream, the bytes of the response so far: what its `snapshot` is made from.
   * `response_too_large`. Default: 256 MiB.
   */
  maxResponseBytes?: number | undefined;
  /**
   * Events of one chunk of the network: `too_many_events`. Also how many wait for a reader of a stream while other readers, or
   * `finalResponse()`, go on; a reader that others leave further behind gets an {@link OpenResponsesError},
   * `reader_lagged`, and they go on. Default: 250 000, more than an honest response has.
   */
  maxBufferedEvents?: number | undefined;
}

export interface ClientOptions {
  /** Default: INFRON_API_KEY, then OPENRESPONSES_API_KEY, where there is an environment. */
  apiKey?: ApiKey | undefined;
  /** The API's root. Default: OPENRESPONSES_BASE_URL, else `https://llm.onerouter.pro/v1`. */
  baseURL?: string | undefined;
  /** Milliseconds to the head of the answer, or a bound for each phase. */
  timeout?: number | Timeouts | undefined;
  /** How often a request is sent again, as long as nothing of the answer has arrived. Default: 2. */
  maxRetries?: number | undefined;
  /**
   * Whether a stream that breaks is gone on with where it broke, if the server keeps the response: one that works in the
   * background, or was asked for by its id, or whose head has `openresponses-resume: starting_after`. Default: `auto`.
   */
  resume?: "auto" | "off" | undefined;
  /**
   * Sent with every request; `null` removes a header, that with the key among them. By default only authorization, content-type and
   * accept are.
   */
  defaultHeaders?: Pairs<string | null> | undefined;
  defaultQuery?: Pairs<string> | undefined;
  fetch?: Fetch | undefined;
  /** Allows a literal key in a web page, where every visitor can read it. */
  dangerouslyAllowBrowser?: boolean | undefined;
  /** Whether the first deviation of a server from the protocol is an error, and not mended and listed. */
  strict?: boolean | undefined;
  /**
   * Default: true. With false every event is read by `JSON.parse`, at some four times the cost; what you get is the same, or
   * else you have found a fault of ours.
   */
  fastPath?: boolean | undefined;
  /**
   * Whether a request that failed for a reason that the browser hides is followed by a few that find it out, without key and
   * payload. Default: in web pages, extensions and their workers, with the platform's `fetch`.
   */
  diagnoseNetwork?: boolean | undefined;
  limits?: Limits | undefined;
  /** Are told what happens to each call: see {@link Hooks}. */
  hooks?: Hooks | undefined;
  /** Needs functions for the levels of which lines may come. Default: `console` where a `logLevel` is given, else none. */
  logger?: Logger | undefined;
  /** What is logged. Default: `warn`. */
  logLevel?: LogLevel | undefined;
}

/** The second argument of every call. */
export interface RequestOptions {
  /** Aborts the call. */
  signal?: AbortSignal | null | undefined;
  timeout?: number | Timeouts | undefined;
  maxRetries?: number | undefined;
  resume?: "auto" | "off" | undefined;
  headers?: Pairs<string | null> | undefined;
  /** Replaces parameters of the same names in `defaultQuery`. */
  query?: Pairs<string> | undefined;
  /** Sent as the `idempotency-key` header, so that a server that knows it does nothing twice. */
  idempotencyKey?: string | undefined;
  /** Called after the client's own. */
  hooks?: Hooks | undefined;
}

/** Options, checked and complete. */
export interface Settings {
  apiKey: ApiKey | undefined;
  baseURL: string;
  timeouts: Timeouts;
  maxRetries: number;
  resume: "auto" | "off";
  headers: readonly (readonly [string, string | null])[];
  query: readonly (readonly [string, string])[];
  fetch: Fetch | undefined;
  strict: boolean;
  fastPath: boolean;
  diagnoseNetwork: boolean;
  limits: typeof DEFAULT_LIMITS;
  hooks: readonly Hooks[];
  logger: Logger | undefined;
  logLevel: LogLevel;
  /** What the core is told of all this: the members of a JSON object, and its end. Written once, and not for each call. */
  core: string;
}

const DEFAULT_BASE_URL = "https://llm.onerouter.pro/v1";
const DEFAULT_HEAD_TIMEOUT = 600_000;
const DEFAULT_LIMITS = {
  maxEventBytes: 64 * 1024 * 1024,
  maxResponseBytes: 256 * 1024 * 1024,
  maxBufferedEvents: 250_000,
};
const TIMEOUTS: readonly (keyof Timeouts)[] = ["head", "firstEvent", "idle", "total"];
const BOUNDS = "a positive number of milliseconds, or an object of them, called head, firstEvent, idle, total";
const OPTIONS: Record<keyof ClientOptions, true> = {
  apiKey: true,
  baseURL: true,
  timeout: true,
  maxRetries: true,
  resume: true,
  defaultHeaders: true,
  defaultQuery: true,
  fetch: true,
  dangerouslyAllowBrowser: true,
  strict: true,
  fastPath: true,
  diagnoseNetwork: true,
  limits: true,
  hooks: true,
  logger: true,
  logLevel: true,
};
const CALL_OPTIONS: Record<keyof RequestOptions, true> = {
  signal: true,
  timeout: true,
  maxRetries: true,
  resume: true,
  headers: true,
  query: true,
  idempotencyKey: true,
  hooks: true,
};

/** Checks a client's options and fills in the defaults. */
export function settle(options: ClientOptions): Hidden<Settings> {
  return new Hidden(read("options", () => settled(options)));
}

function settled(options: ClientOptions): Settings {
  check("options", options, "an object", isObject);
  checkNames(options, OPTIONS);
  check(
    "apiKey",
    options.apiKey,
    "a string, a function or null",
    (value) => value === null || ["string", "function"].includes(typeof value),
  );
  check("baseURL", options.baseURL, "a string", isString);
  checkBounds(options);
  check("fetch", options.fetch, "a function", (value) => typeof value === "function");
  for (const name of ["strict", "fastPath", "diagnoseNetwork", "dangerouslyAllowBrowser"] as const) {
    check(name, options[name], "a boolean", (value) => typeof value === "boolean");
  }
  check("logLevel", options.logLevel, `one of ${LOG_LEVELS.join(", ")}`, (value) =>
    LOG_LEVELS.includes(value as LogLevel),
  );
  const { logLevel = "warn", logger = options.logLevel && globalThis.console } = options;
  const levels = levelsOf(logLevel);
  check(
    "logger",
    logger,
    `an object of functions, among them ${levels.join(", ")}`,
    (value) => isObject(value) && levels.every((level) => typeof (value as Logger)[level] === "function"),
  );
  const limits = Object.keys(DEFAULT_LIMITS);
  check(
    "limits",
    options.limits,
    `an object of positive whole numbers, called ${limits.join(", ")}`,
    isRecordOf(limits, (limit) => Number.isInteger(limit) && (limit as number) > 0),
  );
  // An empty variable is none. A bundler may have put the environment's key into a page, where it is a literal one.
  const fromEnvironment = () => variable("INFRON_API_KEY") || variable("OPENRESPONSES_API_KEY") || undefined;
  const apiKey = options.apiKey === undefined ? fromEnvironment() : options.apiKey;
  if (typeof apiKey === "string" && !options.dangerouslyAllowBrowser && isWebPage()) {
    throw new OpenResponsesError(
      "A literal apiKey in a web page can be read by every visitor. Safe ways: a function that fetches a short-lived " +
        "token from your own server (apiKey: async () => …); a relay on your server that adds the key (baseURL: your " +
        "relay, apiKey: null); or a browser extension's service worker. If the key belongs to the visitor, set " +
        "dangerouslyAllowBrowser: true.",
      { code: "browser_key_refused" },
    );
  }
  return written({
    apiKey,
    baseURL: options.baseURL ?? (variable("OPENRESPONSES_BASE_URL") || DEFAULT_BASE_URL),
    timeouts: timeouts(options.timeout, { head: DEFAULT_HEAD_TIMEOUT }),
    maxRetries: options.maxRetries ?? 2,
    resume: options.resume ?? "auto",
    headers: pairs("defaultHeaders", options.defaultHeaders),
    query: pairs("defaultQuery", options.defaultQuery) as [string, string][],
    fetch: options.fetch,
    strict: options.strict ?? false,
    fastPath: options.fastPath ?? true,
    diagnoseNetwork: options.diagnoseNetwork ?? (!options.fetch && isInBrowser()),
    hooks: hooks(options.hooks),
    limits: { ...DEFAULT_LIMITS, ...given(options.limits) },
    logger,
    logLevel,
  });
}

function written(settings: Omit<Settings, "core">): Settings {
  const { baseURL, headers, query, strict, fastPath, resume, maxRetries, timeouts, limits } = settings;
  const core: Partial<CallOptions> = {
    ...limits,
    ...timeouts,
    baseURL,
    headers,
    query,
    strict,
    fastPath,
    resume: resume === "auto",
    maxRetries,
  };
  return { ...settings, core: JSON.stringify(core).slice(1) };
}

/** The options that give these settings, which were made of the caller's: what is in those may have changed since. */
export function asSettled(
  { dangerouslyAllowBrowser, diagnoseNetwork, logLevel }: ClientOptions,
  { timeouts, headers, query, hooks, core, ...rest }: Settings,
): ClientOptions {
  return {
    ...rest,
    timeout: timeouts,
    defaultHeaders: headers,
    defaultQuery: query,
    hooks: hooks[0],
    // Depend on what else is given.
    dangerouslyAllowBrowser,
    diagnoseNetwork,
    logLevel,
  };
}

/** A client's settings with one call's options over them. */
export function settleCall(settings: Settings, options: RequestOptions): Settings {
  return read("options", () => settledCall(settings, options));
}

function settledCall(settings: Settings, options: RequestOptions): Settings {
  check("options", options, "an object", isObject);
  checkNames(options, CALL_OPTIONS);
  checkBounds(options);
  checkSignal(options.signal);
  check("idempotencyKey", options.idempotencyKey, "a string", isString);
  const { timeout, maxRetries, resume, headers, query, idempotencyKey } = options;
  // Most calls have nothing to say but their signal.
  if (
    [timeout, maxRetries, resume, headers, query, idempotencyKey, options.hooks].every((given) => given === undefined)
  ) {
    return settings;
  }
  const idempotency = idempotencyKey === undefined ? [] : [["idempotency-key", idempotencyKey] as const];
  return written({
    ...settings,
    timeouts: timeouts(timeout, settings.timeouts),
    maxRetries: maxRetries ?? settings.maxRetries,
    resume: resume ?? settings.resume,
    headers: [...settings.headers, ...idempotency, ...pairs("headers", headers)],
    query: over(settings.query, pairs("query", query) as [string, string][]),
    hooks: [...settings.hooks, ...hooks(options.hooks)],
  });
}

/** A call's parameters over the client's of the same names; each may have a name several times. */
function over(defaults: Settings["query"], own: Settings["query"]): Settings["query"] {
  const names = own.map(([name]) => name);
  return [...defaults.filter(([name]) => !names.includes(name)), ...own];
}

/** A name that is written in another way would be left out, and a key be sent to a server that was not meant. */
function checkNames(options: object, known: object): void {
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(known, name) || (options as Record<string, unknown>)[name] === undefined) continue;
    throw new OpenResponsesError(`There is no option ${name}. There are ${Object.keys(known).join(", ")}.`, {
      code: "invalid_option",
    });
  }
}

export function checkSignal(signal: AbortSignal | null | undefined): void {
  check(
    "signal",
    signal ?? undefined,
    "an AbortSignal",
    (value) => typeof (value as AbortSignal).addEventListener === "function",
  );
}

function checkBounds(options: Pick<ClientOptions, "timeout" | "maxRetries" | "resume">): void {
  check("resume", options.resume, "auto or off", (value) => ["auto", "off"].includes(value as string));
  check("timeout", options.timeout, BOUNDS, (value) => isBound(value) || areBounds(value));
  check(
    "maxRetries",
    options.maxRetries,
    "a whole number from 0",
    (value) => Number.isInteger(value) && (value as number) >= 0,
  );
}

function isBound(value: unknown): boolean {
  return typeof value === "number" && value > 0;
}

function areBounds(value: unknown): boolean {
  return isRecordOf(TIMEOUTS, isBound)(value);
}

const HOOKS: readonly (keyof Hooks)[] = ["request", "response", "retry", "resume", "deviation", "end"];

/** A list of them, or an empty one. */
function hooks(given: Hooks | undefined): Hooks[] {
  check(
    "hooks",
    given,
    `an object of functions, called ${HOOKS.join(", ")}`,
    isRecordOf(HOOKS, (hook) => typeof hook === "function"),
  );
  return given ? [given] : [];
}

/** Reads what is the caller's, whose getters, proxies and iterators may throw whatever they like. */
export function read<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof OpenResponsesError) throw cause;
    throw new OpenResponsesError(`The option ${name} cannot be read: what was thrown is the cause.`, {
      code: "invalid_option",
      cause,
    });
  }
}

/** Refuses an option that is given and does not fit. */
export function check(name: string, value: unknown, what: string, fits: (value: unknown) => boolean): void {
  if (value !== undefined && !fits(value)) {
    throw new OpenResponsesError(`The option ${name} must be ${what}.`, { code: "invalid_option" });
  }
}

export function isString(value: unknown): boolean {
  return typeof value === "string";
}

function timeouts(timeout: number | Timeouts | undefined, defaults: Timeouts): Timeouts {
  const bounds = given<Timeouts>(typeof timeout === "number" ? { head: timeout } : timeout);
  // The core reads decimal digits, and what is no whole number may be written in other ways.
  return {
    ...defaults,
    ...Object.fromEntries(Object.entries(bounds).map(([name, bound]) => [name, Math.ceil(bound)])),
  };
}

/** Without what is `undefined`, which means the default and must not hide it. */
export function given<T extends object>(record: T | undefined): Given<T> {
  return Object.fromEntries(Object.entries(record ?? {}).filter(([, value]) => value !== undefined)) as Given<T>;
}

type Given<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Whether a value is an object of nothing but what fits, by these names. */
function isRecordOf(names: readonly string[], fits: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) =>
    isObject(value) &&
    !Array.isArray(value) &&
    Object.entries(value).every(([name, member]) => names.includes(name) && (member === undefined || fits(member)));
}

function pairs(name: string, record: Pairs<string | null> | undefined): (readonly [string, string | null])[] {
  const what = "an object of strings";
  check(name, record, what, isObject);
  const all: unknown[] = record && Symbol.iterator in record ? [...record] : Object.entries(record ?? {});
  return all.flatMap((pair) => {
    check(name, pair ?? null, `${what}, or pairs of them`, Array.isArray);
    const [key, value] = pair as [string, string | null | undefined];
    check(name, key ?? null, `${what}, or pairs of them`, isString);
    check(`${name}.${key}`, value, "a string", (text) => text === null || isString(text));
    return value === undefined ? [] : [[key, value] as const];
  });
}
