/** Copies of the installed package of which nothing has been loaded yet: their state is their own. */

import { cpSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installed, projects } from "./setting.mjs";

export const WASM = "dist/wasm/openresponses_wasm_bg.wasm";

/** @param {string} entry such as `slim` */
export async function fresh(entry) {
  const folder = mkdtempSync(join(projects, "fresh-"));
  cpSync(installed, folder, { recursive: true });
  const load = () => import(pathToFileURL(join(folder, "dist", `${entry}.js`)).href);
  return { folder, wasm: join(folder, WASM), entry: await load() };
}
