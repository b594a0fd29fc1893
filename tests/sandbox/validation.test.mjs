import assert from "node:assert/strict";
import { test } from "node:test";
import { CLOCK } from "./support/cases.mjs";
import { create, post, refused, useServer } from "./support/client.mjs";

const server = useServer();

const KEY = { headers: { authorization: "Bearer key" } };
const base = { model: "sandbox/echo", input: "hi" };
const item = (fields) => ({ ...base, input: [fields] });
const message = (role, ...content) => item({ type: "message", role, content });
const user = (part) => message("user", { type: "input_text", text: "ok" }, part);
const callFields = { type: "function_call", call_id: "c", name: "f", arguments: "{}" };
const withTool = (fields) => ({ ...base, tools: [{ ...CLOCK, ...fields }] });
const long = (length) => "x".repeat(length);

/** Bodies that are refused, and the field that the error names. */
const REFUSED = [
  ["a body that is an array", [], null],
  ["no model", { input: "hi" }, "model"],
  ["no input", { model: "sandbox/echo" }, "input"],
  ["a null model", { ...base, model: null }, "model"],
  ["a null input", { ...base, input: null }, "input"],
  ["a model that is a number", { ...base, model: 1 }, "model"],
  ["an input that is an object", { ...base, input: {} }, "input"],
  ...["stream", "background", "store", "truncation", "service_tier", "include"].map((name) => [
    `a null ${name}`,
    { ...base, [name]: null },
    name,
  ]),
  ["a stream that is a string", { ...base, stream: "true" }, "stream"],
  ["a store that is a number", { ...base, store: 1 }, "store"],
  ["a background that is a string", { ...base, background: "no" }, "background"],
  ["an unknown truncation", { ...base, truncation: "off" }, "truncation"],
  ["an unknown service tier", { ...base, service_tier: "gold" }, "service_tier"],
  ["an include that is a string", { ...base, include: "all" }, "include"],
  ["an unknown include", { ...base, include: ["reasoning.encrypted_content", "all"] }, "include[1]"],
  ["too few output tokens", { ...base, max_output_tokens: 15 }, "max_output_tokens"],
  ["a fraction of output tokens", { ...base, max_output_tokens: 16.5 }, "max_output_tokens"],
  ["no tool calls at all", { ...base, max_tool_calls: 0 }, "max_tool_calls"],
  ["a temperature below 0", { ...base, temperature: -0.1 }, "temperature"],
  ["a temperature above 2", { ...base, temperature: 2.1 }, "temperature"],
  ["a temperature that is a string", { ...base, temperature: "1" }, "temperature"],
  ["a top_p above 1", { ...base, top_p: 1.1 }, "top_p"],
  ["a presence_penalty that is a string", { ...base, presence_penalty: "1" }, "presence_penalty"],
  ["a frequency_penalty that is a boolean", { ...base, frequency_penalty: true }, "frequency_penalty"],
  ["a parallel_tool_calls that is a number", { ...base, parallel_tool_calls: 1 }, "parallel_tool_calls"],
  ["top_logprobs above 20", { ...base, top_logprobs: 21 }, "top_logprobs"],
  ["instructions that are a list", { ...base, instructions: [] }, "instructions"],
  ["a previous_response_id that is a number", { ...base, previous_response_id: 1 }, "previous_response_id"],
  ["a long safety_identifier", { ...base, safety_identifier: long(65) }, "safety_identifier"],
  ["a long prompt_cache_key", { ...base, prompt_cache_key: long(65) }, "prompt_cache_key"],
  ["metadata that is a list", { ...base, metadata: [] }, "metadata"],
  [
    "too many metadata",
    { ...base, metadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [i, ""])) },
    "metadata",
  ],
  ["a long metadata key", { ...base, metadata: { [long(65)]: "" } }, "metadata"],
  ["a long metadata value", { ...base, metadata: { k: long(513) } }, "metadata.k"],
  ["a metadata value that is a number", { ...base, metadata: { k: 1 } }, "metadata.k"],
  [
    "unknown stream options",
    { ...base, stream_options: { include_obfuscation: 1 } },
    "stream_options.include_obfuscation",
  ],
  ["an unknown effort", { ...base, reasoning: { effort: "huge" } }, "reasoning.effort"],
  ["an unknown reasoning summary", { ...base, reasoning: { summary: "long" } }, "reasoning.summary"],
  ["an unknown verbosity", { ...base, text: { verbosity: "max" } }, "text.verbosity"],
  ["an unknown format", { ...base, text: { format: { type: "xml" } } }, "text.format.type"],
  ["a format without a type", { ...base, text: { format: {} } }, "text.format.type"],
  ["a schema without a name", { ...base, text: { format: { type: "json_schema", schema: {} } } }, "text.format.name"],
  [
    "a named format without a schema",
    { ...base, text: { format: { type: "json_schema", name: "n" } } },
    "text.format.schema",
  ],
  ["tools that are an object", { ...base, tools: {} }, "tools"],
  ["a nested tool", { ...base, tools: [{ type: "function", function: { name: "f" } }] }, "tools[0].name"],
  ["an unknown tool", { ...base, tools: [CLOCK, { type: "search" }] }, "tools[1].type"],
  ["a tool name with a space", withTool({ name: "a b" }), "tools[0].name"],
  ["a long tool name", withTool({ name: long(65) }), "tools[0].name"],
  ["parameters that are a string", withTool({ parameters: "{}" }), "tools[0].parameters"],
  ["a null strict", withTool({ strict: null }), "tools[0].strict"],
  ["an unknown tool choice", { ...base, tool_choice: "maybe" }, "tool_choice"],
  ["a tool choice of unknown type", { ...base, tool_choice: { type: "search" } }, "tool_choice.type"],
  ["a required tool without tools", { ...base, tool_choice: "required" }, "tool_choice"],
  [
    "a choice that is not offered",
    { ...withTool({}), tool_choice: { type: "function", name: "f" } },
    "tool_choice.name",
  ],
  [
    "an allowed tool that is not offered",
    { ...withTool({}), tool_choice: { type: "allowed_tools", tools: [{ type: "function", name: "f" }] } },
    "tool_choice.tools[0].name",
  ],
  ["no allowed tools", { ...withTool({}), tool_choice: { type: "allowed_tools", tools: [] } }, "tool_choice.tools"],
  ["an item that is a string", { ...base, input: ["hi"] }, "input[0]"],
  ["an item with neither type nor role", item({ content: "hi" }), "input[0].type"],
  ["an unknown role without a type", item({ role: "tool", content: "hi" }), "input[0].role"],
  ["an unknown item", item({ type: "note" }), "input[0].type"],
  ["a message without a role", item({ type: "message", content: "hi" }), "input[0].role"],
  ["an unknown role", item({ type: "message", role: "tool", content: "hi" }), "input[0].role"],
  ["a message without content", item({ type: "message", role: "user" }), "input[0].content"],
  ["a message with null content", item({ type: "message", role: "user", content: null }), "input[0].content"],
  ["a part that is a string", user("hi"), "input[0].content[1]"],
  ["an output part of the user", user({ type: "output_text", text: "x" }), "input[0].content[1].type"],
  ["a part without text", user({ type: "input_text" }), "input[0].content[1].text"],
  ["an unknown detail", user({ type: "input_image", detail: "max" }), "input[0].content[1].detail"],
  ["an image URL that is an object", user({ type: "input_image", image_url: {} }), "input[0].content[1].image_url"],
  ["file data that is a number", user({ type: "input_file", file_data: 1 }), "input[0].content[1].file_data"],
  ["a video of the user", user({ type: "input_video", video_url: "x" }), "input[0].content[1].type"],
  ["an image of the system", message("system", { type: "input_image" }), "input[0].content[0].type"],
  ["an image of the developer", message("developer", { type: "input_image" }), "input[0].content[0].type"],
  [
    "an input part of the assistant",
    message("assistant", { type: "input_text", text: "x" }),
    "input[0].content[0].type",
  ],
  ["a refusal without text", message("assistant", { type: "refusal" }), "input[0].content[0].refusal"],
  [
    "an incomplete citation",
    message("assistant", { type: "output_text", text: "x", annotations: [{ type: "url_citation", url: "u" }] }),
    "input[0].content[0].annotations[0].title",
  ],
  ["an unknown phase", item({ type: "message", role: "assistant", content: "x", phase: "end" }), "input[0].phase"],
  ["a call without call_id", item({ ...callFields, call_id: undefined }), "input[0].call_id"],
  ["an empty call_id", item({ ...callFields, call_id: "" }), "input[0].call_id"],
  ["a long call_id", item({ ...callFields, call_id: long(65) }), "input[0].call_id"],
  ["a call with a bad name", item({ ...callFields, name: "a.b" }), "input[0].name"],
  ["arguments that are an object", item({ ...callFields, arguments: {} }), "input[0].arguments"],
  ["an unknown call status", item({ ...callFields, status: "done" }), "input[0].status"],
  ["an output without output", item({ type: "function_call_output", call_id: "c" }), "input[0].output"],
  ["an output for no call", item({ type: "function_call_output", call_id: "c", output: "x" }), "input[0].call_id"],
  ["reasoning without a summary", item({ type: "reasoning" }), "input[0].summary"],
  [
    "an unknown summary part",
    item({ type: "reasoning", summary: [{ type: "text", text: "x" }] }),
    "input[0].summary[0].type",
  ],
  ["reasoning with raw content", item({ type: "reasoning", summary: [], content: [] }), "input[0].content"],
  ["a compaction without content", item({ type: "compaction" }), "input[0].encrypted_content"],
  ["a reference without an id", item({ type: "item_reference" }), "input[0].id"],
];

