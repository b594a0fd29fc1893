/** A plain HTTP client for the tests: it asks, and shows what came back. */

import { once } from "node:events";
import { request } from "node:http";
import { after, before } from "node:test";
import { serve } from "../../../www/sandbox/serve.mjs";

/**
 * A server for the tests of a file.
 * @param {object} [options] of `serve`
 * @returns {{ origin: string, baseURL: string }} filled in before the first test
 */
export function useServer(options) {
  const server = {};
  before(async () => Object.assign(server, await serve(options)));
  after(() => server.close());
  return server;
}

/**
 * Posts a request body to `/responses`.
 * @param {{ baseURL: string }} server
 * @param {any} body
 * @param {string} [query]
 * @param {RequestInit} [init]
 */
export function post(server, body, query = "", init = {}) {
  return fetch(`${server.baseURL}/responses${query}`, {
    method: "POST",
    headers: { authorization: "Bearer key", "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...init,
  });
}

/** The finished response of a request without streaming. */
export async function create(server, body, query) {
  const answer = await post(server, body, query);
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status}: ${text}`);
  return JSON.parse(text);
}

/** The events of a streamed request, `[DONE]` checked and left out. */
export async function stream(server, body, query) {
  const answer = await post(server, { ...body, stream: true }, query);
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status}: ${text}`);
  const messages = parseEvents(text);
  if (messages.pop()?.data !== "[DONE]") throw new Error("the stream does not end with [DONE]");
  return messages.map(({ event, data }) => ({ event, ...JSON.parse(data) }));
}

/** The error of a refused request. */
export async function refused(server, body, query) {
  const answer = await post(server, body, query);
  return { status: answer.status, ...(await answer.json()).error };
}

/** The messages of an event stream: what stands in their `event:` and `data:` lines. */
export function parseEvents(text) {
  const messages = [];
  for (const block of text.replace(/^\uFEFF/, "").split(/\r\n\r\n|\n\n|\r\r/)) {
    const lines = block.split(/\r\n|\n|\r/);
    const of = (field) =>
      lines.filter((line) => line.startsWith(`${field}: `)).map((line) => line.slice(field.length + 2));
    const data = of("data");
    if (data.length > 0) messages.push({ event: of("event")[0], data: data.join("\n") });
  }
  return messages;
}

/** What a response says: the texts of its messages. */
export function textOf(response) {
  const parts = response.output.filter(({ type }) => type === "message").flatMap(({ content }) => content);
  return parts.map((part) => part.text ?? part.refusal).join("");
}

/**
 * A request whose chunks are seen as they come in from the network.
 * @returns {Promise<{ status: number, headers: any, chunks: Buffer[], times: number[], error?: Error, ended: Promise<void>,
 *   close: () => void, pause: () => void }>}
 */
export async function raw(server, body, query = "") {
  const req = request(`${server.baseURL}/responses${query}`, {
    method: "POST",
    agent: false,
    headers: { authorization: "Bearer key", "content-type": "application/json" },
  });
  req.end(JSON.stringify(body));
  const [res] = await once(req, "response");
  const seen = {
    status: res.statusCode,
    headers: res.headers,
    chunks: [],
    times: [],
    close: () => req.destroy(),
    pause: () => res.pause(),
  };
  res.on("data", (chunk) => {
    seen.chunks.push(chunk);
    seen.times.push(performance.now());
  });
  const fail = (error) => {
    seen.error = error;
  };
  req.on("error", fail);
  res.on("error", fail);
  seen.ended = new Promise((resolve) => {
    res.on("close", resolve);
  });
  return seen;
}

/** Waits until something is so. */
export async function until(what, probe) {
  const deadline = performance.now() + 8000;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`it never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
