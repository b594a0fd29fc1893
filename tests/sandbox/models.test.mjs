import assert from "node:assert/strict";
import { test } from "node:test";
import { MODELS } from "../../www/sandbox/models/index.mjs";
import { countTokens, tokenize } from "../../www/sandbox/usage.mjs";
import { CASES, CLOCK, PNG, WEATHER } from "./support/cases.mjs";
import { create, post, refused, stream, textOf, useServer } from "./support/client.mjs";
import { checkOrder } from "./support/order.mjs";

const server = useServer();

test("there is a case for every model that answers", () => {
  const covered = new Set(CASES.map(({ body }) => body.model));
  const own = [...MODELS.keys()].filter((id) => !/error-|flaky/.test(id));
  assert.deepEqual([...covered].sort(), own.sort());
});

/** The response without what differs from one request to the next. */
function comparable(response) {
  return JSON.parse(JSON.stringify(response).replace(/\b(resp|msg|rs|fc|call)_\d{8}/g, "$1"), (key, value) =>
    key.endsWith("_at") && value !== null ? 0 : value,
  );
}

for (const { name, body, status = "completed", text } of CASES) {
  test(`${name}: the stream keeps the order and ends with the same response as without streaming`, async () => {
    const whole = await create(server, body);
    const events = await stream(server, body);
    assert.equal(whole.status, status);
    if (text !== undefined) assert.equal(textOf(whole), text);
    assert.deepEqual(comparable(checkOrder(events)), comparable(whole));
  });

  test(`${name}: the usage counts the tokens that were sent`, async () => {
    const deltas = (events, pattern) =>
      events.filter(({ type }) => type.endsWith(".delta") && pattern.test(type)).length;
    const events = await stream(server, body);
    const { usage } = events.at(-1).response;
    assert.equal(usage.output_tokens, deltas(events, /./));
    assert.equal(usage.output_tokens_details.reasoning_tokens, deltas(events, /reasoning/));
    assert.equal(usage.total_tokens, usage.input_tokens + usage.output_tokens);
  });
}

test("a token has at most eight characters after its white space, and no half of a pair", () => {
  const text = "  International 👩‍🔬👩‍🔬👩‍🔬👩‍🔬\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nend ";
  const tokens = tokenize(text);
  assert.equal(tokens.join(""), text);
  for (const token of tokens) {
    assert.ok([...token.trim()].length <= 8);
    assert.ok(token.isWellFormed());
  }
});

test("the input tokens count instructions, tools and the whole context", async () => {
  const bare = await create(server, { model: "sandbox/echo", input: "one two" });
  assert.equal(bare.usage.input_tokens, 2);
  const instructed = await create(server, { model: "sandbox/echo", input: "one two", instructions: "be nice please" });
  assert.equal(instructed.usage.input_tokens, 5);
  const tools = [{ type: "function", name: "f" }];
  const armed = await create(server, { model: "sandbox/echo", input: "one two", tools });
  assert.equal(armed.usage.input_tokens, 2 + countTokens(JSON.stringify(tools)));
  const next = await create(server, { model: "sandbox/echo", input: "three", previous_response_id: bare.id });
  assert.equal(next.usage.input_tokens, 2 + 2 + 1);
});

test("the story is long and has letters of many scripts", async () => {
  const text = textOf(await create(server, { model: "sandbox/story", input: "Tell." }));
  assert.ok(Buffer.byteLength(text) >= 2048);
  assert.ok(text.split("\n\n").length >= 4);
  assert.match(text, /Ä.*Étoile/s);
  assert.match(text, /\p{Script=Han}/u);
  assert.match(text, /\p{Emoji_Presentation}/u);
});

test("the story is told again when there is room for it", async () => {
  const once = textOf(await create(server, { model: "sandbox/story", input: "Tell." }));
  const many = await create(server, { model: "sandbox/story", input: "Tell.", max_output_tokens: 5000 });
  assert.equal(many.status, "completed");
  assert.ok(many.usage.output_tokens > 4000 && many.usage.output_tokens <= 5000);
  assert.ok(textOf(many).startsWith(once) && textOf(many).length > 5 * once.length);
});

test("max_output_tokens cuts the text to exactly that many tokens", async () => {
  const { usage, incomplete_details, output } = await create(server, {
    model: "sandbox/story",
    input: "Tell.",
    max_output_tokens: 33,
  });
  assert.equal(usage.output_tokens, 33);
  assert.deepEqual(incomplete_details, { reason: "max_output_tokens" });
  assert.equal(output[0].status, "incomplete");
});

test("the reasoner thinks in summaries and in raw text, and encrypts its thoughts only when asked", async () => {
  const events = await stream(server, { model: "sandbox/reasoner", input: "one two" });
  const types = new Set(events.map(({ type }) => type));
  assert.ok(types.has("response.reasoning.delta") && types.has("response.reasoning_summary_text.delta"));
  const [plain] = events.at(-1).response.output;
  assert.ok(plain.summary.length === 2 && plain.content.length === 1 && !("encrypted_content" in plain));
  const [secret] = (
    await create(server, { model: "sandbox/reasoner", input: "one two", include: ["reasoning.encrypted_content"] })
  ).output;
  assert.equal(atob(secret.encrypted_content), secret.content[0].text);
});

test("the tools model calls a tool with the name that the user asks about", async () => {
  const input = "Good day! What is the weather in Kraków?";
  const { output } = await create(server, { model: "sandbox/tools", input, tools: [WEATHER] });
  assert.deepEqual(JSON.parse(output[0].arguments), { city: "Kraków", days: 3 });
});

