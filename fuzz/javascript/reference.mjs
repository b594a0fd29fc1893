// What a stream says, by the standards alone: the WHATWG's framing, and `JSON.parse` for each event.

/**
 * The events in order, and whether they are all: not where a stream breaks the protocol in a way that the client mends and
 * a reference need not know.
 */
export function reference(bytes) {
  const text = new TextDecoder().decode(bytes);
  const events = [];
  if (/^\s*[{[]/.test(text)) return { events, isAll: false };
  for (const data of framed(text)) {
    if (data.trim() === "[DONE]") return { events, isAll: true };
    if (data.trim() === "" || data.trim().startsWith(":")) continue;
    const event = parsed(data);
    if (typeof event?.type !== "string" || event.type === "" || SYNONYM.test(event.type)) {
      return { events, isAll: false };
    }
    if (event.type === "error" || event.type === "response.error") return { events, isAll: true };
    events.push(event);
    if (/^response\.(completed|incomplete|failed)$/.test(event.type)) return { events, isAll: true };
  }
  return { events, isAll: false };
}

/** What an event adds to the text stream: a string, or nothing. */
export function textOf({ type, delta }) {
  return type === "response.output_text.delta" && typeof delta === "string" ? delta : undefined;
}

/** Types that are told by the specification's name. */
const SYNONYM =
  /^response\.((function_call\.arguments|text|reasoning_summary)\.(delta|done)|reasoning_part\.(added|done)|done|cancelled)$/;

function* framed(text) {
  let data = "";
  const lines = text.split(/\r\n|\n|\r/);
  // What no line end follows is no line yet.
  lines.pop();
  for (const line of lines) {
    const [, field, value] = /^([^:]*)(?:: ?)?(.*)$/su.exec(line);
    if (line === "") {
      if (data !== "") yield data.slice(0, -1);
      data = "";
    } else if (field === "data") {
      data += `${value}\n`;
    }
  }
}

function parsed(data) {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
