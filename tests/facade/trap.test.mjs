// A wasm that fails: the calls under way are told, and the next one has a fresh instance.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { pathToFileURL } from "node:url";
import { temporaryFolder, unpack } from "../support/package.mjs";
import { bounded, trapping } from "../support/trap.mjs";
import { completed, created, delta, feed, json, settled, whole } from "./fake.mjs";

const folder = unpack();
const copies = temporaryFolder();
const wasm = readFileSync(join(folder, "dist/wasm/openresponses_wasm_bg.wasm"));
const params = { model: "m", input: "i" };
const { random } = Math;

afterEach(() => {
  Math.random = random;
});

/** A copy of the package of its own, with the wasm that is given. */
async function using(bytes) {
  const copy = mkdtempSync(join(copies, "copy-"));
  cpSync(folder, copy, { recursive: true });
  const api = await import(pathToFileURL(join(copy, "dist/slim.js")).href);
  await api.init(bytes);
  const client = (fetch, options) =>
    new api.OpenResponses({ apiKey: "a-key-of-the-test", baseURL: "https://api.example/v1", fetch, ...options });
  return { api, client };
}

/** From now on the exports that were chosen trap. */
function spring() {
  Math.random = () => -1;
}

function isTrap(api) {
  return (error) => {
    assert.ok(error instanceof api.OpenResponsesError, String(error));
    assert.equal(error.code, "wasm_trap");
    assert.ok(error.cause instanceof WebAssembly.RuntimeError, String(error.cause));
    assert.match(error.message, /fresh instance/);
    return true;
  };
}

/** Whatever trapped, calls work again, old ones stay over, and nothing was thrown that nobody could catch. */
async function recovers({ client }) {
  Math.random = random;
  const stream = client(() => whole(created, delta("all is "), completed("all is well"))).responses.stream(params);
  let text = "";
  for await (const piece of stream.textStream) text += piece;
  assert.equal(text, "all is well");
  assert.equal(await stream.finalText(), "all is well");
  await settled();
}

const callbacks = (name) => name.includes("closures");

for (const [where, fits] of [
  ["beginning a call", (name) => name === "call_new"],
  ["sending a request", (name) => name === "call_start"],
]) {
  test(`a trap in ${where} ends it and those under way, and the next call works`, async () => {
    const used = await using(trapping(wasm, fits));
    const { api, client } = used;
    const fed = feed();
    fed.send(created, delta("a"));
    const reading = client(() => fed.response)
      .responses.stream(params)
      [Symbol.asyncIterator]();
    await reading.next();
    await reading.next();
    const waiting = reading.next();
    spring();
    const begun = client(() => whole(completed(""))).responses.create(params);
    await Promise.all([assert.rejects(begun, isTrap(api)), assert.rejects(waiting, isTrap(api))]);
    await recovers(used);
    await assert.doesNotReject(reading.return());
  });
}

test("a trap in reading ends a loop, an idle stream and a promise, and the next call works", async () => {
  const used = await using(trapping(wasm, (name) => name === "call_pull"));
  const { api, client } = used;
  const begin = () => {
    const fed = feed();
    fed.send(created);
    // Without a time-out, chunks are read without asking the wasm.
    return client(() => fed.response, { timeout: { idle: 60_000 } }).responses.stream(params);
  };
  const idle = begin();
  const idleReader = idle[Symbol.asyncIterator]();
  await idleReader.next();
  const looped = begin();
  const reader = looped[Symbol.asyncIterator]();
  await reader.next();
  const heard = [];
  begin().on("error", (error) => heard.push(error.code));
  await settled();
  spring();
  await assert.rejects(reader.next(), isTrap(api));
  await assert.rejects(looped.finalResponse(), isTrap(api));
  await recovers(used);
  await assert.rejects(idleReader.next(), isTrap(api));
  await assert.rejects(idle.finalResponse(), isTrap(api));
  assert.deepEqual(heard, ["wasm_trap"]);
  assert.equal(idle.usage, null);
  assert.throws(() => looped.snapshot, isTrap(api));
});

for (const [where, fits] of [
  ["making room for a chunk", (name) => name === "call_reserve"],
  ["taking a chunk", (name) => name === "call_chunk"],
  ["what the platform calls back", callbacks],
]) {
  test(`a trap in ${where} reaches the calls under way, and closes their connections`, async () => {
    const used = await using(trapping(wasm, fits));
    const { api, client } = used;
    const signals = [];
    const answers = [];
    const asking = client((_url, { signal }) => {
      signals.push(signal);
      return new Promise((resolve, reject) => {
        answers.push(resolve);
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    });
    const asked = [asking.responses.create(params), asking.responses.create(params)];
    const fed = feed();
    const final = client(() => fed.response)
      .responses.stream(params)
      .finalResponse();
    const refused = [...asked, final].map((promise) => assert.rejects(promise, isTrap(api)));
    await settled();
    spring();
    fed.send(created);
    answers[0](json({}));
    await Promise.all(refused);
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, true],
    );
    assert.ok(fed.cancelled);
    await recovers(used);
  });
}

test("a trap in a timer reaches the calls under way", async () => {
  const used = await using(trapping(wasm, callbacks));
  const waiting = used.client(() => new Promise(() => {})).responses.create(params, { timeout: 20 });
  await settled();
  spring();
  await assert.rejects(waiting, isTrap(used.api));
  await recovers(used);
});

