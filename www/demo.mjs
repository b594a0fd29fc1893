// The demo: streams one answer into the terminal through the built package, then serves the playground.
//
// With INFRON_API_KEY the answer comes from Infron, or from the server that OPENRESPONSES_BASE_URL names; without, from
// the sandbox, which this program starts.
//
//   node www/demo.mjs [--once] [--port N]

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { serve } from "./sandbox/serve.mjs";

/** Milliseconds between two events, so that a person sees the answer arrive. */
const PACE = 15;
const PORT = 8787;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

async function main() {
  const { values } = parseArgs({ options: { once: { type: "boolean" }, port: { type: "string" } } });
  const server = await start(values);
  try {
    try {
      await answer(server.baseURL);
    } catch (error) {
      // Whoever has a key in the environment may not think of it.
      const isKeyed = Boolean(process.env.INFRON_API_KEY);
      fail(error, isKeyed ? "\nThe key is that of INFRON_API_KEY. Without it, the built-in sandbox answers." : "");
      return;
    }
    if (values.once) return;
    console.log(`\nThe playground is at ${server.origin}/ (Ctrl+C ends it).`);
    await new Promise((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
  } finally {
    await server.close();
  }
}

/** The terminal's answer needs no certain port; the playground's address should stay the same where it can. */
async function start({ once, port: wanted }) {
  const port = Number(wanted ?? (once ? 0 : PORT));
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error("--port takes a number from 0 to 65535.");
  const at = (port) =>
    serve({
      port,
      pace: PACE,
      requireKey: false,
      mounts: [
        { prefix: "/pkg", dir: here("../pkg") },
        { prefix: "/", dir: here("playground") },
      ],
    });
  try {
    return await at(port);
  } catch (error) {
    if (error.code !== "EADDRINUSE") throw error;
    if (wanted !== undefined) throw new Error(`Port ${port} is in use: choose another with --port.`);
    return at(0);
  }
}

async function answer(sandbox) {
  const { OpenResponses } = await import("../pkg/dist/index.js");
  const { INFRON_API_KEY: apiKey, OPENRESPONSES_MODEL: model } = process.env;
  const client = apiKey ? new OpenResponses() : new OpenResponses({ apiKey: null, baseURL: sandbox });
  const params = {
    model: model ?? (apiKey ? "o4-mini" : "sandbox/story"),
    input: "Tell me a short story.",
  };
  console.log(`${params.model} at ${apiKey ? client.baseURL : "the built-in sandbox (no key needed)"}\n`);
  console.log(`> ${params.input}\n`);

  const started = performance.now();
  let first;
  const run = client.responses.stream(params);
  for await (const text of run.textStream) {
    first ??= performance.now() - started;
    process.stdout.write(text);
  }
  const { status, usage } = await run.finalResponse();
  const tokens = usage ? `, ${usage.output_tokens} tokens` : "";
  console.log(
    `\n\n${status}: first text after ${first?.toFixed()} ms, all in ${(performance.now() - started).toFixed()} ms${tokens}`,
  );
}

function fail(error, hint = "") {
  const told = [error.name, error.status, error.code, error.requestID].filter(Boolean).join(" ");
  console.error(`\n${told}: ${error.message}${hint}`);
  process.exitCode = 1;
}

main().catch((error) => fail(error));
