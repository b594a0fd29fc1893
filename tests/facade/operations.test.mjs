import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { api, client, completed, created, delta, json, whole } from "./fake.mjs";

const resource = { id: "resp_1", object: "response", status: "completed", output: [] };
const answer = () => json({ ...resource, input_tokens: 1 }, { headers: { "x-request-id": "req_1" } });
const requests = (asking) => asking.seen.map(({ method, url, body }) => [method, url.split("/v1")[1], body]);

test("each operation has its method, its path and its body", async () => {
  const asking = client(answer);
  const { responses } = asking;
  await responses.retrieve("resp_1");
  await responses.cancel("resp_1");
  await responses.delete("resp_1");
  await responses.compact({ model: "m", input: "i", mine: 1 });
  await responses.inputTokens.count({ model: "m", input: "i", mine: 1 });
  await responses.inputItems.list("resp_1");
  assert.deepEqual(requests(asking), [
    ["GET", "/responses/resp_1", undefined],
    ["POST", "/responses/resp_1/cancel", undefined],
    ["DELETE", "/responses/resp_1", undefined],
    ["POST", "/responses/compact", '{"model":"m","input":"i","mine":1}'],
    ["POST", "/responses/input_tokens", '{"model":"m","input":"i","mine":1}'],
    ["GET", "/responses/resp_1/input_items", undefined],
  ]);
  for (const { method, headers } of asking.seen) {
    assert.equal(headers.accept, "application/json");
    assert.equal(
      headers["content-type"],
      method === "POST" && headers["content-type"] ? "application/json" : undefined,
    );
  }
});

test("parameters of the URL are the operation's, then the caller's own", async () => {
  const asking = client((url) => (url.includes("stream=true") ? whole(completed("t")) : answer()));
  await asking.responses.retrieve("r", { include: ["a", "b"], mine: "ü", after: undefined }, { query: { own: "1" } });
  await asking.responses.retrieve("r", { stream: true, starting_after: 0, include_obfuscation: false });
  await asking.responses.inputItems.list("r", { after: "x", limit: 5, order: "asc", include: ["c"] });
  assert.deepEqual(
    requests(asking).map(([, path]) => path),
    [
      "/responses/r?include%5B%5D=a&include%5B%5D=b&mine=%C3%BC&own=1",
      "/responses/r?stream=true&starting_after=0&include_obfuscation=false",
      "/responses/r/input_items?after=x&limit=5&order=asc&include%5B%5D=c",
    ],
  );
  assert.equal(asking.seen[1].headers.accept, "text/event-stream");
});

test("no id leads to another path", async () => {
  const asking = client(answer);
  const calls = [
    (id) => asking.responses.retrieve(id),
    (id) => asking.responses.cancel(id),
    (id) => asking.responses.delete(id),
    (id) => asking.responses.inputItems.list(id),
    (id) => asking.responses.stream({ response_id: id }).finalResponse(),
    (id) => asking.models.retrieve(id),
  ];
  for (const call of calls) {
    for (const id of ["", ".", "..", undefined, null, 7, {}]) {
      await assert.rejects(call(id), (error) => {
        assert.ok(error instanceof api.OpenResponsesError, inspect(id));
        assert.equal(error.code, "invalid_id");
        return true;
      });
    }
  }
  assert.equal(asking.seen.length, 0);
  for (const id of ["a/b", "?", "#", "a?b", "%2e%2e", "../models", "\\..", " "]) {
    await asking.responses.retrieve(id);
    const { pathname, search, hash } = new URL(asking.seen.at(-1).url);
    assert.deepEqual([pathname.split("/").length, search, hash], [4, "", ""], id);
    assert.equal(decodeURIComponent(pathname.split("/")[3]), id);
  }
});

test("results have the request's id on them, where nobody stumbles over it", async () => {
  const { responses } = client(answer);
  const results = [
    await responses.retrieve("r"),
    await responses.cancel("r"),
    await responses.delete("r"),
    await responses.compact({ model: "m" }),
    await responses.inputTokens.count({}),
    await responses.inputItems.list("r"),
  ];
  for (const result of results) {
    assert.equal(result._request_id, "req_1");
    assert.ok(!Object.keys(result).includes("_request_id"));
  }
  const { data, request_id } = await responses.cancel("r").withResponse();
  assert.deepEqual([data.output_text, request_id], ["", "req_1"]);
});

test("a cancelled response is a result like any other", async () => {
  const { responses } = client(() => json({ ...resource, status: "cancelled" }));
  assert.equal((await responses.cancel("resp_1")).status, "cancelled");
});