test("the tools model calls the first tool with arguments that satisfy its schema, in several deltas", async () => {
  const events = await stream(server, { model: "sandbox/tools", input: "go", tools: [WEATHER, CLOCK] });
  const { output } = events.at(-1).response;
  assert.deepEqual(
    output.map(({ name }) => name),
    ["get_weather"],
  );
  assert.deepEqual(JSON.parse(output[0].arguments), { city: "city", days: 3 });
  assert.ok(events.filter(({ type }) => type === "response.function_call_arguments.delta").length > 1);
});

const CALLS = [
  ["one tool unless calls may be parallel", {}, ["get_weather"]],
  ["two tools when calls may be parallel", { parallel_tool_calls: true }, ["get_weather", "clock"]],
  ["the named tool only", { parallel_tool_calls: true, tool_choice: { type: "function", name: "clock" } }, ["clock"]],
  [
    "only allowed tools",
    { parallel_tool_calls: true, tool_choice: { type: "allowed_tools", tools: [{ type: "function", name: "clock" }] } },
    ["clock"],
  ],
  [
    "no tool when the mode is none",
    { tool_choice: { type: "allowed_tools", tools: [{ type: "function", name: "clock" }], mode: "none" } },
    [undefined],
  ],
];
for (const [what, extra, names] of CALLS) {
  test(`the tools model calls ${what}`, async () => {
    const { output } = await create(server, { model: "sandbox/tools", input: "go", tools: [WEATHER, CLOCK], ...extra });
    assert.deepEqual(
      output.map(({ name }) => name),
      names,
    );
  });
}

test("the tools model answers from outputs that continue a stored response, and calls again for a new question", async () => {
  const first = await create(server, { model: "sandbox/tools", input: "go", tools: [CLOCK] });
  const { call_id } = first.output[0];
  const second = await create(server, {
    model: "sandbox/tools",
    tools: [CLOCK],
    previous_response_id: first.id,
    input: [{ type: "function_call_output", call_id, output: "noon" }],
  });
  assert.equal(textOf(second), "clock gave: noon");
  const third = await create(server, {
    model: "sandbox/tools",
    tools: [CLOCK],
    previous_response_id: second.id,
    input: "and now?",
  });
  assert.equal(third.output[0].type, "function_call");
});

test("vision names the image that is not a picture", async () => {
  const content = [
    { type: "input_image", image_url: PNG },
    { type: "input_image", image_url: "data:image/png;base64,AAAA" },
  ];
  const error = await refused(server, { model: "sandbox/vision", input: [{ type: "message", role: "user", content }] });
  assert.equal(error.status, 400);
  assert.equal(error.param, "input[0].content[1].image_url");
});

test("vision does not fetch images", async () => {
  const content = [{ type: "input_image", image_url: "https://example.com/a.png" }];
  const response = await create(server, {
    model: "sandbox/vision",
    input: [{ type: "message", role: "user", content }],
  });
  assert.match(textOf(response), /did not fetch: https:\/\/example\.com\/a\.png/);
});

for (const status of [400, 401, 402, 403, 404, 408, 409, 422, 429, 500, 502, 503]) {
  test(`error-${status} answers with that status and an error object, streamed or not`, async () => {
    for (const streamed of [false, true]) {
      const answer = await post(server, { model: `sandbox/error-${status}`, input: "?", stream: streamed });
      assert.equal(answer.status, status);
      const { error } = await answer.json();
      assert.deepEqual(Object.keys(error), ["message", "type", "param", "code"]);
      assert.equal(answer.headers.get("retry-after-ms"), status === 429 ? "20" : null);
      assert.equal(answer.headers.get("retry-after"), status === 503 ? "0" : null);
    }
  });
}

test("flaky fails once for a run and then echoes", async () => {
  const statuses = [];
  for (let attempt = 0; attempt < 3; attempt += 1) {
    statuses.push((await post(server, { model: "sandbox/flaky", input: "hi" }, "?run=once")).status);
  }
  assert.deepEqual(statuses, [503, 200, 200]);
});

test("flaky fails as often as it is told, for each run anew", async () => {
  for (const run of ["a", "b"]) {
    const body = { model: "sandbox/flaky", input: "hi" };
    for (let attempt = 0; attempt < 2; attempt += 1) {
      assert.equal((await post(server, body, `?fail=2&run=${run}`)).status, 503);
    }
    assert.equal(textOf(await create(server, body, `?fail=2&run=${run}`)), "hi");
  }
});

test("flaky without a run fails the first time a question is asked, each time it is asked anew", async () => {
  const statuses = [];
  for (let attempt = 0; attempt < 4; attempt += 1) {
    statuses.push((await post(server, { model: "sandbox/flaky", input: "without a run" })).status);
  }
  assert.deepEqual(statuses, [503, 200, 503, 200]);
});

test("obfuscation pads every delta to whole blocks, unless it is turned off", async () => {
  const body = { model: "sandbox/reasoner", input: "one two three" };
  const deltas = (events) => events.filter(({ type }) => type.endsWith(".delta"));
  for (const { delta, obfuscation } of deltas(await stream(server, body))) {
    assert.equal((delta.length + obfuscation.length) % 16, 0);
    assert.notEqual(obfuscation, "");
  }
  const bare = await stream(server, { ...body, stream_options: { include_obfuscation: false } });
  assert.ok(deltas(bare).every((event) => !("obfuscation" in event)));
});
