import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { api, client, completed, json, run, settled, whole } from "./fake.mjs";

const params = { model: "m", input: "i" };
const answer = () =>
  json({ object: "response", status: "completed", output: [] }, { headers: { "x-request-id": "req_1" } });

test("a call sends its parameters as they are, unknown fields included", async () => {
  const asking = client(answer);
  const more = { ...params, provider: { sort: "price" }, metadata: { a: "ü" }, temperature: undefined, user: null };
  await asking.responses.create(more, { headers: { "x-mine": "1" }, query: { v: "2" }, idempotencyKey: "once" });
  const [sent] = asking.seen;
  assert.equal(sent.url, "https://api.example/v1/responses?v=2");
  assert.equal(sent.method, "POST");
  assert.deepEqual(JSON.parse(sent.body), { ...params, provider: { sort: "price" }, metadata: { a: "ü" }, user: null });
  assert.deepEqual(sent.headers, {
    accept: "application/json",
    authorization: "Bearer a-key-of-the-test",
    "content-type": "application/json",
    "idempotency-key": "once",
    "x-mine": "1",
  });
});

test("the result is a promise like any other, with the answer beside it", async () => {
  const asking = client(answer);
  const promise = asking.responses.create(params);
  const [a, b] = await Promise.all([promise, promise]);
  assert.equal(a, b);
  assert.equal(asking.seen.length, 1);
  const { data, response, request_id } = await asking.responses.create(params).withResponse();
  assert.deepEqual([data.status, response.status, request_id], ["completed", 200, "req_1"]);
  let settledOnce = 0;
  await asking.responses.create(params).finally(() => {
    settledOnce += 1;
  });
  assert.equal(settledOnce, 1);
  assert.equal(Object.prototype.toString.call(promise), "[object Promise]");
});

test("asResponse() leaves the body to the caller, and still rejects for an error status", async () => {
  const response = await client(answer).responses.create(params).asResponse();
  assert.equal(response.bodyUsed, false);
  assert.equal((await response.json()).object, "response");
  const refused = client(() => json({ error: { message: "no" } }, { status: 400 }));
  await assert.rejects(refused.responses.create(params).asResponse(), api.BadRequestError);
});

test("a call that fails and that nobody awaits is reported as unhandled, as with any promise", () => {
  const { stderr } = run(`
    client(() => json({ error: { message: "nobody listens" } }, { status: 400 })).responses.create({ model: "m", input: "i" });
  `);
  assert.match(stderr, /BadRequestError: nobody listens/);
});

test("a stream comes as a response where none was asked for, and the other way round", async () => {
  const response = await client(() => whole(completed("text"))).responses.create(params);
  assert.equal(response.output_text, "text");
  const events = [];
  for await (const event of client(() => json(completed("text").response)).responses.stream(params)) events.push(event);
  assert.deepEqual(events, [completed("text")]);
});

test("options of the wrong type are refused by name, before anything is sent", async () => {
  const wrong = [
    { apiKey: 7 },
    { baseURL: 7 },
    { timeout: -1 },
    { timeout: { idle: "soon" } },
    { timeout: "1s" },
    { maxRetries: 1.5 },
    { maxRetries: -1 },
    { fetch: "fetch" },
    { defaultHeaders: { a: 1 } },
    { defaultHeaders: "a: 1" },
    { defaultQuery: { a: {} } },
    { limits: { maxEventBytes: 0 } },
    { limits: { maxEventBytes: Number.NaN } },
    { logLevel: "loud" },
  ];
  for (const options of wrong) {
    const [name] = Object.keys(options);
    assert.throws(
      () => new api.OpenResponses(options),
      (error) => {
        assert.ok(error instanceof api.OpenResponsesError, inspect(options));
        assert.equal(error.code, "invalid_option");
        assert.match(error.message, new RegExp(`The option ${name}`));
        return true;
      },
    );
  }
  const asking = client(answer);
  for (const options of [
    { timeout: 0 },
    { maxRetries: "2" },
    { signal: {} },
    { idempotencyKey: 1 },
    { headers: { a: 1 } },
  ]) {
    await assert.rejects(asking.responses.create(params, options), { code: "invalid_option" }, inspect(options));
    await assert.rejects(asking.responses.stream(params, options).finalResponse(), { code: "invalid_option" });
  }
  assert.equal(asking.seen.length, 0);
});

