/** A Manifest V3 extension in Chromium: the package in its service worker and in its page. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { startWithExtension, told } from "../support/browser.mjs";
import { buildExtension } from "../support/extension.mjs";
import { row } from "../support/row.mjs";

/** Builds an extension and starts it; gives its service worker. */
async function start(t, source, changes) {
  const context = await startWithExtension(await buildExtension(source, { changes }), t);
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
