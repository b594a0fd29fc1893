/** A project built with Vite for production, in Chromium. */

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { build, version } from "vite";
import { open, startBrowser, told } from "../support/browser.mjs";
import { row } from "../support/row.mjs";
import { baseURL, project } from "../support/setting.mjs";
import { startSite } from "../support/site.mjs";

const root = project("vite");
const query = `?baseURL=${encodeURIComponent(baseURL)}`;
const browser = await startBrowser({ after });

/** Builds the project with one of its pages, and serves it. */
async function built(page) {
  const outDir = join(root, "dist", page);
  const rollupOptions = { input: join(root, page) };
  await build({ root, logLevel: "warn", configFile: false, build: { outDir, rollupOptions, target: "esnext" } });
  const files = readdirSync(outDir, { recursive: true }).map(String);
  const site = await startSite({ "/": outDir }, { after });
  return { files, origin: site.origin, url: `${site.origin}/${page}${query}` };
}

const noAsset = (files) => files.every((name) => /\.(html|js)$|^assets$/.test(name));

test("a starter project needs no asset and shows the answer", async () => {
  const { files, origin, url } = await built("index.html");
  assert.ok(noAsset(files), files.join(" "));
  const { page, answers, errors } = await open(browser, url);
  await page.waitForSelector("#answer[data-state=done]", { timeout: 10_000, state: "attached" });
  assert.equal(await page.textContent("#answer"), "Hello, world!");
  assert.deepEqual(errors, []);
  const asked = answers.map((answer) => answer.url).filter((address) => address.startsWith(origin));
  assert.equal(asked.length, 2, `beside the page and its script it asked for something: ${asked}`);
});

row("vite-8", async () => {
  const { files, url } = await built("contract.html");
  assert.ok(noAsset(files), files.join(" "));
  const { page } = await open(browser, url);
  return { version, results: await told(page, "results") };
});

row("vite-8-url", async () => {
  const { files, url } = await built("url.html");
  assert.equal(files.filter((name) => name.endsWith(".wasm")).length, 1, files.join(" "));
  const { page, answers } = await open(browser, url);
  const results = await told(page, "results");
  const asked = answers.filter((answer) => answer.url.endsWith(".wasm")).map(({ status, type }) => ({ status, type }));
  assert.deepEqual(asked, [{ status: 200, type: "application/wasm" }], "the asset is fetched once");
  return { version, results };
});
