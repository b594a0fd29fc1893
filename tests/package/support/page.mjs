/** The package's files as they are, with no bundler, in each place of a browser that runs modules. */

import { row } from "./row.mjs";
import { baseURL, projects } from "./setting.mjs";
import { startSite } from "./site.mjs";

/**
 * Declares the rows of one browser.
 * @param {string} name that the rows' ids begin with
 * @param {(tests: { after(end: () => unknown): void }) => Promise<Browser>} start
 * @param {{ after(end: () => unknown): void }} tests
 * @typedef {{ version: string, results(url: string): Promise<any> }} Browser
 *   `results`: what the page at the URL has put into the global of that name, awaited
 */
export function pageRows(name, start, tests) {
  // At once: what is to end with the file must be told while no test runs.
  const started = start(tests);
  started.catch(() => {});
  for (const [id, path] of [
    ["page", "index.html"],
    ["page-url", "url.html"],
    ["page-slim", "slim.html"],
    ["page-fallback", "fallback.html"],
    ["worker", "worker.html"],
    ["service-worker", "service-worker.html"],
  ]) {
    row(`${name}-${id}`, async (t) => {
      const browser = await started;
      const site = await startSite({ "/": projects }, t);
      const url = `${site.origin}/fixtures/page/${path}?baseURL=${encodeURIComponent(baseURL)}`;
      return { version: browser.version, results: await browser.results(url) };
    });
  }
}
