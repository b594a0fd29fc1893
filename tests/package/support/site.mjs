/** A static web server whose every answer a test can change while it runs. */

import { once } from "node:events";
import { createServer } from "node:http";
import { createStatic } from "../../../www/sandbox/static.mjs";

/**
 * @typedef {(req: import("node:http").IncomingMessage, res: import("node:http").ServerResponse) => unknown} Answer
 *   falls back to the files unless it ends the answer
 */

/**
 * @param {Record<string, string>} folders by the prefix of their addresses
 * @param {{ after(end: () => unknown): void }} tests with which it ends
 */
export async function startSite(folders, tests) {
  const sendFile = createStatic(Object.entries(folders).map(([prefix, dir]) => ({ prefix, dir })));
  /** What to do before a file is sent, by path. @type {Map<string, Answer>} */
  const answers = new Map();
  const server = createServer(async (req, res) => {
    const path = /** @type {string} */ (req.url).split("?")[0];
    await answers.get(path)?.(req, res);
    if (res.writableEnded || res.destroyed) return;
    if (!(await sendFile(req, res)))
      res.writeHead(404, { "content-type": "text/plain" }).end("There is nothing here.\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  tests.after(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  });
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { origin: `http://127.0.0.1:${port}`, answers };
}
