// The package's operations over sockets, against the sandbox.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serve } from "../../www/sandbox/serve.mjs";
import { load } from "../support/package.mjs";

const { OpenResponses, NotFoundError, BadRequestError, ResponseFailedError, inputFile, inputImage } = await load();
const ECHO = { model: "sandbox/echo", input: "one two three four" };
let server;
let client;

before(async () => {
  server = await serve();
  client = new OpenResponses({ baseURL: server.baseURL, apiKey: "key", maxRetries: 0 });
});
after(() => server.close());

const step = (milliseconds) => ({ query: { step: String(milliseconds) } });

test("a stored response is retrieved as it was answered, and deleted", async () => {
  const response = await client.responses.create(ECHO);
  assert.deepEqual(await client.responses.retrieve(response.id), response);
  const { deleted, id } = await client.responses.delete(response.id);
  assert.deepEqual([deleted, id], [true, response.id]);
  await assert.rejects(client.responses.retrieve(response.id), NotFoundError);
  await assert.rejects(client.responses.delete(response.id), NotFoundError);
});

test("a deletion that the server answers with nothing is a deletion", async () => {
  const { id } = await client.responses.create(ECHO);
  const result = await client.responses.delete(id, { query: { body: "empty" } });
  assert.deepEqual(result, { id, object: "response", deleted: true });
});

test("no id hits another path", async () => {
  for (const id of ["a/b", "?", "x/cancel", "../models", "resp_00000001?stream=true", "ü"]) {
    await assert.rejects(client.responses.retrieve(id), (error) => {
      assert.ok(error instanceof NotFoundError);
      assert.ok(error.message.includes(`'${id}'`), error.message);
      return true;
    });
  }
});

test("a stream is replayed whole, and behind any event", async () => {
  const run = client.responses.stream(ECHO);
  const events = [];
  for await (const event of run) events.push(event);
  const { id } = run.snapshot;
  const read = async (stream) => {
    const again = [];
    for await (const event of stream) again.push(event);
    return again;
  };
  assert.deepEqual(await read(await client.responses.retrieve(id, { stream: true })), events);
  for (let after = 0; after < events.length - 1; after += 1) {
    const stream = client.responses.stream({ response_id: id, starting_after: after });
    assert.deepEqual(await read(stream), events.slice(after + 1));
    assert.equal(await stream.finalText(), ECHO.input);
  }
});

test("padding is left out when it is not wanted", async () => {
  const { id } = await client.responses.create(ECHO);
  const padded = async (include_obfuscation) => {
    const stream = await client.responses.retrieve(id, { stream: true, include_obfuscation });
    for await (const event of stream) if (event.obfuscation) return true;
    return false;
  };
  assert.deepEqual([await padded(true), await padded(false)], [true, false]);
});

test("a response in the background is asked after until it is there", async () => {
  let response = await client.responses.create({ ...ECHO, background: true }, step(40));
  const seen = [response.status];
  while (["queued", "in_progress"].includes(response.status)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    response = await client.responses.retrieve(response.id);
    if (seen.at(-1) !== response.status) seen.push(response.status);
  }
  assert.deepEqual(seen, ["queued", "in_progress", "completed"]);
  assert.equal(response.output_text, ECHO.input);
});

test("a stream in the background that is left is taken up where it was left", async () => {
  const first = client.responses.stream({ ...ECHO, background: true }, step(5));
  const texts = [];
  let last;
  for await (const event of first) {
    last = event;
    if (event.type === "response.output_text.delta") {
      texts.push(event.delta);
      break;
    }
  }
  const { id } = first.snapshot;
  const rest = client.responses.stream({ response_id: id, starting_after: last.sequence_number });
  for await (const text of rest.textStream) texts.push(text);
  assert.equal(texts.join(""), ECHO.input);
  assert.equal((await rest.finalResponse()).status, "completed");
});

test("a cancelled response says so to whoever asks, and fails for whoever waits", async () => {
  const { id } = await client.responses.create({ ...ECHO, background: true }, step(100));
  const waiting = client.responses.stream({ response_id: id }).finalResponse();
  const refused = assert.rejects(waiting, (error) => {
    assert.ok(error instanceof ResponseFailedError);
    assert.equal(error.partial.status, "cancelled");
    return true;
  });
  assert.equal((await client.responses.cancel(id)).status, "cancelled");
  await refused;
  assert.equal((await client.responses.retrieve(id)).status, "cancelled");
  const { id: foreground } = await client.responses.create(ECHO);
  await assert.rejects(client.responses.cancel(foreground), BadRequestError);
});

test("the input is listed over all pages", async () => {
  const input = Array.from({ length: 7 }, (_, index) => ({ type: "message", role: "user", content: `${index}` }));
  const { id } = await client.responses.create({ ...ECHO, input });
  for (const limit of [1, 3, 7, 20]) {
    const texts = [];
    for await (const item of client.responses.inputItems.list(id, { limit, order: "asc" }))
      texts.push(item.content[0].text);
    assert.deepEqual(texts, ["0", "1", "2", "3", "4", "5", "6"]);
  }
  const page = await client.responses.inputItems.list(id, { limit: 5 });
  assert.deepEqual([page.data.length, page.hasNextPage(), page.data[0].content[0].text], [5, true, "6"]);
  const next = await page.getNextPage();
  assert.deepEqual([next.data.length, next.hasNextPage()], [2, false]);
});

test("a conversation is compacted and gone on with", async () => {
  const { id } = await client.responses.create(ECHO);
  const { output, usage, object } = await client.responses.compact({ model: ECHO.model, previous_response_id: id });
  assert.deepEqual([object, usage.total_tokens > 0], ["response.compaction", true]);
  const next = await client.responses.create({
    ...ECHO,
    input: [...output, { role: "user", type: "message", content: "on" }],
  });
  assert.equal(next.output_text, "on");
});

test("tokens are counted as the response counts them", async () => {
  const { input_tokens } = await client.responses.inputTokens.count(ECHO);
  assert.equal(input_tokens, (await client.responses.create(ECHO)).usage.input_tokens);
});

test("models are looped over", async () => {
  const ids = [];
  for await (const { id } of client.models.list()) ids.push(id);
  assert.ok(ids.includes(ECHO.model));
});

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGNgYGD4DwEQCgAe8AX7a1yJ4AAAAABJRU5ErkJggg==",
  "base64",
);

test("an image and a file arrive as they were", async () => {
  const content = [
    await inputImage(new Blob([PNG]), { detail: "low" }),
    await inputFile(new Blob(["text"]), { filename: "t.txt" }),
  ];
  const response = await client.responses.create({
    model: "sandbox/vision",
    input: [{ type: "message", role: "user", content }],
  });
  assert.equal(response.output_text, "image/png, 3×2 pixels");
  const { data } = await client.responses.inputItems.list(response.id);
  assert.deepEqual(data[0].content, content);
});

test("an image of the largest size arrives", async () => {
  const bytes = Buffer.alloc(15_728_000);
  PNG.copy(bytes);
  const response = await client.responses.create({
    model: "sandbox/vision",
    input: [{ type: "message", role: "user", content: [await inputImage(bytes)] }],
  });
  assert.equal(response.output_text, "image/png, 3×2 pixels");
});
