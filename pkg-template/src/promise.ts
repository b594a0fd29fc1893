import type { Connection } from "./connection.js";
import { OpenResponsesError } from "./errors.js";

/** The parsed result beside the answer it came in. */
export interface WithResponse<T> {
  data: T;
  response: globalThis.Response;
  request_id: string | null;
}

/** A promise of a call's result that can also give the answer itself. */
export interface APIPromise<T> extends Promise<T> {
  /** The result and the answer. */
  withResponse(): Promise<WithResponse<T>>;
  /**
   * The answer alone, its body unread; an error status rejects all the same. Whoever asks for the result later gets an error.
   *
   * @throws {@link OpenResponsesError} with the code `body_taken` where the result was asked for before.
   */
  asResponse(): Promise<globalThis.Response>;
}

/**
 * Sent at once; the body is read when somebody asks for the result, so that `asResponse()` finds it unread.
 */
export class LazyPromise<T> implements APIPromise<T> {
  readonly [Symbol.toStringTag] = "Promise";
  readonly #connection: Connection;
  #read: () => Promise<T>;
  #result: Promise<T> | undefined;

  constructor(connection: Connection, read: () => Promise<T>) {
    // What was sent is to be answered, though nobody may wait for it.
    connection.hold();
    this.#connection = connection;
    this.#read = read;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise
  then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#result ??= this.#connection.head.then(this.#read);
    return this.#result.then(fulfilled, rejected);
  }

  catch<B = never>(rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(undefined, rejected);
  }

  finally(settled?: (() => void) | null): Promise<T> {
    return this.then().finally(settled);
  }

  async withResponse(): Promise<WithResponse<T>> {
    const data = await this.then();
    return { data, response: await this.#connection.head, request_id: this.#connection.requestID };
  }

  async asResponse(): Promise<globalThis.Response> {
    const isTaken = this.#result !== undefined;
    this.#read = handedOver;
    const response = await this.#connection.head;
    if (isTaken) {
      throw new OpenResponsesError(
        "The client reads the answer for its result, which was asked for before: withResponse() gives both.",
        { code: "body_taken" },
      );
    }
    this.#connection.detach();
    return response;
  }
}

async function handedOver(): Promise<never> {
  throw new OpenResponsesError("The answer was handed over by asResponse(), and the client reads nothing of it.", {
    code: "handed_over",
  });
}

/** The promise of a call that is answered with JSON. */
export function promised<T>(connection: Connection): APIPromise<T> {
  const read = async () => {
    await connection.finish();
    return connection.json() as T;
  };
  return new LazyPromise(connection, read);
}
