// @ts-check
/**
 * A deterministic Open Responses server as a web-standard request handler: it runs wherever there
 * are `Request` and `Response`, and keeps everything in memory.
 */

import { errorAnswer, jsonAnswer } from "./answers.mjs";
import { createAttempts } from "./attempts.mjs";
import { compact, countInput } from "./compact.mjs";
import { createMemory } from "./context.mjs";
import { ApiError } from "./errors.mjs";
import { parseFaults } from "./faults.mjs";
import { createIds } from "./ids.mjs";
import { MODELS, modelEntry } from "./models/index.mjs";
import { readBody, requireJson } from "./receive.mjs";
import { answerResponses, findModel } from "./responses.mjs";
import { createRuns, UNTRACKED } from "./runs.mjs";
import { createStore } from "./store.mjs";
import { cancel, inputItems, plain, remove, retrieve } from "./stored.mjs";
import { byteStream, sleep } from "./transport.mjs";

/**
 * @typedef {object} SandboxOptions
 * @property {number} [pace] milliseconds between the events of a stream; 0 if left out
 * @property {boolean} [requireKey] whether requests need an API key; true if left out
 * @property {() => number} [now] the time in milliseconds; the real time if left out
 */

/**
 * @param {SandboxOptions} [options]
 * @returns {{ handle: (request: Request) => Promise<Response> }}
 */
export function createSandbox({ pace = 0, requireKey = true, now = Date.now } = {}) {
  const newId = createIds();
  const runs = createRuns();
  const world = { newId, now, memory: createMemory(), store: createStore(now), attempts: createAttempts() };

  /** @type {Route[]} */
  const routes = [
    {
      path: /\/v1\/responses$/,
      method: "POST",
      tested: true,
      answer: ({ received, faults }) => answerResponses(world, received, faults),
    },
    {
      path: /\/v1\/responses\/compact$/,
      method: "POST",
      tested: true,
      answer: (call) => compact(world, call),
    },
    {
      path: /\/v1\/responses\/input_tokens$/,
      method: "POST",
      tested: true,
      answer: (call) => countInput(world, call),
    },
    {
      path: /\/v1\/responses\/([^/]+)$/,
      method: "GET",
      tested: true,
      query: ["stream", "starting_after", "include_obfuscation", "include", "include[]"],
      answer: (call) => retrieve(world, call),
    },
    {
      path: /\/v1\/responses\/([^/]+)$/,
      method: "DELETE",
      tested: true,
      answer: (call) => remove(world, call),
    },
    {
      path: /\/v1\/responses\/([^/]+)\/cancel$/,
      method: "POST",
      tested: true,
      answer: (call) => cancel(world, call),
    },
    {
      path: /\/v1\/responses\/([^/]+)\/input_items$/,
      method: "GET",
      tested: true,
      query: ["after", "limit", "order", "include", "include[]"],
      answer: (call) => inputItems(world, call),
    },
    {
      path: /\/v1\/models$/,
      method: "GET",
      tested: true,
      answer: ({ faults }) => plain({ object: "list", data: [...MODELS.keys()].map(modelEntry) }, faults),
    },
    {
      path: /\/v1\/models\/(.+)$/,
      method: "GET",
      tested: true,
      answer: ({ name, faults }) => {
        findModel(name);
        return plain(modelEntry(name), faults);
      },
    },
    {
      path: /\/v1\/sandbox\/runs\/([^/]+)$/,
      method: "GET",
      tested: false,
      answer: ({ name }) => {
        const report = runs.report(name);
        if (report) return jsonAnswer(report);
        throw notFound(`No request was registered as run '${name}'.`);
      },
    },
  ];

  /**
   * @param {Request} request
   * @returns {Promise<Response>}
   */
  async function handle(request) {
    const requestId = newId("req");
    if (request.method === "OPTIONS") return preflight(request, requestId);

    const url = new URL(request.url);
    /** @type {Record<string, any>} */
    let faults = {};
    let exchange = UNTRACKED;
    /** @type {import("./answers.mjs").Answer} */
    let answer;
    try {
      const { route, name } = findRoute(routes, request.method, url.pathname);
      const received = await readBody(request);
      if (route.tested) {
        const faultNames = new URLSearchParams(url.searchParams);
        for (const own of route.query ?? []) faultNames.delete(own);
        faults = parseFaults(faultNames);
        if (faults.run !== undefined) exchange = runs.register(faults.run, request, received);
        request.signal.addEventListener("abort", () => exchange.end("closed_by_client"));
        authorize(request, requireKey, requestId);
        requireJson(request, received);
      }
      answer = route.answer({ name, query: url.searchParams, faults, received });
    } catch (error) {
      answer = errorAnswer(error instanceof ApiError ? error : bug(error));
    }

    if (faults.head_delay) await sleep(faults.head_delay, request.signal);
    const body = byteStream(answer.frames, faults, { pace, broken: answer.broken ?? false, exchange });
    return new Response(body, { status: answer.status, headers: headersOf(answer, faults, requestId) });
  }

  return { handle };
}

