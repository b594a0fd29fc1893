import { Connection } from "./connection.js";
import type { Hidden } from "./hidden.js";
import { InputItems } from "./input-items.js";
import { InputTokens } from "./input-tokens.js";
import type { RequestOptions, Settings } from "./options.js";
import { type APIPromise, LazyPromise, promised } from "./promise.js";
import type {
  CompactedResponse,
  Response,
  ResponseCompactParams,
  ResponseCreateParams,
  ResponseCreateParamsNonStreaming,
  ResponseCreateParamsStreaming,
  ResponseDeleted,
  ResponseRetrieveParams,
  ResponseRetrieveParamsNonStreaming,
  ResponseRetrieveParamsStreaming,
  ResponseStreamByIdParams,
  ResponseStreamParams,
} from "./protocol.js";
import { ResponseStream } from "./stream.js";

/** `client.responses` */
export class Responses {
  readonly inputItems: InputItems;
  readonly inputTokens: InputTokens;
  readonly #settings: Hidden<Settings>;

  /** @internal */
  constructor(settings: Hidden<Settings>) {
    this.#settings = settings;
    this.inputItems = new InputItems(settings);
    this.inputTokens = new InputTokens(settings);
  }

  /**
   * Asks a model for a response; with `stream: true` it arrives event by event. Fields that the client does not know are
   * sent as they are. Without `stream`, a response that the server declares failed is thrown as a
   * {@link ResponseFailedError}.
   */
  create(params: ResponseCreateParamsNonStreaming, options?: RequestOptions): APIPromise<Response>;
  create(params: ResponseCreateParamsStreaming, options?: RequestOptions): APIPromise<ResponseStream>;
  create(params: ResponseCreateParams, options?: RequestOptions): APIPromise<Response | ResponseStream>;
  create(params: ResponseCreateParams, options: RequestOptions = {}): APIPromise<Response | ResponseStream> {
    // What is not even an object is refused with everything else that cannot be sent.
    const expect = isStreamed(params) ? "stream" : "response";
    return this.#answered(
      new Connection(
        this.#settings,
        { method: "POST", path: "/responses", body: params, operation: "create", expect },
        options,
      ),
      expect,
    );
  }

  /**
   * Asks a model for a response and gives the stream at once; or, with a `response_id`, goes on with the stream of a
   * response that the server keeps. Errors of any kind come out of the stream.
   */
  stream(params: ResponseStreamParams | ResponseStreamByIdParams, options: RequestOptions = {}): ResponseStream {
    const body = streamed(params);
    if ("response_id" in body) {
      const { response_id, ...query } = body as ResponseStreamByIdParams;
      return new ResponseStream(this.#get(response_id, query, "stream", options));
    }
    return new ResponseStream(
      new Connection(
        this.#settings,
        { method: "POST", path: "/responses", body, operation: "create", expect: "stream" },
        options,
      ),
    );
  }

  /**
   * A response that the server keeps; with `stream: true` its events once more, behind number `starting_after` if that is
   * given, and those to come if it is still at work.
   */
  retrieve(
    id: string,
    query?: ResponseRetrieveParamsNonStreaming | undefined,
    options?: RequestOptions,
  ): APIPromise<Response>;
  retrieve(id: string, query: ResponseRetrieveParamsStreaming, options?: RequestOptions): APIPromise<ResponseStream>;
  retrieve(id: string, query?: ResponseRetrieveParams, options?: RequestOptions): APIPromise<Response | ResponseStream>;
  retrieve(
    id: string,
    query: ResponseRetrieveParams = {},
    options: RequestOptions = {},
  ): APIPromise<Response | ResponseStream> {
    const expect = isStreamed(query) ? "stream" : "response";
    return this.#answered(this.#get(id, query, expect, options), expect);
  }

  /** Ends a response that works in the background; gives it as it is then. */
  cancel(id: string, options: RequestOptions = {}): APIPromise<Response> {
    const question = { method: "POST", path: "/responses/{id}/cancel", id, expect: "response" } as const;
    return this.#answered(new Connection(this.#settings, question, options), "response");
  }

  /** Has the server forget a response. */
  delete(id: string, options: RequestOptions = {}): APIPromise<ResponseDeleted> {
    const connection = new Connection(
      this.#settings,
      { method: "DELETE", path: "/responses/{id}", id, expect: "whatever" },
      options,
    );
    const read = async () => {
      await connection.finish();
      // Some servers have nothing to say of it.
      const said = connection.json() as ResponseDeleted | null;
      return said ?? connection.signed<ResponseDeleted>({ id, object: "response", deleted: true });
    };
    return new LazyPromise(connection, read);
  }

  /**
   * Has the server shorten a conversation. The `output` is the whole of it: the `input` of the next request, with what
   * is new behind it, and without a `previous_response_id`.
   */
  compact(params: ResponseCompactParams, options: RequestOptions = {}): APIPromise<CompactedResponse> {
    return promised(
      new Connection(
        this.#settings,
        { method: "POST", path: "/responses/compact", body: params, operation: "compact", expect: "compaction" },
        options,
      ),
    );
  }

  #get(id: string, query: object, expect: "stream" | "response", options: RequestOptions): Connection {
    return new Connection(this.#settings, { method: "GET", path: "/responses/{id}", id, query, expect }, options);
  }

  /** The promise of a response, or of its stream. */
  #answered<T extends Response | ResponseStream>(connection: Connection, expect: "stream" | "response"): APIPromise<T> {
    const read = async () => {
      if (expect === "stream") return new ResponseStream(connection) as T;
      await connection.finish();
      const failure = connection.failure();
      if (failure) throw failure;
      return connection.snapshot() as T;
    };
    return new LazyPromise<T>(connection, read);
  }
}

function isStreamed(params: { stream?: boolean | null | undefined } | null | undefined): boolean {
  try {
    return Boolean(params?.stream);
  } catch {
    // It throws again when the request is written, where it becomes an error of ours.
    return false;
  }
}

/** The parameters of a stream, or what is refused in their place when it is written. */
function streamed(params: ResponseStreamParams | ResponseStreamByIdParams): object {
  // What is not even an object is refused with everything else that cannot be sent.
  if (typeof params !== "object") return { toJSON: () => params };
  try {
    return { ...params, stream: true };
  } catch (thrown) {
    return {
      toJSON() {
        throw thrown;
      },
    };
  }
}
