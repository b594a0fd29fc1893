import { type Diagnosis, diagnose } from "./diagnosis.js";
import { errorClasses } from "./errors.js";
import { Hidden, reveal } from "./hidden.js";
import { Models } from "./models.js";
import { asSettled, type ClientOptions, given, read, type Settings, settle } from "./options.js";
import { Responses } from "./responses.js";

/**
 * A client of an Open Responses server. Making one has no effect: nothing is loaded, asked or sent before the first call.
 *
 * @throws {@link OpenResponsesError} for options of the wrong type, and for a literal key in a web page.
 */
export class OpenResponses {
  declare static readonly OpenResponsesError: typeof errorClasses.OpenResponsesError;
  declare static readonly APIError: typeof errorClasses.APIError;
  declare static readonly BadRequestError: typeof errorClasses.BadRequestError;
  declare static readonly AuthenticationError: typeof errorClasses.AuthenticationError;
  declare static readonly InsufficientCreditsError: typeof errorClasses.InsufficientCreditsError;
  declare static readonly PermissionDeniedError: typeof errorClasses.PermissionDeniedError;
  declare static readonly NotFoundError: typeof errorClasses.NotFoundError;
  declare static readonly RequestTimeoutError: typeof errorClasses.RequestTimeoutError;
  declare static readonly ConflictError: typeof errorClasses.ConflictError;
  declare static readonly UnprocessableEntityError: typeof errorClasses.UnprocessableEntityError;
  declare static readonly RateLimitError: typeof errorClasses.RateLimitError;
  declare static readonly InternalServerError: typeof errorClasses.InternalServerError;
  declare static readonly BadGatewayError: typeof errorClasses.BadGatewayError;
  declare static readonly ServiceUnavailableError: typeof errorClasses.ServiceUnavailableError;
  declare static readonly APIConnectionError: typeof errorClasses.APIConnectionError;
  declare static readonly APIConnectionTimeoutError: typeof errorClasses.APIConnectionTimeoutError;
  declare static readonly APIUserAbortError: typeof errorClasses.APIUserAbortError;
  declare static readonly StreamTruncatedError: typeof errorClasses.StreamTruncatedError;
  declare static readonly ResponseFailedError: typeof errorClasses.ResponseFailedError;
  declare static readonly ProtocolError: typeof errorClasses.ProtocolError;
  declare static readonly WasmLoadError: typeof errorClasses.WasmLoadError;

  static {
    Object.assign(OpenResponses, errorClasses);
  }

  readonly responses: Responses;
  readonly models: Models;
  readonly #options: Hidden<ClientOptions>;
  readonly #settings: Hidden<Settings>;

  constructor(options: ClientOptions = {}) {
    this.#settings = settle(options);
    this.#options = new Hidden(read("options", () => asSettled(options, reveal(this.#settings))));
    this.responses = new Responses(this.#settings);
    this.models = new Models(this.#settings);
  }

  /** The API's root that this client talks to. */
  get baseURL(): string {
    return reveal(this.#settings).baseURL;
  }

  /**
   * Finds out whether the server can be reached from here, and if not, why: with a few requests that carry no key and no
   * payload, within 3 seconds. It does not reject.
   */
  diagnose(): Promise<Diagnosis> {
    return diagnose(reveal(this.#settings), "/responses", true);
  }

  /** A client with these options over the ones of this client, as they were when it was made; what is `undefined` stays. */
  withOptions(options: ClientOptions): OpenResponses {
    return new OpenResponses(read("options", () => ({ ...reveal(this.#options), ...given(options) })));
  }
}
