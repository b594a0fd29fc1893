import type { Connection } from "./connection.js";
import { OpenResponsesError, ProtocolError } from "./errors.js";
import { type APIPromise, LazyPromise } from "./promise.js";

/**
 * One page of a list. Iterating over it gives all elements from here on, those of later pages too, which are fetched as
 * they are needed.
 */
export class Page<T> implements AsyncIterable<T> {
  declare object?: "list";
  /** The elements of this page. */
  data: T[] = [];
  declare first_id?: string | null;
  declare last_id?: string | null;
  /** Whether there are elements behind this page. Servers that know no pages leave it out. */
  declare has_more?: boolean;
  /** The server's id of the request; null where it sends none, or where the browser hides the header. */
  declare _request_id?: string | null;
  readonly #after: string | undefined;
  readonly #fetch: (after: string) => Promise<Page<T>>;

  /** @internal */
  constructor(body: unknown, after: string | undefined, fetch: (after: string) => Promise<Page<T>>) {
    const fields = Array.isArray(body) ? { data: body } : (body as Partial<Page<T>> | null);
    for (const [name, value] of Object.entries(fields ?? {})) {
      // Members like any other, whatever they are called; but what a page can do stays.
      if (Object.hasOwn(Page.prototype, name)) continue;
      Object.defineProperty(this, name, { value, configurable: true, enumerable: true, writable: true });
    }
    if (!Array.isArray(this.data)) this.data = [];
    this.#after = after;
    this.#fetch = fetch;
  }

  /** Whether the server has more. */
  hasNextPage(): boolean {
    return this.has_more === true && this.#cursor !== undefined;
  }

  /**
   * The next page.
   *
   * @throws {@link OpenResponsesError} when there is none, and {@link ProtocolError} when the server repeats this one.
   */
  async getNextPage(): Promise<Page<T>> {
    const cursor = this.#cursor;
    if (!this.hasNextPage() || cursor === undefined) {
      throw new OpenResponsesError("This is the last page: hasNextPage() tells.", { code: "no_next_page" });
    }
    if (cursor === this.#after) {
      throw new ProtocolError("The server answers with the same page again and again: it does not follow `after`.", {
        code: "page_repeated",
      });
    }
    return this.#fetch(cursor);
  }

  /** This page and those behind it. */
  async *iterPages(): AsyncGenerator<Page<T>, void, undefined> {
    let page: Page<T> = this;
    yield page;
    while (page.hasNextPage()) {
      page = await page.getNextPage();
      yield page;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.iterPages()) yield* page.data;
  }

  get #cursor(): string | undefined {
    const last = this.data.at(-1) as { id?: string } | undefined;
    return last === undefined ? undefined : (this.last_id ?? last.id);
  }
}

/** A promise of the first page, over whose elements, and those of all later pages, one can iterate at once. */
export interface PagePromise<T> extends APIPromise<Page<T>>, AsyncIterable<T> {}

/** @internal */
export class LazyPagePromise<T> extends LazyPromise<Page<T>> implements PagePromise<T> {
  constructor(connection: Connection, after: string | undefined, next: (after: string) => Promise<Page<T>>) {
    const read = async () => {
      await connection.finish();
      return connection.signed(new Page(connection.json(), after, next));
    };
    super(connection, read);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    yield* await this;
  }
}
