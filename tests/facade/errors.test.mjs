import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../support/package.mjs";
import { api, client, completed, created, feed, json, whole } from "./fake.mjs";

test("every class is an export and a static of the client, and has its name", () => {
  const names = Object.keys(api).filter((name) => name.endsWith("Error"));
  assert.ok(names.length >= 21, names.join());
  for (const name of names) {
    assert.equal(api.OpenResponses[name], api[name]);
    const error = new api[name]("text", "text");
    assert.ok(error instanceof Error && error instanceof api.OpenResponsesError, name);
    assert.equal(error.name, name);
    assert.match(error.stack, new RegExp(`^${name}|^Error`));
  }
});

test("what a browser hides is spoken of in a page or a worker of one only", async () => {
  const asking = client(() => Promise.reject(new TypeError("fetch failed", { cause: { code: "ENOTFOUND" } })), {
    maxRetries: 0,
  });
  const message = async () => (await asking.models.list().catch((error) => error)).message;
  assert.equal(
    await message(),
    "The server could not be reached (fetch failed: ENOTFOUND). Is baseURL right, the server up, its certificate valid?",
  );
  globalThis.location = new URL("https://page.example/");
  try {
    assert.match(await message(), /\(fetch failed: ENOTFOUND\)\. .*CORS.*connect-src/);
  } finally {
    delete globalThis.location;
  }
});

test("an error tells JSON and ports its name, its message and what else it shows, and no more", async () => {
  const error = await client(() => json({ error: { message: "no", code: "c" } }, { status: 401 }))
    .models.list()
    .catch((thrown) => thrown);
  const told = JSON.parse(JSON.stringify({ error })).error;
  assert.deepEqual(told, {
    name: "AuthenticationError",
    message: "no",
    code: "c",
    status: 401,
    error: { message: "no", code: "c" },
    retryable: false,
  });
  assert.deepEqual(structuredClone(error.toJSON()), { ...error, ...told });
  assert.ok(error.headers);
  const cut = await client(() => whole(created))
    .responses.stream({ model: "m", input: "i" })
    .finalResponse()
    .catch((thrown) => thrown);
  assert.ok(cut.partial);
  assert.deepEqual(Object.keys(cut.toJSON()).sort(), [...Object.keys(cut), "message", "name"].sort());
  assert.deepEqual(
    ["headers", "partial", "stack", "cause"].filter((name) => name in cut.toJSON()),
    [],
  );
  assert.equal(JSON.parse(JSON.stringify(new api.WasmLoadError("x", "y"))).message, "y");
});

test("an error's stack leads to the line that made the call", async () => {
  const failed = { type: "response.failed", response: { status: "failed", error: { message: "no" } } };
  const sse = (...events) =>
    new Response(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""), {
      headers: { "content-type": "text/event-stream" },
    });
  const endings = {
    "a refusal": () => json({ error: { message: "no" } }, { status: 400 }),
    "a connection that fails": () => Promise.reject(new TypeError("no")),
    "a stream that is cut": () => sse(created),
    "a failed response": () => sse(created, failed),
    "an abort": () => new Promise(() => {}),
  };
  for (const [name, answer] of Object.entries(endings)) {
    const { responses } = client(answer, { maxRetries: 0 });
    const theOneWhoCalls = () => responses.stream({ model: "m", input: "i" });
    const stream = theOneWhoCalls();
    if (name === "an abort") setTimeout(() => stream.abort());
    const error = await stream.finalResponse().catch((thrown) => thrown);
    assert.match(error.stack, /theOneWhoCalls/, name);
    assert.equal(error.stack.split("\n", 1)[0], `${error.name}: ${error.message.split("\n", 1)[0]}`, name);
    assert.ok(!Object.keys(error).includes("stack"), name);
  }
  const theOneWhoWaits = async () => await client(endings["a refusal"]).responses.create({ model: "m", input: "i" });
  assert.match((await theOneWhoWaits().catch((thrown) => thrown)).stack, /theOneWhoWaits/);
});

