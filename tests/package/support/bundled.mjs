/** Projects that are built by their own tools, as `npm run build` does it, and then run in Chromium. */

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { open, startBrowser, told } from "./browser.mjs";
import { row } from "./row.mjs";
import { baseURL } from "./setting.mjs";
import { startSite } from "./site.mjs";
import { starter } from "./starter.mjs";

/**
 * Declares the rows of one bundler: the pages index.html, with the default entry, and url.html.
 * @param {string} name of the rows and of the fixture, which builds into dist/
 * @param {string} tool the package whose release is told
 */
export function bundledRows(name, tool) {
  let built;
  for (const [id, page] of [
    [name, "index.html"],
    [`${name}-url`, "url.html"],
  ]) {
    row(id, async (t) => {
      built ??= buildStarter(name);
      const { root, version } = await built;
      const site = await startSite({ "/": join(root, "dist") }, t);
      return { version: version(tool), results: await resultsIn(t, `${site.origin}/${page}`) };
    });
  }
}

/**
 * Runs the build of a starter project.
 * @param {string} name
 * @param {(root: string) => void} [prepare] the project before that
 */
export async function buildStarter(name, prepare = () => {}) {
  const project = await starter(name);
  prepare(project.root);
  await promisify(execFile)("npm", ["run", "build"], {
    cwd: project.root,
    env: { ...process.env, NODE_ENV: "production", CI: "1", NEXT_TELEMETRY_DISABLED: "1", PARCEL_WORKERS: "1" },
    shell: process.platform === "win32",
  }).catch(({ message, stdout, stderr }) => {
    throw new Error([message, stdout, stderr].join("\n"));
  });
  return project;
}

/** What the contract told in a page of Chromium. */
export async function resultsIn(t, url) {
  const browser = await startBrowser(t);
  const { page, errors } = await open(browser, `${url}?baseURL=${encodeURIComponent(baseURL)}`);
  await page
    .waitForFunction(() => "results" in globalThis, undefined, { timeout: 20_000 })
    .catch(() => {
      throw new Error(`The page's script did not get as far as the contract.\n${errors.join("\n")}`);
    });
  return told(page, "results");
}
