import type { Fetch } from "../options.js";
import { expect, expectNames } from "./arguments.js";
import { bodyOf, RESET, type Step } from "./body.js";
import { bytesOf } from "./chunk.js";
import type { Fixture } from "./fixture.js";

/** A request that a player was asked. */
export interface PlayedRequest {
  url: string;
  method: string;
  /** By their names in lower case. */
  headers: Record<string, string>;
  body: string | undefined;
  signal: AbortSignal | undefined;
}

/** How a fixture is played. */
export interface Pace {
  /** Cuts the body into chunks of so many bytes; `Infinity` for one. Default: as recorded. */
  chunkBytes?: number | undefined;
  /** Milliseconds before each chunk, or those of the recording, as long as the chunks are its own. Default: none. */
  delay?: number | "recorded" | undefined;
}

const PACE: readonly (keyof Pace)[] = ["chunkBytes", "delay"];

/** A fixture, or what makes an answer to the request; `index` counts the requests from 0. */
export type Answer =
  | Fixture
  | ((request: PlayedRequest, index: number) => Fixture | Response | Promise<Fixture | Response>);

/** A `fetch` without a network. */
export interface Player extends Fetch {
  /** What it was asked, in order. */
  readonly requests: readonly PlayedRequest[];
}

/**
 * A `fetch` that answers with fixtures. Each is played once, to the first request of its method and path that comes; a
 * function answers whatever no fixture before it does, as often as it is asked. For a request without an answer the promise
 * rejects, as without a network.
 *
 * @throws TypeError for what is no answer, and for a pace that is none.
 */
export function play(answers: Answer | readonly Answer[], pace: Pace = {}): Player {
  const left: Answer[] = Array.isArray(answers) ? [...answers] : [answers as Answer];
  for (const answer of left) {
    expect(
      typeof answer === "function" || isFixture(answer),
      "play() answers with a fixture, as streamFixture(), jsonFixture() and record() make them, with a function, or with a list of them.",
    );
  }
  checkPace("play()", pace);
  const requests: PlayedRequest[] = [];
  const fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const request = requestOf(url, init);
    requests.push(request);
    const { method, signal } = request;
    signal?.throwIfAborted();
    const path = pathOf(url);
    const place = left.findIndex(
      (answer) =>
        typeof answer === "function" ||
        !answer.request ||
        (answer.request.method === method && answer.request.path === path),
    );
    const answer = left[place];
    if (!answer) throw new TypeError(`There is no fixture left for ${method} ${path}.`);
    if (typeof answer !== "function") {
      left.splice(place, 1);
      return respond(answer, pace, signal);
    }
    const given = await answer(request, requests.length - 1);
    if (isFixture(given)) return respond(given, pace, signal);
    expect(
      typeof (given as Response | undefined)?.status === "number",
      "A function that answers must return a fixture or a Response, or a promise of one.",
    );
    return given;
  };
  return Object.assign(fetch, { requests });
}

/** The answer of a fixture, for a `fetch` of one's own. */
export function respond(fixture: Fixture, pace: Pace = {}, signal?: AbortSignal): Response {
  expect(isFixture(fixture), "respond() takes a fixture, as streamFixture(), jsonFixture() and record() make them.");
  checkPace("respond()", pace);
  const { status, headers } = fixture;
  const hasBody = ![204, 205, 304].includes(status);
  return new Response(hasBody ? bodyOf(stepsOf(fixture, pace), signal) : null, { status, headers });
}

function isFixture(answer: unknown): answer is Fixture {
  return Array.isArray((answer as Fixture | undefined)?.chunks);
}

function checkPace(whose: string, pace: Pace): void {
  expectNames(whose, pace, PACE);
  const { chunkBytes = 1 } = pace;
  expect(chunkBytes >= 1, "The option chunkBytes must be a number from 1, or Infinity.");
}

function* stepsOf({ chunks, reset }: Fixture, { chunkBytes, delay = 0 }: Pace): Generator<Step> {
  const pieces = chunkBytes === undefined ? chunks : split(chunks.map(bytesOf), chunkBytes);
  for (const piece of pieces) {
    const recorded = (typeof piece === "object" && "delay" in piece && piece.delay) || 0;
    yield delay === "recorded" ? recorded : delay;
    yield piece instanceof Uint8Array ? piece : bytesOf(piece);
  }
  if (reset) yield RESET;
}

function* split(chunks: readonly Uint8Array[], length: number): Generator<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let end = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, end);
    end += chunk.length;
  }
  for (let at = 0; at < end; at += length) yield bytes.slice(at, at + length);
}

function requestOf(url: string, init: RequestInit): PlayedRequest {
  return {
    url,
    method: init.method ?? "GET",
    headers: Object.fromEntries(new Headers(init.headers)),
    body: typeof init.body === "string" ? init.body : undefined,
    signal: init.signal ?? undefined,
  };
}

/** A relative URL is one of a page. */
export function pathOf(url: string): string {
  const { pathname, search } = new URL(url, "http://page.invalid");
  return pathname + search;
}