for (const [what, body, param] of REFUSED) {
  test(`${what} is refused with the name of the field`, async () => {
    const error = await refused(server, body);
    assert.deepEqual([error.status, error.type, error.param], [400, "invalid_request_error", param]);
    assert.match(error.code, /^(invalid_type|invalid_value|missing_required_parameter)$/);
    if (param) assert.ok(error.message.includes(param.replace(/\.k$/, "")), error.message);
  });
}

test("a body that is not JSON is refused", async () => {
  for (const body of ["", "{", "hello", '{"model":']) {
    const error = await refused(server, body);
    assert.deepEqual([error.status, error.code, error.param], [400, "invalid_json", null]);
  }
});

test("a body that is not UTF-8 is refused", async () => {
  const answer = await post(server, "", "", { body: Uint8Array.from([0x22, 0xff, 0x22]) });
  assert.equal((await answer.json()).error.code, "invalid_json");
});

test("a body of another type than JSON is refused", async () => {
  const headers = { authorization: "Bearer key", "content-type": "text/plain" };
  assert.equal((await post(server, base, "", { headers })).status, 415);
});

test("fields at the edge of their limits are accepted", async () => {
  await create(server, {
    ...base,
    max_output_tokens: 16,
    temperature: 2,
    top_p: 0,
    top_logprobs: 20,
    max_tool_calls: 1,
    metadata: Object.fromEntries(Array.from({ length: 16 }, (_, index) => [long(63) + index.toString(36), long(512)])),
    safety_identifier: long(64),
    tools: [{ type: "function", name: long(64), description: null, parameters: null }],
  });
});

