// @ts-check
/** Events as the lines of a `text/event-stream`, and the faults that change those lines. */

const NEWLINES = { lf: "\n", crlf: "\r\n", cr: "\r" };

/**
 * The text of a stream, event by event. A number is a pause, in milliseconds.
 * @param {Iterable<{ name: string | undefined, data: any }>} events
 * @param {Record<string, any>} faults
 * @returns {Generator<string | number>}
 */
export function* sseFrames(events, faults) {
  const newline = NEWLINES[/** @type {keyof typeof NEWLINES} */ (faults.newline ?? "lf")];
  /** @param {string[]} lines */
  const frame = (...lines) => [...lines, "", ""].join(newline);

  let start = faults.bom ? "\uFEFF" : "";
  for (const { name, data } of events) {
    if (data.pause !== undefined) {
      yield data.pause;
      continue;
    }
    if (faults.comments) {
      yield start + frame(": keep-alive");
      start = "";
    }
    const eventLines = name === undefined || faults.events ? [] : [`event: ${name}`];
    yield start + frame(...eventLines, ...dataLines(JSON.stringify(data), Boolean(faults.multiline)));
    start = "";
  }
  if (!faults.done && !faults.terminal) yield start + frame("data: [DONE]");
}

/**
 * @param {string} json of an object
 * @param {boolean} split
 */
function dataLines(json, split) {
  // Behind the opening brace a line break is white space, whatever the object holds.
  return split ? [`data: ${json.slice(0, 1)}`, `data: ${json.slice(1)}`] : [`data: ${json}`];
}
