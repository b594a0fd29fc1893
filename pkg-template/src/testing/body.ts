/** What a body does next: bytes, a pause in milliseconds (`Infinity` for ever), or the breaking of the connection. */
export type Step = Uint8Array<ArrayBuffer> | number | typeof RESET;

export const RESET = "reset";

type Steps = Iterable<Step> | AsyncIterable<Step>;

/** A body that takes a step only when it is read. `leave` is called when nobody wants the rest. */
export function bodyOf(
  steps: Steps,
  signal: AbortSignal | null | undefined,
  leave: () => void = () => {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = Symbol.asyncIterator in steps ? steps[Symbol.asyncIterator]() : steps[Symbol.iterator]();
  let isOver = false;
  let stopWaiting = () => {};
  const stop = () => {
    isOver = true;
    stopWaiting();
    leave();
    // Not awaited: it may be in the middle of a step.
    Promise.resolve(iterator.return?.()).catch(() => {});
  };
  const wait = (delay: number) =>
    new Promise<void>((resolve) => {
      const timer = delay < Infinity ? setTimeout(resolve, delay) : undefined;
      stopWaiting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        signal?.addEventListener("abort", () => {
          if (isOver) return;
          controller.error(signal.reason);
          stop();
        });
      },
      async pull(controller) {
        for (;;) {
          const { done, value } = await iterator.next();
          if (isOver) return;
          if (typeof value === "number") {
            if (value > 0) await wait(value);
            if (isOver) return;
          } else if (done) {
            isOver = true;
            controller.close();
            return;
          } else if (value === RESET) {
            stop();
            controller.error(new TypeError("terminated: the connection was reset"));
            return;
          } else if (value.byteLength > 0) {
            controller.enqueue(value);
            return;
          }
        }
      },
      cancel: stop,
    },
    { highWaterMark: 0 },
  );
}

export type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** The bytes that a reader gives, as they come; leaving the loop lets the rest go. */
export async function* chunksOf(reader: Reader): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield new Uint8Array(value);
    }
  } finally {
    letGo(reader);
  }
}

export function letGo(reader: Reader): void {
  reader.cancel().catch(() => {});
}
