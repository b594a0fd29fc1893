// The demo, as `cargo xtask demo --once` runs it when the package is built.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { serve } from "../../www/sandbox/serve.mjs";

const demo = fileURLToPath(new URL("../../www/demo.mjs", import.meta.url));
let server;

before(async () => {
  server = await serve({ port: 0 });
});
after(() => server.close());

const run = (key, model) =>
  promisify(execFile)(process.execPath, [demo, "--once"], {
    timeout: 60_000,
    env: {
      ...process.env,
      INFRON_API_KEY: key,
      OPENRESPONSES_BASE_URL: server.baseURL,
      OPENRESPONSES_MODEL: model,
    },
  }).catch((error) => error);

test("the demo answers with the key of the environment, and without one from the sandbox", async () => {
  const asked = await run("a-key-for-the-sandbox", "sandbox/echo");
  assert.ok(asked.stdout.includes(`at ${server.baseURL}`), asked.stdout);
  assert.match(asked.stdout, /^completed: /m);
  const builtIn = await run("", "sandbox/echo");
  assert.match(builtIn.stdout, /the built-in sandbox[\s\S]*^completed: /m);
});

test("where the key of the environment is refused, the demo says where it came from, and what answers without", async () => {
  const { code, stderr } = await run("wrong-key", "sandbox/echo");
  assert.equal(code, 1);
  assert.match(stderr, /AuthenticationError[\s\S]*INFRON_API_KEY\. Without it, the built-in sandbox answers/);
  const { stderr: other } = await run("", "sandbox/error-429");
  assert.match(other, /RateLimitError/);
  assert.doesNotMatch(other, /INFRON_API_KEY/);
});
