interface Waiter<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: unknown): void;
}

/**
 * An iterator over what arrives in batches. Written by hand: an async generator costs twice as much per event, and two
 * more turns of the microtask queue before the loop's body sees one.
 */
export class BatchReader<T> implements AsyncIterableIterator<T> {
  readonly #demand: () => void;
  readonly #leave: () => void;
  readonly #waiters: Waiter<T>[] = [];
  /** What has arrived and was not asked for: the rest of a batch, and the batches behind it. */
  #items: readonly T[] = [];
  #next = 0;
  readonly #behind: (readonly T[])[] = [];
  #end: { error?: unknown } | undefined;

  constructor(demand: () => void, leave: () => void) {
    this.#demand = demand;
    this.#leave = leave;
  }

  /** Whether whoever reads waits for more. */
  get isWaiting(): boolean {
    return this.#waiters.length > 0;
  }

  push(items: readonly T[]): void {
    if (items.length > 0) this.#behind.push(items);
    while (this.#waiters.length > 0 && this.#hasItem()) {
      this.#waiters.shift()?.resolve({ value: this.#takeItem(), done: false });
    }
  }

  finish(end: { error?: unknown }): void {
    // Who has left is told nothing more.
    this.#end ??= end;
    for (const waiter of this.#waiters.splice(0)) this.#settle(waiter);
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#hasItem()) return Promise.resolve({ value: this.#takeItem(), done: false });
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject };
      if (this.#end) {
        this.#settle(waiter);
      } else {
        this.#waiters.push(waiter);
        this.#demand();
      }
    });
  }

  /** The loop was left: nothing more is wanted. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.#items = [];
    this.#behind.length = 0;
    this.finish({});
    this.#leave();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #hasItem(): boolean {
    while (this.#next >= this.#items.length) {
      const items = this.#behind.shift();
      if (!items) return false;
      this.#items = items;
      this.#next = 0;
    }
    return true;
  }

  #takeItem(): T {
    return this.#items[this.#next++] as T;
  }

  /** An error is thrown once; after it the iteration is over. */
  #settle(waiter: Waiter<T>): void {
    if (this.#end && "error" in this.#end) {
      const { error } = this.#end;
      this.#end = {};
      waiter.reject(error);
    } else {
      waiter.resolve({ value: undefined, done: true });
    }
  }
}