test("delete() is content with silence", async () => {
  const said = { id: "resp_1", object: "response.deleted", deleted: true };
  const silent = { id: "a/b", object: "response", deleted: true };
  for (const [make, expected] of [
    [() => json(said), said],
    [() => new Response(null, { status: 204 }), silent],
    [() => new Response("", { headers: { "content-type": "application/json" } }), silent],
    [() => new Response("\n"), silent],
  ]) {
    assert.deepEqual(await client(make).responses.delete("a/b"), expected);
  }
  const missing = client(() => json({ error: { message: "no such response" } }, { status: 404 }));
  await assert.rejects(missing.responses.delete("r"), api.NotFoundError);
  await assert.rejects(client(() => new Response("<html>")).responses.delete("r"), api.ProtocolError);
});

test("compact() gives the whole window and what it took", async () => {
  const compacted = {
    id: "c",
    object: "response.compaction",
    created_at: 1,
    output: [{ type: "compaction", id: "cmp_1", encrypted_content: "e" }],
    usage: { input_tokens: 3, output_tokens: 1, total_tokens: 4 },
  };
  assert.deepEqual(await client(() => json(compacted)).responses.compact({ model: "m", input: [] }), compacted);
});

test("a retrieved stream is a stream, from wherever it begins", async () => {
  const asking = client(() => whole(delta("b"), completed("ab")));
  const stream = await asking.responses.retrieve("resp_1", { stream: true, starting_after: 2 });
  const types = [];
  for await (const event of stream) types.push(event.type);
  assert.deepEqual(types, ["response.output_text.delta", "response.completed"]);
  assert.equal(await stream.finalText(), "ab");
  const again = asking.responses.stream({ response_id: "resp_1", starting_after: 2 });
  assert.equal(await again.finalText(), "ab");
  assert.equal(
    asking.seen[0].url,
    asking.seen[1].url.replace("starting_after=2&stream=true", "stream=true&starting_after=2"),
  );
  assert.equal(asking.seen[1].body, undefined);
});

test("a retrieved stream that was asked for in one piece comes in one piece", async () => {
  const response = await client(() => whole(created, completed("t"))).responses.retrieve("resp_1");
  assert.equal(response.output_text, "t");
});

/** A server with ten items, four to a page. */
const items = Array.from({ length: 10 }, (_, index) => ({ type: "message", id: `item_${index}` }));
function pages(url) {
  const after = new URL(url).searchParams.get("after");
  const from = after === null ? 0 : items.findIndex(({ id }) => id === after) + 1;
  const data = items.slice(from, from + 4);
  const ids = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
  return json({ object: "list", data, ...ids, has_more: from + 4 < items.length });
}

test("all items of all pages come out of one loop, and pages are fetched as they are needed", async () => {
  const asking = client(pages);
  const seen = [];
  for await (const item of asking.responses.inputItems.list("r", { limit: 4 }, { headers: { "x-a": "1" } })) {
    seen.push(item.id);
    assert.equal(asking.seen.length, Math.ceil(seen.length / 4));
  }
  assert.deepEqual(
    seen,
    items.map(({ id }) => id),
  );
  assert.deepEqual(
    requests(asking).map(([, path]) => path.split("?")[1]),
    ["limit=4", "limit=4&after=item_3", "limit=4&after=item_7"],
  );
  for (const { headers } of asking.seen) assert.equal(headers["x-a"], "1");
});

test("the cursor is the one that the server names, else the last element's id", async () => {
  for (const [cursor, last] of [
    ["c", { id: "x" }],
    ["x", { id: "x" }],
  ]) {
    const named = cursor === last.id ? {} : { last_id: cursor };
    const asking = client((url) => json({ data: [last], ...named, has_more: !url.includes("after") }));
    await (await asking.responses.inputItems.list("r")).getNextPage();
    assert.ok(asking.seen[1].url.endsWith(`?after=${cursor}`), asking.seen[1].url);
  }
});

test("a loop that is left fetches no more", async () => {
  const asking = client(pages);
  for await (const item of asking.responses.inputItems.list("r")) if (item.id === "item_4") break;
  assert.equal(asking.seen.length, 2);
});

test("pages are turned by hand, too", async () => {
  const page = await client(pages).responses.inputItems.list("r");
  assert.ok(page instanceof api.Page);
  assert.deepEqual([page.data.length, page.first_id, page.last_id, page.has_more], [4, "item_0", "item_3", true]);
  const second = await page.getNextPage();
  const third = await second.getNextPage();
  assert.deepEqual([second.hasNextPage(), third.hasNextPage(), third.data.length], [true, false, 2]);
  await assert.rejects(third.getNextPage(), { code: "no_next_page" });
  const sizes = [];
  for await (const each of page.iterPages()) sizes.push(each.data.length);
  assert.deepEqual(sizes, [4, 4, 2]);
});

test("a page of a server that knows no pages is the only one", async () => {
  for (const body of [{ data: items }, { data: items, has_more: null }, items, { data: [], has_more: true }]) {
    const asking = client(() => json(body));
    const seen = [];
    for await (const item of asking.responses.inputItems.list("r")) seen.push(item);
    assert.deepEqual(seen, body.data ?? body);
    assert.equal(asking.seen.length, 1);
  }
});

