// A client of the packed package whose answers are the test's, by the package's own means: no sockets, every chunk and every
// turn under control.

import { spawnSync } from "node:child_process";
import { watchInstances } from "../support/instances.mjs";
import { load, watchable } from "../support/package.mjs";

/** What the wasm holds. */
export const instances = watchInstances();
export const api = await load(undefined, watchable());
export const { feed, play, respond, streamFixture } = await load("testing");

/** A client whose `fetch` answers with what `answer(url, request, attempt)` gives; `seen` are the requests. */
export function client(answer, options = {}) {
  const fetch = play((request, attempt) => answer(request.url, request, attempt));
  const made = new api.OpenResponses({
    apiKey: "a-key-of-the-test",
    baseURL: "https://api.example/v1",
    fetch,
    ...options,
  });
  return Object.assign(made, { seen: fetch.requests });
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
export const whole = (...events) => respond(streamFixture(events), { chunkBytes: Infinity });

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
