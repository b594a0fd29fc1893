// However and whenever a call is left: its connection closes, the wasm holds nothing of it, and its reason is told.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { watchInstances } from "../support/instances.mjs";
import { load, watchable } from "../support/package.mjs";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc");

const instances = watchInstances();
const folder = watchable();
const api = await load(undefined, folder);
const frame = (event) => `data: ${JSON.stringify(event)}\n\n`;
const CREATED = frame({ type: "response.created", response: { id: "resp_1", status: "in_progress", output: [] } });
const COMPLETED = frame({ type: "response.completed", response: { id: "resp_1", status: "completed", output: [] } });

/** What a server does with a request before it does nothing any more, by the request's model. */
const ANSWERS = {
  nothing() {},
  refusal: (res) => res.writeHead(400, { "content-type": "application/json" }).write('{"error":{"message":"N'),
  later: (res) => res.writeHead(503, { "retry-after": "50" }).end(),
  events: (res) => res.writeHead(200, { "content-type": "text/event-stream" }).write(CREATED),
  all: (res) => res.writeHead(200, { "content-type": "text/event-stream" }).end(CREATED + COMPLETED),
};

/** The answers under way, and all that there were. */
const open = new Set();
let answered = 0;
const server = createServer(async (req, res) => {
  open.add(res);
  res.on("close", () => open.delete(res));
  const { model } = JSON.parse(Buffer.concat(await req.toArray()).toString());
  ANSWERS[model](res);
  answered += 1;
}).listen(0, "127.0.0.1");
await once(server, "listening");
after(() => server.close().closeAllConnections());

const clientOf = ({ OpenResponses }, options) =>
  new OpenResponses({ apiKey: "a-key", baseURL: `http://127.0.0.1:${server.address().port}/v1`, ...options });

/** Waits until something holds, and not for ever. */
async function until(what, holds) {
  for (let turn = 0; turn < 500; turn += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`${what}: not within five seconds`);
}

/** Begins a call that gets as far as its state, and no further. */
const STATES = {
  "before the wasm is loaded": async (begin) => begin(await load(undefined, watchable()), "nothing"),
  "while the key is awaited": async (begin) => {
    let isAsked = false;
    const apiKey = () => {
      isAsked = true;
      return new Promise(() => {});
    };
    begin(api, "nothing", { apiKey });
    await until("the key is asked for", () => isAsked);
  },
  "while the answer is awaited": async (begin) => {
    const before = answered;
    begin(api, "nothing");
    await until("the request arrives", () => answered > before);
  },
  "while a refusal is read": async (begin) => {
    const before = answered;
    begin(api, "refusal");
    await until("the refusal begins", () => answered > before);
    await pause();
  },
  "while a retry is waited for": async (begin) => {
    const before = answered;
    begin(api, "later");
    await until("the first attempt is refused", () => answered > before && open.size === 0);
    await pause();
  },
  "while the answer is there": async (begin) => {
    const before = answered;
    begin(api, "events");
    await until("the answer begins", () => answered > before);
    await pause();
  },
};

/** For what the server has written to arrive: nothing that is tested depends on whether it has. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 30));

const reason = new Error("the caller's");

/** How a stream is left; `cause` is the reason that is told. */
const WAYS = {
  "by its signal": { leave: ({ aborter }) => aborter.abort(reason), cause: reason },
  "by abort()": { leave: ({ stream }) => stream.abort(reason), cause: reason },
  "by leaving the loop": { leave: ({ reader, stream }) => (reader ?? stream[Symbol.asyncIterator]()).return() },
  "by await using": { leave: ({ stream }) => stream[Symbol.asyncDispose]() },
};

for (const [when, reach] of Object.entries(STATES)) {
  for (const [how, { leave, cause }] of Object.entries(WAYS)) {
    for (const isRead of [true, false]) {
      test(`a stream that is ${isRead ? "read" : "not read"}, left ${how} ${when}, is over everywhere`, async () => {
        const call = { aborter: new AbortController() };
        await reach((api, model, options) => {
          const { signal } = call.aborter;
          call.stream = clientOf(api, options).responses.stream({ model, input: "i" }, { signal });
          call.reader = isRead ? call.stream[Symbol.asyncIterator]() : undefined;
          call.reading = call.reader && readAll(call.reader);
        });
        await leave(call);
        await assert.rejects(call.stream.finalResponse(), (error) => {
          assert.equal(error.name, "APIUserAbortError");
          if (cause) assert.equal(error.cause, cause);
          return true;
        });
        if (isRead) assert.equal(await call.reading, how === "by leaving the loop" ? undefined : "APIUserAbortError");
        await until("the connection closes", () => open.size === 0);
        await until("the wasm is freed", () => instances.calls === 0);
      });
    }
  }

  test(`a stream that nobody holds ${when} is over everywhere, though its signal lives on`, async () => {
    const { signal } = new AbortController();
    let stream;
    await reach((api, model, options) => {
      stream = new WeakRef(clientOf(api, options).responses.stream({ model, input: "i" }, { signal }));
    });
    await until("the stream is collected", async () => {
      gc();
      return stream.deref() === undefined && open.size === 0 && instances.calls === 0;
    });
  });
}

