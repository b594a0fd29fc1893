import { Connection } from "./connection.js";
import type { Hidden } from "./hidden.js";
import type { RequestOptions, Settings } from "./options.js";
import { LazyPagePromise, type PagePromise } from "./pages.js";
import { type APIPromise, promised } from "./promise.js";
import type { Model } from "./protocol.js";

/** `client.models` */
export class Models {
  readonly #settings: Hidden<Settings>;

  /** @internal */
  constructor(settings: Hidden<Settings>) {
    this.#settings = settings;
  }

  /** The models the server offers. */
  list(options: RequestOptions = {}): PagePromise<Model> {
    return this.#list(undefined, options);
  }

  /** One model, by its id, such as `openai/gpt-5.4`. */
  retrieve(id: string, options: RequestOptions = {}): APIPromise<Model> {
    return promised(
      new Connection(this.#settings, { method: "GET", path: "/models/{id}", id, expect: "model" }, options),
    );
  }

  #list(after: string | undefined, options: RequestOptions): PagePromise<Model> {
    const connection = new Connection(
      this.#settings,
      { method: "GET", path: "/models", query: { after }, expect: "json" },
      options,
    );
    return new LazyPagePromise<Model>(connection, after, async (next) => this.#list(next, options));
  }
}
