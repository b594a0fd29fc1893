// HTTP/1.1 as bytes, so that a fault can be put at any of them.

/** The head of an answer. Unless told otherwise its connection serves no other request, so that each fault has its own. */
export function head(fields, { status = "200 OK", connection = "close" } = {}) {
  const lines = Object.entries({ ...fields, connection }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join("")}\r\n`);
}

const STREAM = { "content-type": "text/event-stream", "x-request-id": "req_1", "transfer-encoding": "chunked" };

export const STREAM_HEAD = head(STREAM);

/** For what does not end cleanly: with `close`, Node 20 takes a connection's reset for the body's end. */
export const KEPT = { connection: "keep-alive" };
export const KEPT_STREAM_HEAD = head(STREAM, KEPT);

export function chunk(bytes) {
  return bytes.length === 0 ? bytes : Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, CRLF]);
}

const CRLF = Buffer.from("\r\n");
export const LAST_CHUNK = Buffer.from("0\r\n\r\n");

/** A whole answer that is a stream of these bytes. */
export const stream = (bytes) => Buffer.concat([STREAM_HEAD, chunk(bytes), LAST_CHUNK]);

/** A whole answer that is JSON. */
export function json(value, status = "200 OK") {
  const body = Buffer.from(JSON.stringify(value));
  return Buffer.concat([head({ "content-type": "application/json", "content-length": body.length }, { status }), body]);
}
