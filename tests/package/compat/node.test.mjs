/** The supported releases of Node.js, the oldest first, and one that is too old to require the package. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
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

test("where require takes no modules, Node says what to do", async () => {
  const { root, version, program: node } = await nodeOf("20.18");
  assert.match(version, /^20\.18\./);
  const [imported, required] = await Promise.all([
    program(node, [join(root, "import.mjs"), baseURL]),
    program(node, [join(root, "require-only.cjs")]).catch((error) => error),
  ]);
  assert.ok(
    JSON.parse(imported.output).every(({ ok }) => ok),
    imported.output,
  );
  assert.match(
    required.message,
    /require\(\) of ES Module .* not supported\.\s+Instead change the require .* to a dynamic import\(\)/,
  );
});
