/** A Manifest V3 extension in Chromium: the package in its service worker and in its page. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { startWithExtension, told } from "../support/browser.mjs";
import { buildExtension } from "../support/extension.mjs";
import { row } from "../support/row.mjs";

/** Builds an extension and starts it; gives its service worker. */
async function start(t, source, changes, server) {
  const context = await startWithExtension(await buildExtension(source, { changes, server }), t);
  const [running] = context.serviceWorkers();
  const worker = running ?? (await context.waitForEvent("serviceworker", { timeout: 20_000 }));
  assert.match(worker.url(), /^chrome-extension:/);
  return { context, worker, version: context.browser().version() };
}

const results = (worker) => worker.evaluate(() => globalThis.results);

row("chromium-extension-background", async (t) => {
  const { worker, version } = await start(t, "contract.js");
  return { version, results: await results(worker) };
});

row("chromium-extension-page", async (t) => {
  const { context, worker, version } = await start(t, "ask.js");
  const page = await context.newPage();
  await page.goto(new URL("page.html", worker.url()).href);
  return { version, results: await told(page, "results") };
});

row("chromium-extension-fallback", async (t) => {
  const { worker, version } = await start(t, "fallback.js", { content_security_policy: undefined });
  return { version, results: await results(worker) };
});

test("without 'wasm-unsafe-eval' in the manifest the error says what to add to it", async (t) => {
  const { worker } = await start(t, "ask.js", { content_security_policy: undefined });
  const { code, message, isWasmLoadError } = await results(worker);
  assert.equal(code, "wasm_blocked_by_csp");
  assert.equal(isWasmLoadError, true);
  assert.match(
    message,
    /manifest: "content_security_policy": \{"extension_pages": "script-src 'self' 'wasm-unsafe-eval'"\}.*\/fallback"/,
  );
});

test("a content script in a page whose policy forbids wasm is told so, though the browser says nothing", async (t) => {
  const { origin } = await serverWith(t, {
    "content-type": "text/html",
    "content-security-policy": "default-src 'self'",
  });
  const content_scripts = [{ matches: ["http://127.0.0.1/*"], js: ["background.js"] }];
  const folder = await buildExtension("content.js", { changes: { background: undefined, content_scripts } });
  const page = await (await startWithExtension(folder, t)).newPage();
  await page.goto(origin);
  const told = await page.waitForFunction(() => document.documentElement.dataset.told);
  const { name, code, message } = JSON.parse(await told.jsonValue());
  assert.deepEqual([name, code], ["WasmLoadError", "wasm_blocked_by_csp"], message);
});

for (const [what, headers, says] of [
  [
    "no CORS headers",
    {},
    /does not allow this extension: add "HOST" to host_permissions in its manifest\. Else it must send/,
  ],
  [
    "CORS headers that do not allow the key's",
    { "access-control-allow-origin": "*" },
    /does not allow the headers authorization.* of this extension: add "HOST" to host_permissions in its manifest\. Else/,
  ],
]) {
  test(`a server of ${what} that host_permissions does not name is told as that`, async (t) => {
    const { origin } = await serverWith(t, headers);
    const { worker } = await start(t, "ask.js", { host_permissions: [] }, `${origin}/v1`);
    const { code, message } = await results(worker);
    assert.equal(code, "connection_failed", message);
    assert.match(message, new RegExp(says.source.replace("HOST", "http://127\\.0\\.0\\.1/\\*")));
  });
}

/** A server that answers with these headers. */
async function serverWith(t, headers) {
  const server = createServer((_, res) => res.writeHead(200, headers).end("{}")).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { origin: `http://127.0.0.1:${server.address().port}` };
}
