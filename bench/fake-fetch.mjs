const headers = { "content-type": "text/event-stream; charset=utf-8" };

/** A `fetch` that answers with these chunks from memory, as the platform would: a `Response` around a `ReadableStream`. */
export function streamingFetch(chunks) {
  return async () => {
    let next = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (next < chunks.length) {
          controller.enqueue(chunks[next]);
          next += 1;
        } else {
          controller.close();
        }
      },
    });
    return new Response(body, { headers });
  };
}

/**
 * A `fetch` whose body is no stream: every `read()` is an already resolved promise. What is left of a contestant's cost
 * then is its own.
 */
export function resolvedFetch(chunks) {
  return async () => {
    let next = 0;
    const reader = {
      read() {
        const value = chunks[next];
        next += 1;
        return Promise.resolve(value ? { value, done: false } : { value: undefined, done: true });
      },
      cancel: async () => {},
      releaseLock() {},
    };
    return { ok: true, status: 200, headers: new Headers(headers), body: { getReader: () => reader } };
  };
}
