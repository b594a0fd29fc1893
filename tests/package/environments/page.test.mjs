/** The package's files as they are, with no bundler, in a page and in a dedicated worker of Chromium. */

import { after, test } from "node:test";
import { open, startBrowser, told } from "../support/browser.mjs";
import { holds } from "../support/contract.mjs";
import { baseURL, projects } from "../support/setting.mjs";
import { startSite } from "../support/site.mjs";

const query = `?baseURL=${encodeURIComponent(baseURL)}`;
const browser = await startBrowser({ after });
const site = await startSite({ "/": projects }, { after });

for (const [where, name] of [
  ["in a page", "index.html"],
  ["in a dedicated worker", "worker.html"],
]) {
  test(`the default entry does ${where} what it does everywhere`, async (t) => {
    const { page } = await open(browser, `${site.origin}/fixtures/page/${name}${query}`);
    await holds(t, await told(page, "results"));
  });
}
