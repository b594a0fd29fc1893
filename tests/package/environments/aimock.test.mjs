/** A server that is not ours: aimock, which answers as OpenAI's Responses API does. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { LLMock } from "@copilotkit/aimock";
import { installed } from "../support/setting.mjs";

const { OpenResponses, RateLimitError } = await import(pathToFileURL(join(installed, "dist/index.js")).href);

const TEXT = "The answer, with 世界 and ⚓ in it, comes in several pieces.";
const mock = new LLMock({ port: 0, chunkSize: 7 });
mock.onMessage("What is it?", { content: TEXT });
mock.onMessage("Weather?", { toolCalls: [{ name: "get_weather", arguments: '{"city":"Ängelholm"}' }] });
await mock.start();
after(() => mock.stop());

const client = new OpenResponses({ apiKey: "sk-anything", baseURL: `${mock.url}/v1` });
const body = { model: "gpt-4o", input: "What is it?" };

test("a response in one piece", async () => {
  const response = await client.responses.create(body);
  assert.equal(response.status, "completed");
  assert.equal(response.output_text, TEXT);
});

test("a stream", async () => {
  const stream = await client.responses.create({ ...body, stream: true });
  let text = "";
  let deltas = 0;
  for await (const event of stream) {
    if (event.type !== "response.output_text.delta") continue;
    text += event.delta;
    deltas += 1;
  }
  assert.equal(text, TEXT);
  assert.ok(deltas > 1, `${deltas} pieces`);
  assert.equal(await stream.finalText(), TEXT);
});

test("a function call", async () => {
  const response = await client.responses.stream({ model: "gpt-4o", input: "Weather?" }).finalResponse();
  const [call] = response.output.filter((item) => item.type === "function_call");
  assert.equal(call.name, "get_weather");
  assert.deepEqual(JSON.parse(call.arguments), { city: "Ängelholm" });
});

test("an error", async () => {
  mock.nextRequestError(429, { message: "Slow down.", type: "rate_limit_error", code: "rate_limit_exceeded" });
  const error = await client.responses.create(body, { maxRetries: 0 }).catch((reason) => reason);
  assert.ok(error instanceof RateLimitError, String(error));
  assert.equal(error.code, "rate_limit_exceeded");
  assert.match(error.message, /Slow down/);
});
