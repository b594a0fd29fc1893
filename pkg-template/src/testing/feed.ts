/** An answer that a test feeds while it is read. */
export interface Feed {
  response: Response;
  /** How often more was asked for than there was. */
  reads: number;
  /** What the reader gave as reason for leaving, or `true`. */
  cancelled: unknown;
  /** One chunk of these events. */
  send(...events: object[]): void;
  /** One chunk of this text. */
  sendText(text: string): void;
  end(): void;
  /** Breaks the connection. */
  fail(error?: unknown): void;
}

/** An answer that is a stream, without anything in it yet: `play(() => fed.response)`. */
export function feed(options: { status?: number; headers?: Record<string, string> } = {}): Feed {
  let controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(given) {
        controller = given;
      },
      pull() {
        fed.reads += 1;
      },
      cancel(reason) {
        fed.cancelled = reason ?? true;
      },
    },
    { highWaterMark: 0 },
  );
  const fed: Feed = {
    response: new Response(body, {
      status: options.status ?? 200,
      headers: { "content-type": "text/event-stream", ...options.headers },
    }),
    reads: 0,
    cancelled: undefined,
    send: (...events) => fed.sendText(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")),
    sendText: (text) => controller.enqueue(encoder.encode(text)),
    end: () => controller.close(),
    fail: (error = new TypeError("terminated: the connection was reset")) => controller.error(error),
  };
  return fed;
}
