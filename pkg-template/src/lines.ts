import type { Batch } from "./block.js";

/** Events as lines of JSON, a chunk at a time, read only as they are wanted. */
export function toLines(batches: AsyncIterableIterator<Batch>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await batches.next();
        if (done) {
          controller.close();
        } else {
          controller.enqueue(encoder.encode(value.map((event) => `${JSON.stringify(event)}\n`).join("")));
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
