// Members that are called like an object's own machinery are members like any other: what comes out is what JSON.parse
// gives, and no prototype is touched.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { api, client, json, respond } from "./fake.mjs";

const BAD =
  '"__proto__":{"polluted":"p","x":1},"constructor":{"prototype":{"polluted":"c"}},"prototype":{"polluted":"q"}';
const params = { model: "m", input: "i" };
const plain = Object.getPrototypeOf({});
const before = Object.getOwnPropertyNames(plain);

afterEach(() => {
  assert.equal({}.polluted, undefined);
  assert.equal([].polluted, undefined);
  assert.deepEqual(Object.getOwnPropertyNames(plain), before);
});

/** The same members, in the same order, of the same values; `__proto__` among them, which `deepEqual` does not see. */
function same(actual, expected, path = "$") {
  assert.equal(typeof actual, typeof expected, path);
  if (typeof expected !== "object" || expected === null) return assert.equal(actual, expected, path);
  assert.equal(Object.getPrototypeOf(actual), Object.getPrototypeOf(expected), path);
  assert.deepEqual(Object.keys(actual), Object.keys(expected), path);
  for (const key of Object.keys(expected)) {
    const own = (value) => Object.getOwnPropertyDescriptor(value, key).value;
    same(own(actual), own(expected), `${path}.${key}`);
  }
}

const streamed = (...texts) => {
  const text = texts.map((data) => `data: ${data}\n\n`).join("");
  return () => respond({ status: 200, headers: { "content-type": "text/event-stream" }, chunks: [text] });
};

const delta = (text, number, more = "") =>
  `{"type":"response.output_text.delta","output_index":0,"content_index":0,"item_id":"i",${more}"delta":${JSON.stringify(text)},"sequence_number":${number}}`;

for (const fastPath of [true, false]) {
  test(`in events, ${fastPath ? "recognised" : "read as JSON"}`, async () => {
    const events = [
      `{"type":"response.created",${BAD},"response":{"id":"r","output":[],${BAD}},"sequence_number":0}`,
      ...[1, 2, 3, 4].map((number) => delta(`t${number}`, number, `${BAD},"logprobs":[],`)),
      ...[5, 6, 7].map((number) => delta("__proto__", number, '"__proto__":{},"constructor":[],')),
      `{"type":"response.output_item.done","output_index":0,"item":{"type":"message","id":"i","__proto__":[],${BAD},"content":[]}}`,
      `{"type":"__proto__",${BAD}}`,
      `{"type":"constructor"}`,
      `{"type":"response.completed","response":{"id":"r","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"t"}],${BAD}}],${BAD},"usage":{${BAD}}}}`,
    ];
    const run = client(streamed(...events), { fastPath }).responses.stream(params);
    const told = [];
    for (const type of ["__proto__", "constructor", "toString"]) run.on(type, (event) => told.push(event.type));
    const seen = [];
    for await (const event of run) seen.push(event);
    assert.deepEqual(told, ["__proto__", "constructor"]);
    assert.equal(seen.length, events.length);
    for (const [index, event] of seen.entries()) same(event, JSON.parse(events[index]));
    // They are nobody else's.
    Object.getOwnPropertyDescriptor(seen[5], "__proto__").value.mine = 1;
    assert.equal(Object.getOwnPropertyDescriptor(seen[6], "__proto__").value.mine, undefined);
    const { snapshot } = run;
    const { response } = JSON.parse(events.at(-1));
    for (const key of ["__proto__", "constructor", "prototype", "usage"]) {
      const own = (value) => Object.getOwnPropertyDescriptor(value, key).value;
      same(own(snapshot), own(response), key);
    }
    same(snapshot.output[0], response.output[0]);
  });
}

