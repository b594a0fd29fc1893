import assert from "node:assert/strict";
import { test } from "node:test";
import { createSandbox } from "../../www/sandbox/handler.mjs";
import { post, raw, until, useServer } from "./support/client.mjs";

const server = useServer();
const STREAM = { model: "sandbox/story", input: "Tell.", stream: true };

const report = async (id) => {
  const answer = await fetch(`${server.baseURL}/sandbox/runs/${id}`);
  assert.equal(answer.status, 200);
  return answer.json();
};
const stateOf = async (id) => (await report(id)).state;

test("a run tells what was sent and how it ended", async () => {
  const answer = await post(server, STREAM, "?run=whole", {
    headers: {
      authorization: "Bearer secret",
      "content-type": "application/json",
      accept: "text/event-stream",
      "x-extra": "1",
    },
  });
  const text = await answer.text();
  const { headers, ...run } = await report("whole");
  assert.deepEqual(run, {
    id: "whole",
    requests: 1,
    state: "completed",
    bytes_sent: Buffer.byteLength(text),
    body: STREAM,
  });
  const { names, ...known } = headers;
  assert.deepEqual(known, {
    authorization_scheme: "Bearer",
    accept: "text/event-stream",
    content_type: "application/json",
  });
  for (const name of ["accept", "authorization", "content-type", "host", "x-extra"])
    assert.ok(names.includes(name), name);
  assert.ok(!JSON.stringify({ headers, run }).includes("secret"), "the key stays out of the report");
});

test("a run counts its requests and reports the last one, refused or not", async () => {
  await (await post(server, STREAM, "?run=many")).text();
  await (await post(server, "{", "?run=many", { headers: { "content-type": "application/json" } })).text();
  const run = await report("many");
  assert.deepEqual([run.requests, run.state, run.body, run.headers.authorization_scheme], [2, "completed", null, null]);
});

test("an unknown run is not found", async () => {
  assert.equal((await fetch(`${server.baseURL}/sandbox/runs/none`)).status, 404);
});

test("a client that leaves a stalled stream is noticed at once", async () => {
  const seen = await raw(server, STREAM, "?run=stalled&stall=500");
  await until("500 bytes", () => Buffer.concat(seen.chunks).length === 500);
  assert.deepEqual([await stateOf("stalled"), (await report("stalled")).bytes_sent], ["open", 500]);
  const start = performance.now();
  seen.close();
  await until("the close is noticed", async () => (await stateOf("stalled")) === "closed_by_client");
  assert.ok(performance.now() - start < 500);
  assert.equal((await report("stalled")).bytes_sent, 500);
});

test("a client that leaves a slow stream is noticed, and nothing more is sent", async () => {
  const seen = await raw(server, STREAM, "?run=slow&delay=5");
  await until("some events", () => seen.chunks.length > 3);
  seen.close();
  await until("the close is noticed", async () => (await stateOf("slow")) === "closed_by_client");
  const { bytes_sent } = await report("slow");
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal((await report("slow")).bytes_sent, bytes_sent);
});

test("a fetch that is aborted is noticed", async () => {
  const abort = new AbortController();
  const answer = await post(server, STREAM, "?run=aborted&delay=20", { signal: abort.signal });
  const reader = answer.body.getReader();
  await reader.read();
  abort.abort();
  await assert.rejects(reader.read());
  await until("the abort is noticed", async () => (await stateOf("aborted")) === "closed_by_client");
});

test("a body that is cancelled is noticed", async () => {
  const answer = await post(server, STREAM, "?run=cancelled&delay=20");
  await answer.body.cancel();
  await until("the cancel is noticed", async () => (await stateOf("cancelled")) === "closed_by_client");
});

test("a client that leaves before the headers is noticed", async () => {
  const abort = new AbortController();
  const answer = post(server, STREAM, "?run=early&head_delay=5000", { signal: abort.signal });
  await until("the request is there", async () => (await fetch(`${server.baseURL}/sandbox/runs/early`)).ok);
  assert.equal(await stateOf("early"), "open");
  abort.abort();
  await assert.rejects(answer);
  await until("the abort is noticed", async () => (await stateOf("early")) === "closed_by_client");
});

test("a client that does not read slows the stream down", async () => {
  const seen = await raw(server, { ...STREAM, max_output_tokens: 60_000 }, "?run=unread&chunk=65536");
  assert.equal(seen.status, 200);
  // Node reads ahead into its own buffers; paused, it leaves the rest to the server.
  seen.pause();
  const stopped = async () => {
    const { bytes_sent } = await report("unread");
    await new Promise((resolve) => setTimeout(resolve, 40));
    return (await report("unread")).bytes_sent === bytes_sent;
  };
  await until("the server stops", stopped);
  assert.equal(await stateOf("unread"), "open");
  seen.close();
  await until("the close is noticed", async () => (await stateOf("unread")) === "closed_by_client");
});

test("a connection that the server breaks has failed", async () => {
  for (const query of ["reset=100", "body=truncated-json"]) {
    const run = query.split("=")[0];
    const seen = await raw(server, STREAM, `?run=${run}&${query}`);
    await seen.ended;
    assert.equal(await stateOf(run), "failed");
  }
});

/** A sandbox without a network. */
function bareSandbox() {
  const { handle } = createSandbox({ requireKey: false });
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify(STREAM);
  return {
    ask: (query, signal) =>
      handle(new Request(`https://x.example/v1/responses?${query}`, { method: "POST", headers, body, signal })),
    report: async (id) => (await handle(new Request(`https://x.example/v1/sandbox/runs/${id}`))).json(),
  };
}

test("without a network, nothing is produced before it is read or after it is cancelled", async () => {
  const { ask, report } = bareSandbox();
  const answer = await ask("run=a&delay=20");
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal((await report("a")).bytes_sent, 0);
  const reader = answer.body.getReader();
  const { value } = await reader.read();
  assert.equal((await report("a")).bytes_sent, value.byteLength);
  reader.read();
  await reader.cancel();
  await new Promise((resolve) => setTimeout(resolve, 40));
  assert.equal((await report("a")).bytes_sent, value.byteLength);
});

test("without a network, a cancelled body and an aborted signal are noticed", async () => {
  const { ask, report } = bareSandbox();
  const state = async (id) => (await report(id)).state;
  const cancelled = await ask("run=a&stall=10");
  assert.equal(await state("a"), "open");
  await cancelled.body.cancel();
  assert.equal(await state("a"), "closed_by_client");

  const abort = new AbortController();
  await ask("run=b", abort.signal);
  abort.abort();
  assert.equal(await state("b"), "closed_by_client");
});

test("only the last two hundred runs are kept", async () => {
  const { handle } = createSandbox({ requireKey: false });
  const list = (run) => handle(new Request(`https://x.example/v1/models?run=r${run}`));
  for (let run = 0; run <= 200; run += 1) await list(run);
  const find = async (run) => (await handle(new Request(`https://x.example/v1/sandbox/runs/r${run}`))).status;
  assert.deepEqual([await find(0), await find(1), await find(200)], [404, 200, 200]);
});
