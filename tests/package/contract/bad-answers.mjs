/**
 * What a `fetch` of somebody's own may come to that is none, and what a call ends with then: cases for any environment.
 *
 * @typedef {[what: string, fetch: () => unknown, codes: string]} Case
 *   `codes`: of the errors of this package that are right, `completed` where none is; `any` for any of its errors
 */

const thrower = () => {
  throw new RangeError("from a getter");
};
const throwing = (name) => Object.defineProperty({}, name, { get: thrower, enumerable: true });
const answers = (values, codes) => values.map((value, place) => [`${place}: ${typeof value}`, () => value, codes]);

/** @returns {Record<string, Case[]>} by what holds of them */
export function badAnswers() {
  const proxy = new Proxy({}, { get: thrower, has: thrower, ownKeys: thrower, getOwnPropertyDescriptor: thrower });
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const symbol = Symbol("s");
  const headers = new Headers({ "content-type": "text/event-stream" });
  const event = new TextEncoder().encode('data: {"type":"response.completed","response":{"output":[]}}\n\n');
  const like = (more) =>
    Object.defineProperties({ status: 200, headers, body: null }, Object.getOwnPropertyDescriptors(more));
  const reading = (read, cancel = () => {}) => like({ body: { getReader: () => ({ read, cancel }) } });
  const chunks = (...values) => {
    const left = [...values];
    return reading(async () => ({ done: left.length === 0, value: left.shift() }));
  };
  const streamOf = (source) => new Response(new ReadableStream(source), { headers });
  const broken = "empty_answer body_interrupted stream_truncated";

  const garbage = [
    ...[undefined, null, 5, "x", true, symbol, 1n, {}, [], () => {}],
    ...[
      { status: 200 },
      { status: "200", headers },
      { status: 200, headers: {} },
      { status: 200, headers: { get: 5 } },
    ],
    ...[throwing("status"), { status: 200, headers: null }],
    Object.defineProperty({ status: 200 }, "headers", { get: thrower }),
  ];
  const reasons = [new TypeError("no"), undefined, null, "text", 5, symbol, {}];

  return {
    "a fetch that throws, rejects or gives garbage is told as what it is": [
      ...answers(garbage, "invalid_fetch"),
      ...answers(garbage, "invalid_fetch").map(([what, fetch, codes]) => [
        `${what}, promised`,
        async () => fetch(),
        codes,
      ]),
      ...reasons.flatMap((reason, place) => [
        [`reason ${place}: ${typeof reason}, thrown`, () => raise(reason), "connection_failed"],
        [`reason ${place}: ${typeof reason}, rejected`, () => Promise.reject(reason), "connection_failed"],
      ]),
      ["a class", class {}, "connection_failed"],
      ...answers([throwing("then"), proxy, revoked.proxy], "connection_failed"),
    ],
    "an answer whose parts throw or are none is told as what it is": [
      ...answers([like({ headers: { get: thrower } }), like({ headers: { get: () => symbol } })], broken),
      ["a body that throws", () => like(throwing("body")), "invalid_fetch"],
      ["a type that throws", () => like(throwing("type")), broken],
      ...answers(
        [Number.NaN, -1, 1e9, 400.5].map((status) => like({ status })),
        "any",
      ),
      ...answers(
        ["text", 5, proxy, throwing("getReader")].map((body) => like({ body })),
        "invalid_fetch",
      ),
      ...answers(
        [5, proxy].map((reader) => like({ body: { getReader: () => reader } })),
        broken,
      ),
      ["headers that are something else each time", () => like(onceMore(headers)), "any"],
    ],
    "a body that is none, is read by somebody or breaks is told as what it is": [
      ["none", () => new Response(null, { headers }), broken],
      ["one that is empty", () => new Response("", { headers }), broken],
      ["one that somebody reads", () => lockedOf(new Response(event, { headers })), "invalid_fetch"],
      ["one that was read", () => readOf(new Response(event, { headers })), `${broken} invalid_fetch`],
      ["one of text", () => streamOf({ start: (body) => body.enqueue("data: {}\n\n") }), "invalid_fetch"],
      ["one that breaks at once", () => streamOf({ start: (body) => body.error(new Error("no")) }), broken],
      ["one that breaks with nothing", () => streamOf({ pull: (body) => body.error() }), broken],
      ["one whose source throws", () => streamOf({ pull: thrower, cancel: thrower }), broken],
    ],
    "chunks of every kind are bytes, nothing, or an error that says so": [
      ...kindsOf(event).map(([what, ...values]) => [what, () => chunks(...values), "completed"]),
      ...[
        detachedView(),
        "text",
        5,
        null,
        undefined,
        true,
        symbol,
        {},
        [],
        event.buffer.slice(0),
        proxy,
        new Blob([event]),
      ].map((value, place) => [`${place}: ${typeof value}`, () => chunks(value, event), "invalid_fetch"]),
    ],
    "a reader that throws, rejects, gives no promise or no result ends the call": [
      ...[undefined, null, 5, "x", symbol, {}, proxy, throwing("done"), likeResult()].flatMap((result, place) => [
        [`${place}: ${typeof result}`, () => reading(() => result), `${broken} invalid_fetch`],
        [`${place}: ${typeof result}, promised`, () => reading(async () => result), `${broken} invalid_fetch`],
      ]),
      ...[new Error("no"), undefined, null, symbol, proxy].flatMap((reason, place) => [
        [`reason ${place}: ${typeof reason}, rejected`, () => reading(() => Promise.reject(reason)), broken],
        [`reason ${place}: ${typeof reason}, thrown`, () => reading(() => raise(reason)), broken],
      ]),
    ],
  };
}

