// What the hooks are told, and that they can neither break nor see what is not theirs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { api, client, completed, created, delta, feed, json, settled, whole } from "./fake.mjs";

const params = { model: "m", input: "the payload" };
const answer = () =>
  json({ id: "resp_1", object: "response", status: "completed", output: [] }, { headers: { "x-request-id": "req_1" } });
const busy = () =>
  json({ error: { message: "a-key-of-the-test" } }, { status: 503, headers: { "retry-after-ms": "1" } });
const NAMES = ["request", "response", "retry", "resume", "deviation", "end"];

/** Hooks that write down what they are told. */
function recording() {
  const told = [];
  const hooks = Object.fromEntries(NAMES.map((name) => [name, (facts) => told.push({ name, ...facts })]));
  return { hooks, told };
}

const names = (told) => told.map(({ name }) => name).join(" ");
const inTurn =
  (...answers) =>
  (_url, _init, attempt) =>
    answers[Math.min(attempt, answers.length - 1)]();

test("each attempt of a call is told with its place, sizes and times, in one plain shape", async () => {
  const { hooks, told } = recording();
  await client(inTurn(busy, answer), { hooks }).responses.create({ ...params, input: "ü" });
  assert.equal(names(told), "request response retry request response end");
  const [request, response, retry, again, , end] = told;
  const shared = {
    call: request.call,
    operation: "responses.create",
    method: "POST",
    path: "/responses",
    host: "api.example",
    port: 443,
    model: "m",
    stream: false,
  };
  for (const facts of told) {
    const { name, elapsedMs, ...rest } = facts;
    for (const [key, value] of Object.entries(shared)) assert.deepEqual(rest[key], value, `${name} ${key}`);
    assert.ok(elapsedMs >= 0 && elapsedMs < 60_000, `${name} ${elapsedMs}`);
    assert.equal(Object.getPrototypeOf(facts), Object.prototype);
  }
  assert.deepEqual(
    told.map(({ attempt }) => attempt),
    [1, 1, 1, 2, 2, 2],
  );
  const times = told.map(({ elapsedMs }) => elapsedMs);
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  );
  assert.equal(request.bodyBytes, new TextEncoder().encode(JSON.stringify({ model: "m", input: "ü" })).length);
  assert.equal(response.status, 503);
  const error = { name: "ServiceUnavailableError", code: undefined, status: 503 };
  assert.deepEqual([retry.kind, retry.delayMs, retry.error], ["retry", 1, error]);
  assert.equal(typeof again.setHeader, "function");
  const { status, requestID, responseID, receivedBytes, events, usage } = end;
  assert.deepEqual(
    { status, requestID, responseID, events, usage, error: end.error },
    { status: 200, requestID: "req_1", responseID: "resp_1", events: 0, usage: null, error: undefined },
  );
  const bytes = (await busy().text()).length + (await answer().text()).length;
  assert.equal(receivedBytes, bytes);
});

test("a stream's events, bytes, deviations and usage are told, and its end once", async () => {
  const { hooks, told } = recording();
  const usage = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };
  const last = completed("ab");
  const run = client(() => whole(delta("a"), delta("b"), { ...last, response: { ...last.response, usage } }), {
    hooks,
  }).responses.stream(params);
  assert.equal((await run.finalResponse()).status, "completed");
  const deviations = told.filter(({ name }) => name === "deviation");
  assert.deepEqual(
    deviations.map(({ code }) => code),
    run.deviations.map(({ code }) => code),
  );
  assert.ok(deviations.length > 0 && deviations.every((facts) => !("message" in facts)));
  const ends = told.filter(({ name }) => name === "end");
  assert.equal(ends.length, 1);
  assert.deepEqual([ends[0].events, ends[0].stream, ends[0].usage.total_tokens], [3, true, 3]);
  assert.equal(told.at(-1), ends[0]);
});

test("whatever a call ends with, its class and code are told, once, and nothing of what was said", async () => {
  const never = () => new Promise(() => {});
  const aborted = AbortSignal.abort(new Error("the payload"));
  const refused = () =>
    json({ error: { message: "a-key-of-the-test, the payload", code: "a-key-of-the-test" } }, { status: 400 });
  for (const [fetch, options, name, code] of [
    [refused, {}, "BadRequestError", "[redacted]"],
    [() => whole(created, delta("a")), {}, "StreamTruncatedError", "stream_truncated"],
    [never, { timeout: 5 }, "APIConnectionTimeoutError", "timeout_head"],
    [never, { signal: aborted }, "APIUserAbortError", "aborted"],
    [() => Promise.reject(new Error("no")), {}, "APIConnectionError", "connection_failed"],
    [answer, { headers: { "x y": "1" } }, "OpenResponsesError", "invalid_header"],
    [
      () => new Response(null, { status: 307, headers: { location: "/a-key-of-the-test" } }),
      {},
      "ProtocolError",
      "redirected",
    ],
  ]) {
    const { hooks, told } = recording();
    await assert.rejects(client(fetch, { hooks, maxRetries: 0 }).responses.stream(params, options).finalResponse());
    await settled();
    const ends = told.filter((facts) => facts.name === "end");
    assert.equal(ends.length, 1, code);
    assert.deepEqual([ends[0].error.name, ends[0].error.code], [name, code]);
    assert.doesNotMatch(inspect(told, { depth: 9, showHidden: true }), /a-key-of-the-test|the payload/);
  }
});

