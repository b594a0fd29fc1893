/** A Manifest V3 extension in Chromium: the package in its service worker. */

import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { startWithExtension } from "../support/browser.mjs";
import { holds } from "../support/contract.mjs";
import { baseURL, project, projects } from "../support/setting.mjs";

/** Builds the extension, changed by `change`, and gives its service worker once it runs. */
async function serviceWorker(t, name, change = (manifest) => manifest) {
  const folder = join(projects, "fixtures", name);
  if (folder !== project("extension")) cpSync(project("extension"), folder, { recursive: true });
  await build({
    entryPoints: [join(folder, "background.src.js")],
    outfile: join(folder, "background.js"),
    bundle: true,
    format: "esm",
    define: { BASE_URL: JSON.stringify(baseURL) },
    logLevel: "warning",
  });
  const manifest = join(folder, "manifest.json");
  writeFileSync(manifest, JSON.stringify(change(JSON.parse(readFileSync(manifest, "utf8")))));
  const context = await startWithExtension(folder, t);
  const [running] = context.serviceWorkers();
  return running ?? context.waitForEvent("serviceworker", { timeout: 20_000 });
}

test("the default entry does in a service worker what it does everywhere, with a literal key", async (t) => {
  const worker = await serviceWorker(t, "extension");
  assert.match(worker.url(), /^chrome-extension:/);
  await holds(t, await worker.evaluate(() => globalThis.results));
});