/**
 * @typedef {object} Route
 * @property {RegExp} path of which the group, if there is one, is the name of what is asked for
 * @property {string} method
 * @property {string[]} [query] its own parameters, which are no faults
 * @property {boolean} tested whether the route needs a key and takes faults
 * @property {(call: Call) => import("./answers.mjs").Answer} answer
 */

/** @typedef {{ name: string, query: URLSearchParams, faults: Record<string, any>, received: { text: string, json: any } }} Call */

/**
 * @param {Route[]} routes
 * @param {string} method
 * @param {string} path
 */
function findRoute(routes, method, path) {
  const there = routes.filter((route) => route.path.test(path));
  const route = there.find((candidate) => candidate.method === method);
  if (route) return { route, name: decoded(route.path.exec(path)?.[1] ?? "") };
  if (there.length > 0) {
    const methods = there.map((candidate) => candidate.method);
    const message = `${path} takes ${methods.join(" or ")}, not ${method}.`;
    const detail = { type: "invalid_request_error", code: "method_not_allowed", message };
    throw new ApiError(405, detail, { allow: [...methods, "OPTIONS"].join(", ") });
  }
  throw notFound(`There is nothing at ${path}.`);
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    throw notFound(`'${text}' is not properly encoded.`);
  }
}

/**
 * @param {Request} request
 * @param {boolean} requireKey
 * @param {string} requestId
 */
function authorize(request, requireKey, requestId) {
  const key = /^Bearer +(\S.*)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (key ? !key.startsWith("wrong") : !requireKey) return;
  const [code, what] = key ? ["invalid_api_key", "The API key is not valid"] : ["missing_api_key", "No API key given"];
  const message = `${what} (request id: ${requestId})`;
  throw new ApiError(401, { type: "invalid_request_error", code, message }, { "www-authenticate": "Bearer" });
}

/**
 * @param {import("./answers.mjs").Answer} answer
 * @param {Record<string, any>} faults
 * @param {string} requestId
 */
function headersOf({ headers }, { cut, reset, stall }, requestId) {
  const { "content-length": length, ...others } = headers;
  // A body that is stopped must not promise its length: the client would know its end without it.
  const sized = length !== undefined && (cut ?? reset ?? stall) === undefined;
  return { ...others, ...(sized ? { "content-length": length } : {}), ...commonHeaders(requestId) };
}

/** @param {Request} request @param {string} requestId */
function preflight({ headers }, requestId) {
  const requested = headers.get("access-control-request-headers");
  const allowed = ["authorization", "content-type", "accept", ...(requested ? [requested] : [])];
  return new Response(null, {
    status: 204,
    headers: {
      ...commonHeaders(requestId),
      "access-control-allow-methods": "GET, POST, DELETE, OPTIONS",
      "access-control-allow-headers": allowed.join(", "),
      "access-control-max-age": "86400",
    },
  });
}

/** @param {string} requestId */
function commonHeaders(requestId) {
  return {
    "x-request-id": requestId,
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "x-request-id, retry-after, retry-after-ms",
  };
}

/** @param {string} message */
function notFound(message) {
  return new ApiError(404, { type: "not_found", code: "not_found", message });
}

/** @param {unknown} error */
function bug(error) {
  return new ApiError(500, { type: "server_error", code: "sandbox_bug", message: `The sandbox has a bug: ${error}` });
}
