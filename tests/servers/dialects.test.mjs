// Servers as they speak in the wild, each of them once: whatever they leave out, rename or repeat, the answer is the same,
// and the list of deviations is what their table says.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DIALECTS } from "../../www/sandbox/dialects.mjs";
import { serve } from "../../www/sandbox/serve.mjs";
import { api } from "./support.mjs";

const server = {};
before(async () => Object.assign(server, await serve()));
after(() => server.close());

const TOOL = {
  type: "function",
  name: "look_up",
  parameters: { type: "object", properties: { word: { type: "string" } }, required: ["word"] },
};
const QUESTIONS = [
  { model: "sandbox/reasoner", input: "How many words are these, 世界 👩‍🔬?" },
  { model: "sandbox/tools", input: "Look up.", tools: [TOOL] },
];

async function ask(params, query, options = {}) {
  const client = new api.OpenResponses({ apiKey: "sk-anything", baseURL: server.baseURL, maxRetries: 0, ...options });
  const stream = client.responses.stream(params, { query });
  let text = "";
  for await (const piece of stream.textStream) text += piece;
  return { stream, text, final: await stream.finalResponse() };
}

/** What an answer says, without what dialects may tell otherwise: ids, and the whole of what was thought. */
function said(response) {
  return response.output.map(({ type, summary, content, name, arguments: args }) => ({
    type,
    summary,
    content: type === "message" ? content : undefined,
    name,
    arguments: args,
  }));
}

test("the sandbox itself keeps every rule", async () => {
  for (const params of QUESTIONS) {
    const { stream, final } = await ask(params, {}, { strict: true });
    assert.deepEqual(stream.deviations, []);
    assert.deepEqual(final._deviations, []);
  }
});

for (const [name, dialect] of Object.entries(DIALECTS)) {
  for (const chunk of ["16", "event"]) {
    test(`${name}, in chunks of ${chunk}: ${dialect.says}`, async () => {
      const codes = new Set();
      for (const params of QUESTIONS) {
        const clean = await ask(params, {});
        const { stream, text, final } = await ask(params, { dialect: name, chunk });
        assert.equal(final.output_text, clean.final.output_text);
        assert.deepEqual(said(final), said(clean.final));
        assert.equal(final.status, "completed");
        assert.deepEqual(final.usage?.output_tokens, clean.final.usage.output_tokens);
        assert.deepEqual(stream.usage?.total_tokens, clean.final.usage.total_tokens);
        assert.equal(stream.cost, /^(infron|openrouter)$/.test(name) ? 0.25 : null);
        assert.equal(text, clean.text);
        for (const { code } of stream.deviations) codes.add(code);
      }
      assert.deepEqual([...codes].sort(), dialect.deviations.toSorted());
    });
  }

  test(`${name} in strict mode: ${dialect.deviations.length > 0 ? "refused" : "accepted"}`, async () => {
    const thrown = [];
    for (const params of QUESTIONS) {
      await ask(params, { dialect: name }, { strict: true }).catch((error) => thrown.push(error));
    }
    assert.equal(thrown.length > 0, dialect.deviations.length > 0);
    for (const error of thrown) {
      assert.equal(error.name, "ProtocolError", error.stack);
      assert.ok(dialect.deviations.includes(error.code), error.code);
    }
  });
}
