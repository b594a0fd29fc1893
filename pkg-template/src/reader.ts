interface Waiter<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: unknown): void;
}

/** What one chunk of the network brought, behind what came before it. */
interface Link<T> {
  readonly items: readonly T[];
  /** How many events that were. */
  readonly events: number;
  next: Link<T> | undefined;
}

const empty = <T>(): Link<T> => ({ items: [], events: 0, next: undefined });

/**
 * An iterator over what arrives in batches. Written by hand: an async generator costs twice as much per event, and two
 * more turns of the microtask queue before the loop's body sees one.
 */
export class BatchReader<T> implements AsyncIterableIterator<T> {
  readonly #demand: () => void;
  readonly #leave: () => void;
  readonly #waiters: Waiter<T>[] = [];
  /** What is being read; what has arrived and was not asked for is behind it. */
  #current: Link<T> = empty();
  #next = 0;
  #last = this.#current;
  #lag = 0;
  #end: { error?: unknown } | undefined;

  constructor(demand: () => void, leave: () => void) {
    this.#demand = demand;
    this.#leave = leave;
  }

  /** Whether whoever reads waits for more. */
  get isWaiting(): boolean {
    return this.#waiters.length > 0;
  }

  /** How many events have arrived behind the chunk that is being read. */
  get lag(): number {
    return this.#lag;
  }

  /** Takes what so many events came to. */
  push(items: readonly T[], events: number): void {
    if (items.length === 0) return;
    const link = { items, events, next: undefined };
    this.#last.next = link;
    this.#last = link;
    this.#lag += events;
    while (this.#waiters.length > 0 && this.#hasItem()) {
      this.#waiters.shift()?.resolve({ value: this.#takeItem(), done: false });
    }
  }

  /** Whether there is something that it was not asked for. */
  get isBehind(): boolean {
    return this.#hasItem();
  }

  /** Whether all is read, and all was well. */
  get isDone(): boolean {
    return this.#end !== undefined && !("error" in this.#end) && !this.isBehind;
  }

  finish(end: { error?: unknown }): void {
    // Who has left is told nothing more.
    this.#end ??= end;
    for (const waiter of this.#waiters.splice(0)) this.#settle(waiter);
  }

  /** Ends without what has arrived and was not taken. */
  drop(end: { error?: unknown }): void {
    this.#current = this.#last = empty();
    this.#lag = 0;
    this.finish(end);
  }

  /** The same, and for whom all had arrived too; but not for whom that was all. */
  cut(end: { error?: unknown }): void {
    if (this.isBehind) this.#end = undefined;
    this.drop(end);
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#hasItem()) return Promise.resolve({ value: this.#takeItem(), done: false });
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject };
      if (this.#end) {
        this.#settle(waiter);
      } else {
        this.#waiters.push(waiter);
      }
      this.#demand();
    });
  }

  /** The loop was left: nothing more is wanted. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.drop({});
    this.#leave();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #hasItem(): boolean {
    while (this.#next >= this.#current.items.length) {
      const link = this.#current.next;
      if (!link) {
        // What was read is not held until there is more.
        if (this.#next > 0) this.#current = this.#last = empty();
        this.#next = 0;
        return false;
      }
      this.#current = link;
      this.#next = 0;
      this.#lag -= link.events;
    }
    return true;
  }

  #takeItem(): T {
    return this.#current.items[this.#next++] as T;
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