test("characters are counted, not the units of their encoding", async () => {
  await create(server, { ...base, metadata: { k: "😀".repeat(512) }, safety_identifier: "😀".repeat(64) });
  assert.equal((await refused(server, { ...base, safety_identifier: "😀".repeat(65) })).param, "safety_identifier");
});

test("null is accepted where the contract allows it", async () => {
  const names = [
    ...["previous_response_id", "tools", "tool_choice", "metadata", "text", "temperature", "top_p", "presence_penalty"],
    ...[
      "frequency_penalty",
      "parallel_tool_calls",
      "stream_options",
      "max_output_tokens",
      "max_tool_calls",
      "reasoning",
    ],
    ...["safety_identifier", "prompt_cache_key", "instructions", "top_logprobs"],
  ];
  await create(server, { ...base, ...Object.fromEntries(names.map((name) => [name, null])) });
  await create(server, { ...base, text: { format: null }, reasoning: { effort: null, summary: null } });
});

test("fields that the contract does not know are accepted", async () => {
  await create(server, { ...base, provider: { order: ["a"] }, tools: [{ ...CLOCK, cache: true }] });
});

test("every kind of input item is accepted", async () => {
  const input = [
    { type: "message", role: "system", content: "s" },
    { type: "message", role: "developer", content: [{ type: "input_text", text: "d" }] },
    {
      type: "message",
      role: "user",
      id: null,
      status: null,
      content: [{ type: "input_file", filename: "f", file_data: "x" }],
    },
    {
      type: "message",
      role: "assistant",
      phase: "commentary",
      content: [
        {
          type: "output_text",
          text: "a",
          annotations: [{ type: "url_citation", url: "u", title: "t", start_index: 0, end_index: 1 }],
        },
        { type: "refusal", refusal: "r" },
      ],
    },
    {
      type: "reasoning",
      id: "rs_1",
      summary: [{ type: "summary_text", text: "s" }],
      content: null,
      encrypted_content: "x",
    },
    { type: "compaction", encrypted_content: "x" },
    callFields,
    { type: "function_call_output", call_id: "c", output: [{ type: "input_video", video_url: "v" }] },
    { type: "acme:note", anything: 1 },
    { type: "message", role: "user", content: "last" },
  ];
  assert.equal((await create(server, { ...base, input })).output[0].content[0].text, "last");
});

