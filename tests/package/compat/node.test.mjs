/** The supported releases of Node.js, the oldest first, and one that is too old to require the package. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeOf } from "../support/nodes.mjs";
import { program } from "../support/program.mjs";
import { row } from "../support/row.mjs";
import { baseURL } from "../support/setting.mjs";

for (const release of ["20.19", "22", "24", "26"]) {
  for (const [way, script] of [
    ["import", "import.mjs"],
    ["require", "require.cjs"],
  ]) {
    row(`node-${release}-${way}`, async () => {
      const { root, version, program: node } = await nodeOf(release);
      const { output } = await program(node, [join(root, script), baseURL]);
      return { version, results: JSON.parse(output) };
    });
  }
}
