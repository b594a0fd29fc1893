// Whatever is given in the place of an option, a request, a `fetch`, a body, a clock or a signal: a typed error at once, and
// nothing left behind.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { afterEach, beforeEach, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { inspect } from "node:util";
import { badAnswers, wrongOutcomes } from "../package/contract/bad-answers.mjs";
import { api, client, completed, created, delta, feed, json, settled, whole } from "./fake.mjs";

const params = { model: "m", input: "i" };
const answer = () => json({ object: "response", status: "completed", output: [] });
const headers = new Headers({ "content-type": "text/event-stream" });
const event = new TextEncoder().encode('data: {"type":"response.completed","response":{"output":[]}}\n\n');

const unhandled = [];
const note = (reason) => unhandled.push(reason);
process.on("unhandledRejection", note);
process.on("uncaughtException", note);
beforeEach(() => {
  unhandled.length = 0;
});
afterEach(async () => {
  await settled();
  assert.deepEqual(unhandled, [], "something was rejected or thrown that nobody could catch");
  const timers = process.getActiveResourcesInfo().filter((kind) => kind === "Timeout");
  // One of the test runner's own at most.
  assert.ok(timers.length <= 1, `timers are left: ${timers.length}`);
});

/** What a call ended with, which is to be one of our errors; the calls in every way there are. */
async function refused(make, code) {
  const errors = [];
  for (const ask of [
    (asking) => asking.create(...make()),
    (asking) => asking.create(...make()).asResponse(),
    (asking) => asking.stream(...make()).finalResponse(),
  ]) {
    const asking = client(answer);
    const error = await ask(asking.responses).then(
      () => assert.fail("it was not refused"),
      (thrown) => thrown,
    );
    isOurs(error, code);
    assert.equal(asking.seen.length, 0);
    errors.push(error);
  }
  return errors;
}

function isOurs(error, code, what = error) {
  assert.ok(error instanceof api.OpenResponsesError, inspect(error));
  if (code) assert.equal(error.code, code, inspect(what));
}

const thrower = () => {
  throw new RangeError("from a getter");
};
const throwing = (name) => Object.defineProperty({}, name, { get: thrower, enumerable: true });
const having = (name, value) => Object.defineProperty({}, name, { value });
const thenable = (then) => having("then", then);
/** A promise that nothing can wait for. */
const odd = (name, value, get) => Object.defineProperty(Promise.resolve("x"), name, get ? { get } : { value });
const proxy = new Proxy({}, { get: thrower, has: thrower, ownKeys: thrower, getOwnPropertyDescriptor: thrower });
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const symbol = Symbol("s");

const NO_NUMBERS = [Number.NaN, -1, -Infinity, "1", "", null, true, symbol, 1n, [], [1], () => 1];
const NO_OBJECTS = [null, 5, "x", true, symbol, 1n];
const NO_STRINGS = [5, null, true, symbol, 1n, {}, [], () => "x", { toString: thrower, toJSON: thrower }];
const NO_FLAGS = [0, 1, "", "true", null, symbol, {}];
const NO_PAIRS = [
  ...[5, "a: 1", true, symbol, 1n, () => {}],
  ...[
    { a: 5 },
    { a: symbol },
    { a: {} },
    { a: ["x"] },
    { a: { toString: thrower } },
    [["a", 5]],
    [[5, "a"]],
    [[symbol, "a"]],
  ],
  ...[["a: 1"], [null], [undefined], [5], new Set(["ab"]), proxy, throwing("a"), { [Symbol.iterator]: thrower }],
  ...[{ [Symbol.iterator]: 5 }, { [Symbol.iterator]: () => ({ next: thrower }) }, revoked.proxy],
];
const BOUNDS = [
  ...NO_NUMBERS,
  0,
  { head: -1 },
  { idle: Number.NaN },
  { total: "1" },
  { firstEvent: 0 },
  throwing("head"),
  proxy,
];
const LIMITS = [
  ...[...NO_OBJECTS, [], [5]],
  ...[0, -1, 1.5, Number.NaN, Infinity, "1", null, symbol].map((maxEventBytes) => ({ maxEventBytes })),
  ...[throwing("maxEventBytes"), proxy],
];
const RETRIES = [...NO_NUMBERS, 0.5, Infinity, {}];

