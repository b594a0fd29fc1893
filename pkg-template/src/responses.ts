import { Connection } from "./connection.js";
import type { RequestOptions, Settings } from "./options.js";
import { type APIPromise, LazyPromise } from "./promise.js";
import type {
  Response,
  ResponseCreateParams,
  ResponseCreateParamsNonStreaming,
  ResponseCreateParamsStreaming,
  ResponseStreamParams,
} from "./protocol.js";
import { ResponseStream } from "./stream.js";

/** `client.responses` */
export class Responses {
  readonly #settings: Settings;

  /** @internal */
  constructor(settings: Settings) {
    this.#settings = settings;
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
    const expect = params.stream ? "stream" : "response";
    const connection = new Connection(
      this.#settings,
      { method: "POST", path: "/responses", body: params, expect },
      options,
    );
    const read = async () => {
      if (expect === "stream") return new ResponseStream(connection);
      await connection.finish();
      const failure = connection.failure();
      if (failure) throw failure;
      return connection.snapshot();
    };
    return new LazyPromise<Response | ResponseStream>(connection.head, read, () => connection.requestID);
  }

  /** Asks a model for a response and gives the stream at once. Errors of any kind come out of the stream. */
  stream(params: ResponseStreamParams, options: RequestOptions = {}): ResponseStream {
    const body = { ...params, stream: true };
    return new ResponseStream(
      new Connection(this.#settings, { method: "POST", path: "/responses", body, expect: "stream" }, options),
    );
  }
}
