/** A Next.js application, built and started as it is in production. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { after } from "node:test";
import { buildStarter, resultsIn } from "../support/bundled.mjs";
import { server } from "../support/program.mjs";
import { row } from "../support/row.mjs";
import { baseURL } from "../support/setting.mjs";

// Awaited here: what is to end with the file must be told while no test runs.
const started = await start().then(
  (value) => ({ value }),
  (error) => ({ error }),
);

async function start() {
  const { root, version } = await buildStarter("next");
  const next = join(root, "node_modules", "next", "dist", "bin", "next");
  const args = (port) => [next, "start", "--hostname", "127.0.0.1", "--port", `${port}`];
  const env = { NEXT_TELEMETRY_DISABLED: "1" };
  return { origin: await server({ after }, process.execPath, args, { cwd: root, env }), version: version("next") };
}

function running() {
  if (started.error) throw started.error;
  return started.value;
}

for (const [id, path] of [
  ["next-page", "/"],
  ["next-page-url", "/url"],
]) {
  row(id, async (t) => {
    const { origin, version } = running();
    assert.match(await (await fetch(`${origin}${path}`)).text(), /<p>function<\/p>/, "the server renders the page");
    return { version, results: await resultsIn(t, `${origin}${path}`) };
  });
}

for (const [id, path] of [
  ["next-server", "/server"],
  ["next-edge", "/edge"],
]) {
  row(id, async () => {
    const { origin, version } = running();
    const answer = await fetch(`${origin}${path}?baseURL=${encodeURIComponent(baseURL)}`);
    assert.equal(answer.status, 200, `${path} answers with ${answer.status}`);
    return { version, results: await answer.json() };
  });
}
