/** Chromium, as the tests drive it. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function executable() {
  const path = process.env.CHROME_PATH;
  if (!path) throw new Error("These tests need Chromium or Chrome: say in CHROME_PATH where it is.");
  return path;
}

/**
 * Starts the browser; it ends with the tests that were given.
 * @param {{ after(end: () => unknown): void }} tests
 * @param {string[]} [flags] beside those that all tests need
 */
export async function startBrowser(tests, flags = []) {
  const browser = await chromium.launch({ executablePath: executable(), args: [...FLAGS, ...flags] });
  tests.after(() => browser.close());
  return browser;
}

/** Starts the browser with an unpacked extension; gives its context. @param {string} folder */
export async function startWithExtension(folder, tests) {
  const profile = mkdtempSync(join(tmpdir(), "openresponses-wasm-profile-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable(),
    headless: true,
    args: [...FLAGS, `--disable-extensions-except=${folder}`, `--load-extension=${folder}`],
    ignoreDefaultArgs: ["--disable-extensions"],
  });
  tests.after(async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  });
  return context;
}

/**
 * Opens a page and notes what it asked for and what went wrong in it.
 * @param {import("playwright-core").Browser} browser
 * @param {string} url
 */
export async function open(browser, url) {
  const page = await browser.newPage();
  /** @type {{ url: string, status: number, type: string }[]} */
  const answers = [];
  /** @type {string[]} */
  const errors = [];
  page.on("response", (answer) => {
    answers.push({ url: answer.url(), status: answer.status(), type: answer.headers()["content-type"] ?? "" });
  });
  page.on("pageerror", (error) => errors.push(error.stack ?? error.message));
  await page.goto(url);
  return { page, answers, errors };
}

/** What a page's script has put into a global, awaited. */
export function told(page, name) {
  return page.evaluate((name) => {
    if (!(name in globalThis)) throw new Error(`The page's script did not get as far as ${name}.`);
    return globalThis[name];
  }, name);
}
