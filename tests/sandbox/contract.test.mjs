import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { CASES } from "./support/cases.mjs";
import { create, stream, useServer } from "./support/client.mjs";
import { createChecker } from "./support/schema.mjs";

const DOCUMENT = fileURLToPath(new URL("../../../shared/openresponses/openapi.json", import.meta.url));
const found = existsSync(DOCUMENT);
const skip = !found && `there is no OpenAPI document at ${DOCUMENT}, so nothing was checked against the contract`;
const document = found ? JSON.parse(readFileSync(DOCUMENT, "utf8")) : { components: { schemas: {} } };
const { schemas } = document.components;
const check = createChecker(document);

/** The schemas of the events by the type of the event. */
const EVENTS = new Map(
  Object.entries(schemas)
    .filter(([name]) => name.endsWith("StreamingEvent"))
    .map(([, schema]) => [schema.properties.type.enum[0], schema]),
);

const server = useServer();

if (skip) console.error(`SKIPPED: ${skip}`);

for (const { name, body, extra } of CASES) {
  test(`${name}: the request, the response and every event satisfy the contract`, { skip }, async () => {
    // The contract itself knows no extension items.
    const known = Array.isArray(body.input) ? body.input.filter(({ type }) => !type.includes(":")) : body.input;
    if (!extra) assert.deepEqual(check(schemas.CreateResponseBody, { ...body, input: known }), []);
    assert.deepEqual(check(schemas.ResponseResource, await create(server, body)), []);
    for (const { event, ...data } of await stream(server, body)) {
      assert.ok(EVENTS.has(event), `${event} is an event of the contract`);
      assert.deepEqual(check(EVENTS.get(event), data), []);
    }
  });
}

test("a failure in the middle of a stream satisfies the contract", { skip }, async () => {
  const events = await stream(server, { model: "sandbox/echo", input: "hi" }, "?error=nested");
  assert.ok(events.some(({ type }) => type === "error"));
  for (const { event, ...data } of events) assert.deepEqual(check(EVENTS.get(event), data), []);
});

test("the checker of these tests finds what is wrong", { skip }, async () => {
  const good = await create(server, { model: "sandbox/reasoner", input: "hi" });
  const bad = [
    { ...good, id: undefined, created_at: 1.5 },
    { ...good, usage: { ...good.usage, total_tokens: "3" } },
    { ...good, output: [{ ...good.output[0], type: "thought" }] },
    { ...good, truncation: "none" },
    { ...good, tools: [{ type: "function", name: "f" }] },
  ];
  for (const response of bad) {
    assert.notDeepEqual(check(schemas.ResponseResource, JSON.parse(JSON.stringify(response))), []);
  }
});
