import type { Batch } from "./block.js";
import { APIError } from "./errors.js";

/**
 * Events as lines of JSON, a chunk at a time, read only as they are wanted. What the server says of an error is the last of
 * them, so that it is known wherever they are read; where it said nothing, the lines break off as the events did.
 */
export function toLines(batches: AsyncIterableIterator<Batch>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const write = (events: readonly object[]) =>
          controller.enqueue(encoder.encode(events.map((event) => `${JSON.stringify(event)}\n`).join("")));
        try {
          const { done, value } = await batches.next();
          if (done) controller.close();
          else write(value);
        } catch (error) {
          if (!(error instanceof APIError) || error.error === undefined) throw error;
          const { message, type, code, param, status } = error;
          write([{ type: "error", error: { message, type, code: code ?? status, param } }]);
          controller.close();
        }
      },
      async cancel() {
        await batches.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** The answer that such lines come from: in JSON no line ends but between two events. */
export function fromLines(lines: ReadableStream<Uint8Array>): Response {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const events = new TransformStream<Uint8Array, Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode("data:")),
    transform: (chunk, controller) => {
      const text = decoder.decode(chunk, { stream: true });
      controller.enqueue(encoder.encode(text.replaceAll("\n", "\n\ndata:")));
    },
    flush: (controller) => controller.enqueue(encoder.encode("\n\n")),
  });
  return new Response(lines.pipeThrough(events), { headers: { "content-type": "text/event-stream" } });
}
