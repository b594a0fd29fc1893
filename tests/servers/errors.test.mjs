// Every shape in which servers send errors, each as one typed error with all that was said.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ASK, against, begun, body, clean, isError, numbered, read, response, sse } from "./support.mjs";

const json = (value, status, headers) =>
  body(typeof value === "string" ? value : JSON.stringify(value), { status, type: "application/json", headers });

const SAID = { message: "Say it well.", type: "invalid_request_error", param: "input", code: "bad_input" };

/** Name, answer, class, fields: thrown alike by `create` with and without `stream`. */
const REFUSALS = [
  ["a nested error", json({ error: SAID }, 400), "BadRequestError", { ...SAID, status: 400, error: SAID }],
  [
    "a code that is null",
    json({ error: { ...SAID, code: null, param: null } }, 400),
    "BadRequestError",
    { code: null, param: undefined },
  ],
  [
    "a number as code, and no type",
    json({ error: { code: 429, message: "m", metadata: { x: 1 } }, user_id: "u" }, 429),
    "RateLimitError",
    { code: 429, type: undefined, param: undefined, retryable: true },
  ],
  [
    "no code, and an id in the text",
    json({ error: { message: "No token provided (request id: 2026x)", type: "infron_ai_error" } }, 401),
    "AuthenticationError",
    { code: undefined, type: "infron_ai_error", requestID: "2026x", retryable: false },
  ],
  ["an empty param", json({ error: { ...SAID, param: "" } }, 400), "BadRequestError", { param: undefined }],
  [
    "an id in the header",
    json({ error: SAID }, 400, { "x-infron-request-id": "q" }),
    "BadRequestError",
    { requestID: "q" },
  ],
  [
    "a text as error",
    json({ success: false, error: "Unauthorized" }, 401),
    "AuthenticationError",
    { message: "Unauthorized", code: undefined },
  ],
  ["a detail", json({ detail: "Not found" }, 404), "NotFoundError", { message: "Not found" }],
  [
    "plain text",
    body("upstream is down", { status: 502, type: "text/plain" }),
    "BadGatewayError",
    { message: /upstream is down/, retryable: true },
  ],
  [
    "a page",
    body("<html><title>Just a moment...</title></html>", { status: 403, type: "text/html" }),
    "PermissionDeniedError",
    { message: /HTML page titled “Just a moment...”/ },
  ],
  [
    "a page that a dead gateway sends",
    body("<html><title>502 Bad Gateway</title></html>", { status: 502 }),
    "BadGatewayError",
    { status: 502, retryable: true },
  ],
  ["an empty body", body("", { status: 503, type: null }), "ServiceUnavailableError", { retryable: true }],
  [
    "a byte order mark",
    json(`\uFEFF${JSON.stringify({ error: SAID })}`, 400),
    "BadRequestError",
    { code: "bad_input" },
  ],
  [
    "status 200",
    json({ error: { code: "rate_limit_exceeded", message: "m" } }, 200),
    "RateLimitError",
    { status: 200, code: "rate_limit_exceeded", retryable: true },
  ],
  ["status 200 and a number", json({ error: { code: 502, message: "m" } }, 200), "BadGatewayError", { code: 502 }],
  [
    "status 500 and a stream",
    body(sse([{ type: "error", error: { code: "c", message: "m" } }]), { status: 500 }),
    "InternalServerError",
    { status: 500, code: "c", message: "m", retryable: true },
  ],
  [
    "credits as 403",
    json({ error: { message: "Your current credits have been used up (request id: 1)" } }, 403),
    "InsufficientCreditsError",
    { status: 403, retryable: false, requestID: "1" },
  ],
  [
    "credits as 429",
    json({ error: { message: "Free model requires Team balance greater than $4.9." } }, 429),
    "InsufficientCreditsError",
    { status: 429, retryable: false },
  ],
  [
    "a quota as 429",
    json({ error: { code: "insufficient_quota", type: "insufficient_quota", message: "m" } }, 429),
    "InsufficientCreditsError",
    { status: 429, retryable: false },
  ],
  [
    "an unknown model as 503",
    json({ error: { message: "No available providers for model a/b" } }, 503),
    "NotFoundError",
    { status: 503, retryable: false },
  ],
  ["a wait", json({ error: { message: "m" } }, 429, { "retry-after": "7" }), "RateLimitError", { retryAfterMs: 7000 }],
  ["204", body("", { status: 204, type: null }), "ProtocolError", { code: "empty_answer" }],
  ["no body", body("", { type: "application/json" }), "ProtocolError", { code: "empty_answer", retryable: false }],
  [
    "a page with status 200",
    body("<html></html>", { type: "text/html" }),
    "ProtocolError",
    { code: "unexpected_content_type" },
  ],
];

for (const [what, answer, name, fields] of REFUSALS) {
  test(`${what}: ${name}`, async (t) => {
    const client = await against(t, answer);
    const error = await client.responses.create(ASK).catch((thrown) => thrown);
    isError(error, name, fields);
    if (error.status !== undefined && error.status !== 200) assert.ok(error.headers.get("date"));
    isError((await read(client)).error, name, fields);
    isError(
      await client.responses
        .stream(ASK)
        .finalResponse()
        .catch((thrown) => thrown),
      name,
      fields,
    );
  });
}

