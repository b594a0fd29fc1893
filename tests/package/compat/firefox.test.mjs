/** The package's files as they are, with no bundler, in Firefox. */

import { after } from "node:test";
import { told } from "../support/browser.mjs";
import { firefoxVersion, startFirefox } from "../support/firefox.mjs";
import { pageRows } from "../support/page.mjs";

async function start(tests) {
  const browser = await startFirefox(tests);
  async function results(url) {
    const page = await browser.newPage();
    await page.goto(url);
    return told(page, "results");
  }
  return { version: await firefoxVersion(browser), results };
}

pageRows("firefox", start, { after });
