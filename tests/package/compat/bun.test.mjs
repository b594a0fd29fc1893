/** Bun. */

import { join } from "node:path";
import { program } from "../support/program.mjs";
import { row } from "../support/row.mjs";
import { baseURL } from "../support/setting.mjs";
import { starter } from "../support/starter.mjs";

for (const [id, script] of [
  ["bun", "main.js"],
  ["bun-url", "url.js"],
]) {
  row(id, async () => {
    const { root, version } = await starter("bun");
    const { output } = await program(join(root, "node_modules", ".bin", "bun"), [script, baseURL], { cwd: root });
    return { version: version("bun"), results: JSON.parse(output) };
  });
}
