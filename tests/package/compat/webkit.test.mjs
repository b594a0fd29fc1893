/** The package's files as they are, with no bundler, in WebKitGTK. */

import { after } from "node:test";
import { pageRows } from "../support/page.mjs";
import { startWebkit } from "../support/webkit.mjs";

async function start(tests) {
  const browser = await startWebkit(tests);
  return { version: browser.version, results: (url) => browser.told(url, "results") };
}

pageRows("webkit", start, { after });
