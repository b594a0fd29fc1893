/** workerd, the runtime of Cloudflare's workers, as wrangler's development server runs it. */

import { join } from "node:path";
import { nodeOf } from "../support/nodes.mjs";
import { server } from "../support/program.mjs";
import { row } from "../support/row.mjs";
import { baseURL } from "../support/setting.mjs";
import { starter } from "../support/starter.mjs";

const env = { CI: "1", WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false" };

for (const [id, script] of [
  ["wrangler", "src/index.js"],
  ["wrangler-url", "src/url.js"],
  ["wrangler-slim", "src/slim.js"],
]) {
  row(id, async (t) => {
    const { root, version } = await starter("wrangler");
    const { program } = await nodeOf("24");
    const wrangler = join(root, "node_modules", "wrangler", "bin", "wrangler.js");
    const args = (port) => [wrangler, "dev", script, "--ip", "127.0.0.1", "--port", `${port}`];
    const origin = await server(t, program, args, { cwd: root, env });
    const answer = await fetch(`${origin}/?baseURL=${encodeURIComponent(baseURL)}`);
    return { version: version("wrangler"), results: await answer.json() };
  });
}
