/** Runs a script in a Node process of its own, to its own end. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

const PATIENCE = 30_000;

/**
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, cwd?: string }} [options]
 * @returns {Promise<{ output: string, errors: string, time: number }>}
 */
export async function node(args, { env = {}, cwd } = {}) {
  const begin = performance.now();
  // The variables of the test runner would turn the script into a part of it.
  const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...inherited } = process.env;
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
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
