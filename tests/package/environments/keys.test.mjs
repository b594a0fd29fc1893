/** Where a literal key is refused: in web pages and their workers, unless the flag is set. */

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startBrowser } from "../support/browser.mjs";
import { fresh } from "../support/fresh.mjs";
import { baseURL, installed, project } from "../support/setting.mjs";
import { startSite } from "../support/site.mjs";

const browser = await startBrowser({ after });
const site = await startSite({ "/": project("keys"), "/package": installed }, { after });
const page = await browser.newPage();
const started = page.waitForEvent("worker");
await page.goto(`${site.origin}/index.html`);
const worker = await started;

/** Runs where it is told to: it may use nothing from around it. @param {string} baseURL */
async function tryKeys(baseURL) {
  while (!globalThis.entry) await new Promise((resolve) => setTimeout(resolve, 20));
  const { OpenResponses, OpenResponsesError } = globalThis.entry;
  const key = "sk-very-secret";
  const attempt = async (options) => {
    let client;
    try {
      client = new OpenResponses({ baseURL, ...options });
    } catch (error) {
      const { name, code, message, stack } = error;
      return { name, code, message, stack, ours: error instanceof OpenResponsesError };
    }
    return client.responses.create({ model: "sandbox/echo", input: "?" }).then(
      (response) => response.output_text,
      (error) => error.code,
    );
  };
  const later = (options) => {
    try {
      return typeof new OpenResponses({ apiKey: null }).withOptions(options);
    } catch (error) {
      return error.code;
    }
  };
  return {
    literal: await attempt({ apiKey: key }),
    flag: await attempt({ apiKey: key, dangerouslyAllowBrowser: true }),
    token: await attempt({ apiKey: () => key }),
    promise: await attempt({ apiKey: async () => key }),
    none: await attempt({ apiKey: null }),
    later: later({ apiKey: key }),
    inherited: typeof new OpenResponses({ apiKey: key, dangerouslyAllowBrowser: true }).withOptions({ maxRetries: 0 }),
  };
}

for (const [where, place] of [
  ["a page", page],
  ["a page's worker", worker],
]) {
  test(`in ${where} a literal key is refused, and everything safe is not`, async () => {
    const { literal, ...others } = await place.evaluate(tryKeys, baseURL);
    assert.equal(literal.code, "browser_key_refused", JSON.stringify(literal));
    assert.equal(literal.name, "OpenResponsesError");
    assert.equal(literal.ours, true);
    assert.match(literal.message, /function.*token.*relay.*extension.*dangerouslyAllowBrowser/);
    assert.ok(!`${literal.message}${literal.stack}`.includes("sk-very-secret"), "the error does not show the key");
    assert.deepEqual(others, {
      flag: "?",
      token: "?",
      promise: "?",
      none: "missing_api_key",
      later: "browser_key_refused",
      inherited: "object",
    });
  });
}

test("in Node a literal key needs no flag", async (t) => {
  const { entry } = await fresh("index");
  t.after(() => {
    delete globalThis.entry;
  });
  globalThis.entry = entry;
  assert.equal((await tryKeys(baseURL)).literal, "?");
});
