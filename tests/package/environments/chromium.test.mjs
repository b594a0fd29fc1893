/** The package's files as they are, with no bundler, in Chromium. */

import { after, test } from "node:test";
import { open, startBrowser, told } from "../support/browser.mjs";
import { holds } from "../support/contract.mjs";
import { pageRows } from "../support/page.mjs";
import { baseURL, projects } from "../support/setting.mjs";
import { startSite } from "../support/site.mjs";
import { names } from "../trouble.mjs";

async function start(tests) {
  const browser = await startBrowser(tests);
  const results = async (url) => told((await open(browser, url)).page, "results");
  return { version: browser.version(), results };
}

pageRows("chromium", start, { after });

test("what goes wrong in a page", async (t) => {
  const { results } = await start(t);
  const site = await startSite({ "/": projects }, t);
  const url = `${site.origin}/fixtures/page/trouble.html?baseURL=${encodeURIComponent(baseURL)}`;
  await holds(t, await results(url), names);
});