test("a response that failed is what its call ended with, unless it is the call's result", async () => {
  const FAILED = { id: "resp_1", object: "response", status: "failed", output: [] };
  FAILED.error = { code: "server_error", message: "the payload" };
  const answered = () => json(FAILED, { headers: { "x-request-id": "req_1" } });
  const streamed = () => whole(created, { type: "response.failed", response: FAILED });
  const failure = { name: "ResponseFailedError", code: "server_error", status: undefined };
  for (const [fetch, call, error] of [
    [answered, ({ responses }) => responses.create(params), failure],
    [streamed, ({ responses }) => responses.stream(params).finalResponse(), failure],
    [
      streamed,
      ({ responses }) => responses.retrieve("resp_1", { stream: true }).then((run) => run.finalText()),
      failure,
    ],
    [answered, ({ responses }) => responses.retrieve("resp_1"), undefined],
    [answered, ({ responses }) => responses.cancel("resp_1"), undefined],
  ]) {
    const { hooks, told } = recording();
    const outcome = await call(client(fetch, { hooks })).catch((thrown) => thrown);
    assert.equal(outcome instanceof api.ResponseFailedError, error !== undefined);
    await settled();
    const [end, ...others] = told.filter(({ name }) => name === "end");
    assert.deepEqual([end.error, others.length, end.responseID], [error, 0, "resp_1"]);
    assert.doesNotMatch(inspect(told, { depth: 9 }), /the payload/);
  }
});

/** What a client of a relative address, whose `fetch` is its own, asks for and tells, where the platform has these globals. */
async function relativeIn(globals, options) {
  const real = Object.fromEntries(Object.keys(globals).map((name) => [name, globalThis[name]]));
  Object.assign(globalThis, globals);
  try {
    const { hooks, told } = recording();
    const asking = client(answer, { baseURL: "/v1", hooks, apiKey: async () => "k", ...options });
    await asking.responses.create(params);
    return [asking.seen[0].url, told[0].host, told[0].port];
  } finally {
    Object.assign(globalThis, real);
  }
}

test("a relative address is one of the page's base, or of who made the worker, for the request and for the hooks", async () => {
  const at = (href) => ({ href, protocol: new URL(href).protocol, origin: new URL(href).origin });
  const srcdoc = { document: { baseURI: "https://app.example/a/b" }, location: at("about:srcdoc") };
  for (const [globals, origin, host, port] of [
    [srcdoc, "https://app.example", "app.example", 443],
    [
      { document: { baseURI: "https://base.example:8443/x/" }, location: at("https://app.example/a") },
      "https://base.example:8443",
      "base.example",
      8443,
    ],
    [{ location: at("http://localhost:5173/worker.js") }, "http://localhost:5173", "localhost", 5173],
    [{ location: at("blob:https://app.example/0-1-2") }, "https://app.example", "app.example", 443],
    // Only the caller's own `fetch` knows, or that of an application with a scheme of its own.
    [{}, "", "", 0],
    [{ document: { baseURI: "tauri://localhost/a" }, location: at("tauri://localhost/a") }, "", "", 0],
  ]) {
    assert.deepEqual(await relativeIn(globals), [`${origin}/v1/responses`, host, port]);
    assert.deepEqual(await relativeIn(globals, { baseURL: " /v1/ " }), [`${origin}/v1/responses`, host, port]);
  }
});

test("no key goes to where a page's base leads over plain http", async () => {
  const globals = { document: { baseURI: "http://other.example/" }, location: new URL("http://localhost/") };
  await assert.rejects(relativeIn(globals), {
    code: "insecure_base_url",
    message: /to other\.example over plain http/,
  });
  assert.deepEqual(await relativeIn(globals, { apiKey: null }), [
    "http://other.example/v1/responses",
    "other.example",
    80,
  ]);
  for (const baseURL of ["//other.example/v1", "/\\other.example/v1", "/\t/other.example/v1", "v1"]) {
    await assert.rejects(relativeIn(globals, { baseURL }), { code: "invalid_base_url" }, baseURL);
  }
});

test("no key is told, though the server calls its request by it", async () => {
  const { hooks, told } = recording();
  const key = "a-key-of-the-test";
  const naming = () => json({ object: "response", output: [] }, { headers: { "x-request-id": key } });
  await client(naming, { hooks }).responses.create(params);
  assert.equal(told.at(-1).requestID, undefined);
  assert.doesNotMatch(inspect(told, { depth: 9 }), new RegExp(key));
});

