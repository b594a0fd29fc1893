// @ts-check
/** Static folders for the Node server. */

import { createReadStream, statSync } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { extname, join, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";

/** @typedef {{ prefix: string, dir: string }} Mount */

/** @typedef {{ isDirectory: true } | { isDirectory: false, file: string, size: number }} Found */

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".md": "text/markdown; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ts": "text/plain; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webp": "image/webp",
};

/**
 * Answers a request from static folders, the one with the longest prefix first.
 * @param {Mount[]} mounts
 * @returns {(req: import("node:http").IncomingMessage, res: import("node:http").ServerResponse) => Promise<boolean>}
 *   whether there was a file to answer with
 */
export function createStatic(mounts) {
  const sorted = mounts.map(absolute).sort((a, b) => b.prefix.length - a.prefix.length);

  return async (req, res) => {
    if (req.method !== "GET" && req.method !== "HEAD") return false;
    const path = /** @type {string} */ (req.url).split("?")[0];
    for (const { prefix, dir } of sorted) {
      if (!`${path}/`.startsWith(prefix)) continue;
      // The folder itself, without the slash at its end: "." is never the index file.
      const found = await find(dir, `${path}/` === prefix ? "." : path.slice(prefix.length));
      if (!found) continue;
      if (found.isDirectory) redirect(res, path);
      else await send(req, res, found);
      return true;
    }
    return false;
  };
}

/** @param {Mount} mount */
function absolute({ prefix, dir }) {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`the folder '${dir}' to mount at '${prefix}' does not exist`);
  }
  return { prefix: `/${prefix}/`.replace(/\/+/g, "/"), dir: resolve(dir) };
}

/**
 * @param {string} dir
 * @param {string} path encoded, relative to the folder
 * @returns {Promise<Found | undefined>}
 */
async function find(dir, path) {
  try {
    const steps = decodeURIComponent(path).split("/");
    if (steps.some((step) => step === ".." || /[\\\0]/.test(step))) return undefined;
    const file = await realpath(join(dir, ...steps, path === "" || path.endsWith("/") ? "index.html" : ""));
    // A symbolic link may lead out of the folder.
    if (!`${file}${sep}`.startsWith((await realpath(dir)) + sep)) return undefined;
    const stats = await stat(file);
    return stats.isDirectory() ? { isDirectory: true } : { isDirectory: false, file, size: stats.size };
  } catch {
    return undefined;
  }
}

/**
 * Relative links of a page only work when the address of its folder ends with a slash.
 * @param {import("node:http").ServerResponse} res
 * @param {string} path
 */
function redirect(res, path) {
  res.writeHead(308, { location: `${path.replace(/^\/+/, "/")}/` }).end();
}

/**
 * @param {import("node:http").IncomingMessage} req
 * @param {import("node:http").ServerResponse} res
 * @param {{ file: string, size: number }} found
 */
async function send(req, res, { file, size }) {
  const type = TYPES[/** @type {keyof typeof TYPES} */ (extname(file))] ?? "application/octet-stream";
  res.writeHead(200, { "content-type": type, "content-length": size, "cache-control": "no-cache" });
  if (req.method === "HEAD") return void res.end();
  // A client that leaves early is no error.
  await pipeline(createReadStream(file), res).catch(() => res.destroy());
}
