/** The package's files as they are, with no bundler, in Chromium. */

import { after } from "node:test";
import { open, startBrowser, told } from "../support/browser.mjs";
import { pageRows } from "../support/page.mjs";

async function start(tests) {
  const browser = await startBrowser(tests);
  const results = async (url) => told((await open(browser, url)).page, "results");
  return { version: browser.version(), results };
}

pageRows("chromium", start, { after });
