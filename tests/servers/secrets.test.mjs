// A key and a payload that stand nowhere else are planted, more than a hundred calls fail in every way there is, and
// everything that comes out of them is searched.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { load, unpack } from "../support/package.mjs";
import { trapping } from "../support/trap.mjs";
import { api, begun, response, sse } from "./support.mjs";

const KEY = "sk-planted-4f9c2b7a-d1e8";
const PAYLOAD = "Dear doctor, for a week now I have had a planted pain in my left side.";
const PLANTED = [
  KEY,
  KEY.toUpperCase(),
  encodeURIComponent(KEY),
  btoa(KEY),
  "planted pain",
  encodeURIComponent("planted pain"),
  // A word of the payload alone says nothing; a part of it would.
  "doctor, for a week",
];
const ECHO = `${KEY} was sent with: ${PAYLOAD}`;
const PARAMS = { model: "m", input: PAYLOAD, instructions: PAYLOAD, metadata: { note: PAYLOAD } };

/** Everything that was written anywhere, beside the errors. */
const written = [];
for (const name of ["log", "info", "warn", "error", "debug", "trace", "dir"]) {
  const write = console[name];
  console[name] = (...values) => {
    written.push(inspect(values, { depth: 9, showHidden: true }));
    write.apply(console, values);
  };
}
for (const event of ["warning", "unhandledRejection"]) {
  process.on(event, (value) => written.push(inspect(value, { depth: 9, showHidden: true })));
}
const logger = Object.fromEntries(
  ["error", "warn", "info", "debug"].map((level) => [level, (line) => written.push(`${level} ${line}`)]),
);

/** Of all requests. */
const urls = [];
const elsewhere = [];