const HELD = { type: "server_error", code: "server_error", message: "It broke.", param: null };
const WAITING = { ...HELD, code: "rate_limit_exceeded", headers: { "Retry-After-Ms": "250" } };
const whole = sse(begun(), { done: false });
const events = (...last) => sse(numbered([...begun(), ...last]));

/** Inside a stream: name, its text, class, fields. */
const INSIDE = [
  ["nested", events({ type: "error", error: HELD }), "InternalServerError", { error: HELD }],
  ["flat", events({ ...HELD, type: "error" }), "InternalServerError", { type: undefined }],
  ["bare", `${whole}data: ${JSON.stringify({ error: HELD })}\n\n`, "InternalServerError", {}],
  ["under its other name", events({ type: "response.error", error: HELD }), "InternalServerError", {}],
  [
    "a text",
    `${whole}data: {"error":"It broke."}\n\n`,
    "APIError",
    { code: undefined, type: undefined, retryable: false },
  ],
  [
    "a number",
    events({ type: "error", error: { code: 503, message: "It broke." } }),
    "ServiceUnavailableError",
    { code: 503, type: undefined },
  ],
  [
    "null",
    events({ type: "error", error: { ...HELD, type: null, code: null } }),
    "APIError",
    { code: null, type: undefined, retryable: false },
  ],
  [
    "with headers of its own",
    events({ type: "error", error: WAITING }),
    "RateLimitError",
    { code: "rate_limit_exceeded", retryAfterMs: 250 },
  ],
  [
    "appended to an unfinished event",
    `${whole}data: {"type":"response.comp\ndata: ${JSON.stringify({ type: "error", error: HELD })}\n\n`,
    "InternalServerError",
    {},
  ],
  [
    "appended to its line",
    `${whole}data: {"type":"response.comp${JSON.stringify({ error: HELD })}\n\n`,
    "InternalServerError",
    {},
  ],
  ["as it is, at the end", `${whole}${JSON.stringify({ error: HELD })}`, "InternalServerError", {}],
  [
    "without its blank line",
    `${whole}event: error\ndata: ${JSON.stringify({ error: HELD })}`,
    "InternalServerError",
    {},
  ],
];

for (const [what, text, name, fields] of INSIDE) {
  test(`an error inside a stream, ${what}: ${name}`, async (t) => {
    const expected = {
      status: undefined,
      code: "server_error",
      type: "server_error",
      param: undefined,
      message: "It broke.",
      requestID: "q",
      retryable: true,
      ...fields,
    };
    const client = await against(t, body(text, { headers: { "x-request-id": "q" } }));
    for (const strict of [false, true]) {
      const seen = await read(
        strict ? await against(t, body(text, { headers: { "x-request-id": "q" } }), { strict }) : client,
      );
      isError(seen.error, name, expected);
      assert.equal(seen.error.partial.output_text, "Hello");
      assert.ok(seen.error.headers.get("x-request-id"));
      assert.deepEqual(seen.codes, []);
    }
    isError(await client.responses.create(ASK).catch((thrown) => thrown), name, expected);
  });
}

const BROKEN = { code: "server_error", message: "It broke." };
const FAILED = { ...response("failed"), error: BROKEN };

for (const [what, last] of [
  ["in the response", { type: "response.failed", response: FAILED }],
  ["beside the response", { type: "response.failed", response: { ...FAILED, error: null }, error: BROKEN }],
  ["in a response that is called complete", { type: "response.completed", response: FAILED }],
]) {
  test(`a response that failed, told ${what}: ResponseFailedError from the helpers`, async (t) => {
    const client = await against(t, body(events(last)));
    const fields = { code: "server_error", message: "It broke.", retryable: true, status: undefined };
    const seen = await read(client);
    assert.equal(seen.error, undefined);
    isError(await seen.stream.finalResponse().catch((thrown) => thrown), "ResponseFailedError", fields);
    const error = await client.responses.create(ASK).catch((thrown) => thrown);
    isError(error, "ResponseFailedError", fields);
    assert.equal(error.partial.status, "failed");
  });
}

test("a response that failed, as JSON with status 200: ResponseFailedError", async (t) => {
  const client = await against(t, json(FAILED, 200, { "x-request-id": "q" }));
  const fields = { code: "server_error", message: "It broke.", requestID: "q" };
  isError(await client.responses.create(ASK).catch((thrown) => thrown), "ResponseFailedError", fields);
  isError(
    await client.responses
      .stream(ASK)
      .finalText()
      .catch((thrown) => thrown),
    "ResponseFailedError",
    fields,
  );
});

test("an error, and then response.failed with another code: the error counts, and nothing hides it", async (t) => {
  const client = await against(
    t,
    body(events({ type: "error", error: HELD }, { type: "response.failed", response: FAILED })),
  );
  isError(
    await client.responses
      .stream(ASK)
      .finalResponse()
      .catch((thrown) => thrown),
    "InternalServerError",
    { code: "server_error" },
  );
});

test("a body that ends in the middle is no answer", async (t) => {
  const half = JSON.stringify(clean().at(-1).response).slice(0, 200);
  for (const text of ["{", half]) {
    const client = await against(t, json(text, 200));
    const error = await client.responses.create(ASK).catch((thrown) => thrown);
    isError(error, "APIConnectionError", { code: "body_interrupted", retryable: false });
  }
});
