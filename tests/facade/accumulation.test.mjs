// What a user gets of servers that tell a response in pieces which do not fit: nothing that was streamed is lost.

import assert from "node:assert/strict";
import { test } from "node:test";
import { client, created, json, whole } from "./fake.mjs";

const end = (response) => ({
  type: "response.completed",
  response: { id: "resp_1", status: "completed", ...response },
});
const message = (content) => ({ id: "m", type: "message", role: "assistant", status: "completed", content });
const text = (text) => ({ type: "output_text", text, annotations: [] });

/** The response that these events come to, with the codes of what is wrong with them: the same on both paths. */
async function told(...events) {
  const ask = async (fastPath) => {
    const run = client(() => whole(...events), { fastPath }).responses.stream({ model: "m", input: "i" });
    const { output_text, output } = await run.finalResponse();
    return { output_text, output, codes: run.deviations.map(({ code }) => code) };
  };
  const response = await ask(true);
  assert.deepEqual(await ask(false), response, "with the fast path as without it");
  return response;
}

test("a response that ends with an empty text keeps what was streamed", async () => {
  const delta = { type: "response.output_text.delta", item_id: "m", output_index: 0, content_index: 0, delta: "Hello" };
  for (const content of [[], [text("")]]) {
    const { output_text, output, codes } = await told(created, delta, end({ output: [message(content)] }));
    assert.equal(output_text, "Hello");
    assert.deepEqual(output, [message([text("Hello")])]);
    assert.ok(codes.includes("empty_output"));
  }
});

test("items that share an index, or have none, are all there", async () => {
  const item = (item, output_index) => [
    { type: "response.output_item.added", output_index, item: { ...item, status: "in_progress", ...blank(item) } },
    { type: "response.output_item.done", output_index, item },
  ];
  const blank = ({ type }) => (type === "message" ? { content: [] } : { arguments: "" });
  const call = (id) => ({
    id,
    type: "function_call",
    call_id: id,
    name: "f",
    arguments: `{${id}}`,
    status: "completed",
  });
  const items = [message([text("Hello")]), call("a"), call("b")];
  for (const index of [0, undefined]) {
    for (const output of [undefined, []]) {
      const events = items.flatMap((each) => item(each, index));
      const response = await told(created, ...events, end({ output }));
      assert.deepEqual(response.output, items);
      assert.equal(response.output_text, "Hello");
    }
  }
});

test("reasoning and text that come without any item are two items", async () => {
  const delta = (type, delta) => ({ type: `response.${type}.delta`, delta });
  const { output_text, output } = await told(delta("reasoning_text", "Hm."), delta("output_text", "Paris"), end({}));
  assert.equal(output_text, "Paris");
  assert.deepEqual(
    output.map(({ type, content }) => [type, content[0].text]),
    [
      ["reasoning", "Hm."],
      ["message", "Paris"],
    ],
  );
});

test("a refusal is no output text, whatever its part was announced as", async () => {
  const at = { item_id: "m", output_index: 0, content_index: 0 };
  const added = { type: "response.content_part.added", ...at, part: text("") };
  const refuse = (delta) => ({ type: "response.refusal.delta", ...at, delta });
  const refused = await told(created, added, refuse("I "), refuse("can't."), refuse(""), end({}));
  assert.equal(refused.output_text, "");
  assert.deepEqual(refused.output[0].content, [{ type: "refusal", refusal: "I can't." }]);

  const say = (delta) => ({ type: "response.output_text.delta", ...at, delta });
  const both = await told(created, added, say("We"), say("ll, "), refuse("n"), refuse("o"), say("yes"), end({}));
  assert.equal(both.output_text, "Well, yes");
  assert.deepEqual(both.output[0].content[1], { type: "refusal", refusal: "no" });

  const done = { type: "response.content_part.done", ...at, part: text("One") };
  const twice = await told(created, added, say("One"), done, added, say("Tw"), say("o"), end({}));
  assert.equal(twice.output_text, "OneTwo");
  assert.equal(twice.output[0].content.length, 2);
});

test("what is told of a text or a call in one place only is kept", async () => {
  const body = { id: "r", object: "response", status: "completed", output_text: "Hello" };
  const response = await client(() => json(body)).responses.create({ model: "m", input: "i" });
  assert.equal(response.output_text, "Hello");
  assert.equal((await told(created, end({ output_text: "Hello" }))).output_text, "Hello");

  const done = { type: "response.function_call_arguments.done", item_id: "f", output_index: 0, name: "weather" };
  const named = await told(created, { ...done, arguments: { city: "Paris" } }, end({}));
  assert.equal(named.output[0].name, "weather");
  assert.deepEqual(JSON.parse(named.output[0].arguments), { city: "Paris" });
  assert.ok(named.codes.includes("invalid_delta"));
});
