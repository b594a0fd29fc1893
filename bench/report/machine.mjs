import { readFileSync } from "node:fs";
import { arch, cpus, platform, totalmem } from "node:os";

const PEERS = [
  "openai",
  "ai",
  "@ai-sdk/open-responses",
  "@openrouter/sdk",
  "eventsource-parser",
  "jsonriver",
  "esbuild",
  "miniflare",
];

/** What the figures were measured on, and with: nothing that names the machine or its owner. */
export function machine() {
  const [{ model }] = cpus();
  const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
  const { devDependencies } = read("../package.json");
  const { version } = read("../../pkg/package.json");
  return [
    `${model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 1e9)} GB, ${platform()} ${arch()}`,
    `Node.js ${process.versions.node}, V8 ${process.versions.v8}`,
    `openresponses-wasm ${version}; ${PEERS.map((peer) => `${peer} ${devDependencies[peer]}`).join(", ")}`,
  ];
}
