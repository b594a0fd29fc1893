// A client of the packed package with a `fetch` of the test's making: no sockets, every chunk and every turn under control.

import { spawnSync } from "node:child_process";
import { loadWithGlue } from "../support/package.mjs";

export const { api, glue } = await loadWithGlue();

/** A client whose `fetch` answers with what `answer(url, init, attempt)` gives. */
export function client(answer, options = {}) {
  const seen = [];
  const fetch = async (url, init) => {
    seen.push({ url, ...init, headers: Object.fromEntries(init.headers) });
    return answer(url, init, seen.length - 1);
  };
  const made = new api.OpenResponses({
    apiKey: "a-key-of-the-test",
    baseURL: "https://api.example/v1",
    fetch,
    ...options,
  });
  return Object.assign(made, { seen });
}

/** A stream's answer that the test feeds: `send(...events)` is one chunk. */
export function feed({ headers = {} } = {}) {
  let controller;
  const state = { reads: 0, cancelled: undefined };
  const body = new ReadableStream(
    {
      start: (given) => {
        controller = given;
      },
      pull: () => {
        state.reads += 1;
      },
      cancel: (reason) => {
        state.cancelled = reason ?? true;
      },
    },
    { highWaterMark: 0 },
  );
  return Object.assign(state, {
    response: new Response(body, { headers: { "content-type": "text/event-stream", ...headers } }),
    send: (...events) =>
      controller.enqueue(bytes(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""))),
    sendText: (text) => controller.enqueue(bytes(text)),
    end: () => controller.close(),
    fail: (error) => controller.error(error),
  });
}

export const created = { type: "response.created", response: { id: "resp_1", status: "in_progress", output: [] } };
export const delta = (text) => ({ type: "response.output_text.delta", output_index: 0, content_index: 0, delta: text });
export const completed = (text) => ({
  type: "response.completed",
  response: {
    id: "resp_1",
    status: "completed",
    output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text, annotations: [] }] }],
  },
});

/** A whole stream in one chunk. */
export function whole(...events) {
  const fed = feed();
  fed.send(...events);
  fed.end();
  return fed.response;
}

export function json(value, init = {}) {
  return Response.json(value, init);
}

/** Lets everything that is due happen. */
export const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Runs a script that may end its process, with what this module exports at hand. */
export function run(script, flags = []) {
  const imports = `import * as fake from ${JSON.stringify(import.meta.url)}; const { ${Object.keys(helpers).join(", ")} } = fake;`;
  const result = spawnSync(process.execPath, [...flags, "--input-type=module", "--eval", imports + script], {
    encoding: "utf8",
    timeout: 20_000,
  });
  if (result.error) throw result.error;
  return result;
}

const helpers = { client, feed, created, delta, completed, whole, json };

function bytes(text) {
  return new TextEncoder().encode(text);
}
