/** Runs checks, one after the other, and says what came of each. */

import { makeServer } from "./server.mjs";
import { watch } from "./watch.mjs";

/**
 * @typedef {[name: string, run: (setting: Setting) => unknown]} Check
 *
 * @typedef {object} Where
 * @property {any} entry the package's namespace
 * @property {string} baseURL of a sandbox
 * @property {Record<string, string>} [endless] what the sandbox is asked for so that a stream does not end by itself
 * @property {object} [options] of all clients, beside the base URL, with a key that is right
 * @property {() => unknown} [source] of the wasm, for an entry that carries none
 * @property {ReturnType<typeof watch.stop>} [seen] what importing the package did, where more is imported before this is
 *   called
 *
 * @typedef {Required<Where> & {
 *   server: ReturnType<typeof makeServer>,
 *   client: (more?: object) => any,
 * }} Setting `client` makes a client
 */

/**
 * @param {Check[]} checks
 * @param {Where} where
 * @returns {Promise<{ name: string, ok: boolean, error?: string }[]>}
 */
export async function run(
  checks,
  { entry, baseURL, options = { apiKey: "sk-anything" }, source, seen = watch.stop(), endless = { stall: "6000" } },
) {
  const client = (more = {}) => new entry.OpenResponses({ ...options, ...more, baseURL });
  const setting = { entry, baseURL, options, source, seen, endless, client, server: makeServer(baseURL) };
  const results = [];
  for (const [name, check] of checks) {
    try {
      await within(20_000, check(setting));
      results.push({ name, ok: true });
    } catch (error) {
      results.push({ name, ok: false, error: told(error) });
    } finally {
      watch.stop();
    }
  }
  return results;
}

/** The error with its stack, which in some engines does not begin with the message. */
function told(error) {
  const [said, stack] = [`${error}`, `${error?.stack ?? ""}`];
  return stack.includes(said) ? stack : `${said}\n${stack}`;
}

async function within(milliseconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = watch.untouched.setTimeout(() => reject(new Error(`not done within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
