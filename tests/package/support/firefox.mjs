/** Firefox, as the tests drive it: over WebDriver BiDi, which it speaks itself. */

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { NotHere } from "./row.mjs";
import { starter } from "./starter.mjs";

/** Starts the browser; it ends with the tests that were given. @param {{ after(end: () => unknown): void }} tests */
export async function startFirefox(tests) {
  const executablePath = process.env.FIREFOX_PATH;
  if (!executablePath) throw new NotHere("there is no Firefox: FIREFOX_PATH says where it is");
  const { root } = await starter("firefox");
  const driver = createRequire(join(root, "package.json")).resolve("puppeteer-core");
  const { default: puppeteer } = await import(pathToFileURL(driver).href);
  const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
  tests.after(() => browser.close());
  return browser;
}

/** Its release. */
export async function firefoxVersion(browser) {
  return (await browser.version()).replace(/^firefox\//i, "");
}
