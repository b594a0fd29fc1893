// The packed package against servers on real sockets.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { load } from "../support/package.mjs";

export const api = await load();

/** Answers every request with what `answer(response)` writes; gives a client of it. */
export async function against(t, answer, options = {}) {
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => answer(response));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const baseURL = `http://127.0.0.1:${server.address().port}/v1`;
  return new api.OpenResponses({ apiKey: "sk-anything", baseURL, maxRetries: 0, ...options });
}

/** An answer of that body. */
export const body =
  (text, { status = 200, type = "text/event-stream", headers = {} } = {}) =>
  (response) =>
    response.writeHead(status, { ...(type ? { "content-type": type } : {}), ...headers }).end(text);

/** Events as a stream, with their names and a `[DONE]`. */
export const sse = (events, { names = true, done = true } = {}) =>
  events
    .map((event) => `${names && event.type ? `event: ${event.type}\n` : ""}data: ${JSON.stringify(event)}\n\n`)
    .join("") + (done ? "data: [DONE]\n\n" : "");

export const ASK = { model: "m", input: "i" };

const part = (text) => ({ type: "output_text", text, annotations: [], logprobs: [] });
const message = (status, content) => ({ id: "msg_1", type: "message", role: "assistant", status, content });

/** A response with every field of the specification. */
export const response = (status, output = []) => ({
  id: "resp_1",
  object: "response",
  created_at: 1,
  completed_at: status === "completed" ? 2 : null,
  status,
  incomplete_details: null,
  model: "m",
  previous_response_id: null,
  instructions: null,
  output,
  error: null,
  tools: [],
  tool_choice: "auto",
  truncation: "disabled",
  parallel_tool_calls: true,
  text: { format: { type: "text" } },
  top_p: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  top_logprobs: 0,
  temperature: 1,
  reasoning: null,
  usage: null,
  max_output_tokens: null,
  max_tool_calls: null,
  store: true,
  background: false,
  service_tier: "default",
  metadata: {},
  safety_identifier: null,
  prompt_cache_key: null,
});

/** The events of a server that keeps every rule. */
export function clean(text = "Hello") {
  const at = { item_id: "msg_1", output_index: 0, content_index: 0 };
  const done = message("completed", [part(text)]);
  return numbered([
    { type: "response.created", response: response("in_progress") },
    { type: "response.in_progress", response: response("in_progress") },
    { type: "response.output_item.added", output_index: 0, item: message("in_progress", []) },
    { type: "response.content_part.added", ...at, part: part("") },
    ...[text.slice(0, 2), text.slice(2)].map((delta) => ({
      type: "response.output_text.delta",
      ...at,
      delta,
      logprobs: [],
    })),
    { type: "response.output_text.done", ...at, text, logprobs: [] },
    { type: "response.content_part.done", ...at, part: part(text) },
    { type: "response.output_item.done", output_index: 0, item: done },
    { type: "response.completed", response: response("completed", [done]) },
  ]);
}

/** The events before the first that ends something. */
export const begun = () => clean().slice(0, 6);

/** The events, numbered from 0 as they stand. */
export const numbered = (events) =>
  events.map(({ type, sequence_number: _, ...fields }, sequence_number) => ({ type, sequence_number, ...fields }));

/** Reads a stream to its end, or to its error. */
export async function read(client, params = ASK) {
  const stream = client.responses.stream(params);
  const heard = [];
  stream.on("deviation", (deviation) => heard.push(deviation));
  const events = [];
  let error;
  try {
    for await (const event of stream) events.push(event);
  } catch (thrown) {
    error = thrown;
  }
  assert.deepEqual(heard, stream.deviations, "each is told when it happens");
  const codes = stream.deviations.map(({ code }) => code);
  return { stream, events, error, codes, text: stream.snapshot.output_text };
}

/** Checks class and fields of an error, all of them that are named. */
export function isError(error, name, fields) {
  assert.ok(error, `no ${name}`);
  assert.equal(error.name, name, error.stack);
  assert.equal(error.constructor, api[name]);
  for (const [field, value] of Object.entries(fields)) {
    if (value instanceof RegExp) assert.match(error[field], value);
    else assert.deepEqual(error[field], value, `${field}: ${JSON.stringify(error[field])}`);
  }
}