test("a trap in building a snapshot is told to the one who asked, and ends the stream", async () => {
  const used = await using(trapping(wasm, (name) => name === "call_snapshot"));
  const { api, client } = used;
  const fed = feed();
  fed.send(created, delta("a"));
  const run = client(() => fed.response).responses.stream(params);
  const reader = run[Symbol.asyncIterator]();
  await reader.next();
  spring();
  assert.throws(() => run.snapshot, isTrap(api));
  await recovers(used);
  await reader.next();
  await assert.rejects(reader.next(), isTrap(api));
});

test("a response that is lost on its way out of the wasm is an error, and no empty response", async () => {
  const used = await using(trapping(wasm, (name) => name === "call_snapshot"));
  spring();
  const asked = used.client(() => json(completed("text").response)).responses.create(params);
  await assert.rejects(asked, isTrap(used.api));
  await recovers(used);
});

test("a trap in reading JSON that is still being written ends the stream", async () => {
  const used = await using(trapping(wasm, (name) => name === "partialjson_push" || name === "partialjson_feed"));
  const { api, client } = used;
  const fed = feed();
  const run = client(() => fed.response).responses.stream({ ...params, text: { format: { type: "json_object" } } });
  const reader = run.partials()[Symbol.asyncIterator]();
  fed.send(created, delta('{"a":'), delta("1,"));
  assert.deepEqual((await reader.next()).value, { a: 1 });
  spring();
  fed.send(delta('"b":2'));
  await assert.rejects(reader.next(), isTrap(api));
  await recovers(used);
});

test("a trap in a call that a listener makes harms neither the stream that it listens to nor what comes after", async () => {
  const used = await using(trapping(wasm, (name) => name === "call_new"));
  const { api, client } = used;
  const outcomes = [];
  const run = client(() => whole(created, delta("a"), completed("a"))).responses.stream(params);
  run.once("response.output_text.delta", () => {
    spring();
    outcomes.push(client(() => json({})).responses.create(params));
  });
  await run.finalResponse().catch(isTrap(api));
  await assert.rejects(outcomes[0], isTrap(api));
  await recovers(used);
});

test("a trap in the encoding of a file rejects, and so does a file that another's trap has interrupted", async () => {
  const used = await using(trapping(wasm, (name) => name === "mediaencoder_push"));
  const { api } = used;
  const bytes = new Uint8Array(3 * 1024 * 1024).fill(65);
  const make = () => api.inputFile(bytes, { filename: "a.txt" });
  const interrupted = make();
  await settled();
  spring();
  await assert.rejects(make(), isTrap(api));
  Math.random = random;
  await assert.rejects(interrupted, isTrap(api));
  assert.equal((await make()).file_data.length, "data:text/plain;base64,".length + (bytes.length / 3) * 4);
  await recovers(used);
});

test("a want of memory ends the call, and the next one works", async () => {
  const used = await using(bounded(wasm, 64));
  const { api, client } = used;
  const large = "x".repeat(6 * 1024 * 1024);
  const asked = client(() => json(completed(large).response)).responses.create(params);
  await assert.rejects(asked, isTrap(api));
  const run = client(() => whole(created, delta(large), completed(large))).responses.stream(params);
  await assert.rejects(run.finalResponse(), isTrap(api));
  await recovers(used);
});

test("a platform that refuses a timer ends the call with its words, and the next one works", async (t) => {
  const used = await using(wasm);
  const refused = t.mock.method(globalThis, "setTimeout", () => {
    throw new Error("no timers here");
  });
  await assert.rejects(used.client(() => Promise.reject(new Error("cut"))).responses.create(params), {
    code: "wasm_trap",
    message: /no timers here.*fresh instance/,
  });
  refused.mock.restore();
  await recovers(used);
});

test("instances that trap again and again are each given up", async () => {
  const used = await using(trapping(wasm, (name) => name === "call_new"));
  for (let round = 0; round < 20; round += 1) {
    spring();
    await assert.rejects(used.client(() => json({})).responses.create(params), isTrap(used.api));
    Math.random = random;
    await used.client(() => json(completed("a").response)).responses.create(params);
  }
  await recovers(used);
});

test("a process ends though calls with time-outs were lost, and what the lost instance left is collected without harm", () => {
  const script = `
    import { readFileSync } from "node:fs";
    import { api, client, created, feed, whole, completed } from ${JSON.stringify(new URL("./fake.mjs", import.meta.url).href)};
    import { trapping } from ${JSON.stringify(new URL("../support/trap.mjs", import.meta.url).href)};
    await api.init(trapping(readFileSync(${JSON.stringify(join(folder, "dist/wasm/openresponses_wasm_bg.wasm"))}), (name) => name === "call_new"));
    const { random } = Math;
    const ask = (answer, options) => client(answer).responses.stream({ model: "m", input: "i" }, options);
    for (let i = 0; i < 50; i += 1) {
      const lost = ask(() => new Promise(() => {}), { timeout: 600_000 }).finalResponse().catch((error) => error.code);
      const fed = feed();
      fed.send(created);
      await ask(() => fed.response)[Symbol.asyncIterator]().next();
      Math.random = () => -1;
      await ask(() => {}).finalResponse().catch(() => {});
      Math.random = random;
      if ((await lost) !== "wasm_trap") throw new Error("not told");
      gc();
      await new Promise((resolve) => setTimeout(resolve, 1));
      const text = await ask(() => whole(created, completed("well " + i))).finalText();
      if (text !== "well " + i) throw new Error(text);
    }
    console.log("done");
  `;
  const { stdout, stderr, error } = spawnSync(
    process.execPath,
    ["--expose-gc", "--input-type=module", "--eval", script],
    {
      encoding: "utf8",
      timeout: 60_000,
    },
  );
  assert.equal(error, undefined);
  assert.equal(stdout, "done\n", stderr);
});
