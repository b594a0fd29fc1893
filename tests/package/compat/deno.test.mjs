/** Deno, which is permitted to use the network and nothing else. */

import { join } from "node:path";
import { program } from "../support/program.mjs";
import { row } from "../support/row.mjs";
import { baseURL } from "../support/setting.mjs";
import { starter } from "../support/starter.mjs";

row("deno", async () => {
  const { root, version } = await starter("deno");
  const args = ["run", "--no-prompt", "--allow-net", "main.js", baseURL];
  const { output } = await program(join(root, "node_modules", ".bin", "deno"), args, { cwd: root });
  return { version: version("deno"), results: JSON.parse(output) };
});
