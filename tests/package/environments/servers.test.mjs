/** Servers that misbehave: which error each of them becomes. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { baseURL, installed } from "../support/setting.mjs";

const entry = await import(pathToFileURL(join(installed, "dist/index.js")).href);
const client = new entry.OpenResponses({ apiKey: "sk-anything", baseURL, maxRetries: 0 });

const ECHO = { model: "sandbox/echo", input: "Hello, world!" };
const STORY = { model: "sandbox/story", input: "Tell." };

/** Asks in one piece. */
const whole = (query, options) => client.responses.create(ECHO, { query, ...options });

/** Asks for a stream and reads it to its end. */
async function streamed(query, options, body = STORY) {
  const events = [];
  for await (const event of client.responses.stream(body, { query, ...options })) events.push(event);
  return events;
}

/**
 * @param {Promise<unknown>} call
 * @param {{ is: string, code: unknown, status?: number, says: RegExp }} wanted the exact class and more
 */
async function fails(call, { is, code, status, says }) {
  const error = await call.then(
    (value) => assert.fail(`It did not fail, but gave ${JSON.stringify(value).slice(0, 200)}`),
    (reason) => reason,
  );
  assert.equal(error.name, is, error.stack);
  assert.equal(error.constructor, entry[is]);
  assert.equal(error.code, code);
  assert.equal(error.status, status);
  assert.match(error.message, says);
  return error;
}

describe("an answer that is no API's", () => {
  const html = { is: "ProtocolError", code: "unexpected_content_type", says: /text\/html.*baseURL.*\/v1/ };
  test("a page instead of JSON", () => fails(whole({ body: "html" }), html));
  test("a page instead of a stream", () => fails(streamed({ body: "html" }), html));
  const gateway = { is: "BadGatewayError", code: undefined, status: 502, says: /HTML page titled “502 Bad Gateway”/ };
  test("a proxy's error page", () => fails(whole({ body: "html-502" }), gateway));
  test("a proxy's error page instead of a stream", () => fails(streamed({ body: "html-502" }), gateway));
  const error = { is: "InternalServerError", code: "server_error", status: 200, says: /unexpected error/ };
  test("an error with status 200", () => fails(whole({ body: "error-200" }), error));
  test("an error with status 200 instead of a stream", () => fails(streamed({ body: "error-200" }), error));
  const empty = { is: "ProtocolError", code: "empty_answer", says: /status 200 and an empty body/ };
  test("nothing at all", () => fails(whole({ body: "empty" }), empty));
  test("nothing at all instead of a stream", () => fails(streamed({ body: "empty" }), empty));
});

describe("an answer that breaks off", () => {
  const interrupted = { is: "APIConnectionError", code: "body_interrupted", says: /Nothing of it was delivered/ };
  test("JSON of which half arrives", () => fails(whole({ body: "truncated-json" }), interrupted));
  test("JSON that is cut without notice", () => fails(whole({ cut: "100" }), interrupted));
  test("JSON inside which the connection breaks", () => fails(whole({ reset: "100" }), interrupted));

  for (const [name, query, says] of [
    ["is cut without notice", { cut: "20000" }, /no terminal event was sent.*`partial`/],
    ["breaks with its connection", { reset: "20000" }, /the connection broke.*`partial`/],
    ["ends without a terminal event", { terminal: "0" }, /no terminal event was sent.*`partial`/],
  ]) {
    test(`a stream that ${name}`, async () => {
      const wanted = { is: "StreamTruncatedError", code: "stream_truncated", says };
      const error = await fails(streamed(query), wanted);
      assert.match(error.partial.output_text, /^The lighthouse keeper of Ängelholm/);
      assert.equal(error.retryable, false);
      await fails(client.responses.stream(STORY, { query }).finalResponse(), wanted);
    });
  }
});

