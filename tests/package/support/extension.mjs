/** The extension of the fixture, built as its authors would build it. */

import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { baseURL, project, projects } from "./setting.mjs";

/**
 * @param {string} source of the background script
 * @param {{ changes?: object, toldTo?: string, server?: string }} [more]
 *   `changes`: to the manifest; `toldTo`: the origin that is told the results; `server`: another base URL
 * @returns {Promise<string>} the folder
 */
export async function buildExtension(source, { changes = {}, toldTo = "", server = baseURL } = {}) {
  const root = project("extension");
  const folder = mkdtempSync(join(projects, "extension-"));
  await build({
    entryPoints: [
      { in: join(root, source), out: "background" },
      { in: join(root, "page.js"), out: "page" },
    ],
    outdir: folder,
    bundle: true,
    format: "esm",
    define: { BASE_URL: JSON.stringify(server), TOLD_TO: JSON.stringify(toldTo) },
    logLevel: "warning",
  });
  cpSync(join(root, "page.html"), join(folder, "page.html"));
  const manifest = JSON.parse(readFileSync(join(root, "manifest.json"), "utf8"));
  writeFileSync(join(folder, "manifest.json"), JSON.stringify({ ...manifest, ...changes }));
  return folder;
}