test("a stream that is over stays what it is, however it is left then", async () => {
  for (const { leave } of Object.values(WAYS)) {
    const aborter = new AbortController();
    const stream = clientOf(api).responses.stream({ model: "all", input: "i" }, { signal: aborter.signal });
    const reader = stream[Symbol.asyncIterator]();
    assert.equal(await readAll(reader), undefined);
    await leave({ stream, reader, aborter });
    assert.equal((await stream.finalResponse()).status, "completed");
    assert.equal(instances.calls, 0);
    await until("the answer is over", () => open.size === 0);
  }
});

test("a stream is not collected while somebody waits for what comes of it, from before the answer on", async () => {
  let key;
  const apiKey = () =>
    new Promise((resolve) => {
      key = resolve;
    });
  const asked = clientOf(api, { apiKey });
  const heard = [];
  const params = { model: "all", input: "i" };
  const waits = {
    "the end": () => asked.responses.stream(params).finalResponse(),
    "an event": () => asked.responses.stream(params).emitted("response.completed"),
    "the next event": () => asked.responses.stream(params)[Symbol.asyncIterator]().next(),
    "a listener": () =>
      new Promise((resolve) => {
        asked.responses.stream(params).on("end", resolve);
      }),
    "a promise": () => asked.responses.create(params),
  };
  for (const [what, wait] of Object.entries(waits)) {
    key = undefined;
    wait().then(
      () => heard.push(what),
      (error) => heard.push(`${what}: ${error}`),
    );
    await until("the key is asked for", () => key);
    for (let times = 0; times < 5; times += 1) {
      gc();
      await pause();
    }
    key("a-key");
    await until(what, () => heard.includes(what) || heard.at(-1)?.startsWith(`${what}:`));
  }
  assert.deepEqual(heard, Object.keys(waits));
});

test("a promise that nobody holds is still sent and answered", async () => {
  const before = answered;
  let answer;
  const fetch = async (...request) => {
    const response = await globalThis.fetch(...request);
    answer = response.status;
    return response;
  };
  clientOf(api, { fetch }).responses.create({ model: "all", input: "i" });
  await until("the answer arrives", () => {
    gc();
    return answer === 200;
  });
  assert.equal(answered, before + 1);
});

test("calls whose key never comes take no memory for good, though the one who gives it holds its promise", async () => {
  const begin = () => {
    const key = new Promise(() => {});
    return clientOf(api, { apiKey: () => key }).responses.stream({ model: "nothing", input: "i" });
  };
  const round = async () => {
    const streams = Array.from({ length: 300 }, begin);
    await pause();
    for (const stream of streams) stream.abort();
    await Promise.allSettled(streams.map((stream) => stream.finalResponse()));
    streams.length = 0;
    for (let times = 0; times < 5; times += 1) {
      gc();
      await pause();
    }
  };
  await round();
  await round();
  const before = instances.bytes;
  for (let rounds = 0; rounds < 5; rounds += 1) await round();
  assert.ok(instances.bytes <= before * 1.25, `${before} bytes before, ${instances.bytes} after`);
});

test("an answer that was handed over is collected with its call, read or not", async () => {
  const handOver = async (isRead) => {
    const response = await clientOf(api).responses.create({ model: "all", input: "i" }).asResponse();
    if (isRead) await response.text();
    return new WeakRef(response);
  };
  const answers = [];
  for (let calls = 0; calls < 40; calls += 1) answers.push(await handOver(calls % 2 === 0));
  await until("the answers are let go of", async () => {
    gc();
    await pause();
    return answers.every((answer) => answer.deref() === undefined);
  });
});

/** Reads to the end; gives the name of the error with which it ended. */
async function readAll(reader) {
  try {
    while (!(await reader.next()).done);
    return undefined;
  } catch (error) {
    return error.name;
  }
}
