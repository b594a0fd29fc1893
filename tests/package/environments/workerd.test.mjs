/** workerd, the runtime of Cloudflare's workers: bundled as wrangler does it, run by miniflare. */

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync } from "node:fs";
import { createServer, get } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { holds } from "../support/contract.mjs";
import { row } from "../support/row.mjs";
import { baseURL, project, projects } from "../support/setting.mjs";
import { names } from "../trouble.mjs";

const root = project("workerd");
const { version } = createRequire(import.meta.url)("miniflare/package.json");

/** Bundles a worker and starts it. */
async function start(
  t,
  { name, conditions = ["workerd", "worker", "browser"], bindings = {}, compatibilityDate = "2026-04-01" },
) {
  const outdir = mkdtempSync(join(projects, "workerd-"));
  await build({
    entryPoints: [join(root, `${name}.js`)],
    outdir,
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions,
    // A file beside the script, still imported by it: workerd makes a module of it.
    loader: { ".wasm": "copy" },
    logLevel: "warning",
  });
  const worker = new Miniflare({
    modules: true,
    modulesRoot: outdir,
    scriptPath: join(outdir, `${name}.js`),
    modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],
    compatibilityDate,
    cf: false,
    bindings,
  });
  t.after(() => worker.dispose());
  return { worker, files: readdirSync(outdir) };
}

row("miniflare", async (t) => {
  const { worker, files } = await start(t, { name: "worker" });
  assert.equal(files.filter((file) => file.endsWith(".wasm")).length, 1, `one module beside the script, not ${files}`);
  const answer = await worker.dispatchFetch(`http://worker.test/?baseURL=${encodeURIComponent(baseURL)}`);
  return { version, results: await answer.json() };
});

test("what goes wrong in a worker", async (t) => {
  const { worker } = await start(t, { name: "trouble" });
  const answer = await worker.dispatchFetch(`http://worker.test/?baseURL=${encodeURIComponent(baseURL)}`);
  await holds(t, await answer.json(), names);
});

/** Passes two answers on, one after the other. */
async function relays(t, options) {
  const bindings = { API_KEY: "sk-anything", BASE_URL: baseURL };
  const { worker } = await start(t, { name: "relay", bindings, ...options });
  for (const _ of [1, 2]) {
    const answer = await worker.dispatchFetch("http://worker.test/");
    assert.match(await answer.text(), /^The lighthouse keeper of Ängelholm .*thinking\.$/s);
  }
}

test("an answer is passed on while it arrives", (t) => relays(t));

test("an answer is passed on by a worker of an older compatibility date, where references cannot be weak", (t) =>
  relays(t, { compatibilityDate: "2024-09-23" }));

/** A server of streams; `write` sends the texts, and says whether there will be no more. */
async function server(t, write) {
  const server = createServer(async (request, answer) => {
    request.resume();
    answer.writeHead(200, { "content-type": "text/event-stream" });
    const send = (event) => answer.write(`data: ${JSON.stringify(event)}\n\n`);
    send({ type: "response.created", response: { id: "r", status: "in_progress", output: [] } });
    const place = { output_index: 0, content_index: 0 };
    if (!(await write((delta) => send({ type: "response.output_text.delta", ...place, delta }), answer))) return;
    send({ type: "response.completed", response: { id: "r", status: "completed" } });
    answer.end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}/v1`;
}

const PIECES = Array.from({ length: 100 }, (_, piece) => `${piece} `);

/** In three seconds. */
async function slowly(send, answer) {
  for (const piece of PIECES) {
    if (answer.destroyed) return false;
    send(piece);
    await sleep(30);
  }
  return true;
}

for (const [what, left, then] of [
  ["left unread and collected", "/left", ["/garbage", "/garbage", "/garbage"]],
  ["ended by another request", "/held", ["/end"]],
]) {
  test(`streams that are ${what} disturb no other request`, async (t) => {
    const { worker } = await start(t, { name: "neglect", bindings: { BASE_URL: await server(t, slowly) } });
    const ask = async (path) => (await worker.dispatchFetch(`http://worker.test${path}`)).text();
    const served = Promise.all([1, 2, 3].map(() => ask("/served")));
    for (let times = 0; times < 5; times += 1) assert.equal(await ask(left), "left");
    for (const path of then) await ask(path);
    const whole = PIECES.join("");
    assert.deepEqual(await served, [whole, whole, whole]);
  });
}

test("what a visitor has left is let go of, though the server says nothing more", async (t) => {
  const text = "x".repeat(500_000);
  const silent = async (send) => {
    send(text);
    // By this the visitor's leaving is noticed.
    await sleep(50);
    send("x");
    return false;
  };
  const { worker } = await start(t, { name: "neglect", bindings: { BASE_URL: await server(t, silent) } });
  const address = new URL("/relayed", await worker.ready);
  const visit = () =>
    new Promise((resolve, reject) => {
      const asked = get(address, async (answer) => {
        let length = 0;
        for await (const chunk of answer) {
          length += chunk.length;
          if (length >= text.length) break;
        }
        asked.destroy();
        resolve();
      }).on("error", reject);
    });
  const visits = 60;
  for (let times = 0; times < visits; times += 1) {
    await visit();
    if (times % 5 === 0) await worker.dispatchFetch("http://worker.test/garbage");
  }
  const memories = await (await worker.dispatchFetch("http://worker.test/memory")).json();
  assert.equal(memories.length, 1);
  // Each takes several times its text while it is there.
  assert.ok(memories[0] < 2 * visits * text.length, `${memories[0]} bytes`);
});

test("without the condition workerd the error says what to do", async (t) => {
  const { worker } = await start(t, { name: "unresolved", conditions: ["browser"] });
  const error = await (await worker.dispatchFetch("http://worker.test/")).json();
  assert.equal(error.name, "WasmLoadError");
  assert.equal(error.code, "wasm_unsupported");
  assert.match(error.message, /condition "workerd".*openresponses-wasm\/slim.*init\(\)/);
});