test("a stream that is gone on with is told as resumed, by the request that asks for the rest", async () => {
  const { hooks, told } = recording();
  const numbered = (...events) => events.map((event, sequence_number) => ({ ...event, sequence_number }));
  const background = { ...created, response: { ...created.response, background: true } };
  const events = numbered(background, delta("a"), completed("a"));
  const cut = () => {
    const fed = feed();
    fed.send(...events.slice(0, 2));
    fed.end();
    return fed.response;
  };
  const run = client(
    inTurn(cut, () => whole(events[2])),
    { hooks },
  ).responses.stream({ ...params, background: true });
  assert.equal(await run.finalText(), "a");
  const steps = told.filter(({ name }) => name !== "deviation");
  assert.equal(names(steps), "request response resume request response end");
  const [, , resume, request] = steps;
  assert.deepEqual(
    [resume.kind, resume.error.name, resume.error.code],
    ["resume", "StreamTruncatedError", "stream_truncated"],
  );
  assert.ok(resume.delayMs >= 0);
  assert.deepEqual([request.method, request.path, request.operation], ["GET", "/responses/{id}", "responses.create"]);
});

test("ids and queries are in nothing that is told", async () => {
  const { hooks, told } = recording();
  const asking = client(answer, { hooks, defaultQuery: { key: "a-query" } });
  await asking.responses.retrieve("resp_secret", { include: ["an-include"] }, { query: { more: "a-query" } });
  const [request] = told;
  assert.deepEqual([request.operation, request.path], ["responses.retrieve", "/responses/{id}"]);
  assert.doesNotMatch(inspect(told, { depth: 9 }), /resp_secret|a-query|an-include/);
});

test("a call's own hooks are told after the client's", async () => {
  const order = [];
  const hooks = (who) => ({ request: () => order.push(who) });
  await client(answer, { hooks: hooks("client") }).responses.create(params, { hooks: hooks("call") });
  assert.deepEqual(order, ["client", "call"]);
});

test("hooks that throw or reject change nothing, and keep no other hook from being told", async () => {
  const unhandled = [];
  const note = (reason) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  process.on("uncaughtException", note);
  const { hooks, told } = recording();
  const thrower = () => {
    throw new Error("a hook's own fault");
  };
  for (const fail of [thrower, async () => thrower()]) {
    const failing = Object.fromEntries(NAMES.map((name) => [name, fail]));
    const text = await client(
      inTurn(busy, () => whole(delta("a"), completed("a"))),
      { hooks: failing },
    )
      .responses.stream(params, { hooks })
      .finalText();
    assert.equal(text, "a");
  }
  await settled();
  process.off("unhandledRejection", note);
  process.off("uncaughtException", note);
  assert.deepEqual(unhandled, []);
  assert.equal(told.filter(({ name }) => name === "end").length, 2);
});

test("a request's hook adds headers to that request, and only such as a request may have", async () => {
  const refused = [];
  const hooks = {
    request({ setHeader, attempt }) {
      setHeader("traceparent", `attempt ${attempt}`);
      for (const [name, value] of [
        ["authorization", "Bearer other"],
        ["Authorization", "Bearer other"],
        ["content-type", "text/plain"],
        ["traceparent", "again"],
        ["x a", "1"],
        ["", "1"],
        ["x-a", "1\r\nx-b: 2"],
        ["x-a", "1\0"],
        ["x-a", "→"],
      ]) {
        try {
          setHeader(name, value);
        } catch (error) {
          refused.push(error);
        }
      }
    },
  };
  const asking = client(inTurn(busy, answer), { hooks });
  await asking.responses.create(params);
  assert.equal(refused.length, 18);
  for (const error of refused) assert.ok(error instanceof api.OpenResponsesError && error.code === "invalid_header");
  assert.deepEqual(
    asking.seen.map(({ headers }) => headers.traceparent),
    ["attempt 1", "attempt 2"],
  );
  for (const { headers } of asking.seen) {
    assert.deepEqual(Object.keys(headers).sort(), ["accept", "authorization", "content-type", "traceparent"]);
    assert.equal(headers.authorization, "Bearer a-key-of-the-test");
  }
  // Nor is there one to be had where no key is sent.
  const relay = client(answer, {
    apiKey: null,
    hooks: { request: ({ setHeader }) => setHeader("authorization", "x") },
  });
  await relay.responses.create(params);
  assert.equal(relay.seen[0].headers.authorization, undefined);
});

test("an answer that is taken with asResponse() ends the call for the hooks", async () => {
  const { hooks, told } = recording();
  const response = await client(answer, { hooks }).responses.create(params).asResponse();
  assert.equal(names(told), "request response end");
  assert.equal(told.at(-1).receivedBytes, 0);
  assert.equal((await response.json()).id, "resp_1");
});

test("without hooks the caller's own fetch is what is called", async () => {
  const fetch = (...given) => {
    assert.equal(given.length, 2);
    assert.doesNotMatch(new Error("trace").stack, /hooks\.js/);
    return answer();
  };
  const asking = new api.OpenResponses({ apiKey: "a-key-of-the-test", fetch, hooks: undefined });
  assert.equal((await asking.responses.create(params, { hooks: undefined })).status, "completed");
});