/** What a call that was answered so came to, asked for in both ways, where that is not right. */
export async function wrongOutcomes({ OpenResponses, OpenResponsesError }, [what, fetch, codes]) {
  const baseURL = "https://api.example/v1";
  const client = new OpenResponses({ apiKey: null, baseURL, fetch, maxRetries: 0 });
  const asked = { model: "m", input: "i" };
  const outcomes = await Promise.all(
    [client.responses.create(asked), client.responses.stream(asked).finalResponse()].map((call) =>
      call.then(
        () => "completed",
        (error) => (error instanceof OpenResponsesError ? error.code : `another error: ${error}`),
      ),
    ),
  );
  const isRight = (outcome) =>
    codes === "any" ? !/^(completed|another)/.test(outcome) : codes.split(" ").includes(outcome);
  return outcomes.filter((outcome) => !isRight(outcome)).map((outcome) => `${what}: ${outcome}, not ${codes}`);
}

function raise(reason) {
  throw reason;
}

/** The same chunk as each kind of view that there is here. */
function kindsOf(event) {
  const kinds = [
    ["bytes", event],
    ["none, bytes, none", new Uint8Array(0), event, new Uint8Array(0)],
    ["bytes that were transferred", detached(new Uint8Array(8)), event],
    ["a DataView", new DataView(event.buffer.slice(0))],
    ["words", new Uint16Array(event.buffer.slice(0, event.length & ~1)), event.subarray(event.length & ~1)],
  ];
  // Web pages have it where they are isolated only.
  if (typeof SharedArrayBuffer !== "function") return kinds;
  const shared = new Uint8Array(new SharedArrayBuffer(event.length));
  shared.set(event);
  return [...kinds, ["shared bytes", shared]];
}

const detachedView = () => detached(new DataView(new ArrayBuffer(8)));

function detached(view) {
  structuredClone(view, { transfer: [view.buffer] });
  return view;
}

const likeResult = () => Object.defineProperty({ done: false }, "value", { get: thrower });

/** Headers that throw from the third time on. */
function onceMore(headers) {
  let times = 0;
  return Object.defineProperty({}, "headers", { get: () => (times++ < 2 ? headers : thrower()) });
}

function lockedOf(response) {
  response.body.getReader();
  return response;
}

async function readOf(response) {
  await response.text();
  return response;
}