test("in JSON that is still being written", async () => {
  const text = `{${BAD},"list":[{${BAD}}],"__proto__":5}`;
  const pieces = text.match(/.{1,3}/g).map((piece, index) => delta(piece, index));
  const done = `{"type":"response.completed","response":{"status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":${JSON.stringify(text)}}]}]}}`;
  const format = { format: { type: "json_object" } };
  const run = client(streamed(...pieces, done)).responses.stream({ ...params, text: format });
  const fields = [];
  run.on("field", ({ path }) => fields.push(path.join(".")));
  let last;
  for await (const value of run.partials()) {
    last = value;
    assert.equal(Object.getPrototypeOf(value), plain);
  }
  same(last, JSON.parse(text));
  assert.ok(fields.includes("__proto__.polluted") && fields.includes("list.0.constructor.prototype"), fields.join(" "));
});

test("in errors", async () => {
  const body = `{"error":{"message":"m","code":{${BAD}},"type":"__proto__","param":"constructor",${BAD}},${BAD}}`;
  const refused = () => new Response(body, { status: 400 });
  const error = await client(refused)
    .responses.create(params)
    .catch((thrown) => thrown);
  assert.ok(error instanceof api.BadRequestError);
  same(error.error, JSON.parse(body).error);
  same(error.code, JSON.parse(body).error.code);
  assert.equal(error.polluted, undefined);
});

test("in responses, other answers and pages", async () => {
  const text = `{"object":"list","data":[{"id":"a",${BAD}}],"has_more":true,"last_id":"a","getNextPage":1,"hasNextPage":1,${BAD}}`;
  const asking = client((url) => {
    if (url.includes("after=")) return json({ data: [] });
    return new Response(url.endsWith("/responses") ? `{"object":"response","output":[],${BAD}}` : text);
  });
  const response = await asking.responses.create(params);
  same(Object.getOwnPropertyDescriptor(response, "__proto__").value, { polluted: "p", x: 1 });
  const page = await asking.models.list();
  assert.ok(page instanceof api.Page);
  assert.equal(Object.getPrototypeOf(page), api.Page.prototype);
  same(page.data, JSON.parse(text).data);
  assert.equal(page.polluted, undefined);
  assert.equal(page.hasNextPage(), true);
  assert.deepEqual((await page.getNextPage()).data, []);
  const model = `{"id":"a",${BAD}}`;
  same(await client(() => new Response(model)).models.retrieve("a"), JSON.parse(model));
});

test("in requests and options, which may be what JSON.parse gave", async () => {
  const given = (more) =>
    JSON.parse(`{"__proto__":{"apiKey":"p","polluted":"p","timeout":-1,"headers":{"x-p":"p"}}${more}}`);
  const asking = client(() => json({ object: "response", output: [] }));
  const text = `{"model":"m","input":[{"type":"message","role":"user","content":"c",${BAD}}],${BAD}}`;
  await asking.responses.create(JSON.parse(text), { timeout: 5000 });
  await asking.responses.stream(JSON.parse(text)).finalResponse();
  // As any name that is not known.
  const refused = { code: "invalid_option" };
  assert.throws(() => asking.withOptions(given("")), refused);
  await assert.rejects(asking.responses.create(JSON.parse(text), given(',"timeout":5000')), refused);
  same(JSON.parse(asking.seen[0].body), JSON.parse(text));
  same(JSON.parse(asking.seen[1].body), { ...JSON.parse(text), stream: true });
  for (const { headers } of asking.seen) {
    assert.equal(headers.authorization, "Bearer a-key-of-the-test");
    assert.equal(headers["x-p"], undefined);
  }
  for (const name of ["defaultHeaders", "defaultQuery"]) {
    const named = JSON.parse('{"__proto__":"p","constructor":"c"}');
    await asking.withOptions({ [name]: named }).responses.create(params);
  }
  const [, , headed, queried] = asking.seen;
  assert.equal(headed.headers.constructor, "c");
  assert.match(queried.url, /\?__proto__=p&constructor=c$/);
  for (const limits of [given(""), given(',"maxEventBytes":5')]) {
    assert.throws(() => client(() => {}, { limits }), refused);
  }
});
