import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../support/package.mjs";
import { api, client, created, feed, json } from "./fake.mjs";

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