test("a message needs no type, and is listed with it", async () => {
  const input = [
    { role: "system", content: "s" },
    { role: "user", content: [{ type: "input_text", text: "hi" }] },
  ];
  const { id, output } = await create(server, { ...base, input });
  assert.equal(output[0].content[0].text, "hi");
  const { data } = await (await fetch(`${server.baseURL}/responses/${id}/input_items?order=asc`, KEY)).json();
  assert.deepEqual(
    data.map(({ type, role }) => [type, role]),
    [
      ["message", "system"],
      ["message", "user"],
    ],
  );
});

test("an unknown model is not found", async () => {
  const error = await refused(server, { ...base, model: "sandbox/none" });
  assert.deepEqual([error.status, error.code, error.param], [404, "model_not_found", "model"]);
});

test("a previous response is continued, with its input and its output", async () => {
  const first = await create(server, { ...base, input: "remember cobalt" });
  const again = await create(server, { ...base, input: [], previous_response_id: first.id });
  assert.equal(again.output[0].content[0].text, "remember cobalt");
  assert.equal(again.previous_response_id, first.id);
});

test("a previous response that is unknown, was not stored or failed is not found", async () => {
  const unstored = await create(server, { ...base, store: false });
  const failed = await create(server, { ...base, model: "sandbox/failed" });
  for (const id of ["resp_none", unstored.id, failed.id]) {
    const error = await refused(server, { ...base, previous_response_id: id });
    assert.deepEqual(
      [error.status, error.code, error.param],
      [404, "previous_response_not_found", "previous_response_id"],
    );
  }
});

test("only the last hundred responses are remembered", async () => {
  const oldest = await create(server, base);
  for (let count = 0; count < 100; count += 1) await create(server, base);
  assert.equal(
    (await refused(server, { ...base, previous_response_id: oldest.id })).code,
    "previous_response_not_found",
  );
});

test("an item is found by its reference, with or without a type", async () => {
  const { output } = await create(server, { ...base, model: "sandbox/tools", tools: [CLOCK] });
  const [call] = output;
  for (const type of [{ type: "item_reference" }, {}, { type: null }]) {
    const input = [
      { ...type, id: call.id },
      { type: "function_call_output", call_id: call.call_id, output: "noon" },
    ];
    const { output: answer } = await create(server, { ...base, model: "sandbox/tools", input });
    assert.equal(answer[0].content[0].text, "clock gave: noon");
  }
  const error = await refused(server, item({ id: "fc_none" }));
  assert.deepEqual([error.status, error.code, error.param], [404, "item_not_found", "input[0].id"]);
});

test("a schema that no value can be made for is refused", async () => {
  const format = { type: "json_schema", name: "n", schema: { type: "string", pattern: "^é{7}$" } };
  const error = await refused(server, { ...base, model: "sandbox/json", text: { format } });
  assert.deepEqual([error.status, error.param], [400, "text.format.schema"]);
  const tools = [CLOCK, { ...CLOCK, name: "b", parameters: { properties: { a: { not: {} } } } }];
  const call = { ...base, model: "sandbox/tools", tools, tool_choice: { type: "function", name: "b" } };
  assert.equal((await refused(server, call)).param, "tools[1].parameters");
});
