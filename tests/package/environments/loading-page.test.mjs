/** What happens in a page when the wasm does not load, and that the next call tries again. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { startBrowser } from "../support/browser.mjs";
import { WASM } from "../support/fresh.mjs";
import { baseURL, installed, project } from "../support/setting.mjs";
import { startSite } from "../support/site.mjs";

const bytes = readFileSync(join(installed, WASM));
const browser = await startBrowser({ after });

/** A page that asks something when it is told to. */
async function pageWith(t, entry, csp) {
  const site = await startSite({ "/": project("loading"), "/package": installed }, t);
  if (csp) site.answers.set("/index.html", (_, res) => void res.setHeader("content-security-policy", csp));
  const page = await browser.newPage();
  t.after(() => page.close());
  await page.goto(`${site.origin}/index.html?entry=${entry}&baseURL=${encodeURIComponent(baseURL)}`);
  await page.waitForFunction(() => globalThis.ask);
  /** @returns {Promise<any>} */
  const ask = () => page.evaluate(() => globalThis.ask());
  return { site, ask };
}

function refused(told, code, says, status) {
  assert.equal(told.name, "WasmLoadError", JSON.stringify(told));
  assert.equal(told.isWasmLoadError, true);
  assert.equal(told.code, code, told.message);
  assert.equal(told.status, status);
  assert.match(told.message, says);
  if (code === "wasm_not_found") assert.ok(told.url.endsWith(WASM) && told.message.includes(told.url), told.url);
}

for (const [what, answer, code, says, status] of [
  [
    "status 404",
    (res) => res.writeHead(404).end("no"),
    "wasm_not_found",
    /status 404.*Serve .*or import "openresponses-wasm"/,
    404,
  ],
  [
    "a page, as from the server of a single-page application",
    (res) => res.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><p>Welcome"),
    "wasm_not_found",
    /an HTML page.*Serve .*or import "openresponses-wasm"/,
    200,
  ],
  ["no answer", (res) => res.destroy(), "wasm_not_found", /could not be fetched.*Serve/],
  [
    "half of the promised bytes",
    (res) => {
      res.writeHead(200, { "content-type": "application/wasm", "content-length": bytes.length });
      res.write(bytes.subarray(0, bytes.length >> 1), () => res.destroy());
    },
    "wasm_not_found",
    /Serve/,
  ],
  [
    "garbage",
    (res) => res.writeHead(200, { "content-type": "application/wasm" }).end("garbage"),
    "wasm_not_found",
    /something else \(application\/wasm\).*Serve .*or import "openresponses-wasm"/,
    200,
  ],
  [
    "a broken wasm",
    (res) => res.writeHead(200, { "content-type": "application/wasm" }).end(bytes.subarray(0, bytes.length >> 1)),
    "wasm_invalid",
    /could not be instantiated: .+/,
  ],
]) {
  test(`./url whose asset is ${what}, and after that is mended`, async (t) => {
    const { site, ask } = await pageWith(t, "url");
    const path = `/package/${WASM}`;
    site.answers.set(path, (_, res) => answer(res));
    refused(await ask(), code, says, status);
    refused(await ask(), code, says, status);
    site.answers.set(path, (_, res) => void res.setHeader("cache-control", "no-store"));
    assert.deepEqual(await ask(), { text: "Hello, world!" });
  });
}

for (const type of ["application/octet-stream", "text/plain", ""]) {
  test(`./url whose asset has the content-type ${type || "of nothing"} works`, async (t) => {
    const { site, ask } = await pageWith(t, "url");
    const send = (_, res) => res.writeHead(200, type ? { "content-type": type } : {}).end(bytes);
    site.answers.set(`/package/${WASM}`, send);
    assert.deepEqual(await ask(), { text: "Hello, world!" });
  });
}

for (const entry of ["index", "url"]) {
  test(`./${entry} in a page whose policy forbids wasm`, async (t) => {
    const { ask } = await pageWith(t, entry, "script-src 'self'");
    for (const _ of [1, 2])
      refused(await ask(), "wasm_blocked_by_csp", /'wasm-unsafe-eval'.*script-src.*extension.*\/fallback"/);
  });

  test(`./${entry} in a page whose policy allows wasm and no other code from text`, async (t) => {
    const { ask } = await pageWith(t, entry, "script-src 'self' 'wasm-unsafe-eval'");
    assert.deepEqual(await ask(), { text: "Hello, world!" });
  });
}

test("./url in a page whose policy forbids the request for the asset", async (t) => {
  const { ask } = await pageWith(t, "url", `connect-src ${new URL(baseURL).origin}`);
  refused(await ask(), "wasm_not_found", /could not be fetched/);
});