const CLIENT = {
  apiKey: [5, true, symbol, 1n, {}, [], proxy],
  baseURL: NO_STRINGS,
  timeout: BOUNDS,
  maxRetries: RETRIES,
  defaultHeaders: NO_PAIRS,
  defaultQuery: NO_PAIRS,
  fetch: [5, "fetch", null, {}, symbol, proxy],
  dangerouslyAllowBrowser: NO_FLAGS,
  strict: NO_FLAGS,
  fastPath: NO_FLAGS,
  diagnoseNetwork: NO_FLAGS,
  limits: LIMITS,
  logger: [5, "console", true, symbol, null],
  hooks: [...NO_OBJECTS, [], { end: 5 }, { end: null }, { ends: () => {} }, throwing("end"), proxy],
  logLevel: [5, "loud", "", null, {}, symbol, "__proto__"],
};

const CALL = {
  signal: [5, "x", true, symbol, {}, () => {}, { addEventListener: 5 }, proxy, throwing("addEventListener")],
  timeout: BOUNDS,
  maxRetries: RETRIES,
  headers: NO_PAIRS,
  query: NO_PAIRS,
  idempotencyKey: NO_STRINGS,
  hooks: [...NO_OBJECTS, { end: 5 }, { ends: () => {} }, proxy],
};

for (const [name, values] of Object.entries(CLIENT)) {
  test(`the client's option ${name} is refused where it does not fit`, () => {
    for (const value of values) {
      for (const make of [
        () => new api.OpenResponses({ apiKey: null, [name]: value }),
        () => client(answer).withOptions({ [name]: value }),
      ]) {
        assert.throws(make, (error) => {
          isOurs(error, "invalid_option", value);
          assert.match(error.message, new RegExp(`The option (${name}|options)`));
          return true;
        });
      }
    }
    // Read by a getter that throws.
    assert.throws(
      () => new api.OpenResponses(throwing(name)),
      (error) => {
        isOurs(error, "invalid_option");
        assert.equal(error.cause.message, "from a getter");
        return true;
      },
    );
  });
}

for (const [name, values] of Object.entries(CALL)) {
  test(`a call's option ${name} is refused where it does not fit`, async () => {
    for (const value of values) {
      const [error] = await refused(() => [params, { [name]: value }], "invalid_option");
      assert.match(error.message, new RegExp(`The option (${name}|options)`));
    }
    await refused(() => [params, throwing(name)], "invalid_option");
  });
}

test("options that are none are refused", async () => {
  for (const options of [...NO_OBJECTS, proxy]) {
    assert.throws(() => new api.OpenResponses(options), { code: "invalid_option" });
    if (options !== null) await refused(() => [params, options], "invalid_option");
  }
});

test("numbers from the smallest to the largest are taken for what they are", async () => {
  for (const timeout of [1e9, 2 ** 31, 1e21, Number.MAX_VALUE, Infinity, { head: 1e15, idle: 1e300, total: 1e21 }]) {
    await client(answer).responses.create(params, { timeout, maxRetries: 1e21 });
  }
  for (const timeout of [Number.MIN_VALUE, 1e-7, 0.5]) {
    const never = client(() => new Promise(() => {}));
    await assert.rejects(never.responses.create(params, { timeout, maxRetries: 0 }), { code: "timeout_head" });
  }
  const limits = { maxEventBytes: Number.MAX_SAFE_INTEGER, maxResponseBytes: 1e21 };
  await client(answer, { limits }).responses.create(params);
});

test("requests that are none, or that throw when they are read, are refused", async () => {
  for (const request of [undefined, null, 5, "x", true, symbol, 1n, [], () => {}, proxy, throwing("model")]) {
    await refused(() => [request], "invalid_request");
  }
  for (const name of ["input", "stream", "text"]) {
    await refused(
      () => [Object.defineProperty({ ...params }, name, { get: thrower, enumerable: true })],
      "invalid_request",
    );
  }
  for (const toJSON of [thrower, () => undefined, () => 5]) await refused(() => [{ toJSON }], "invalid_request");
  for (const [name, ask] of [
    ["compact", (responses, given) => responses.compact(given)],
    ["count", (responses, given) => responses.inputTokens.count(given)],
  ]) {
    for (const given of [undefined, null, 5, "x", [], proxy]) {
      const asking = client(answer);
      const error = await ask(asking.responses, given).catch((thrown) => thrown);
      isOurs(error, "invalid_request", [name, given]);
      assert.equal(asking.seen.length, 0);
    }
  }
});

