/** A project built with esbuild, in Chromium. */

import { join } from "node:path";
import { build, version } from "esbuild";
import { resultsIn } from "../support/bundled.mjs";
import { row } from "../support/row.mjs";
import { project } from "../support/setting.mjs";
import { startSite } from "../support/site.mjs";

const root = project("esbuild");

for (const [id, name, settings] of [
  ["esbuild", "index", {}],
  ["esbuild-slim", "slim", { loader: { ".wasm": "file" }, publicPath: "/dist" }],
]) {
  row(id, async (t) => {
    const entryPoints = [join(root, `${name}.js`)];
    await build({ entryPoints, outdir: join(root, "dist"), bundle: true, minify: true, format: "esm", ...settings });
    const site = await startSite({ "/": root }, t);
    return { version, results: await resultsIn(t, `${site.origin}/${name}.html`) };
  });
}
