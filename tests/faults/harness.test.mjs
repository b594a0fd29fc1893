// That the harness sees what it is there to see: clients that are spoiled on purpose.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { reference } from "../../fuzz/javascript/reference.mjs";
import { load } from "../support/package.mjs";
import { answers } from "./answers.mjs";
import { cuts } from "./cuts.mjs";
import { differences } from "./expectations.mjs";
import { left } from "./left.mjs";
import { NAMES, Recording } from "./recording.mjs";
import { references } from "./reference.mjs";
import { resumes } from "./resumes.mjs";
import { run } from "./run.mjs";
import { Server } from "./server.mjs";

const api = await load();
const { text, tools } = await references(api);
const BOUNDS = { run: 2_000, close: 1_500 };
let server;

before(async () => {
  server = await Server.open();
});
after(() => server.close());

/** The case of what is cut there, in that mode. */
function script(way, mode, position, stream = "text") {
  for (const source of [cuts(text), resumes(text), answers(tools)]) {
    for (const made of source) {
      if (made.stream === stream && made.way === way && made.mode === mode && made.position === position)
        return made.make();
    }
  }
  throw new Error(`There is no case ${way}:${mode}:${position}.`);
}

/** What is found wrong with a client of which these members of a stream are replaced. */
async function found(made, spoiled = {}, options = (own) => own) {
  class OpenResponses {
    #client;
    constructor(own) {
      this.#client = new api.OpenResponses(options(own));
    }
    get responses() {
      const { responses } = this.#client;
      const { create = (own, ...asked) => own.create(...asked) } = spoiled;
      return {
        stream: (params) => new Proxy(responses.stream(params), { get }),
        create: (...asked) => create(responses, ...asked),
      };
    }
  }
  const get = (stream, name) => {
    if (Object.hasOwn(spoiled, name)) return spoiled[name](stream);
    const member = stream[name];
    return typeof member === "function" ? member.bind(stream) : member;
  };
  return differences(made.expected, await run({ OpenResponses }, server, made, BOUNDS)).join("\n");
}

/** Reads a stream by that generator. */
const iterating = (read) => ({ [Symbol.asyncIterator]: (stream) => () => read(stream) });

/** Behind six events, and inside of the seventh. */
const MIDDLE = 1_440;

for (const way of ["end", "reset", "stall"]) {
  test(`nothing is wrong with the client where a stream is cut by its ${way}`, async () => {
    for (const mode of ["once", "again", "resumed"]) {
      for (const position of [0, MIDDLE, text.recording.bytes.length]) {
        assert.equal(await found(script(way, mode, position)), "", `${mode} ${position}`);
      }
    }
  });
}

test("a client that loses an event is found", async () => {
  const losing = iterating(async function* (stream) {
    for await (const event of stream) if (event.sequence_number !== 3) yield event;
  });
  assert.match(await found(script("end", "once", MIDDLE), losing), /events: 5 events, expected 6; event 3 is/);
  assert.match(await found(script("stall", "resumed", MIDDLE), losing), /12 events, expected 13/);
});

test("a client that tells an event twice is found", async () => {
  const twice = iterating(async function* (stream) {
    for await (const event of stream) {
      yield event;
      if (event.sequence_number === 3) yield event;
    }
  });
  assert.match(await found(script("end", "resumed", MIDDLE), twice), /14 events, expected 13; event 4 is/);
});

test("a client that changes an event's keys or their order is found", async () => {
  const sorting = iterating(async function* (stream) {
    for await (const event of stream) yield Object.fromEntries(Object.entries(event).sort());
  });
  assert.match(await found(script("end", "once", MIDDLE), sorting), /event 0 is/);
});

test("a client that keeps an error for itself is found", async () => {
  const hushing = iterating(async function* (stream) {
    try {
      yield* stream;
    } catch {}
  });
  assert.match(await found(script("reset", "once", MIDDLE), hushing), /error: undefined\n {2}expected: .*Truncated/);
});

test("a client that throws another error, or one without the response so far, is found", async () => {
  const throwing = (error) =>
    iterating(async function* (stream) {
      try {
        yield* stream;
      } catch ({ name, code, lastSequenceNumber, partial }) {
        throw Object.assign(new Error("spoiled"), { name, code, lastSequenceNumber, partial, ...error });
      }
    });
  const made = script("end", "once", MIDDLE);
  assert.equal(await found(made, throwing({})), "");
  assert.match(await found(made, throwing({ name: "APIConnectionError" })), /^error: .*APIConnectionError/);
  assert.match(await found(made, throwing({ lastSequenceNumber: 4 })), /^error: /);
  assert.match(await found(made, throwing({ partial: undefined })), /no partial/);
  assert.match(await found(made, throwing({ partial: { output: [] } })), /^partial: /);
});

