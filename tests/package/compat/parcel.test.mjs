/** A project built with Parcel, in Chromium. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildStarter, resultsIn } from "../support/bundled.mjs";
import { row } from "../support/row.mjs";
import { startSite } from "../support/site.mjs";

for (const [id, page, settings] of [
  ["parcel", "index.html", {}],
  // Without this setting Parcel knows of no entries but the main one.
  ["parcel-url", "url.html", { "@parcel/resolver-default": { packageExports: true } }],
]) {
  row(id, async (t) => {
    const { root, version } = await buildStarter("parcel", (root) => {
      const manifest = join(root, "package.json");
      const starter = JSON.parse(readFileSync(manifest, "utf8"));
      writeFileSync(manifest, JSON.stringify({ ...starter, source: `src/${page}`, ...settings }));
    });
    const site = await startSite({ "/": join(root, "dist") }, t);
    return { version: version("parcel"), results: await resultsIn(t, `${site.origin}/${page}`) };
  });
}