test("ids that are none are refused, and hurt no other call", async () => {
  const fed = feed();
  const other = client(() => fed.response).responses.stream(params);
  const ids = [
    undefined,
    null,
    "",
    5,
    symbol,
    {},
    [],
    "..",
    ".",
    proxy,
    { toJSON: thrower },
    Object.assign(() => {}, { toJSON: thrower }),
  ];
  for (const id of ids) {
    const asking = client(answer);
    for (const ask of [
      () => asking.responses.retrieve(id),
      () => asking.responses.cancel(id),
      () => asking.responses.delete(id),
      () => asking.responses.inputItems.list(id),
      () => asking.models.retrieve(id),
      () => asking.responses.stream({ response_id: id }).finalResponse(),
    ]) {
      isOurs(await ask().then(assert.fail, (thrown) => thrown), "invalid_id", id);
    }
    assert.equal(asking.seen.length, 0);
  }
  fed.send(completed("well"));
  fed.end();
  assert.equal(await other.finalText(), "well");
});

test("what no header, path or query may hold is refused or written so that it leads nowhere", async () => {
  const odd = ["a\rb", "a\nb", "a\r\nx-evil: 1", "a\0b", "a\u2192", "\u{1f511}", "a\u007f"];
  for (const text of odd) {
    const asking = client(answer);
    const calls = [
      [asking.responses.create(params, { idempotencyKey: text }), "invalid_header"],
      [asking.responses.create(params, { headers: { "x-a": text } }), "invalid_header"],
      [asking.responses.create(params, { headers: { [text]: "a" } }), "invalid_header"],
      [asking.withOptions({ defaultHeaders: [[text, null]] }).responses.create(params), "invalid_header"],
      [asking.withOptions({ apiKey: text }).responses.create(params), "invalid_api_key"],
      [asking.withOptions({ apiKey: () => text }).responses.create(params), "invalid_api_key"],
      [asking.withOptions({ apiKey: async () => text }).responses.create(params), "invalid_api_key"],
    ];
    for (const [call, code] of calls) {
      const error = await call.then(assert.fail, (thrown) => thrown);
      isOurs(error, code, text);
      assert.ok(!error.message.includes(text), error.message);
    }
    assert.equal(asking.seen.length, 0);
    await asking.responses.retrieve(text, { after: text }, { query: { [text]: text } });
    const { url } = asking.seen[0];
    assert.match(url, /^https:\/\/api\.example\/v1\/responses\/[\w%.~-]+\?after=[\w%.~-]+&[\w%.~-]+=[\w%.~-]+$/);
    assert.equal(decodeURIComponent(new URL(url).pathname.split("/").at(-1)), text);
  }
});

test("what is no key is told of the function that returned it, and else of the caller", async () => {
  for (const text of ["", "<!doctype html>\n<title>Not found</title>", "sk-1\n"]) {
    const saying = async (apiKey) =>
      (
        await client(answer, { apiKey })
          .responses.create(params)
          .catch((e) => e)
      ).message;
    assert.match(await saying(() => text), /^The function given as `apiKey` returned what is no key/);
    assert.match(await saying(async () => text), /^The function given as `apiKey` returned what is no key/);
    assert.match(await saying(text), /^The API key /);
  }
});

test("a key function that gives no key, or fails in any way, is told as that", async () => {
  const gives = [undefined, null, 5, true, symbol, {}, [], new String("sk"), proxy];
  for (const value of gives) {
    for (const apiKey of [() => value, async () => value]) {
      const asking = client(answer, { apiKey });
      isOurs(
        await asking.responses.create(params).then(assert.fail, (thrown) => thrown),
        "token_function_failed",
        value,
      );
      assert.equal(asking.seen.length, 0);
    }
  }
  for (const apiKey of [
    thrower,
    async () => thrower(),
    class {},
    () => throwing("then"),
    () => Promise.reject(undefined),
  ]) {
    isOurs(
      await client(answer, { apiKey })
        .responses.create(params)
        .catch((thrown) => thrown),
      "token_function_failed",
    );
  }
  for (const apiKey of [() => odd("then", thrower), () => odd("constructor", undefined, thrower)]) {
    isOurs(
      await client(answer, { apiKey })
        .responses.create(params)
        .catch((thrown) => thrown),
      "token_function_failed",
    );
  }
  const both = thenable((resolve, reject) => {
    resolve("first");
    reject(new Error("second"));
    resolve("third");
  });
  const asking = client(answer, { apiKey: () => both });
  await asking.responses.create(params);
  assert.equal(asking.seen[0].headers.authorization, "Bearer first");
});

/** A client with that `fetch`, as it is. */
const asking = (fetch, options) =>
  new api.OpenResponses({
    apiKey: "a-key-of-the-test",
    baseURL: "https://api.example/v1",
    fetch,
    maxRetries: 0,
    ...options,
  });

