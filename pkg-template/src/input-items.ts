import { Connection } from "./connection.js";
import type { Hidden } from "./hidden.js";
import type { RequestOptions, Settings } from "./options.js";
import { LazyPagePromise, type PagePromise } from "./pages.js";
import type { InputItemListParams, ResponseItem } from "./protocol.js";

/** `client.responses.inputItems` */
export class InputItems {
  readonly #settings: Hidden<Settings>;

  /** @internal */
  constructor(settings: Hidden<Settings>) {
    this.#settings = settings;
  }

  /** What a stored response was asked, page by page; the latest item first, unless `order` says otherwise. */
  list(id: string, query: InputItemListParams = {}, options: RequestOptions = {}): PagePromise<ResponseItem> {
    const connection = new Connection(
      this.#settings,
      { method: "GET", path: "/responses/{id}/input_items", id, query, expect: "json" },
      options,
    );
    return new LazyPagePromise<ResponseItem>(connection, query?.after, async (after) =>
      this.list(id, { ...query, after }, options),
    );
  }
}