describe("a server that keeps one waiting", () => {
  const late = (phase, says) => ({ is: "APIConnectionTimeoutError", code: `timeout_${phase}`, says });
  test("for the head", () => fails(whole({ head_delay: "5000" }, { timeout: 200 }), late("head", /200 ms.*`timeout`/)));
  test("for the first event", () =>
    fails(streamed({ stall: "0" }, { timeout: { firstEvent: 200 } }), late("first_event", /first event.*200 ms/)));
  test("in the middle", async () => {
    const error = await fails(
      streamed({ stall: "20000" }, { timeout: { idle: 300 } }),
      late("idle", /fell silent.*300 ms/),
    );
    assert.match(error.partial.output_text, /^The lighthouse keeper/);
  });
  test("for the end", () =>
    fails(streamed({ delay: "20" }, { timeout: { total: 500 } }), late("total", /did not end.*500 ms/)));
  test("inside JSON", () => fails(whole({ stall: "100" }, { timeout: { idle: 200 } }), late("idle", /200 ms/)));
});

test("a port where nobody listens", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  const nobody = new entry.OpenResponses({
    apiKey: "sk-anything",
    baseURL: `http://127.0.0.1:${port}/v1`,
    maxRetries: 0,
  });
  const wanted = { is: "APIConnectionError", code: "connection_failed", says: /could not be reached \(.*ECONNREFUSED/ };
  const error = await fails(nobody.responses.create(ECHO), wanted);
  assert.equal(error.retryable, true);
  assert.ok(error.cause instanceof Error);
  await fails(nobody.responses.stream(ECHO).finalText(), wanted);
});

describe("an error in the middle of a stream", () => {
  for (const shape of ["nested", "flat", "bare"]) {
    test(`as an event: ${shape}`, async () => {
      const wanted = { is: "InternalServerError", code: "server_error", says: /stopped working in the middle/ };
      const error = await fails(streamed({ error: shape, at: "20" }), wanted);
      assert.match(error.partial.output_text, /^The lighthouse/);
      await fails(client.responses.stream(STORY, { query: { error: shape } }).finalResponse(), wanted);
    });
  }

  test("as a response that failed", async () => {
    const events = await streamed({ error: "failed-only", at: "20" });
    assert.equal(events.at(-1).type, "response.failed");
    const failed = { is: "ResponseFailedError", code: "server_error", says: /stopped working in the middle/ };
    const query = { error: "failed-only", at: "20" };
    const error = await fails(client.responses.stream(STORY, { query }).finalResponse(), failed);
    assert.equal(error.partial.status, "failed");
  });
});

describe("each status has its class", () => {
  for (const [status, is, code] of [
    [400, "BadRequestError", "bad_request"],
    [401, "AuthenticationError", "invalid_api_key"],
    [402, "InsufficientCreditsError", "insufficient_credits"],
    [403, "PermissionDeniedError", "permission_denied"],
    [404, "NotFoundError", "not_found"],
    [408, "RequestTimeoutError", "request_timeout"],
    [409, "ConflictError", "conflict"],
    [418, "APIError", "http_418"],
    [422, "UnprocessableEntityError", "unprocessable"],
    [429, "RateLimitError", "rate_limit_exceeded"],
    [500, "InternalServerError", "server_error"],
    [502, "BadGatewayError", "bad_gateway"],
    [503, "ServiceUnavailableError", "service_unavailable"],
    [504, "InternalServerError", "http_504"],
  ]) {
    test(`${status} is ${is}`, async () => {
      const wanted = { is, code, status, says: /\w/ };
      const query = { status: String(status) };
      const error = await fails(whole(query), wanted);
      assert.match(error.requestID, /^req_/);
      assert.equal(error.headers.get("x-request-id"), error.requestID);
      assert.equal(error.retryable, [408, 409, 429, 500, 502, 503, 504].includes(status));
      await fails(streamed(query), wanted);
    });
  }
});

describe("the other kind of answer than was asked for", () => {
  test("JSON for a stream", async () => {
    const events = await streamed({ body: "json" }, {}, ECHO);
    assert.deepEqual(
      events.map((event) => event.type),
      ["response.completed"],
    );
    assert.equal(await client.responses.stream(ECHO, { query: { body: "json" } }).finalText(), "Hello, world!");
  });

  test("a stream for JSON", async () => {
    const response = await whole({ body: "sse" });
    assert.equal(response.status, "completed");
    assert.equal(response.output_text, "Hello, world!");
  });
});
