// @ts-check
/** What the server saw of the requests that a test registered with `run=ID`. */

import { BoundedMap } from "./bounded.mjs";

const MAX_RUNS = 200;
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * @typedef {"open" | "completed" | "closed_by_client" | "failed"} State
 *   completed: the whole body was sent, whatever its status; failed: the server broke it off
 */

/**
 * @typedef {object} Exchange one request, as its answer is sent; only the first end counts
 * @property {(bytes: number) => void} sent
 * @property {(state: State) => void} end
 */

/** @typedef {ReturnType<typeof createRuns>} Runs */

/** The exchange of a request that no test wants to know about. @type {Exchange} */
export const UNTRACKED = Object.freeze({ sent() {}, end() {} });

export function createRuns() {
  /** @type {BoundedMap<any>} */
  const runs = new BoundedMap(MAX_RUNS, MAX_BYTES);
  return {
    /**
     * Registers a request. The report of the run is about its last request.
     * @param {string} id
     * @param {Request} request
     * @param {{ text: string, json: any }} body
     * @returns {Exchange}
     */
    register(id, request, { text, json }) {
      const run = {
        id,
        requests: (runs.get(id)?.requests ?? 0) + 1,
        state: /** @type {State} */ ("open"),
        bytes_sent: 0,
        headers: headersOf(request),
        body: json ?? null,
      };
      runs.set(id, run, text.length);
      return {
        sent(bytes) {
          run.bytes_sent += bytes;
        },
        end(state) {
          if (run.state === "open") run.state = state;
        },
      };
    },

    /** @param {string} id */
    report(id) {
      return runs.get(id);
    },
  };
}

/** @param {Request} request */
function headersOf({ headers }) {
  return {
    // The key itself stays out of the report.
    authorization_scheme: headers.get("authorization")?.split(" ")[0] ?? null,
    accept: headers.get("accept"),
    content_type: headers.get("content-type"),
    names: [...headers.keys()],
  };
}
