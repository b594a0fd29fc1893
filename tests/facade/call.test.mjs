import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { api, client, completed, created, feed, json, play, run, settled, whole } from "./fake.mjs";

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

test("who asks for the result after asResponse() is told that the answer was handed over", async () => {
  const asked = client(answer).responses.create(params);
  const response = asked.asResponse();
  for (const result of [asked, asked.withResponse()]) {
    await assert.rejects(result, (error) => {
      assert.ok(error instanceof api.OpenResponsesError);
      assert.equal(error.code, "handed_over");
      assert.match(error.message, /asResponse\(\)/);
      return true;
    });
  }
  assert.equal((await (await response).json()).object, "response");
  const refused = client(() => json({ error: { message: "no" } }, { status: 400 })).responses.create(params);
  await assert.rejects(refused.asResponse(), api.BadRequestError);
  await assert.rejects(refused, api.BadRequestError);
});

test("who asks for asResponse() after the result is told what to call in its place", async () => {
  const body = () => whole(created, completed(""));
  for (const [answered, options] of [
    [answer, params],
    [body, { ...params, stream: true }],
  ]) {
    const asked = client(answered).responses.create(options);
    const result = await asked;
    await assert.rejects(asked.asResponse(), (error) => {
      assert.ok(error instanceof api.OpenResponsesError);
      assert.equal(error.code, "body_taken");
      assert.match(error.message, /withResponse\(\)/);
      return true;
    });
    if (options.stream)
      assert.equal((await result.finalResponse()).status, "completed", "the stream has its body still");
    assert.equal((await asked.withResponse()).response.status, 200);
  }
  const refused = client(() => json({ error: { message: "no" } }, { status: 400 })).responses.create(params);
  await assert.rejects(refused, api.BadRequestError);
  await assert.rejects(refused.asResponse(), api.BadRequestError);
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
    { limits: null },
    { limits: 5 },
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

test("a header of authorization that is removed is not sent, wherever the key is from, and no key function is asked", async () => {
  const { INFRON_API_KEY } = process.env;
  const keys = ["a-key", undefined, () => assert.fail("The key function was asked.")];
  try {
    process.env.INFRON_API_KEY = "of-the-environment";
    for (const apiKey of keys) {
      for (const name of ["authorization", "Authorization", "AUTHORIZATION"]) {
        const removed = { [name]: null };
        const ofClient = client(answer, { apiKey, defaultHeaders: { ...removed, "api-key": "another" } });
        await ofClient.responses.create(params);
        const ofCall = client(answer, { apiKey });
        await ofCall.responses.create(params, { headers: removed });
        for (const [{ headers }] of [ofClient.seen, ofCall.seen]) assert.ok(!("authorization" in headers), name);
        assert.equal(ofClient.seen[0].headers["api-key"], "another");
      }
    }
    const replaced = client(answer, { defaultHeaders: { authorization: null } });
    await replaced.responses.create(params, { headers: { Authorization: "Basic a" } });
    assert.equal(replaced.seen[0].headers.authorization, "Basic a");
  } finally {
    if (INFRON_API_KEY === undefined) delete process.env.INFRON_API_KEY;
    else process.env.INFRON_API_KEY = INFRON_API_KEY;
  }
});

test("withOptions() changes what it names and keeps the rest", async () => {
  const asking = client(answer, { defaultHeaders: { "x-a": "1" } });
  await asking.withOptions({ defaultQuery: { v: "1" } }).responses.create(params);
  assert.equal(asking.seen[0].headers["x-a"], "1");
  assert.match(asking.seen[0].url, /\?v=1$/);
});

test("withOptions() keeps what it is given as undefined, so that nothing is sent to another server", async () => {
  const names = [
    "apiKey",
    "baseURL",
    "timeout",
    "maxRetries",
    "defaultHeaders",
    "defaultQuery",
    "fetch",
    "strict",
    "hooks",
  ];
  const asking = client(answer, { defaultHeaders: { "x-a": "1" }, defaultQuery: { v: "1" } });
  const same = asking.withOptions(Object.fromEntries(names.map((name) => [name, undefined])));
  assert.equal(same.baseURL, asking.baseURL);
  await same.responses.create(params);
  const [{ url, headers }] = asking.seen;
  assert.equal(url, "https://api.example/v1/responses?v=1");
  assert.equal(headers["x-a"], "1");
  assert.equal(headers.authorization, "Bearer a-key-of-the-test");
});

test("withOptions() keeps the options as they were when the client was made, whatever became of them", async () => {
  const given = {
    apiKey: "first",
    baseURL: "https://first.example",
    maxRetries: 0,
    defaultHeaders: { "x-a": "first" },
    defaultQuery: new Map([["v", "first"]]),
    timeout: { head: 1 },
    limits: { maxResponseBytes: 5 },
  };
  const fetch = play((_request, index) => [answer(), json({}, { status: 503 })][index] ?? new Promise(() => {}));
  const asking = new api.OpenResponses(Object.assign(given, { fetch }));
  Object.assign(given, { apiKey: "second", baseURL: "https://second.example", maxRetries: 5, strict: -1 });
  given.defaultHeaders["x-a"] = "second";
  given.defaultQuery.set("v", "second");
  given.timeout.head = -1;
  given.limits.maxResponseBytes = -1;
  const { responses } = asking.withOptions({ defaultHeaders: { "x-b": "named" } }).withOptions({});
  await assert.rejects(responses.create(params), { code: "response_too_large" });
  await assert.rejects(responses.create(params), { status: 503 });
  await assert.rejects(responses.create(params), { name: "APIConnectionTimeoutError" });
  assert.equal(fetch.requests.length, 3);
  for (const { url, headers } of fetch.requests) {
    assert.equal(url, "https://first.example/responses?v=first");
    assert.equal(headers.authorization, "Bearer first");
    assert.deepEqual([headers["x-a"], headers["x-b"]], [undefined, "named"]);
  }
  const same = asking.withOptions({ limits: undefined });
  await assert.rejects(same.responses.create(params), { name: "APIConnectionTimeoutError" });
  assert.equal(fetch.requests.at(-1).headers["x-a"], "first");
});

test("in a web page withOptions() refuses a literal key, and asks nothing after a fetch of its own, as a new client does", async () => {
  const real = { document: globalThis.document, location: globalThis.location, fetch: globalThis.fetch };
  let sent = 0;
  const fetch = async () => {
    sent += 1;
    throw new TypeError("Failed to fetch");
  };
  Object.assign(globalThis, { document: {}, location: { protocol: "https:" }, fetch });
  try {
    const asking = new api.OpenResponses({ apiKey: () => "k", maxRetries: 0 });
    assert.throws(() => asking.withOptions({ apiKey: "k" }), { code: "browser_key_refused" });
    await assert.rejects(asking.withOptions({ fetch }).responses.create(params), { code: "connection_failed" });
    assert.equal(sent, 1);
    const allowed = new api.OpenResponses({ apiKey: "k", dangerouslyAllowBrowser: true });
    assert.ok(allowed.withOptions({ maxRetries: 0 }).withOptions({ apiKey: "another" }));
  } finally {
    Object.assign(globalThis, real);
  }
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

test("a log line says what came of the call, and the id of the request by which it is asked about", async () => {
  const lines = [];
  const logger = Object.fromEntries(
    ["warn", "info", "debug"].map((level) => [level, (line) => lines.push([level, line])]),
  );
  const headers = { "x-request-id": "req_1" };
  const failed = { id: "resp_1", object: "response", status: "failed", output: [], error: { code: "server_error" } };
  const answers = [
    () => json({ id: "resp_1", object: "response", status: "completed", output: [] }, { headers }),
    () => json(failed, { headers }),
    () => whole(created, { type: "response.failed", response: failed }),
    () => json({ error: { message: "no" } }, { status: 400, headers }),
    () => json({ id: "resp_1", object: "response", output: [] }, { headers: { "x-request-id": "a-key-of-the-test" } }),
  ];
  const asking = client(() => answers.shift()(), { logger, logLevel: "debug", maxRetries: 0 });
  await asking.responses.create(params);
  await assert.rejects(asking.responses.create(params), api.ResponseFailedError);
  await assert.rejects(asking.responses.stream(params).finalResponse(), api.ResponseFailedError);
  await assert.rejects(asking.responses.create(params), api.BadRequestError);
  await asking.responses.create(params);
  await assert.rejects(asking.responses.create(params, { signal: AbortSignal.abort() }), api.APIUserAbortError);
  assert.deepEqual(
    lines.map(([level, line]) => [level, line.replace(/ after \d+ ms$/, "")]),
    [
      ["info", "openresponses-wasm: POST /responses: ok req_1"],
      ["warn", "openresponses-wasm: POST /responses: ResponseFailedError server_error req_1"],
      ["warn", "openresponses-wasm: POST /responses: ResponseFailedError server_error"],
      ["warn", "openresponses-wasm: POST /responses: BadRequestError 400 req_1"],
      ["info", "openresponses-wasm: POST /responses: ok"],
      ["debug", "openresponses-wasm: POST /responses: APIUserAbortError aborted"],
    ],
  );
});

test("a level without a logger logs to the console, and without either nothing is logged", async (t) => {
  const lines = [];
  for (const level of ["warn", "info", "debug"]) t.mock.method(console, level, () => lines.push(level));
  const refused = () => json({ error: { message: "no" } }, { status: 400 });
  const call = (options) =>
    client(refused, options)
      .responses.create(params)
      .catch(() => {});
  await call({});
  await call({ logger: undefined, logLevel: undefined });
  await call({ logLevel: "off" });
  const quiet = client(refused);
  await quiet
    .withOptions({ maxRetries: 0 })
    .responses.create(params)
    .catch(() => {});
  assert.deepEqual(lines, []);
  await call({ logLevel: "warn" });
  await quiet
    .withOptions({ logLevel: "info" })
    .withOptions({ maxRetries: 0 })
    .responses.create(params)
    .catch(() => {});
  assert.deepEqual(lines, ["warn", "warn"]);
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

test("an answer taken with asResponse() outlives everything that was made for it", () => {
  const { stdout, stderr } = run(
    `
    const fed = feed();
    const asking = client((url, init) => {
      init.signal.addEventListener("abort", () => fed.fail(init.signal.reason));
      return fed.response;
    });
    const response = await asking.responses.create({ model: "m", input: "i", stream: true }).asResponse();
    for (let i = 0; i < 10; i += 1) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    fed.send(created);
    fed.end();
    console.log(await response.text());
    `,
    ["--expose-gc"],
  );
  assert.match(stdout, /response\.created/, stderr);
});

test("an answer taken with asResponse() still ends with the caller's signal", async () => {
  const aborter = new AbortController();
  let sent;
  const asking = client((_url, init) => {
    sent = init.signal;
    return new Response(new ReadableStream(), { headers: { "content-type": "text/event-stream" } });
  });
  await asking.responses.create({ ...params, stream: true }, { signal: aborter.signal }).asResponse();
  assert.equal(sent.aborted, false);
  aborter.abort();
  assert.equal(sent.aborted, true);
});

test("a stream that nobody holds any more is closed, though it was given a long-lived signal", () => {
  const { stdout, stderr } = run(
    `
    const fed = feed();
    const { signal } = new AbortController();
    await (async () => {
      const stream = client(() => fed.response).responses.stream({ model: "m", input: "i" }, { signal });
      fed.send(created);
      await stream[Symbol.asyncIterator]().next();
    })();
    for (let i = 0; i < 20 && !fed.cancelled; i += 1) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    console.log("cancelled:", Boolean(fed.cancelled));
    `,
    ["--expose-gc"],
  );
  assert.match(stdout, /cancelled: true/, stderr);
});

test("no key is in an error, however short or odd it is, and however the server repeats it", async () => {
  const keys = ["e", "1", "name", "message", 'sk-with-"quotes"-and-\\', "sk-a/b/c/d/e/f", "sk-ordinary-key"];
  for (const apiKey of keys) {
    const escaped = JSON.stringify(`wrong: ${apiKey}`).replaceAll("/", "\\/");
    const body = `{"error":{"message":${escaped},"code":${escaped},"deep":[{"${"x"}":${escaped}}]}}`;
    const answers = [
      () => new Response(body, { status: 401 }),
      () =>
        new Response(`data: {"type":"error",${body.slice(1)}\n\n`, {
          headers: { "content-type": "text/event-stream" },
        }),
      () =>
        new Response(`data: {"type":"response.failed","response":{"status":"failed",${body.slice(1)}}\n\n`, {
          headers: { "content-type": "text/event-stream" },
        }),
    ];
    for (const answer of answers) {
      for (const options of [{ apiKey }, { apiKey: null, defaultHeaders: { authorization: `Bearer ${apiKey}` } }]) {
        const error = await client(answer, options)
          .responses.stream(params)
          .finalResponse()
          .catch((thrown) => thrown);
        assert.ok(error instanceof api.APIError, `${apiKey}: ${error}`);
        const { message, code, type, param, error: sent, stack } = error;
        const shown = [
          message,
          code,
          type,
          param,
          stack,
          ...Object.values(sent).map(String),
          inspect(sent, { depth: 9 }),
        ].join("\n");
        if (apiKey.length >= 8) {
          assert.ok(!shown.includes(apiKey) && !shown.includes(JSON.stringify(apiKey).slice(1, -1)), shown);
          assert.match(message, /\[redacted\]/);
        } else {
          assert.equal(message, `wrong: ${apiKey}`);
        }
      }
    }
  }
});

test("a key function that throws its token does not put it into the message", async () => {
  const failing = client(answer, { apiKey: () => Promise.reject(new Error("token tok-0123456789 has expired")) });
  await assert.rejects(failing.responses.create(params), (error) => {
    assert.doesNotMatch(error.message, /tok-/);
    assert.match(error.cause.message, /tok-/);
    return error.code === "token_function_failed";
  });
});

test("a logger that throws changes nothing", async () => {
  const fail = () => {
    throw new Error("disk full");
  };
  const logger = { warn: fail, info: fail };
  assert.equal((await client(answer, { logger, logLevel: "info" }).responses.create(params)).status, "completed");
  const refused = client(() => json({ error: { message: "no" } }, { status: 400 }), { logger });
  await assert.rejects(refused.responses.create(params), api.BadRequestError);
});

test("a logger must have functions for the levels of which lines come", () => {
  const write = () => {};
  const made = (options) => new api.OpenResponses({ apiKey: null, ...options });
  for (const [logLevel, logger, missing] of [
    [undefined, {}, "warn"],
    [undefined, { info: write }, "warn"],
    ["warn", { warn: "write" }, "warn"],
    ["info", { warn: write }, "warn, info"],
    ["debug", { warn: write, info: write }, "warn, info, debug"],
  ]) {
    assert.throws(() => made({ logger, logLevel }), {
      code: "invalid_option",
      message: `The option logger must be an object of functions, among them ${missing}.`,
    });
  }
  for (const [logLevel, logger] of [
    ["off", {}],
    ["error", {}],
    [undefined, { warn: write }],
    ["debug", console],
    ["info", Object.create({ warn: write, info: write })],
  ]) {
    assert.ok(made({ logger, logLevel }));
  }
});

test("names within limits and timeout that are not known are refused, and the known ones named", async () => {
  const refusal = (pattern) => (error) => {
    assert.equal(error.code, "invalid_option");
    assert.match(error.message, pattern);
    return true;
  };
  const bounds = refusal(/The option timeout .*head, firstEvent, idle, total/);
  const made = (options) => () => new api.OpenResponses({ apiKey: null, ...options });
  assert.throws(made({ timeout: { firstToken: 1000 } }), bounds);
  assert.throws(made({ timeout: { head: 1000, connect: undefined } }), bounds);
  assert.throws(
    made({ limits: { maxBytes: 1 } }),
    refusal(/The option limits .*maxEventBytes, maxResponseBytes, maxBufferedEvents/),
  );
  await assert.rejects(client(answer).responses.create(params, { timeout: { firstToken: 1000 } }), bounds);
});

test("options that are not known are refused, and nothing is sent to a server that was not meant", async () => {
  const unknown = (name) => (error) => {
    assert.equal(error.code, "invalid_option");
    assert.match(
      error.message,
      new RegExp(`^There is no option ${name}\\. There are .*(apiKey, baseURL|signal, timeout)`),
    );
    return true;
  };
  for (const name of ["baseUrl", "base_url", "api_key", "apikey", "headers", "organization"]) {
    assert.throws(() => new api.OpenResponses({ apiKey: "k", [name]: "x" }), unknown(name));
    assert.throws(() => client(answer).withOptions({ [name]: "x" }), unknown(name));
    assert.ok(client(answer, { [name]: undefined }));
  }
  const asking = client(answer);
  for (const name of ["timeOut", "apiKey", "max_retries"]) {
    await assert.rejects(asking.responses.create(params, { [name]: 1 }), unknown(name));
    await assert.rejects(asking.models.list({ [name]: 1 }), unknown(name));
  }
  assert.deepEqual(asking.seen, []);
  await asking.responses.create(params, { timeOut: undefined });
});

test("what is undefined in an option means the default", async () => {
  const asking = client(answer, { timeout: { head: undefined, idle: 5 }, limits: { maxEventBytes: undefined } });
  await asking.responses.create(params, { timeout: { idle: undefined }, signal: null });
  await asking.responses.create(params, null);
  assert.equal(asking.seen.length, 2);
  const huge = `data: {"type":"response.completed","pad":"${"x".repeat(65 * 1024 * 1024)}"}\n\n`;
  const flooded = client(() => new Response(huge, { headers: { "content-type": "text/event-stream" } }), {
    limits: { maxEventBytes: undefined },
  });
  await assert.rejects(flooded.responses.stream(params).finalResponse(), { code: "event_too_large" });
});

test("an answer that comes after the call was given up is let go", async () => {
  const fed = feed();
  const late = client(() => new Promise((resolve) => setTimeout(() => resolve(fed.response), 20)));
  await assert.rejects(late.responses.create(params, { timeout: 5, maxRetries: 0 }), { code: "timeout_head" });
  await new Promise((resolve) => setTimeout(resolve, 40));
  assert.ok(fed.cancelled);
});

test("a call's query replaces the client's of the same names, and may repeat a name", async () => {
  const asking = client(answer, { defaultQuery: new URLSearchParams("v=1&tag=a&tag=b&w=1") });
  await asking.responses.create(params, { query: { v: "2" } });
  await asking.responses.create(params, { query: new URLSearchParams("tag=c&tag=d") });
  await asking.responses.create(params);
  assert.deepEqual(
    asking.seen.map(({ url }) => url.split("?")[1]),
    ["tag=a&tag=b&w=1&v=2", "v=1&w=1&tag=c&tag=d", "v=1&tag=a&tag=b&w=1"],
  );
});

test("headers and query may be anything that yields pairs", async () => {
  const asking = client(answer, {
    defaultHeaders: new Headers({ "x-a": "1" }),
    defaultQuery: new URLSearchParams("v=1&v=2"),
  });
  await asking.responses.create(params, { headers: new Map([["x-b", "2"]]), query: [["w", "3"]] });
  const [sent] = asking.seen;
  assert.deepEqual([sent.headers["x-a"], sent.headers["x-b"]], ["1", "2"]);
  assert.match(sent.url, /\?v=1&v=2&w=3$/);
});
