// Items of servers that number nothing: told apart by their ids, and whole ones by their coming whole.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { load } from "../support/package.mjs";

const { OpenResponses } = await load();
const call = (id, args) => ({ type: "function_call", id, call_id: id, name: id, arguments: args, status: "completed" });
const done = (id, args) => ({ type: "response.output_item.done", item: call(id, args) });
const added = (id) => ({ type: "response.output_item.added", item: call(id, "") });
const delta = (id, text) => ({ type: "response.function_call_arguments.delta", item_id: id, delta: text });
const end = { type: "response.completed", response: { id: "r", status: "completed", output: [] } };

const streams = {
  "items that come whole only": [done("A", "{a}"), done("B", "{b}")],
  "items announced together and finished in order": [added("A"), added("B"), done("A", "{a}"), done("B", "{b}")],
  "items announced together and finished backwards": [added("A"), added("B"), done("B", "{b}"), done("A", "{a}")],
  "items whose deltas interleave": [
    added("A"),
    added("B"),
    delta("A", "{a"),
    delta("B", "{b"),
    delta("A", "}"),
    delta("B", "}"),
  ],
};

for (const [what, events] of Object.entries(streams)) {
  test(`${what} are all there, each with its own arguments`, async (t) => {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end([...events, end].map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""));
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => server.close());
    const baseURL = `http://127.0.0.1:${server.address().port}/v1`;
    const run = new OpenResponses({ apiKey: null, baseURL }).responses.stream({ model: "m", input: "i" });
    const { output } = await run.finalResponse();
    assert.deepEqual(
      output.map((item) => [item.id, item.arguments]),
      [
        ["A", "{a}"],
        ["B", "{b}"],
      ],
    );
    assert.ok(run.deviations.some(({ code }) => code === "missing_output_index"));
  });
}
