#!/usr/bin/env node
// @ts-check
/** The sandbox as a Node HTTP server, and as a command. */

import { once } from "node:events";
import { realpathSync } from "node:fs";
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { createSandbox } from "./handler.mjs";
import { createStatic } from "./static.mjs";

/**
 * @typedef {object} ServeOptions
 * @property {number} [port] a free one if left out
 * @property {string} [host]
 * @property {number} [pace] milliseconds between the events of a stream
 * @property {boolean} [requireKey] whether requests need an API key
 * @property {import("./static.mjs").Mount[]} [mounts] static folders
 */

/**
 * Starts a sandbox of its own.
 * @param {ServeOptions} [options]
 * @returns {Promise<{ origin: string, baseURL: string, close: () => Promise<void> }>}
 */
export async function serve({ port = 0, host = "127.0.0.1", pace, requireKey, mounts = [] } = {}) {
  const { handle } = createSandbox({ pace, requireKey });
  const sendFile = createStatic(mounts);
  const server = createServer(async (req, res) => {
    try {
      if (!(await sendFile(req, res))) await answer(handle, req, res);
    } catch (error) {
      // What cannot even be made a Request, such as a method that fetch forbids.
      if (res.headersSent) res.destroy();
      else res.writeHead(400, { "content-type": "text/plain" }).end(`${error}\n`);
    }
  });
  server.listen(port, host);
  await once(server, "listening");
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  const origin = `http://${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}`;
  return {
    origin,
    baseURL: `${origin}/v1`,
    async close() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * @param {(request: Request) => Promise<Response>} handle
 * @param {import("node:http").IncomingMessage} req
 * @param {import("node:http").ServerResponse} res
 */
async function answer(handle, req, res) {
  const left = new AbortController();
  res.on("close", () => {
    if (!res.writableFinished) left.abort();
  });
  const response = await handle(toRequest(req, left.signal));
  const length = Number(response.headers.get("content-length") ?? 0);
  res.writeHead(response.status, Object.fromEntries(response.headers));
  const sent = await sendBody(/** @type {ReadableStream<Uint8Array>} */ (response.body ?? empty()), res, left.signal);
  if (sent === undefined) return;
  res.end();
  // Less than was promised: only closing the connection tells the client that this was all.
  if (sent < length) res.socket?.destroySoon();
}

/**
 * @param {import("node:http").IncomingMessage} req
 * @param {AbortSignal} signal
 */
function toRequest(req, signal) {
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) {
    if (value !== undefined) headers.set(name, [value].flat().join(", "));
  }
  const hasBody = req.method !== "GET" && req.method !== "HEAD";
  const body = hasBody ? /** @type {any} */ (Readable.toWeb(req)) : null;
  const init = { method: req.method, headers, body, signal, duplex: "half" };
  return new Request(`http://${req.headers.host ?? "localhost"}${req.url}`, init);
}

/**
 * Sends a body chunk by chunk.
 * @param {ReadableStream<Uint8Array>} body
 * @param {import("node:http").ServerResponse} res
 * @param {AbortSignal} left aborts when the client closes the connection
 * @returns {Promise<number | undefined>} how many bytes; nothing when the connection is gone
 */
async function sendBody(body, res, left) {
  const reader = body.getReader();
  const leave = () => void reader.cancel();
  left.addEventListener("abort", leave);
  if (left.aborted) leave();
  // A stream may say nothing for long, and its headers tell the client that it was accepted.
  res.flushHeaders();
  let sent = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (left.aborted) return undefined;
      if (done) return sent;
      sent += value.byteLength;
      await written(res, value, left);
    }
  } catch {
    res.socket?.resetAndDestroy();
    return undefined;
  } finally {
    left.removeEventListener("abort", leave);
  }
}

/**
 * Waits until a chunk is with the operating system, so that chunks stay apart on the network and
 * a slow reader slows the stream down.
 * @param {import("node:http").ServerResponse} res
 * @param {Uint8Array} chunk
 * @param {AbortSignal} left
 * @returns {Promise<void>}
 */
function written(res, chunk, left) {
  return new Promise((resolve) => {
    const next = () => {
      left.removeEventListener("abort", next);
      setImmediate(resolve);
    };
    left.addEventListener("abort", next);
    res.write(chunk, next);
  });
}

function empty() {
  return new ReadableStream({ start: (controller) => controller.close() });
}

/** @param {string[]} args of the command line */
async function main(args) {
  const { untilStdinCloses, ...options } = parseCommand(args);
  const server = await serve(options);
  const stop = async () => {
    await server.close();
    process.exit(0);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  if (untilStdinCloses) process.stdin.once("close", stop).resume();
  // Whoever waits for this line may stop the server right after it.
  console.log(`sandbox listening on ${server.baseURL}`);
}

const USAGE =
  "usage: node serve.mjs [--port N] [--host H] [--pace MS] [--no-key] [--mount PREFIX=DIR ...] [--until-stdin-closes]";

/** @param {string[]} args */
function parseCommand(args) {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string", default: "0" },
      host: { type: "string" },
      pace: { type: "string", default: "0" },
      "no-key": { type: "boolean", default: false },
      mount: { type: "string", multiple: true, default: [] },
      "until-stdin-closes": { type: "boolean", default: false },
    },
  });
  return {
    port: wholeNumber("port", values.port, 65_535),
    host: values.host,
    pace: wholeNumber("pace", values.pace, 60_000),
    requireKey: !values["no-key"],
    mounts: values.mount.map(parseMount),
    untilStdinCloses: values["until-stdin-closes"],
  };
}

/** @param {string} name @param {string} text @param {number} max */
function wholeNumber(name, text, max) {
  if (/^\d+$/.test(text) && Number(text) <= max) return Number(text);
  throw new Error(`--${name} takes a whole number up to ${max}, not '${text}'`);
}

/** @param {string} text */
function parseMount(text) {
  const [, prefix, dir] = /^(\/[^=]*)=(.+)$/.exec(text) ?? [];
  if (prefix && dir) return { prefix, dir };
  throw new Error(`--mount takes PREFIX=DIR with a prefix that starts with '/', not '${text}'`);
}

/** @param {any} error */
function explain({ code, message, address, port }) {
  if (code === "EADDRINUSE") return `port ${port} on ${address} is already in use`;
  if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") return `unknown flag ${/'(.*?)'/.exec(message)?.[1]}\n${USAGE}`;
  return message;
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(`sandbox: ${explain(error)}`);
    process.exit(1);
  });
}
