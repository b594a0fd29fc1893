import assert from "node:assert/strict";
import { test } from "node:test";
import { createSandbox } from "../../www/sandbox/handler.mjs";
import { MODELS } from "../../www/sandbox/models/index.mjs";
import { create, post, stream, useServer } from "./support/client.mjs";

const server = useServer();
const open = useServer({ requireKey: false });
const ECHO = { model: "sandbox/echo", input: "hi" };
const withKey = (key) => ({ headers: { "content-type": "application/json", ...(key && { authorization: key }) } });

test("the model list has every model, and each model can be asked for", async () => {
  const headers = { authorization: "Bearer key" };
  const list = await (await fetch(`${server.baseURL}/models`, { headers })).json();
  assert.equal(list.object, "list");
  assert.deepEqual(
    list.data.map(({ id }) => id),
    [...MODELS.keys()],
  );
  for (const model of list.data) {
    for (const id of [model.id, encodeURIComponent(model.id)]) {
      assert.deepEqual(await (await fetch(`${server.baseURL}/models/${id}`, { headers })).json(), model);
    }
  }
  const unknown = await fetch(`${server.baseURL}/models/sandbox/none`, { headers });
  assert.deepEqual([unknown.status, (await unknown.json()).error.code], [404, "model_not_found"]);
});

test("routes work under any prefix", async () => {
  assert.equal((await create({ baseURL: `${server.origin}/some/api/v1` }, ECHO)).object, "response");
});

test("an unknown route is a JSON error with CORS headers", async () => {
  for (const path of ["/", "/v1", "/v1/chat/completions", "/v1/responses/", "/responses", "/v1/models/%"]) {
    const answer = await fetch(server.origin + path);
    assert.equal(answer.status, 404);
    assert.equal(answer.headers.get("access-control-allow-origin"), "*");
    assert.equal((await answer.json()).error.type, "not_found");
  }
});

test("a wrong method is a JSON error that tells the right one", async () => {
  for (const [method, path, right] of [
    ["GET", "responses", "POST"],
    ["DELETE", "models", "GET"],
    ["POST", "sandbox/runs/x", "GET"],
  ]) {
    const answer = await fetch(`${server.baseURL}/${path}`, { method });
    assert.equal(answer.status, 405);
    assert.equal(answer.headers.get("allow"), `${right}, OPTIONS`);
    assert.equal((await answer.json()).error.code, "method_not_allowed");
  }
});

test("a preflight allows any origin, the usual headers and those that were asked for", async () => {
  const answer = await fetch(`${server.baseURL}/responses`, {
    method: "OPTIONS",
    headers: { "access-control-request-headers": "x-one, x-two", "access-control-request-method": "POST" },
  });
  assert.equal(answer.status, 204);
  assert.equal(answer.headers.get("access-control-allow-origin"), "*");
  assert.equal(answer.headers.get("access-control-allow-methods"), "GET, POST, DELETE, OPTIONS");
  assert.equal(answer.headers.get("access-control-allow-headers"), "authorization, content-type, accept, x-one, x-two");
  assert.ok(Number(answer.headers.get("access-control-max-age")) > 0);
});

test("every answer has CORS headers and a request id, each its own", async () => {
  const answers = [
    await post(server, ECHO),
    await post(server, { ...ECHO, stream: true }),
    await post(server, {}),
    await post(server, ECHO, "?status=500"),
    await post(server, ECHO, "", withKey(null)),
  ];
  const ids = new Set();
  for (const { headers } of answers) {
    assert.equal(headers.get("access-control-allow-origin"), "*");
    assert.equal(headers.get("access-control-expose-headers"), "x-request-id, retry-after, retry-after-ms");
    ids.add(headers.get("x-request-id"));
  }
  assert.equal(ids.size, answers.length);
  assert.ok([...ids].every((id) => /^req_\d{8}$/.test(id)));
});

const KEYS = [
  [null, "missing_api_key"],
  ["Bearer ", "missing_api_key"],
  ["Basic abc", "missing_api_key"],
  ["Bearer wrong", "invalid_api_key"],
  ["Bearer wrong-one", "invalid_api_key"],
];
for (const [key, code] of KEYS) {
  test(`the authorization '${key}' is refused as ${code}, with the request id in the text`, async () => {
    const answer = await post(server, ECHO, "", withKey(key));
    assert.equal(answer.status, 401);
    const { error } = await answer.json();
    assert.deepEqual([error.type, error.param, error.code], ["invalid_request_error", null, code]);
    assert.ok(error.message.includes(`(request id: ${answer.headers.get("x-request-id")})`));
  });
}

test("the model list needs a key too", async () => {
  assert.equal((await fetch(`${server.baseURL}/models`)).status, 401);
});

test("any other key is accepted", async () => {
  for (const key of ["Bearer x", "bearer sk-123 456"])
    assert.equal((await post(server, ECHO, "", withKey(key))).status, 200);
});

test("without the need for a key a missing one is fine, and a wrong one is not", async () => {
  assert.equal((await post(open, ECHO, "", withKey(null))).status, 200);
  assert.equal((await post(open, ECHO, "", withKey("Bearer wrong"))).status, 401);
});

test("the same requests to a new sandbox get the same answers", async () => {
  const answers = [];
  for (let round = 0; round < 2; round += 1) {
    const { handle } = createSandbox({ now: () => 1_800_000_000_999 });
    const answer = await handle(
      new Request("https://sandbox.example/v1/responses", {
        method: "POST",
        headers: { authorization: "Bearer key", "content-type": "application/json" },
        body: JSON.stringify({ ...ECHO, stream: true }),
      }),
    );
    answers.push(await answer.text());
  }
  assert.equal(answers[0], answers[1]);
  assert.match(answers[0], /"id":"resp_00000001","object":"response","created_at":1800000000,/);
});

test("a response echoes what was asked for", async () => {
  const asked = {
    ...ECHO,
    instructions: "i",
    metadata: { a: "b" },
    temperature: 0.3,
    top_p: 0.4,
    presence_penalty: 0.5,
    frequency_penalty: 0.6,
    top_logprobs: 3,
    max_output_tokens: 99,
    max_tool_calls: 4,
    parallel_tool_calls: true,
    truncation: "auto",
    store: false,
    background: false,
    service_tier: "priority",
    safety_identifier: "s",
    prompt_cache_key: "p",
    reasoning: { effort: "high", summary: "auto" },
    text: { format: { type: "text" }, verbosity: "high" },
    tool_choice: "none",
  };
  const { model, input, ...echoed } = asked;
  const response = await create(server, asked);
  for (const [name, value] of Object.entries(echoed)) assert.deepEqual(response[name], value, name);
});

test("the pace of the server slows its streams down, but not its JSON", async () => {
  const { handle } = createSandbox({ pace: 10, requireKey: false });
  const time = async (streamed) => {
    const start = performance.now();
    const init = { method: "POST", headers: { "content-type": "application/json" } };
    const body = JSON.stringify({ ...ECHO, stream: streamed });
    await (await handle(new Request("https://sandbox.example/v1/responses", { ...init, body }))).text();
    return performance.now() - start;
  };
  const events = (await stream(server, ECHO)).length;
  assert.ok((await time(true)) >= events * 9);
  assert.ok((await time(false)) < events * 9);
});
