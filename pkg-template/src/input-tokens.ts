import { Connection } from "./connection.js";
import type { Hidden } from "./hidden.js";
import type { RequestOptions, Settings } from "./options.js";
import { type APIPromise, promised } from "./promise.js";
import type { InputTokenCount, InputTokensCountParams } from "./protocol.js";

/** `client.responses.inputTokens` */
export class InputTokens {
  readonly #settings: Hidden<Settings>;

  /** @internal */
  constructor(settings: Hidden<Settings>) {
    this.#settings = settings;
  }

  /** How many tokens a request would take, without asking the model. */
  count(params: InputTokensCountParams, options: RequestOptions = {}): APIPromise<InputTokenCount> {
    return promised(
      new Connection(
        this.#settings,
        { method: "POST", path: "/responses/input_tokens", body: params, operation: "count", expect: "count" },
        options,
      ),
    );
  }
}