async function ends(fetch, code, options) {
  for (const ask of [
    (responses) => responses.create(params),
    (responses) => responses.stream(params).finalResponse(),
  ]) {
    isOurs(await ask(asking(fetch, options).responses).then(assert.fail, (thrown) => thrown), code);
  }
}

for (const [what, cases] of Object.entries(badAnswers())) {
  test(what, async () => {
    for (const one of cases) assert.deepEqual(await wrongOutcomes(api, one), []);
  });
}

test("a fetch that never settles ends with the time-out or the abort, and one that settles twice counts once", async () => {
  const never = () => new Promise(() => {});
  await ends(never, "timeout_head", { timeout: 5 });
  await ends(never, "timeout_total", { timeout: { total: 5 } });
  await ends(() => thenable(() => {}), "timeout_head", { timeout: 5 });
  const aborter = new AbortController();
  const call = asking(never).responses.create(params, { signal: aborter.signal });
  await settled();
  aborter.abort("enough");
  await assert.rejects(call, { name: "APIUserAbortError", cause: "enough" });
  assert.equal(getEventListeners(aborter.signal, "abort").length, 0);

  const twice = (first, second) => () =>
    thenable((resolve, reject) => {
      const settle = { resolve, reject };
      settle[first](first === "resolve" ? answer() : new Error("first"));
      settle[second](second === "resolve" ? answer() : new Error("second"));
    });
  for (const second of ["resolve", "reject"]) {
    assert.equal((await asking(twice("resolve", second)).responses.create(params)).status, "completed");
    await assert.rejects(asking(twice("reject", second)).responses.create(params), { code: "connection_failed" });
  }
});

test("a promise of an answer that cannot be waited for is told as a broken connection", async () => {
  await ends(() => odd("then", thrower), "connection_failed");
  await ends(() => odd("constructor", undefined, thrower), "connection_failed");
});

test("headers that throw, or are no texts, say nothing, and take nothing from the others", async () => {
  const told = { "retry-after-ms": "7000", "x-request-id": "req_1" };
  const getters = {
    "with a default": [(name, fallback = null) => told[name] ?? fallback, "req_1", 7000],
    "with a default, and nothing there": [(_name, fallback = null) => fallback],
    "that throws once": [
      (name) => {
        if (name === "openresponses-resume") throw new Error("no such header");
        return told[name];
      },
      "req_1",
      7000,
    ],
    "with a line break": [(name) => ({ ...told, "content-type": "application/json\nx" })[name], "req_1", 7000],
    "that promises": [async (name) => told[name]],
    "of lists and numbers": [(name) => ({ "x-request-id": ["a"], "retry-after-ms": 5 })[name]],
    "that insists on one argument": [
      (...names) => {
        if (names.length !== 1) throw new TypeError("one argument");
        return told[names[0]];
      },
      "req_1",
      7000,
    ],
  };
  for (const [what, [get, requestID, retryAfterMs]] of Object.entries(getters)) {
    const { body } = new Response('{"error":{"message":"slow"}}');
    const error = await asking(() => ({ status: 429, headers: { get }, body }))
      .responses.create(params)
      .catch((thrown) => thrown);
    isOurs(error);
    assert.deepEqual([error.requestID, error.retryAfterMs], [requestID, retryAfterMs], what);
  }
});

/** An answer around a body whose reader reads so. */
const reading = (read, cancel = () => {}) => ({ status: 200, headers, body: { getReader: () => ({ read, cancel }) } });

async function outcome(fetched, ask = (stream) => stream.finalResponse()) {
  return ask(asking(() => fetched).responses.stream(params)).then(
    () => "completed",
    (error) => {
      isOurs(error);
      return error.code;
    },
  );
}

test("a reader that fails behind the end of the response changes nothing, and is left", async () => {
  for (const then of [
    () => thrower(),
    () => Promise.reject(new Error("no")),
    () => undefined,
    async () => null,
    async () => proxy,
    () => throwing("done"),
    async () => throwing("value"),
  ]) {
    let reads = 0;
    // The end, something behind it, and then that.
    const given = [event, new Uint8Array(1)];
    const read = () => (reads < given.length ? { done: false, value: given[reads++] } : then());
    assert.equal(await outcome(reading(read)), "completed");
  }
  let endless = 0;
  const read = () => ({ done: false, value: endless++ === 0 ? event : new Uint8Array(0) });
  assert.equal(await outcome(reading(read)), "completed");
  await settled();
  assert.ok(endless < 100_000, `it read on, ${endless} times`);
});

