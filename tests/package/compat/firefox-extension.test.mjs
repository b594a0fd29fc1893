/** A Manifest V3 extension in Firefox: the package in its background script and in its page, which tell of themselves. */

import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { after } from "node:test";
import { buildExtension } from "../support/extension.mjs";
import { firefoxVersion, startFirefox } from "../support/firefox.mjs";
import { row } from "../support/row.mjs";

/** Milliseconds for the contract in one place, and for the browser to come to it. */
const PATIENCE = 60_000;

const places = { background: promised(), page: promised() };
const started = await start().then(
  (version) => ({ version }),
  (error) => ({ error }),
);

for (const place of ["background", "page"]) {
  row(`firefox-extension-${place}`, async () => {
    if (started.error) throw started.error;
    const late = setTimeout(() => places[place].reject(new Error("The extension tells nothing.")), PATIENCE);
    const results = await places[place].promise;
    clearTimeout(late);
    return { version: started.version, results };
  });
}

/** Starts the browser with the extension, and the server that it tells; gives the browser's release. */
async function start() {
  const browser = await startFirefox({ after });
  const server = createServer(async (req, res) => {
    const results = JSON.parse(await text(req));
    res.writeHead(204).end();
    places[req.url.slice(1)].resolve(results);
  });
  server.listen(0, "127.0.0.1");
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, "listening");
  const toldTo = `http://127.0.0.1:${server.address().port}`;
  await browser.installExtension(await buildExtension("contract.js", { toldTo }));
  return firefoxVersion(browser);
}

function promised() {
  const settle = {};
  const promise = new Promise((resolve, reject) => Object.assign(settle, { resolve, reject }));
  promise.catch(() => {});
  return { promise, ...settle };
}