async function serve(answer) {
  const server = createServer((request, sent) => {
    urls.push(request.url);
    request.resume();
    request.on("end", () => answer(request, sent));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

let answer;
const origin = await serve((request, sent) => answer(sent, request));
/** Another origin: nothing may arrive there. */
const other = await serve((request, sent) => {
  elsewhere.push(request.headers);
  sent.end("{}");
});

const SSE = { "content-type": "text/event-stream" };
const JSON_TYPE = { "content-type": "application/json" };
const reply =
  (status, headers, body = "") =>
  (sent) =>
    sent.writeHead(status, headers).end(body);
const stream = (...events) => reply(200, SSE, sse(events, { done: false }));

/** The server repeats what it was sent wherever it can. */
const ERROR = {
  message: ECHO,
  type: ECHO,
  param: ECHO,
  code: ECHO,
  [KEY]: [ECHO],
  [PAYLOAD]: { deep: [{ input: PAYLOAD, authorization: `Bearer ${KEY}`, body: JSON.stringify(PARAMS) }] },
};
const HEADERS = {
  "x-request-id": KEY,
  "x-echo": KEY,
  "set-cookie": `key=${KEY}`,
  "retry-after": "0",
  "www-authenticate": `Bearer realm="${KEY}"`,
  "x-should-retry": "false",
};

const cases = [];
/** `does`: another call than `create` and `stream`; `thrown`: the cause is the caller's own, and stays what it is. */
const add = (name, { options = {}, per = {}, params = PARAMS, does, thrown, ...rest }) =>
  cases.push({ name, options, per, params, does, thrown, ...rest });

for (const status of [400, 401, 402, 403, 404, 408, 409, 418, 422, 429, 500, 502, 503, 529]) {
  const page = `<html><head><title>${ECHO}</title></head><body>${ECHO}</body></html>`;
  for (const [shape, type, body] of [
    ["nested", JSON_TYPE, JSON.stringify({ error: ERROR })],
    ["flat", JSON_TYPE, JSON.stringify(ERROR)],
    ["a text", { "content-type": "text/plain" }, ECHO],
    ["a page", { "content-type": "text/html" }, page],
    ["the whole request", JSON_TYPE, JSON.stringify({ detail: [{ msg: "wrong", input: PARAMS }], body: ECHO })],
  ]) {
    add(`status ${status}, ${shape}`, { answer: reply(status, { ...HEADERS, ...type }, body) });
  }
}
for (const status of [301, 302, 303, 307, 308]) {
  const there = `${other}/${encodeURIComponent(KEY)}?key=${KEY}&input=${encodeURIComponent(PAYLOAD)}`;
  add(`a redirect elsewhere, ${status}`, {
    answer: reply(status, { location: `${other}/v1/responses?key=${KEY}`, ...HEADERS }),
    is: "redirected",
  });
  add(`a redirect that repeats the key, ${status}`, { answer: reply(status, { location: there }), is: "redirected" });
  add(`a redirect within, ${status}`, { answer: reply(status, { location: "/v1/responses/" }), is: "redirected" });
}
for (const [shape, event] of [
  ["nested", { type: "error", error: ERROR }],
  ["flat", { ...ERROR, type: "error" }],
  ["bare", { error: ERROR }],
  ["a text", { error: ECHO }],
]) {
  add(`an error in a stream, ${shape}`, { answer: stream(...begun(), event) });
  add(`an error before a stream, ${shape}`, { answer: stream(event) });
  // A flat one is no error in status 200.
  if (event.error) add(`an error in status 200, ${shape}`, { answer: reply(200, JSON_TYPE, JSON.stringify(event)) });
}
const FAILED = { ...response("failed"), error: ERROR, instructions: PAYLOAD, metadata: { note: PAYLOAD } };
add("a response that failed", { answer: stream(...begun(), { type: "response.failed", response: FAILED }) });
add("a response that failed, as JSON", { answer: reply(200, JSON_TYPE, JSON.stringify(FAILED)) });

const whole = sse(
  begun().map((event) => (event.response ? { ...event, response: { ...event.response, instructions: ECHO } } : event)),
  { done: false },
);
const broken = { options: { maxRetries: 0 } };
const begin = (sent, headers, text, end) => {
  sent.writeHead(200, headers).write(text);
  end(sent);
};
for (const [how, end] of [
  ["ends", (sent) => sent.end()],
  ["is reset", (sent) => setTimeout(() => sent.destroy(), 20)],
  ["stalls", () => {}],
]) {
  const options = { maxRetries: 0, timeout: { idle: 60, total: 500 } };
  add(`a stream that ${how} after events`, {
    answer: (sent) => begin(sent, { ...SSE, ...HEADERS }, whole, end),
    options,
  });
  add(`a stream that ${how} at once`, {
    answer: (sent) => begin(sent, SSE, ": \n", end),
    options,
  });
  add(`JSON that ${how} in the middle`, {
    answer: (sent) => begin(sent, JSON_TYPE, `{"output":"${ECHO}`, end),
    options,
  });
  add(`a connection that ${how} without a head`, { answer: end, options: { maxRetries: 0, timeout: 60 } });
}
for (const [what, body] of [
  ["broken JSON", `{"error": ${ECHO}`],
  ["no object", JSON.stringify(ECHO)],
  ["an array", JSON.stringify([ECHO])],
  ["nothing", ""],
]) {
  add(`${what} instead of an answer`, { ...broken, answer: reply(200, JSON_TYPE, body) });
}
add("a page instead of an answer", { answer: reply(200, { "content-type": `text/html; x="${KEY}"` }, ECHO) });
add("a type that repeats the key", { answer: reply(200, { "content-type": KEY }, ECHO) });
add("an event that is too large", {
  options: { limits: { maxEventBytes: 64 }, maxRetries: 0 },
  answer: reply(200, SSE, `data: "${ECHO}${ECHO}"\n\n`),
});
add("an answer that is too large", {
  options: { limits: { maxResponseBytes: 64 } },
  answer: reply(200, JSON_TYPE, JSON.stringify([ECHO, ECHO])),
});
add("deviations that are errors", {
  options: { strict: true },
  answer: reply(200, SSE, `event: ${KEY}\ndata: {"type":"${KEY}","x":"${PAYLOAD}"}\n\ndata: ${ECHO}\n\n`),
});

const abort = (reason) => AbortSignal.abort(reason);
add("an abort before it begins", { per: { signal: abort(new Error("enough")) }, is: "aborted" });
add("an abort without a reason", { per: { signal: abort() }, is: "aborted" });
add("a time that is over", { per: { signal: AbortSignal.timeout(30) }, answer: () => {}, is: "aborted" });

const own = { apiKey: null, defaultHeaders: { authorization: `Bearer ${KEY}`, "x-api-key": KEY, cookie: `a=${KEY}` } };
add("own headers that the server repeats", {
  options: own,
  answer: reply(400, JSON_TYPE, JSON.stringify({ error: ERROR })),
});
add("a key from a function that the server repeats", {
  options: { apiKey: async () => KEY },
  answer: reply(401, JSON_TYPE, JSON.stringify({ error: ERROR })),
});
add("a query that the server repeats", {
  options: { apiKey: null, defaultQuery: { "api-version": "2" } },
  answer: reply(400, JSON_TYPE, JSON.stringify({ error: { message: `?api-version=2 ${PAYLOAD}` } })),
});
for (const [what, options, is] of [
  ["a line break in the key", { apiKey: `${KEY}\n` }, "invalid_api_key"],
  ["a NUL in the key", { apiKey: `${KEY}\0` }, "invalid_api_key"],
  ["a key of a foreign script", { apiKey: `${KEY}ключ` }, "invalid_api_key"],
  ["a line break in a function's key", { apiKey: () => `${KEY}\r\nx: 1` }, "invalid_api_key"],
  ["a function that gives no key", { apiKey: () => ({ token: KEY }) }, "token_function_failed"],
  ["a key as a header's name", { defaultHeaders: { [`authorization: Bearer ${KEY}`]: "" } }, "invalid_header"],
  ["a header that breaks out", { defaultHeaders: { "x-a": `${KEY}\r\nx-b: 1` } }, "invalid_header"],
  ["a header outside Latin-1", { defaultHeaders: { "x-a": `${KEY}→` } }, "invalid_header"],
  ["a base URL with the key in it", { baseURL: `http://u:${KEY}@127.0.0.1/v1` }, "invalid_base_url"],
  ["a base URL without a scheme", { baseURL: `127.0.0.1/v1?key=${KEY}` }, "invalid_base_url"],
  ["a base URL of plain http", { baseURL: `http://192.0.2.1/v1?key=${KEY}` }, "insecure_base_url"],
  [
    "a key function and plain http",
    { baseURL: "http://192.0.2.1/v1", apiKey: () => assert.fail() },
    "insecure_base_url",
  ],
  ["own headers and plain http", { ...own, baseURL: "http://192.0.2.1/v1" }, "insecure_base_url"],
  ["a server that is not there", { baseURL: "http://127.0.0.1:1/v1", maxRetries: 0 }, "connection_failed"],
  [
    "a server that is not there, looked for",
    { baseURL: `http://127.0.0.1:1/v1?key=${KEY}`, maxRetries: 0, diagnoseNetwork: true },
    "connection_failed",
  ],
  ["a port that cannot be", { baseURL: "http://127.0.0.1:99999/v1", maxRetries: 0 }, "connection_failed"],
]) {
  add(what, { options, is });
}
for (const [what, per, is] of [
  ["a line break in the idempotency key", { idempotencyKey: `${KEY}\n` }, "invalid_header"],
  ["a header that breaks out of one call", { headers: { "x-a": `${KEY}\0` } }, "invalid_header"],
  ["a header that is no text", { headers: { "x-a": { key: KEY } } }, "invalid_option"],
  ["a signal that is none", { signal: { key: KEY } }, "invalid_option"],
  ["a time-out that is none", { timeout: KEY }, "invalid_option"],
]) {
  add(what, { per, is });
}
const circular = { ...PARAMS };
circular.self = circular;
for (const [what, params] of [
  ["refers to itself", circular],
  ["holds a BigInt", { ...PARAMS, n: 1n }],
  ["is a text", PAYLOAD],
  ["is an array", [PAYLOAD]],
  ["has no model", { input: PAYLOAD }],
  ["has an input of the wrong type", { model: "m", input: { text: PAYLOAD } }],
  ["has an item that is none", { model: "m", input: [PAYLOAD] }],
  ["has a field of the wrong type", { ...PARAMS, temperature: PAYLOAD }],
]) {
  add(`a request that ${what}`, { params, is: "invalid_request" });
}
add("an id that leads elsewhere", { does: (client) => client.responses.retrieve(".."), is: "invalid_id" });
add("a query parameter of the wrong type", {
  does: (client) => client.responses.retrieve("resp_1", { starting_after: KEY }),
  is: "invalid_request",
});

const raise = () => {
  throw new Error(ECHO);
};
for (const [what, extra] of [
  ["a key function that throws", { options: { apiKey: raise }, is: "token_function_failed" }],
  ["a key function that rejects", { options: { apiKey: async () => raise() }, is: "token_function_failed" }],
  ["a fetch that throws", { options: { fetch: raise, maxRetries: 0 }, is: "connection_failed" }],
  ["a request that throws when it is written", { params: { toJSON: raise }, is: "invalid_request" }],
  ["an option that throws", { per: Object.defineProperty({}, "headers", { get: raise }), is: "invalid_option" }],
  ["an abort with such a reason", { per: { signal: abort(new Error(ECHO)) }, is: "aborted" }],
]) {
  add(what, { thrown: true, ...extra });
}
add("a fetch that gives no answer", {
  thrown: true,
  options: { fetch: () => ({ key: KEY, text: PAYLOAD }) },
  is: "invalid_fetch",
});

const slim = await load("slim");
add("a wasm that is not there", { of: slim, is: "wasm_not_initialized" });
const folder = unpack();
const trapped = await import(pathToFileURL(join(folder, "dist/slim.js")).href);
await trapped.init(
  trapping(readFileSync(join(folder, "dist/wasm/openresponses_wasm_bg.wasm")), (name) => name === "call_start"),
);
const { random } = Math;
add("a wasm that traps", {
  of: trapped,
  answer: () => {},
  is: "wasm_trap",
  before: () => {
    Math.random = () => -1;
  },
});

/** Everything that can be seen of a value without asking for what it hides. */
function shown(value) {
  const texts = [inspect(value, { depth: 9, showHidden: true, maxStringLength: Infinity })];
  const tell = (text) => texts.push(`${text}`);
  tell(String(value));
  tell(JSON.stringify(value));
  tell(JSON.stringify(value, Object.getOwnPropertyNames(value ?? {})));
  if (value instanceof Error) {
    for (const text of [value.message, value.stack, value.code, value.type, value.param, value.requestID]) tell(text);
    tell(JSON.stringify(value.error));
  }
  return texts;
}

function search(what, texts) {
  for (const text of texts) {
    for (const planted of PLANTED) assert.ok(!text.includes(planted), `${what} shows ${planted}:\n${text}`);
  }
}

for (const { name, options, per, params, does, thrown, of = api, is, before, ...more } of cases) {
  test(`neither key nor payload comes out of ${name}`, async () => {
    answer = more.answer ?? ((sent) => sent.writeHead(200, JSON_TYPE).end("{}"));
    written.length = 0;
    urls.length = 0;
    const client = new of.OpenResponses({
      apiKey: KEY,
      baseURL: `${origin}/v1`,
      maxRetries: 1,
      timeout: 5_000,
      logger,
      logLevel: "debug",
      ...options,
    });
    const calls = does
      ? [does]
      : [
          () => client.responses.create(params, per),
          async () => {
            const run = client.responses.stream(params, per);
            run.on("error", () => {});
            const error = await run.finalResponse().catch((thrown) => thrown);
            search("the stream", shown(run));
            throw error;
          },
        ];
    for (const call of calls) {
      before?.();
      const error = await call(client).then(
        () => assert.fail("it did not fail"),
        (thrown) => thrown,
      );
      Math.random = random;
      assert.ok(error instanceof of.OpenResponsesError, inspect(error));
      if (is) assert.equal(error.code, is, inspect(error));
      if (thrown) {
        assert.ok("cause" in error, "what the caller's own code threw or gave is the cause");
        Object.defineProperty(error, "cause", { value: undefined });
      }
      for (let link = error; link !== undefined && link !== null; link = link.cause) search("the error", shown(link));
    }
    search("the client", [shown(client), shown(client.responses), shown(client.models)].flat());
    search("what was written", written);
    search("a URL", urls);
    assert.deepEqual(elsewhere, [], "nothing goes to another origin");
  });
}

test("developer tools show neither, however far a client, a stream and an error are unfolded", async () => {
  const { Session } = await import("node:inspector/promises");
  const session = new Session();
  session.connect();
  // What the platform makes of an answer is not ours.
  answer = reply(400, JSON_TYPE, JSON.stringify({ error: ERROR }));
  const client = new api.OpenResponses({ apiKey: KEY, baseURL: `${origin}/v1`, defaultHeaders: { "x-api-key": KEY } });
  const run = client.responses.stream(PARAMS);
  const error = await run.finalResponse().catch((thrown) => thrown);
  const texts = [];
  for (const shown of [client, run, client.responses.create(PARAMS).catch(() => {}), error]) {
    globalThis.shown = shown;
    const { result } = await session.post("Runtime.evaluate", { expression: "shown", generatePreview: true });
    texts.push(JSON.stringify(result));
    let unfolded = [result];
    for (let depth = 0; depth < 5; depth += 1) {
      const deeper = [];
      for (const { objectId } of unfolded) {
        if (!objectId) continue;
        const { result: own, privateProperties = [] } = await session.post("Runtime.getProperties", {
          objectId,
          ownProperties: true,
          generatePreview: true,
        });
        texts.push(JSON.stringify([own, privateProperties]));
        // Not into code, which leads to every variable there is, nor into what is the platform's, such as an answer.
        const values = [...own, ...privateProperties].flatMap(({ value }) => value ?? []);
        const isOurs = ({ className }) => className === "Object" || !(className in globalThis);
        deeper.push(...values.filter((value) => value.type === "object" && isOurs(value)));
      }
      unfolded = deeper;
    }
  }
  delete globalThis.shown;
  session.disconnect();
  assert.ok(texts.length > 20 && texts.some((text) => text.includes("#settings")), "there is something to unfold");
  search("the developer tools", texts);
});

test("more than a hundred calls have failed", () => {
  assert.ok(cases.length > 100, `${cases.length}`);
});
