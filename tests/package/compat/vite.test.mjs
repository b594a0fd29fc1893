/** Vite: the development server of the current major, and all of the previous one. */

import { cpSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { resultsIn } from "../support/bundled.mjs";
import { row } from "../support/row.mjs";
import { installed, project, projects } from "../support/setting.mjs";
import { startSite } from "../support/site.mjs";
import { starter } from "../support/starter.mjs";

const PAGES = [
  ["", "contract.html"],
  ["-url", "url.html"],
];
const COMMON = { configFile: false, logLevel: "warn" };

for (const [ending, page] of PAGES) {
  row(`vite-8-dev${ending}`, async (t) => served(t, await import("vite"), page, `vite-8${ending}`));
  row(`vite-7-dev${ending}`, async (t) => served(t, await previous(), page, `vite-7${ending}`));

  row(`vite-7${ending}`, async (t) => {
    const { build, version } = await previous();
    const root = project("vite");
    const outDir = join(root, "dist", `vite-7${ending}`);
    await build({ ...COMMON, root, build: { outDir, rollupOptions: { input: join(root, page) } } });
    const site = await startSite({ "/": outDir }, t);
    return { version, results: await resultsIn(t, `${site.origin}/${page}`) };
  });
}

async function previous() {
  const { root } = await starter("vite");
  return import(pathToFileURL(join(root, "node_modules/vite-7/dist/node/index.js")).href);
}

/** Serves a project of its own, since the server keeps there what it made of the packages. */
async function served(t, { createServer, version }, page, name) {
  const root = join(projects, name);
  cpSync(project("vite"), root, { recursive: true });
  cpSync(installed, join(root, "node_modules", "openresponses-wasm"), { recursive: true });
  const server = await createServer({ ...COMMON, root, server: { host: "127.0.0.1" } });
  t.after(() => server.close());
  await server.listen();
  const { port } = server.httpServer.address();
  return { version, results: await resultsIn(t, `http://127.0.0.1:${port}/${page}`) };
}
