// Whether the thread was late: a machine with too much to do lets time-outs pass for which nothing has happened.

const TICK_MS = 20;

export class Lateness {
  #last = Number.NEGATIVE_INFINITY;
  #timer;

  /** @param {number} tolerated in milliseconds */
  constructor(tolerated) {
    let due = performance.now() + TICK_MS;
    this.#timer = setInterval(() => {
      const now = performance.now();
      if (now > due + tolerated) this.#last = now;
      due = now + TICK_MS;
    }, TICK_MS);
  }

  /** Whether it was late at that moment or after. */
  since(moment) {
    return this.#last >= moment;
  }

  stop() {
    clearInterval(this.#timer);
  }
}