test("instanceof goes by kind, across two copies of the package, and by identity for classes of one's own", async () => {
  const other = await load();
  assert.notEqual(other.APIError, api.APIError);
  const error = new other.RateLimitError("slow down");
  assert.ok(error instanceof api.RateLimitError);
  assert.ok(error instanceof api.APIError);
  assert.ok(!(error instanceof api.BadRequestError));
  assert.ok(!(new Error("plain") instanceof api.OpenResponsesError));
  for (const value of [null, undefined, 1, "RateLimitError", {}]) assert.ok(!(value instanceof api.APIError));
  class Mine extends api.APIError {}
  assert.ok(new Mine("m") instanceof Mine && new Mine("m") instanceof api.APIError);
  assert.ok(!(error instanceof Mine));
});

test("an error of the server has everything the server said", async () => {
  const body = { error: { message: "slow down", type: "too_many", param: "model", code: 429, more: { a: 1 } } };
  const headers = { "x-request-id": "req_5", "retry-after": "7" };
  const asking = client(() => json(body, { status: 429, headers }), { maxRetries: 0 });
  const error = await asking.responses.create({ model: "m", input: "i" }).catch((thrown) => thrown);
  assert.equal(error.constructor, api.RateLimitError);
  const { status, code, type, param, message, requestID, retryable, retryAfterMs } = error;
  assert.deepEqual(
    { status, code, type, param, message, requestID, retryable, retryAfterMs },
    {
      status: 429,
      code: 429,
      type: "too_many",
      param: "model",
      message: "slow down",
      requestID: "req_5",
      retryable: true,
      retryAfterMs: 7000,
    },
  );
  assert.deepEqual(error.error, body.error);
  assert.equal(error.headers.get("retry-after"), "7");
});

test("an error inside a stream names the request it came of", async () => {
  const headers = { "x-request-id": "req_6" };
  const answer = (...events) => {
    const fed = feed({ headers });
    fed.send(...events);
    fed.end();
    return fed.response;
  };
  const failed = { type: "response.failed", response: { status: "failed", error: { code: "x", message: "no" } } };
  for (const events of [[created], [created, failed], [{ type: "error", error: { message: "no" } }]]) {
    const run = client(() => answer(...events)).responses.stream({ model: "m", input: "i" });
    await assert.rejects(run.finalResponse(), { requestID: "req_6" });
  }
});

const asked = { model: "m", input: "i" };
const typed = (body, type = "text/event-stream") => new Response(body, { headers: { "content-type": type } });
const once = (answer) => client(answer, { maxRetries: 0 });
const thrownBy = (promise) => promise.then(assert.fail, (error) => error);

test("JSON with status 200 that is no response is an error in the server's words, of create() and of stream()", async () => {
  for (const [body, name, code, says] of [
    [{ success: false, message: "invalid access token" }, "APIError", undefined, /^invalid access token$/],
    [{ code: 401, msg: "bad key", data: null }, "AuthenticationError", 401, /^bad key$/],
    [{ object: "chat.completion", choices: [] }, "ProtocolError", "unexpected_answer", /chat\.completion/],
    [{}, "ProtocolError", "unexpected_answer", /see `error`/],
    [[], "ProtocolError", "invalid_json", /\[\]/],
    ["text", "ProtocolError", "invalid_json", /"text"/],
    [null, "ProtocolError", "invalid_json", /null/],
  ]) {
    const { responses } = once(() => json(body));
    for (const promise of [responses.create(asked), responses.stream(asked).finalResponse()]) {
      const error = await thrownBy(promise);
      assert.deepEqual([error.name, error.code, error.status], [name, code, 200]);
      assert.match(error.message, says);
      assert.deepEqual(error.error, body);
    }
  }
});

test("a response without a status and with an error has failed", async () => {
  const error = { code: "server_error", message: "boom" };
  const { responses } = once(() => json({ object: "response", output: [], error }));
  for (const promise of [responses.create(asked), responses.stream(asked).finalResponse()]) {
    const { name, message } = await thrownBy(promise);
    assert.deepEqual([name, message], ["ResponseFailedError", "boom"]);
  }
});

