import { Connection } from "./connection.js";
import type { RequestOptions, Settings } from "./options.js";
import { type APIPromise, LazyPromise } from "./promise.js";
import type { Model, ModelList } from "./protocol.js";

/** `client.models` */
export class Models {
  readonly #settings: Settings;

  /** @internal */
  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** The models the server offers. */
  list(options?: RequestOptions): APIPromise<ModelList> {
    return this.#get("/models", options);
  }

  /** One model, by its id, such as `openai/gpt-5.4`. */
  retrieve(id: string, options?: RequestOptions): APIPromise<Model> {
    return this.#get(`/models/${encodeURIComponent(id)}`, options);
  }

  #get<T>(path: string, options: RequestOptions | undefined): APIPromise<T> {
    const connection = new Connection(this.#settings, { method: "GET", path, expect: "json" }, options);
    const read = async () => {
      await connection.finish();
      return connection.json() as T;
    };
    return new LazyPromise(connection, read);
  }
}
