import assert from "node:assert/strict";
import { test } from "node:test";
import { FAULTS } from "../../www/sandbox/faults.mjs";
import { refused, useServer } from "./support/client.mjs";

const server = useServer();

const PLAIN = { model: "sandbox/echo", input: "hi" };
const STREAM = { ...PLAIN, stream: true };

const MISTAKES = [
  ["?chnuk=1", "chnuk", /knows no fault 'chnuk'/],
  ["?toString=1", "toString", /knows no fault/],
  ["?chunk=0", "chunk", /takes an integer/],
  ["?chunk=events", "chunk", /takes an integer/],
  ["?delay=-1", "delay", /takes an integer/],
  ["?delay=1.5", "delay", /takes an integer/],
  ["?delay=", "delay", /takes an integer/],
  ["?status=200", "status", /takes an integer from 400/],
  ["?done=1", "done", /takes 0/],
  ["?comments=yes", "comments", /takes 1/],
  ["?newline=lf", "newline", /takes crlf \| cr/],
  ["?body=xml", "body", /takes html/],
  ["?error=loud", "error", /takes nested/],
  ["?drop=response.output_item.add", "drop", /takes event types/],
  ["?drop=", "drop", /takes event types/],
  ["?omit=sequence_number,itemid", "omit", /takes field names/],
  ["?run=a/b", "run", /takes 1 to 64/],
  ["?run=", "run", /takes 1 to 64/],
  ["?bom=1&bom=1", "bom", /given twice/],
  ["?cut=1&reset=1", "reset", /exclude each other/],
  ["?status=500&body=html", "body", /exclude each other/],
  ["?at=1", "at", /needs 'error'/],
  ["?body=html&done=0", "done", /needs a streamed answer/],
  ["?status=500&events=0", "events", /needs a streamed answer/],
  ["?body=sse", "body", /stream even without/],
  ["?fail=1", "fail", /needs the model sandbox\/flaky/],
  ["?step=1", "step", /needs a new response in the background/],
];
for (const [query, param, message] of MISTAKES) {
  test(`the mistake ${query} is refused with the name of the parameter`, async () => {
    const error = await refused(server, STREAM, query);
    assert.deepEqual([error.status, error.param], [400, param]);
    assert.match(error.message, message);
  });
}

test("faults of a stream are refused when there is no stream", async () => {
  const onlyStreams = Object.entries(FAULTS).filter(([, { scope }]) => scope === "stream");
  for (const [name, { takes }] of onlyStreams) {
    const value = takes.words?.[0] ?? { at: "1&error=flat", drop: "error", omit: "type" }[name];
    const error = await refused(server, PLAIN, `?${name}=${value}`);
    assert.match(error.message, /needs a streamed answer/);
  }
  assert.match((await refused(server, PLAIN, "?body=json")).message, /JSON even without/);
});

test("faults work on the model list too", async () => {
  const list = (query) => fetch(`${server.baseURL}/models${query}`, { headers: { authorization: "Bearer key" } });
  assert.equal((await list("?status=502")).status, 502);
  assert.equal((await (await list("?cut=10")).text()).length, 10);
  assert.match((await (await list("?body=sse")).json()).error.message, /cannot be a stream/);
  assert.equal((await (await list("?done=0")).json()).error.param, "done");
});
