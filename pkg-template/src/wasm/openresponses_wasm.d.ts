/* tslint:disable */
/* eslint-disable */

/** What a {@link Call} is to do. */
export interface CallOptions {
    readonly method: "GET" | "POST" | "DELETE";
    /** The API's root, such as `https://llm.onerouter.pro/v1`. */
    readonly baseURL: string;
    /** The path below the root, percent-encoded, with its leading slash. */
    readonly path: string;
    /** Names and values. */
    readonly query: readonly (readonly [string, string])[];
    /** Names and values, over the call's own; `null` removes a header. */
    readonly headers: readonly (readonly [string, string | null])[];
    /** The JSON body. */
    readonly body: string | undefined;
    /** What the server is to answer with: a stream of events, a response object, or other JSON. */
    readonly expect: "stream" | "response" | "json";
    /** A key, a function asked for one before each request, or `null` for none. */
    readonly apiKey: string | (() => string | Promise<string>) | null | undefined;
    /** Instead of the platform's own. */
    readonly fetch: typeof fetch | undefined;
    /** How often the request may be sent again. */
    readonly maxRetries: number;
    /** Milliseconds; `Infinity` for no bound. */
    readonly timeoutHead: number;
    readonly timeoutFirstEvent: number;
    readonly timeoutIdle: number;
    readonly timeoutTotal: number;
    /** Bytes. */
    readonly maxEventBytes: number;
    readonly maxResponseBytes: number;
}

/** Is told, once for each `start` or `pull`, what came of it. */
export interface CallObserver {
    /** After `start`: the head of the answer is in. The body is untouched until the first `pull`. */
    head(response: Response): void;
    /** After `pull`: the events of one chunk, as the text of a JSON array; and how many comments the server sent. */
    events(json: string, events: number, heartbeats: number): void;
    /** After `pull`: the answer is complete. */
    end(): void;
    /** After either: the error as the text of a JSON record, what was thrown, and the answer's headers. */
    fail(record: string, cause: unknown, headers: Headers | undefined): void;
}



/**
 * One call to the server: sends the request, again where that helps, and reads the answer as fast as it is pulled.
 *
 * Dropping it (`free()`, or the garbage collector) closes the connection.
 */
export class Call {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Ends the call and closes the connection; the reason becomes the `cause` of the error that is told.
     */
    abort(reason: any): void;
    /**
     * The text of an answer that is no stream.
     */
    body(): string;
    /**
     * The error, as the text of a JSON record, of a response that the server declared failed.
     */
    failure(): string | undefined;
    /**
     * Prepares a call; sends nothing. Options that cannot be sent are reported by `start`.
     */
    constructor(options: CallOptions);
    /**
     * Reads on. The observer is told of events, of the end, or of a failure.
     */
    pull(observer: CallObserver): void;
    /**
     * The response so far as JSON text, with `output_text`.
     */
    snapshot(): string;
    /**
     * Sends the request. The observer is told of the head, or of a failure.
     */
    start(observer: CallObserver): void;
    /**
     * The request's id, by whichever header of the answer names it. Browsers show only the headers the server exposes.
     */
    readonly requestID: string | undefined;
}

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly __wbg_call_free: (a: number, b: number) => void;
    readonly call_abort: (a: number, b: any) => void;
    readonly call_body: (a: number) => [number, number];
    readonly call_failure: (a: number) => [number, number];
    readonly call_new: (a: any) => number;
    readonly call_pull: (a: number, b: any) => void;
    readonly call_requestID: (a: number) => [number, number];
    readonly call_snapshot: (a: number) => [number, number];
    readonly call_start: (a: number, b: any) => void;
    readonly wasm_bindgen__convert__closures_____invoke__h086aba2b961cccf0: (a: number, b: number, c: any) => [number, number];
    readonly wasm_bindgen__convert__closures_____invoke__haf86a9456e6d554a: (a: number, b: number, c: any) => void;
    readonly wasm_bindgen__convert__closures_____invoke__h1ee3bd6e44284409: (a: number, b: number) => void;
    readonly __wbindgen_malloc: (a: number, b: number) => number;
    readonly __wbindgen_realloc: (a: number, b: number, c: number, d: number) => number;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
    readonly __wbindgen_exn_store: (a: number) => void;
    readonly __externref_table_alloc: () => number;
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __wbindgen_destroy_closure: (a: number, b: number) => void;
    readonly __externref_table_dealloc: (a: number) => void;
    readonly __wbindgen_start: () => void;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput }} module - Passing `SyncInitInput` directly is deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput> }} module_or_path - Passing `InitInput` directly is deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;
