/** Runs a program to its own end, or until a test ends. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { text } from "node:stream/consumers";

const PATIENCE = 60_000;

/** The variables of the test runner would turn a script into a part of it. */
function environment(more) {
  const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...inherited } = process.env;
  return { ...inherited, ...more };
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, cwd?: string }} [options]
 * @returns {Promise<{ output: string, errors: string, time: number }>}
 */
export async function program(program, args, { env = {}, cwd } = {}) {
  const begin = performance.now();
  const child = spawn(program, args, { cwd, env: environment(env), stdio: ["ignore", "pipe", "pipe"] });
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  const [output, errors, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  clearTimeout(timer);
  if (signal) throw new Error(`The process did not end by itself within ${PATIENCE} ms.\n${output}\n${errors}`);
  if (code !== 0) throw new Error(`The process ended with ${code}.\n${output}\n${errors}`);
  return { output, errors, time: performance.now() - begin };
}

/** Runs a script in a Node process of its own. @param {string[]} args */
export function node(args, options) {
  return program(process.execPath, args, options);
}

/**
 * Starts a server that listens on the port that it is told; it ends with the test, and what it started with it.
 * @param {import("node:test").TestContext} t
 * @param {string} program
 * @param {(port: number) => string[]} args
 * @returns {Promise<string>} its origin, once it answers
 */
export async function server(t, program, args, { env = {}, cwd } = {}) {
  const port = await freePort();
  const child = spawn(program, args(port), {
    cwd,
    env: environment(env),
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that what it starts ends with it.
    detached: true,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data) => {
      said += data;
    });
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    process.kill(-child.pid, "SIGKILL");
    await once(child, "exit");
  });
  const origin = `http://127.0.0.1:${port}`;
  for (const end = performance.now() + PATIENCE; performance.now() < end; ) {
    if (child.exitCode !== null) break;
    const answer = await fetch(origin).catch(() => undefined);
    if (answer) return origin;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`The server does not answer.\n${said}`);
}

export async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}
