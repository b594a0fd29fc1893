// The tracer with OpenTelemetry's own SDK, over sockets.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { beforeEach, test } from "node:test";
import { propagation, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { load } from "../../tests/support/package.mjs";
import { tracing } from "./tracer.mjs";

const api = await load();
propagation.setGlobalPropagator(new W3CTraceContextPropagator());
const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const hooks = tracing(provider.getTracer("test"));

beforeEach(() => exporter.reset());

/** A client of a server that answers the requests in turn; `seen` are their headers. */
async function against(t, ...answers) {
  const seen = [];
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      seen.push(request.headers);
      answers[Math.min(seen.length, answers.length) - 1](response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address();
  const client = new api.OpenResponses({ apiKey: "sk-anything", baseURL: `http://127.0.0.1:${port}/v1`, hooks });
  return { client, seen, port };
}

const json = (status, body, headers) => (response) =>
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
const sse = (text) => (response) => response.writeHead(200, { "content-type": "text/event-stream" }).end(text);
const RESPONSE = {
  id: "resp_1",
  object: "response",
  status: "completed",
  output: [],
  usage: { input_tokens: 5, output_tokens: 7, total_tokens: 12 },
};
const busy = json(503, { error: { message: "busy" } }, { "retry-after-ms": "1" });
const PARAMS = { model: "m", input: "the payload" };

const names = (span) => span.events.map(({ name }) => name);

test("a call is one span, with an event for each attempt, and the server is told of it", async (t) => {
  const { client, seen, port } = await against(t, busy, json(200, RESPONSE, { "x-request-id": "req_1" }));
  await client.responses.create(PARAMS);
  const [span, ...others] = exporter.getFinishedSpans();
  assert.equal(others.length, 0);
  assert.deepEqual([span.name, span.kind], ["responses.create m", SpanKind.CLIENT]);
  assert.deepEqual(names(span), ["request", "response", "retry", "request", "response"]);
  assert.deepEqual(span.events[2].attributes, { kind: "retry", delay_ms: 1, "error.type": "ServiceUnavailableError" });
  assert.equal(span.attributes["server.port"], port);
  assert.equal(span.attributes["http.response.status_code"], 200);
  assert.equal(span.attributes["openresponses.request_id"], "req_1");
  assert.equal(span.attributes["gen_ai.response.id"], "resp_1");
  assert.equal(span.attributes["gen_ai.usage.output_tokens"], 7);
  assert.equal(span.status.code, SpanStatusCode.UNSET);
  const { traceId, spanId } = span.spanContext();
  assert.deepEqual(
    seen.map(({ traceparent }) => traceparent),
    [`00-${traceId}-${spanId}-01`, `00-${traceId}-${spanId}-01`],
  );
  assert.doesNotMatch(JSON.stringify([span.name, span.attributes, span.events]), /payload|sk-anything/);
});

test("a stream's span ends with the stream, whatever it ends with", async (t) => {
  const begun = `data: ${JSON.stringify({ type: "response.created", sequence_number: 0, response: { id: "resp_1", status: "in_progress", output: [] } })}\n\n`;
  const done = `data: ${JSON.stringify({ type: "response.completed", sequence_number: 1, response: RESPONSE })}\n\n`;
  const { client } = await against(t, sse(begun + done), sse(begun));
  const run = client.responses.stream(PARAMS);
  for await (const _ of run);
  await assert.rejects(client.responses.stream(PARAMS).finalResponse(), api.StreamTruncatedError);
  const [whole, cut] = exporter.getFinishedSpans();
  assert.equal(whole.attributes["gen_ai.request.stream"], true);
  assert.equal(whole.attributes["http.response.body.size"], begun.length + done.length);
  assert.equal(whole.status.code, SpanStatusCode.UNSET);
  assert.deepEqual(cut.status, { code: SpanStatusCode.ERROR, message: "stream_truncated" });
  assert.equal(cut.attributes["error.type"], "StreamTruncatedError");
  assert.ok(cut.duration[0] < 60);
});

test("what the caller aborts or leaves is no error of its span, and a response that failed is one", async (t) => {
  const begun = `data: ${JSON.stringify({ type: "response.created", sequence_number: 0, response: { id: "resp_1", status: "in_progress", output: [] } })}\n\n`;
  const endless = (response) => response.writeHead(200, { "content-type": "text/event-stream" }).write(begun);
  const failed = { ...RESPONSE, status: "failed", error: { code: "server_error", message: "no" } };
  const { client } = await against(t, endless, endless, json(200, failed));
  for await (const _ of client.responses.stream(PARAMS)) break;
  const run = client.responses.stream(PARAMS);
  run.once("response.created", () => run.abort());
  await assert.rejects(run.finalResponse(), api.APIUserAbortError);
  await assert.rejects(client.responses.create(PARAMS), api.ResponseFailedError);
  const [left, aborted, refused] = exporter.getFinishedSpans();
  for (const span of [left, aborted]) {
    assert.equal(span.status.code, SpanStatusCode.UNSET);
    assert.equal(span.attributes["error.type"], undefined);
    assert.equal(names(span).at(-1), "aborted");
  }
  assert.deepEqual(refused.status, { code: SpanStatusCode.ERROR, message: "server_error" });
  assert.equal(refused.attributes["error.type"], "ResponseFailedError");
});

test("calls at the same time have spans of their own", async (t) => {
  const { client, seen } = await against(t, json(200, RESPONSE));
  await Promise.all(Array.from({ length: 5 }, () => client.responses.create(PARAMS)));
  const ids = exporter.getFinishedSpans().map((span) => span.spanContext().spanId);
  assert.equal(new Set(ids).size, 5);
  assert.deepEqual(seen.map(({ traceparent }) => traceparent.split("-")[2]).sort(), ids.sort());
});