test("a cancel that throws, rejects, never settles or is none changes nothing", async () => {
  for (const cancel of [
    thrower,
    () => Promise.reject(new Error("no")),
    () => new Promise(() => {}),
    5,
    undefined,
    () => throwing("then"),
  ]) {
    const stream = asking(() => reading(() => new Promise(() => {}), cancel)).responses.stream(params);
    const next = stream[Symbol.asyncIterator]().next();
    await settled();
    stream.abort("enough");
    await assert.rejects(next, { name: "APIUserAbortError", cause: "enough" });
  }
});

test("a signal that is aborted already ends the call before anything is sent or loaded", async () => {
  const { signal } = Object.assign(new AbortController());
  const aborted = AbortSignal.abort("before");
  const asked = client(answer, { apiKey: () => assert.fail("the key was asked for") });
  for (const ask of [
    () => asked.responses.create(params, { signal: aborted }),
    () => asked.responses.create(params, { signal: aborted }).asResponse(),
    () => asked.responses.create({ ...params, stream: true }, { signal: aborted }),
    () => asked.responses.stream(params, { signal: aborted }).finalResponse(),
    () => asked.responses.stream(params, { signal: aborted })[Symbol.asyncIterator]().next(),
    () => asked.responses.retrieve("resp_1", {}, { signal: aborted }),
    () => asked.responses.inputItems.list("resp_1", {}, { signal: aborted }),
    () => asked.models.list({ signal: aborted }),
  ]) {
    await assert.rejects(ask, { name: "APIUserAbortError", code: "aborted", cause: "before" });
  }
  assert.equal(asked.seen.length, 0);
  assert.equal(getEventListeners(aborted, "abort").length + getEventListeners(signal, "abort").length, 0);
});

test("whatever a call ends with, it leaves no listener on the signal", async () => {
  const { signal } = new AbortController();
  const never = () => new Promise(() => {});
  for (const [fetch, options] of [
    [answer, {}],
    [() => json({}, { status: 400 }), {}],
    [thrower, {}],
    [() => 5, {}],
    [never, { timeout: 5 }],
    [() => whole(created, delta("a"), completed("a")), {}],
    [() => whole(created, delta("a")), {}],
    [() => reading(thrower), {}],
  ]) {
    await asking(fetch, options)
      .responses.stream(params, { signal })
      .finalResponse()
      .catch(() => {});
    await asking(fetch, options)
      .responses.create(params, { signal })
      .catch(() => {});
  }
  await asking(answer)
    .responses.create(5, { signal })
    .catch(() => {});
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

/** Has a clock say something else, until it is given back. */
function clock(t, owner, tell) {
  const { now } = owner;
  const restore = () => {
    owner.now = now;
  };
  t.after(restore);
  owner.now = () => tell(now.call(owner));
  return restore;
}

const YEARS = 3e11;

for (const [how, jump] of [
  ["goes back by years", (jumped) => (time) => (jumped() ? time - YEARS : time)],
  ["goes back again and again", () => (time) => -time],
  ["stands still", () => () => 5],
  ["is no number", () => () => Number.NaN],
  ["goes forward by years", (jumped) => (time) => (jumped() ? time + YEARS : time)],
]) {
  test(`where the clock ${how}, calls end as they would`, async (t) => {
    let isLate = false;
    clock(
      t,
      performance,
      jump(() => isLate),
    );
    const late = (fetch) => (url, init) => {
      isLate = true;
      return fetch(url, init);
    };
    const open = { timeout: { head: 60_000, total: 60_000 } };
    if (!how.includes("forward")) {
      assert.equal((await asking(late(answer), open).responses.create(params)).status, "completed");
    }
    isLate = false;
    const never = late(() => new Promise(() => {}));
    await assert.rejects(asking(never, { timeout: 5 }).responses.create(params), { code: "timeout_head" });
  });
}

test("a wait until a date is as long as the wall clock makes it, and none where that is mad", async (t) => {
  const until = new Date(Date.now() + 3_000).toUTCString();
  const limited = () => json({ error: { message: "slow" } }, { status: 429, headers: { "retry-after": until } });
  for (const [tell, isSoon] of [
    [(now) => now + YEARS, true],
    [() => Number.NaN, true],
    [(now) => now - YEARS, false],
  ]) {
    const restore = clock(t, Date, tell);
    let asked = 0;
    const flaky = () => (asked++ === 0 ? limited() : answer());
    const call = asking(flaky, { maxRetries: 1 }).responses.create(params);
    if (isSoon) {
      assert.equal((await call).status, "completed");
    } else {
      const error = await call.catch((thrown) => thrown);
      assert.ok(error instanceof api.RateLimitError && error.retryAfterMs > 60_000, inspect(error));
    }
    restore();
  }
  await wait(1);
});
