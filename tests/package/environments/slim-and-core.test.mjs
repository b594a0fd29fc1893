/** The entries that bring no wasm along: `./slim` with each source it can be made of, and the classes of `./core`. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { node } from "../support/program.mjs";
import { row } from "../support/row.mjs";
import { baseURL, installed, project } from "../support/setting.mjs";
import { startSite } from "../support/site.mjs";

row("node-slim", async () => {
  const { output, errors } = await node([join(project("node"), "slim.mjs"), baseURL]);
  assert.equal(errors, "");
  return { version: process.versions.node, results: JSON.parse(output) };
});

for (const source of [
  "an ArrayBuffer",
  "a view of bytes",
  "a WebAssembly.Module",
  "a promise of a WebAssembly.Module",
  "a Response",
  "a URL",
  "a URL as a string",
  "a file's URL",
]) {
  test(`./slim takes ${source}`, async (t) => {
    const site = await startSite({ "/wasm": join(installed, "dist/wasm") }, t);
    const url = `${site.origin}/wasm/openresponses_wasm_bg.wasm`;
    const { output, errors } = await node([join(project("node"), "sources.mjs"), source, url, baseURL]);
    assert.deepEqual({ output, errors }, { output: "Hello, world!", errors: "" });
  });
}

test("./core is the classes without the facade", async () => {
  const { output, errors } = await node([join(project("node"), "core.mjs"), baseURL]);
  assert.equal(errors, "");
  const { head, events, end, snapshot } = JSON.parse(output);
  assert.equal(head, 200);
  assert.equal(events.at(-1), "response.completed");
  assert.equal(end, 1);
  assert.equal(snapshot, "Hello, world!");
});
