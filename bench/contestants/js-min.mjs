/**
 * What one writes by hand in twenty lines: an async generator over a string buffer. It knows the streams of the benchmark, and
 * not all of the standard: no CR, no comment, one `data` line an event.
 */
export const jsMin = {
  name: "js-min",
  gives: "events",
  prepare: ({ fetch }) =>
    async function run(take) {
      for await (const event of events(await fetch())) take(event);
    },
};

async function* events({ body }) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let buffer = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    buffer += decoder.decode(value, { stream: true });
    let start = 0;
    for (let end = buffer.indexOf("\n"); end !== -1; end = buffer.indexOf("\n", start)) {
      if (buffer.startsWith("data: ", start)) yield JSON.parse(buffer.slice(start + 6, end));
      start = end + 1;
    }
    buffer = buffer.slice(start);
  }
}
