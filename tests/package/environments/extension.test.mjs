/** A Manifest V3 extension in Chromium: the package in its service worker. */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { startWithExtension } from "../support/browser.mjs";
import { holds } from "../support/contract.mjs";
import { baseURL, project, projects } from "../support/setting.mjs";

const manifest = JSON.parse(readFileSync(join(project("extension"), "manifest.json"), "utf8"));

/** Builds an extension, starts it, and gives its service worker. */
async function serviceWorker(t, source, changes = {}) {
  const folder = mkdtempSync(join(projects, "extension-"));
  await build({
    entryPoints: [join(project("extension"), source)],
    outfile: join(folder, "background.js"),
    bundle: true,
    format: "esm",
    define: { BASE_URL: JSON.stringify(baseURL) },
    logLevel: "warning",
  });
  writeFileSync(join(folder, "manifest.json"), JSON.stringify({ ...manifest, ...changes }));
  const context = await startWithExtension(folder, t);
  const [running] = context.serviceWorkers();
  const worker = running ?? (await context.waitForEvent("serviceworker", { timeout: 20_000 }));
  assert.match(worker.url(), /^chrome-extension:/);
  return worker;
}

const results = (worker) => worker.evaluate(() => globalThis.results);

test("the default entry does in a service worker what it does everywhere, with a literal key", async (t) => {
  await holds(t, await results(await serviceWorker(t, "contract.js")));
});

test("without 'wasm-unsafe-eval' in the manifest the error says what to add to it", async (t) => {
  const { code, message, isWasmLoadError } = await results(
    await serviceWorker(t, "ask.js", { content_security_policy: undefined }),
  );
  assert.equal(code, "wasm_blocked_by_csp");
  assert.equal(isWasmLoadError, true);
  assert.match(
    message,
    /manifest: "content_security_policy": \{"extension_pages": "script-src 'self' 'wasm-unsafe-eval'"\}/,
  );
});
