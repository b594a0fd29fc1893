// What is sent for everything the specification knows, against its schemas.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createChecker } from "../sandbox/support/schema.mjs";
import { api, client, completed, json, whole } from "./fake.mjs";

const DOCUMENT = fileURLToPath(new URL("../../../shared/openresponses/openapi.json", import.meta.url));
const found = existsSync(DOCUMENT);
const skip =
  !found && `there is no OpenAPI document at ${DOCUMENT}, so no request was checked against the specification`;
if (skip) console.error(`SKIPPED: ${skip}`);
const document = found ? JSON.parse(readFileSync(DOCUMENT, "utf8")) : { components: { schemas: {} } };
const { schemas } = document.components;
const check = createChecker(document);

const base = { model: "m", input: "i" };
const asked = (...input) => ({ model: "m", input });
const user = (...content) => asked({ type: "message", role: "user", content });
const PNG = Buffer.from("89504e470d0a1a0a", "hex");
const tool = { type: "function", name: "f", description: "d", parameters: { type: "object" }, strict: true };
const schema = { type: "object", properties: {} };

const BODIES = {
  "a text": base,
  "no items": asked(),
  "a message of the user": asked({ type: "message", role: "user", content: "t", id: null, status: null }),
  "messages of the system and the developer": asked(
    { type: "message", role: "system", content: "t" },
    { type: "message", role: "developer", content: [{ type: "input_text", text: "t" }] },
  ),
  "a message of the assistant": asked({
    type: "message",
    role: "assistant",
    id: "msg_1",
    status: "completed",
    phase: "commentary",
    content: [
      {
        type: "output_text",
        text: "t",
        annotations: [{ type: "url_citation", url: "https://a.example", title: "t", start_index: 0, end_index: 1 }],
      },
      { type: "refusal", refusal: "no" },
    ],
  }),
  "a function's call and output": asked(
    { type: "function_call", call_id: "c", name: "f", arguments: "{}", id: null, status: null },
    { type: "function_call_output", call_id: "c", output: "o", status: "completed" },
  ),
  "an output of parts": async () =>
    asked(
      { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
      {
        type: "function_call_output",
        call_id: "c",
        output: [
          { type: "input_text", text: "t" },
          await api.inputImage(PNG),
          await api.inputFile(new Blob(["x"])),
          await api.inputVideo("https://a.example/v.mp4"),
        ],
      },
    ),
  "a reasoning": asked({
    type: "reasoning",
    id: "rs_1",
    summary: [{ type: "summary_text", text: "t" }],
    content: null,
    encrypted_content: "e",
  }),
  "a compaction and a reference": asked(
    { type: "compaction", id: "cmp_1", encrypted_content: "e" },
    { type: "item_reference", id: "i" },
    { id: "j" },
  ),
  "images and files": async () =>
    user(
      { type: "input_text", text: "t" },
      await api.inputImage(PNG, { detail: "high" }),
      await api.inputImage("https://a.example/x.png", { detail: null }),
      await api.inputFile(new Blob(["x"]), { filename: "x.txt" }),
      await api.inputFile("https://a.example/x.pdf"),
    ),
  tools: { ...base, tools: [tool, { type: "function", name: "g", description: null, parameters: null, strict: null }] },
  "no tools": { ...base, tools: null, tool_choice: null, parallel_tool_calls: null, max_tool_calls: null },
  "text formats": { ...base, text: { format: { type: "text" }, verbosity: "low" } },
  "a schema": {
    ...base,
    text: { format: { type: "json_schema", name: "n", schema, strict: true, description: null }, verbosity: null },
  },
  reasoning: { ...base, reasoning: { effort: "xhigh", summary: "detailed" }, include: ["reasoning.encrypted_content"] },
  "no reasoning": { ...base, reasoning: { effort: null, summary: null } },
  numbers: {
    ...base,
    temperature: 0.5,
    top_p: 0.5,
    presence_penalty: -1,
    frequency_penalty: 1,
    max_output_tokens: 16,
    max_tool_calls: 1,
    top_logprobs: 20,
    parallel_tool_calls: false,
  },
  "metadata and keys": {
    ...base,
    metadata: { a: "b" },
    safety_identifier: "s",
    prompt_cache_key: "p",
    previous_response_id: "resp_1",
    instructions: "i",
  },
  "how to serve": {
    ...base,
    truncation: "auto",
    service_tier: "flex",
    store: true,
    background: false,
    stream_options: { include_obfuscation: false },
    include: ["message.output_text.logprobs"],
  },
  "null everywhere": {
    ...base,
    ...Object.fromEntries(
      Object.keys(schemas.CreateResponseBody?.properties ?? {})
        .filter((name) => name !== "model" && name !== "input")
        .map((name) => [name, null]),
    ),
  },
  "a vendor's fields": { ...base, provider: { order: ["a"] }, models: ["b"], plugins: [] },
};
for (const choice of ["none", "auto", "required", { type: "function", name: "f" }, null]) {
  BODIES[`the tool choice ${JSON.stringify(choice)}`] = { ...base, tools: [tool], tool_choice: choice };
}
for (const mode of ["none", "auto", "required", null, undefined]) {
  const choice = { type: "allowed_tools", tools: [{ type: "function", name: "f" }], mode };
  BODIES[`allowed tools in the mode ${mode}`] = { ...base, tools: [tool], tool_choice: choice };
}

for (const [name, given] of Object.entries(BODIES)) {
  test(`what is sent for ${name} fits the specification, streamed or not`, { skip }, async () => {
    const body = typeof given === "function" ? await given() : given;
    const asking = client((_url, init) =>
      JSON.parse(init.body).stream ? whole(completed("t")) : json({ object: "response", output: [] }),
    );
    await asking.responses.create(body);
    await asking.responses.stream(body).finalResponse();
    const [plain, streamed] = asking.seen.map((sent) => JSON.parse(sent.body));
    assert.deepEqual(check(schemas.CreateResponseBody, plain), []);
    assert.deepEqual(check(schemas.CreateResponseBody, streamed), []);
    assert.deepEqual([plain.stream, streamed.stream], [undefined, true]);
  });
}

test("what is sent to be compacted fits the specification", { skip }, async () => {
  const asking = client(() => json({ object: "response.compaction", output: [] }));
  await asking.responses.compact({
    model: "m",
    input: (await BODIES["images and files"]()).input,
    instructions: null,
    previous_response_id: null,
    prompt_cache_key: "p",
  });
  assert.deepEqual(check(schemas.CompactResponseMethodPublicBody, JSON.parse(asking.seen[0].body)), []);
});

test("the checker of these tests finds what is wrong", { skip }, () => {
  for (const wrong of [
    { ...base, stream: null },
    { ...base, text: { verbosity: null } },
    { ...base, tools: [{ ...tool, strict: null }] },
    user({ type: "input_image", image_url: 7 }),
    { ...base, max_output_tokens: 1 },
  ]) {
    assert.notDeepEqual(check(schemas.CreateResponseBody, wrong), []);
  }
});