test("what no header, URL or body may hold is refused before anything is sent", async () => {
  const asking = client(answer);
  const circular = { ...params };
  circular.self = circular;
  await assert.rejects(asking.responses.create(circular), { code: "invalid_request" });
  await assert.rejects(asking.responses.create({ ...params, n: 1n }), { code: "invalid_request" });
  await assert.rejects(asking.responses.create(params, { headers: { "x-a": "1\r\nx-b: 2" } }), {
    code: "invalid_header",
  });
  await assert.rejects(asking.responses.create(params, { headers: { "x a": "1" } }), { code: "invalid_header" });
  await assert.rejects(asking.withOptions({ apiKey: "two\nlines" }).responses.create(params), {
    code: "invalid_api_key",
  });
  await assert.rejects(asking.withOptions({ baseURL: "api.example" }).responses.create(params), {
    code: "invalid_base_url",
  });
  assert.equal(asking.seen.length, 0);
});

test("the key comes from the environment where there is one, and its absence is told at the call", async () => {
  const { INFRON_API_KEY, OPENRESPONSES_API_KEY } = process.env;
  try {
    delete process.env.INFRON_API_KEY;
    delete process.env.OPENRESPONSES_API_KEY;
    const none = client(answer, { apiKey: undefined });
    await assert.rejects(none.responses.create(params), (error) => {
      assert.equal(error.code, "missing_api_key");
      assert.match(error.message, /INFRON_API_KEY/);
      return true;
    });
    process.env.OPENRESPONSES_API_KEY = "second";
    const second = client(answer, { apiKey: undefined });
    process.env.INFRON_API_KEY = "first";
    const first = client(answer, { apiKey: undefined });
    await Promise.all([second.responses.create(params), first.responses.create(params)]);
    assert.equal(second.seen[0].headers.authorization, "Bearer second");
    assert.equal(first.seen[0].headers.authorization, "Bearer first");
  } finally {
    Object.assign(
      process.env,
      INFRON_API_KEY && { INFRON_API_KEY },
      OPENRESPONSES_API_KEY && { OPENRESPONSES_API_KEY },
    );
  }
});

test("a key function is asked before each request", async () => {
  let asked = 0;
  const refusing = (_url, _init, attempt) =>
    attempt === 0 ? json({}, { status: 503, headers: { "retry-after-ms": "1" } }) : answer();
  const asking = client(refusing, { apiKey: async () => `token-${asked++}` });
  await asking.responses.create(params);
  assert.deepEqual(
    asking.seen.map((sent) => sent.headers.authorization),
    ["Bearer token-0", "Bearer token-1"],
  );
});

test("withOptions() changes what it names and keeps the rest", async () => {
  const asking = client(answer, { defaultHeaders: { "x-a": "1" } });
  await asking.withOptions({ defaultQuery: { v: "1" } }).responses.create(params);
  assert.equal(asking.seen[0].headers["x-a"], "1");
  assert.match(asking.seen[0].url, /\?v=1$/);
});

test("models are listed and fetched by id", async () => {
  const asking = client((url) =>
    json(url.endsWith("/models") ? { object: "list", data: [{ id: "a/b" }] } : { id: "a/b" }),
  );
  assert.deepEqual((await asking.models.list()).data, [{ id: "a/b" }]);
  assert.equal((await asking.models.retrieve("a/b")).id, "a/b");
  assert.deepEqual(
    asking.seen.map((sent) => [sent.method, sent.url.split("/v1")[1]]),
    [
      ["GET", "/models"],
      ["GET", "/models/a%2Fb"],
    ],
  );
  assert.equal(asking.seen[0].headers["content-type"], undefined);
});

test("one log line a call, without key or payload", async () => {
  const lines = [];
  const logger = Object.fromEntries(
    ["error", "warn", "info", "debug"].map((level) => [level, (line) => lines.push([level, line])]),
  );
  const secret = { ...params, input: "the payload" };
  await client(answer, { logger, logLevel: "info" }).responses.create(secret);
  const refused = () => json({ error: { message: "key a-key-of-the-test is wrong" } }, { status: 401 });
  await assert.rejects(client(refused, { logger }).responses.create(secret));
  assert.deepEqual(
    lines.map(([level]) => level),
    ["info", "warn"],
  );
  assert.doesNotMatch(JSON.stringify(lines), /a-key-of-the-test|the payload/);
});

test("neither client nor error shows the key", async () => {
  const asking = client(() => json({ error: { message: "no" } }, { status: 401 }));
  const error = await asking.responses.create(params).catch((thrown) => thrown);
  asking.seen.length = 0;
  for (const shown of [
    inspect(asking, { depth: 9, showHidden: true }),
    JSON.stringify(asking),
    inspect(error, { depth: 9 }),
    String(error),
    JSON.stringify(error),
  ]) {
    assert.doesNotMatch(shown, /a-key-of-the-test/);
  }
});

test("a call in flight does not outlive its end", async () => {
  await client(answer).responses.create(params);
  await settled();
  const kinds = process.getActiveResourcesInfo().filter((kind) => kind === "Timeout");
  assert.deepEqual(kinds, []);
});