test("a server that repeats a page is found out, not asked forever", async () => {
  const asking = client(() => json({ data: items, last_id: "item_9", has_more: true }));
  await assert.rejects(
    async () => {
      for await (const _ of asking.responses.inputItems.list("r"));
    },
    { name: "ProtocolError", code: "page_repeated" },
  );
  assert.equal(asking.seen.length, 2);
});

test("an error of a later page comes out of the loop", async () => {
  const asking = client((url) =>
    url.includes("after") ? json({ error: { message: "no" } }, { status: 400 }) : pages(url),
  );
  let count = 0;
  await assert.rejects(async () => {
    for await (const _ of asking.responses.inputItems.list("r")) count += 1;
  }, api.BadRequestError);
  assert.equal(count, 4);
});

test("models are a list to loop over, with whatever else the server says", async () => {
  const asking = client(() => json({ object: "list", data: [{ id: "a" }, { id: "b" }], success: true }));
  const ids = [];
  for await (const model of asking.models.list()) ids.push(model.id);
  assert.deepEqual(ids, ["a", "b"]);
  const list = await asking.models.list();
  assert.deepEqual([list.object, list.success, list.hasNextPage()], ["list", true, false]);
  assert.deepEqual(JSON.parse(JSON.stringify(list)), {
    object: "list",
    data: [{ id: "a" }, { id: "b" }],
    success: true,
  });
});

test("what no server could accept is refused by the name of the field, before anything is sent", async () => {
  const asking = client(answer);
  const { responses } = asking;
  const wrong = [
    [() => responses.create(), /must be an object/],
    [() => responses.create(null), /must be an object/],
    [() => responses.create("text"), /must be an object/],
    [() => responses.create({ input: "i" }), /field model is missing/],
    [() => responses.create({ model: undefined, input: "i" }), /field model is missing/],
    [() => responses.create({ model: 7, input: "i" }), /field model must be a string/],
    [() => responses.create({ model: "m" }), /field input is missing/],
    [() => responses.create({ model: "m", input: 7 }), /field input must be/],
    [() => responses.create({ model: "m", input: "i", stream: "yes" }), /field stream must be a boolean/],
    [() => responses.create({ model: "m", input: "i", tools: {} }), /field tools must be an array/],
    [
      () =>
        responses.create({
          model: "m",
          input: [{ role: "user", content: [api.inputImage("https://a.example/x.png")] }],
        }),
      /input\[0\]\.content\[0\] is empty.*promise/,
    ],
    [() => responses.create({ model: "m", input: 1n }), /BigInt/],
    [() => responses.stream({ input: "i" }).finalResponse(), /field model is missing/],
    [() => responses.stream().finalResponse(), /must be an object/],
    [() => responses.compact({ input: "i" }), /field model is missing/],
    [() => responses.compact(), /must be an object/],
    [() => responses.inputTokens.count({ input: 7 }), /field input must be/],
    [() => responses.retrieve("r", { stream: "yes" }), /parameter stream must be a boolean/],
    [() => responses.retrieve("r", { starting_after: -1 }), /parameter starting_after must be a whole number/],
    [() => responses.retrieve("r", null), /query must be an object/],
    [() => responses.inputItems.list("r", { limit: "5" }), /parameter limit must be a number/],
  ];
  for (const [index, [call, message]] of wrong.entries()) {
    await assert.rejects(
      async () => call(),
      (error) => {
        assert.ok(error instanceof api.OpenResponsesError && !(error instanceof api.APIError), inspect(error));
        assert.equal(error.code, "invalid_request", String(index));
        assert.match(error.message, message);
        return true;
      },
    );
  }
  assert.equal(asking.seen.length, 0);
});

test("null is not sent where the specification knows none", async () => {
  const asking = client(answer);
  await asking.responses.create({
    model: "m",
    input: "i",
    stream: null,
    store: null,
    background: null,
    include: null,
    truncation: null,
    service_tier: null,
    text: { verbosity: null, format: null },
    tools: [{ type: "function", name: "f", strict: null, parameters: null }],
    metadata: null,
    mine: null,
  });
  assert.deepEqual(JSON.parse(asking.seen[0].body), {
    model: "m",
    input: "i",
    text: { format: null },
    tools: [{ type: "function", name: "f", parameters: null }],
    metadata: null,
    mine: null,
  });
});

test("every operation can be aborted", async () => {
  const asking = client(
    (_url, { signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  );
  for (const call of [
    (options) => asking.responses.retrieve("r", {}, options),
    (options) => asking.responses.cancel("r", options),
    (options) => asking.responses.delete("r", options),
    (options) => asking.responses.compact({ model: "m" }, options),
    (options) => asking.responses.inputTokens.count({}, options),
    (options) => asking.responses.inputItems.list("r", {}, options),
  ]) {
    const controller = new AbortController();
    const promise = call({ signal: controller.signal });
    setTimeout(() => controller.abort("enough"), 2);
    await assert.rejects(promise, { name: "APIUserAbortError", cause: "enough" });
  }
});
