/** Node: imported, required, and what it takes for the process to end. */

import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { holds } from "../support/contract.mjs";
import { node } from "../support/program.mjs";
import { row } from "../support/row.mjs";
import { baseURL, installed, project, projects } from "../support/setting.mjs";

const fixture = (name) => join(project("node"), name);

test("the package is imported", async (t) => {
  const { output, errors } = await node([fixture("import.mjs"), baseURL]);
  assert.equal(errors, "");
  await holds(t, JSON.parse(output));
});

row("node-url", async () => {
  const { output, errors } = await node([fixture("url.mjs"), baseURL]);
  assert.equal(errors, "");
  return { version: process.versions.node, results: JSON.parse(output) };
});

test("the package is required", async (t) => {
  // Up to Node 22.12 it says on standard error that this is experimental.
  const { output } = await node([fixture("require.cjs"), baseURL]);
  await holds(t, JSON.parse(output));
});

test("the key and the address come from the environment, and the process ends with its stream", async () => {
  const env = { INFRON_API_KEY: "sk-anything", OPENRESPONSES_BASE_URL: baseURL };
  const { output, errors } = await node([fixture("first-steps.mjs")], { env });
  assert.deepEqual({ output, errors }, { output: "Hello, world!", errors: "" });
});

test("streams that were left keep no process alive", async () => {
  const env = { OPENRESPONSES_API_KEY: "sk-anything", OPENRESPONSES_BASE_URL: baseURL };
  const { output, time } = await node([fixture("left.mjs")], { env });
  assert.equal(output, "done\n");
  assert.ok(time < 10_000, `it took ${time} ms`);
});

test("instanceof works across two copies of the package", async () => {
  const other = join(projects, "second-copy");
  cpSync(installed, other, { recursive: true });
  const first = await import(pathToFileURL(join(installed, "dist/index.js")).href);
  const second = await import(pathToFileURL(join(other, "dist/index.js")).href);
  assert.notEqual(first.APIError, second.APIError);
  const client = new second.OpenResponses({ apiKey: "sk-anything", baseURL, maxRetries: 0 });
  const error = await client.responses.create({ model: "sandbox/error-404", input: "?" }).catch((reason) => reason);
  assert.ok(error instanceof first.NotFoundError);
  assert.ok(error instanceof first.APIError);
  assert.ok(!(error instanceof first.BadRequestError));
});