test("a client that hangs is found, and left", async () => {
  const hanging = iterating(async function* (stream) {
    for await (const event of stream) {
      yield event;
      if (event.sequence_number === 2) await new Promise(() => {});
    }
  });
  assert.equal(await found(script("end", "once", MIDDLE), hanging), "It hung, with 3 events handed over.");
  assert.equal(await found(script("end", "once", MIDDLE)), "");
});

test("a client that gives up too early, or asks too often, is found", async () => {
  const impatient = (own) => ({ ...own, maxRetries: 0 });
  assert.match(await found(script("end", "again", 0), {}, impatient), /attempts: 1\n {2}expected: 2/);
  const often = (own) => ({ ...own, maxRetries: 2 });
  assert.match(await found(script("end", "once", 0), {}, often), /attempts: 3\n {2}expected: 1/);
  const alone = (own) => ({ ...own, resume: "off" });
  assert.match(await found(script("reset", "resumed", MIDDLE), {}, alone), /attempts: 1\n {2}expected: 2/);
});

test("a client that asks again for an answer that broke, or gives it without its end, is found", async () => {
  const made = script("reset", "again", 200, "answer");
  assert.equal(await found(made), "");
  const asking = async (responses, ...asked) => responses.create(...asked).catch(() => responses.create(...asked));
  assert.match(await found(made, { create: asking }), /attempts: 2\n {2}expected: 1/);
  const mending = async (responses, ...asked) => responses.create(...asked).catch(({ partial }) => partial);
  assert.match(await found(made, { create: mending }), /^error: undefined\n {2}expected: .*body_interrupted/);
});

test("a client that leaves a connection open is found", async () => {
  const deaf = (own) => ({
    ...own,
    fetch: async (url, { signal: _, ...init }) => {
      const { status, headers, body } = await own.fetch(url, init);
      const reader = body.getReader();
      const pull = async (controller) => {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      };
      return { status, headers, body: new ReadableStream({ pull }) };
    },
  });
  assert.equal(await found(script("stall", "once", MIDDLE), {}, deaf), "It left a connection open.");
});

for (const name of NAMES) {
  test(`the recording ${name} is what the standards say, to the byte`, () => {
    const recording = Recording.load(name);
    const { events, isAll } = reference(recording.bytes);
    assert.ok(isAll);
    assert.deepEqual(
      recording.events,
      events.map((event) => JSON.stringify(event)),
    );
    assert.deepEqual(
      recording.numbers,
      events.map((_, index) => index),
    );
    for (const [index, { end }] of recording.frames.entries()) {
      assert.deepEqual([recording.whole(end - 1), recording.whole(end)], [index, index + 1]);
    }
    assert.deepEqual(recording.from(3).events, recording.events.slice(3));
    assert.equal(recording.unnumbered().events.length, events.length);
    assert.doesNotMatch(String(recording.unnumbered().bytes), /sequence_number/);
  });
}

test("the snapshot behind each event has the text of the events so far", () => {
  let told = "";
  assert.equal(text.snapshots.length, text.recording.events.length + 1);
  for (const [index, snapshot] of text.snapshots.entries()) {
    const { type, delta } = JSON.parse(text.recording.events[index - 1] ?? "{}");
    if (type === "response.output_text.delta") told += delta;
    assert.equal(JSON.parse(snapshot).output_text, told);
  }
});

test("a socket that is left open is seen", async () => {
  const listener = createServer().listen(0, "127.0.0.1");
  const open = await left(1);
  listener.close();
  const closed = await left(1);
  const servers = (held) => held.filter((name) => name === "TCPServerWrap").length;
  assert.equal(servers(open), servers(closed) + 1);
});

/** What the command prints, and its exit code. */
function command(...flags) {
  const main = fileURLToPath(new URL("main.mjs", import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...flags], (error, stdout) => resolve({ code: error?.code ?? 0, stdout }));
  });
}

test("the command runs the cases it is asked for, and counts them", async () => {
  const { code, stdout } = await command("--only", "text:end:1000");
  assert.match(stdout, /^text +end +once +1 +- +- +- +- +1 +- +-$/m);
  assert.match(stdout, /^3 runs, 0 failed, in [\d.]+ s$/m);
  assert.equal(code, 0);
});

test("the command fails where there is no such case", async () => {
  const { code, stdout } = await command("--only", "text:melt");
  assert.match(stdout, /There is no such case/);
  assert.equal(code, 1);
});
