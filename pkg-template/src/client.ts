import { type Diagnosis, diagnose } from "./diagnosis.js";
import { errorClasses } from "./errors.js";
import { Models } from "./models.js";
import { type ClientOptions, type Settings, settle } from "./options.js";
import { Responses } from "./responses.js";

/**
 * A client of an Open Responses server. Making one has no effect: nothing is loaded, asked or sent before the first call.
 *
 * @throws {@link OpenResponsesError} for options of the wrong type, and for a literal key in a web page.
 */
export class OpenResponses {
  static readonly OpenResponsesError = errorClasses.OpenResponsesError;
  static readonly APIError = errorClasses.APIError;
  static readonly BadRequestError = errorClasses.BadRequestError;
  static readonly AuthenticationError = errorClasses.AuthenticationError;
  static readonly InsufficientCreditsError = errorClasses.InsufficientCreditsError;
  static readonly PermissionDeniedError = errorClasses.PermissionDeniedError;
  static readonly NotFoundError = errorClasses.NotFoundError;
  static readonly RequestTimeoutError = errorClasses.RequestTimeoutError;
  static readonly ConflictError = errorClasses.ConflictError;
  static readonly UnprocessableEntityError = errorClasses.UnprocessableEntityError;
  static readonly RateLimitError = errorClasses.RateLimitError;
  static readonly InternalServerError = errorClasses.InternalServerError;
  static readonly BadGatewayError = errorClasses.BadGatewayError;
  static readonly ServiceUnavailableError = errorClasses.ServiceUnavailableError;
  static readonly APIConnectionError = errorClasses.APIConnectionError;
  static readonly APIConnectionTimeoutError = errorClasses.APIConnectionTimeoutError;
  static readonly APIUserAbortError = errorClasses.APIUserAbortError;
  static readonly StreamTruncatedError = errorClasses.StreamTruncatedError;
  static readonly ResponseFailedError = errorClasses.ResponseFailedError;
  static readonly ProtocolError = errorClasses.ProtocolError;
  static readonly WasmLoadError = errorClasses.WasmLoadError;

  readonly responses: Responses;
  readonly models: Models;
  /** The API's root that this client talks to. */
  readonly baseURL: string;
  readonly #options: ClientOptions;
  readonly #settings: Settings;

  constructor(options: ClientOptions = {}) {
    const settings = settle(options);
    this.#options = options;
    this.#settings = settings;
    this.baseURL = settings.baseURL;
    this.responses = new Responses(settings);
    this.models = new Models(settings);
  }

  /**
   * Finds out whether the server can be reached from here, and if not, why: with a few requests that carry no key and no
   * payload, within 3 seconds. It does not reject.
   */
  diagnose(): Promise<Diagnosis> {
    return diagnose(this.#settings, "/responses", true);
  }

  /** A client with these options over the ones of this client. */
  withOptions(options: ClientOptions): OpenResponses {
    return new OpenResponses({ ...this.#options, ...options });
  }
}
