// A loopback server that answers every request with one recorded body, and a `fetch` that cuts it anew.

import { createServer } from "node:http";

/** Serves `body` until `close()`. */
export async function replay(body, { status = 200, type = "text/event-stream" } = {}) {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { "content-type": type });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseURL: `http://127.0.0.1:${server.address().port}/v1`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A `fetch` whose bodies arrive in chunks that end where `cut` says: `cut(rest)` is the length of the next one. */
export function chunked(cut) {
  return async (url, init) => {
    const response = await fetch(url, init);
    const bytes = Buffer.from(await response.arrayBuffer());
    let at = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (at >= bytes.length) return controller.close();
        const end = at + Math.max(1, cut(bytes.subarray(at)));
        controller.enqueue(new Uint8Array(bytes.subarray(at, end)));
        at = end;
      },
    });
    return new Response(body, response);
  };
}

/** One byte, one SSE event and 16 KiB at a time. */
export const deliveries = {
  "1-byte chunks": chunked(() => 1),
  "1-event chunks": chunked((rest) => {
    const end = rest.indexOf("\n\n");
    return end < 0 ? rest.length : end + 2;
  }),
  "16 KB chunks": chunked(() => 16 * 1024),
};
