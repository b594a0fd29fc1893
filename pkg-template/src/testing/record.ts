import type { Fetch } from "../options.js";
import { bodyOf, chunksOf, letGo, RESET, type Reader, type Step } from "./body.js";
import { bytesOf, chunkOf } from "./chunk.js";
import type { Chunk, Fixture } from "./fixture.js";
import { pathOf } from "./play.js";

/** A `fetch` that keeps what goes over it. */
export interface Recorder {
  fetch: Fetch;
  /**
   * In the order of the requests. A fixture holds what has come of its answer so far, and is whole when its body has been read.
   * `JSON.stringify` makes files of them.
   */
  readonly fixtures: readonly Fixture[];
}

/** Of an answer's headers, those that a client looks at. */
const KEPT = /^(content-type|(x-)?(infron-)?request-id|retry-after(-ms)?|x-should-retry)$/;

/** Of a request's headers, those that are no secrets. */
const HARMLESS = /^(accept|accept-.*|content-.*|user-agent|idempotency-key)$/;

/** A secret that is shorter stands in for one. */
const SECRET_CHARACTERS = 8;

/**
 * Keeps requests and answers as fixtures, over the platform's `fetch` or another. Of a request the method, the path and the
 * body are kept, and no header; of an answer the status, what a client looks at of the headers, and the body. Keys are
 * removed: what stood in other headers or in parameters that look like keys is replaced wherever it is repeated.
 */
export function record(fetch: Fetch = (url, init) => globalThis.fetch(url, init)): Recorder {
  const fixtures: Fixture[] = [];
  const recording: Fetch = async (url, init) => {
    const hide = hiding(url, init);
    const response = await fetch(url, init);
    const { status } = response;
    const asked = typeof init.body === "string" ? parsed(hide(init.body)) : undefined;
    const chunks: Chunk[] = [];
    const fixture: Fixture = {
      request: {
        method: init.method ?? "GET",
        path: hide(pathOf(url)),
        ...(asked === undefined ? {} : { body: asked }),
      },
      status,
      headers: kept(response.headers, hide),
      get chunks() {
        return hidden(chunks, hide);
      },
    };
    fixtures.push(fixture);
    if (!response.body) return response;
    const reader = response.body.getReader();
    const broke = () => {
      fixture.reset = true;
    };
    const body = bodyOf(keeping(reader, chunks, broke), init.signal, () => letGo(reader));
    return new Response(body, { status, headers: response.headers });
  };
  return { fetch: recording, fixtures };
}

function kept(headers: Headers, hide: (text: string) => string): Record<string, string> {
  const all = [...headers].filter(([name]) => KEPT.test(name));
  return Object.fromEntries(all.map(([name, value]) => [name, hide(value)]));
}

async function* keeping(reader: Reader, chunks: Chunk[], broke: () => void): AsyncGenerator<Step> {
  let last = performance.now();
  try {
    for await (const bytes of chunksOf(reader)) {
      const now = performance.now();
      chunks.push(chunkOf(bytes, Math.round(now - last)));
      last = now;
      yield bytes;
    }
  } catch {
    broke();
    yield RESET;
  }
}

/** The chunks without secrets; as one, where they hold any: a key may be spread over chunks. */
function hidden(chunks: readonly Chunk[], hide: (text: string) => string): Chunk[] {
  const text = textOf(chunks);
  const rest = hide(text);
  return rest === text ? [...chunks] : [rest];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function textOf(chunks: readonly Chunk[]): string {
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(bytesOf(chunk), { stream: true })).join("") + decoder.decode();
}

/** Takes the secrets of a request out of a text, also as they are written in JSON and in URLs. */
function hiding(url: string, init: RequestInit): (text: string) => string {
  const secrets: string[] = [];
  for (const [name, value] of new Headers(init.headers)) {
    if (!HARMLESS.test(name)) secrets.push(value, value.replace(/^\w+ /, ""));
  }
  for (const [name, value] of new URL(url, "http://page.invalid").searchParams) {
    if (/key|token|secret|signature|password|auth/i.test(name)) secrets.push(value);
  }
  const forms = secrets
    .filter((secret) => secret.length >= SECRET_CHARACTERS)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
    .sort((one, other) => other.length - one.length);
  return (text) => forms.reduce((hidden, secret) => hidden.replaceAll(secret, "[removed]"), text);
}