test("whatever comes in the place of JSON, no promise rejects with an error that is not ours", async () => {
  const calls = {
    compact: ({ responses }) => responses.compact(asked),
    count: ({ responses }) => responses.inputTokens.count(asked),
    items: ({ responses }) => responses.inputItems.list("r"),
    models: ({ models }) => models.list(),
    model: ({ models }) => models.retrieve("m"),
    delete: ({ responses }) => responses.delete("r"),
  };
  const whole = `data: ${JSON.stringify(created)}\n\ndata: ${JSON.stringify(completed(""))}\n\n`;
  for (const [answer, code, says] of [
    [() => typed(whole), "unexpected_content_type", /an event stream instead of JSON/],
    [() => typed(whole, "application/json"), "unexpected_content_type", /an event stream instead of JSON/],
    [() => typed("<html></html>", "text/html"), "unexpected_content_type", /text\/html/],
    [() => typed("text", "text/plain"), "invalid_json", /not a JSON object/],
    [() => typed("", "application/json"), "empty_answer", /status 200 and an empty body/],
    [() => new Response(null, { status: 204 }), "empty_answer", /status 204 and an empty body/],
    [() => json(null), "invalid_json", /null/],
    [() => json({ success: false }), undefined, /see `error`/],
  ]) {
    for (const [name, call] of Object.entries(calls)) {
      // Of a deletion there may be nothing to say.
      if (name === "delete" && (code === "empty_answer" || says.source === "null")) continue;
      const error = await thrownBy(call(once(answer)));
      assert.ok(error instanceof api.APIError, `${name}: ${error.stack}`);
      assert.equal(error.code, code, name);
      assert.match(error.message, says, name);
    }
  }
});

test("other JSON in the place of a model, a shortened conversation or a count is an error in the server's words", async () => {
  const calls = [
    ({ responses }) => responses.compact(asked),
    ({ responses }) => responses.inputTokens.count(asked),
    ({ models }) => models.retrieve("m"),
  ];
  for (const [body, name, code, says] of [
    [{ object: "list", data: [] }, "ProtocolError", "unexpected_answer", /a list instead of what was asked for/],
    [[{ id: "m", output: [], input_tokens: 1 }], "ProtocolError", "invalid_json", /it is \[/],
    [{ status: "rejected", message: "no such path" }, "APIError", undefined, /^no such path$/],
  ]) {
    for (const call of calls) {
      const error = await thrownBy(call(once(() => json(body))));
      assert.deepEqual([error.name, error.code, error.status], [name, code, 200]);
      assert.match(error.message, says);
      assert.deepEqual(error.error, body);
    }
  }
});

test("a list of models may come without its page", async () => {
  const models = [{ id: "a", object: "model" }];
  for (const body of [
    models,
    { data: models },
    { object: "list", data: models },
    { code: 0, msg: "ok", data: models },
  ]) {
    assert.deepEqual((await client(() => json(body)).models.list()).data, models);
  }
});

test("the words of an error are kept, in whatever form a stream tells them", async () => {
  const begin = `data: ${JSON.stringify(created)}\n\n`;
  for (const [end, code, says, body] of [
    ["event: error\ndata: upstream timed out\n\n", undefined, /upstream timed out$/, "upstream timed out"],
    ['{"error":{"message":"boom","code":"c"}}\n', "c", /^boom$/, { message: "boom", code: "c" }],
    [
      'data: {"type":"response.failed","code":"c","message":"boom"}\n\n',
      "c",
      /^boom$/,
      { type: "response.failed", code: "c", message: "boom" },
    ],
  ]) {
    const error = await thrownBy(
      once(() => typed(begin + end))
        .responses.stream(asked)
        .finalResponse(),
    );
    assert.deepEqual([error.code, error.error], [code, body]);
    assert.match(error.message, says);
    assert.equal(error.partial.id, "resp_1");
  }
});

test("what is called HTML is read as what it is", async () => {
  const html = (body) => once(() => typed(body, "text/html; charset=UTF-8")).responses;
  const stream = html(`data: ${JSON.stringify(created)}\n\ndata: ${JSON.stringify(completed("t"))}\n\n`).stream(asked);
  assert.equal(await stream.finalText(), "t");
  assert.ok(stream.deviations.some(({ code }) => code === "wrong_content_type"));
  const error = await thrownBy(html('{"error":{"message":"m","code":"c"}}').create(asked));
  assert.deepEqual([error.message, error.code], ["m", "c"]);
  const page = await thrownBy(html("<!doctype html>").stream(asked).finalResponse());
  assert.deepEqual([page.name, page.code], ["ProtocolError", "unexpected_content_type"]);
});
