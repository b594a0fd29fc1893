// Streams that real servers sent, replayed over loopback through the packed package: text, arguments and every event come
// out as they went in, however the network cuts them.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { load } from "../support/package.mjs";
import { deliveries, replay } from "./replay.mjs";

const folder = fileURLToPath(new URL("../../../shared/captures/", import.meta.url));
const { OpenResponses, APIError, RateLimitError } = await load();

const files = readdirSync(folder, { recursive: true }).map(String).sort();
const read = (file) => readFileSync(`${folder}${file}`, "utf8");
const streams = files.flatMap(streamsOf);
/** The error a stream ends with: an `error` event, or a bare `error` object in a stream of another protocol. */
const errorOf = (stream) => stream.events.find((event) => event.error && !event.response)?.error;
const terminal = (stream) =>
  stream.events.find((event) => /^response\.(completed|incomplete|failed)$/.test(event.type));

assert.ok(streams.length >= 15, "the captures are there");

for (const stream of streams.filter((stream) => !errorOf(stream))) {
  for (const [delivery, fetch] of Object.entries(deliveries)) {
    test(`${stream.name} in ${delivery} gives its events, its text and its arguments`, async (t) => {
      const run = await ask(t, stream.body, { fetch });
      const events = [];
      for await (const event of run) events.push(event);
      assert.deepEqual(events, stream.events);
      const final = await run.finalResponse();
      const output = finalOutput(stream);
      assert.equal(final.output_text, textOf(output));
      assert.deepEqual(argumentsOf(final.output), argumentsOf(output));
      assert.deepEqual(
        run.snapshot.output.map((item) => item.type),
        output.map((item) => item.type),
      );
    });
  }
}

for (const stream of streams.filter(errorOf)) {
  test(`${stream.name} throws the error inside it, with what had arrived`, async (t) => {
    const run = await ask(t, stream.body);
    const error = errorOf(stream);
    const started = stream.events.find((event) => event.type === "response.created");
    await assert.rejects(run.finalResponse(), (thrown) => {
      assert.ok(thrown instanceof APIError);
      assert.equal(thrown.code, error.code);
      assert.equal(thrown.message, error.message);
      assert.equal(thrown.type, error.type);
      assert.equal(thrown.partial.id, started?.response.id);
      return true;
    });
  });
}

for (const file of files.filter((file) => file.endsWith(".json"))) {
  const json = JSON.parse(read(file));
  if (json.error && !json.output) {
    test(`${file} is thrown as the error it is`, async (t) => {
      const status = typeof json.error.code === "number" ? json.error.code : 400;
      const client = await clientOf(t, read(file), { status, type: "application/json" });
      await assert.rejects(client.responses.create({ model: "m", input: "i" }), (thrown) => {
        assert.ok(thrown instanceof APIError);
        assert.equal(thrown instanceof RateLimitError, status === 429);
        assert.equal(thrown.status, status);
        assert.deepEqual(thrown.code, json.error.code);
        assert.equal(thrown.message, json.error.message);
        assert.deepEqual(thrown.error, json.error);
        return true;
      });
    });
  } else {
    test(`${file} comes out as it went in, with its text`, async (t) => {
      const client = await clientOf(t, read(file), { type: "application/json" });
      const response = await client.responses.create({ model: "m", input: "i" });
      assert.deepEqual(response, { ...json, output_text: textOf(json.output ?? []) });
    });
  }
}

async function clientOf(t, body, answer, options = {}) {
  const server = await replay(body, answer);
  t.after(server.close);
  return new OpenResponses({ apiKey: null, baseURL: server.baseURL, maxRetries: 0, ...options });
}

async function ask(t, body, options) {
  const client = await clientOf(t, body, {}, options);
  return client.responses.create({ model: "m", input: "i", stream: true });
}

/** The streams of a file: SSE bodies as they are; files of one event a line framed anew, one stream for each response. */
function streamsOf(file) {
  if (file.endsWith(".sse")) {
    const body = read(file);
    const payloads = [...body.matchAll(/^data: ?(.*)$/gm)].map(([, data]) => data).filter((data) => data !== "[DONE]");
    return [{ name: file, body, events: payloads.map((data) => JSON.parse(data)) }];
  }
  if (!file.endsWith(".chunks.txt")) return [];
  const lines = read(file).split("\n").filter(Boolean);
  const responses = [];
  for (const line of lines) {
    if (JSON.parse(line).type === "response.created" || responses.length === 0) responses.push([]);
    responses.at(-1).push(line);
  }
  return responses.map((lines, index) => ({
    name: responses.length > 1 ? `${file} (${index + 1})` : file,
    body: lines.map((line) => `event: ${JSON.parse(line).type}\ndata: ${line}\n\n`).join(""),
    events: lines.map((line) => JSON.parse(line)),
  }));
}

/** The output the server ended with: of the terminal event, else of the finished items. */
function finalOutput(stream) {
  const { output } = terminal(stream)?.response ?? {};
  if (output?.length > 0) return output;
  return stream.events.filter((event) => event.type === "response.output_item.done").map((event) => event.item);
}

function textOf(output) {
  const parts = output.filter((item) => item.type === "message").flatMap((item) => item.content);
  return parts
    .filter((part) => part.type === "output_text")
    .map((part) => part.text)
    .join("");
}

function argumentsOf(output) {
  return output.filter((item) => item.type === "function_call").map((item) => [item.name, item.arguments]);
}
