/**
 * What the package does wherever it runs. This module knows no environment: the tests bring it to each of them, beside
 * the package, and look at the list it gives.
 *
 * Import it before the package: it watches what importing the package does.
 */

import { check, equal, rejected, same } from "./contract/expect.mjs";
import { run } from "./contract/run.mjs";
import { watch } from "./contract/watch.mjs";

const GREETING = "Grüße, 世界 👩‍🔬!";
const CHUNKINGS = ["event", "1", "7", "1024", "65536"];

/** @type {import("./contract/run.mjs").Check[]} */
const CHECKS = [
  [
    "importing has no effect",
    ({ seen }) => equal(seen, { requests: 0, timers: 0, compilations: 0, globals: [] }, "what importing did"),
  ],
  [
    "making a client has no effect",
    async ({ client }) => {
      watch.start();
      const made = client();
      check(typeof made.then !== "function", "the client is there at once");
      check(typeof made.responses.create === "function", "the client can be asked");
      // Whatever it may have put off has had its turn by then.
      await new Promise((resolve) => watch.untouched.setTimeout(resolve, 20));
      equal(watch.stop(), { requests: 0, timers: 0, compilations: 0, globals: [] }, "what making a client did");
    },
  ],
  [
    "the wasm loads when it is needed, or ahead where the entry carries none",
    async ({ entry, source, client }) => {
      if (source) await entry.init(source());
      equal((await client().responses.create({ model: "sandbox/echo", input: GREETING })).output_text, GREETING);
      // Once more does no harm.
      await entry.init();
    },
  ],
  [
    "a response comes in one piece",
    async ({ client, server }) => {
      const run = server.newRun();
      const body = { model: "sandbox/echo", input: GREETING };
      const response = await client().responses.create(body, { query: { run } });
      equal(response.object, "response");
      equal(response.status, "completed");
      equal(response.output_text, GREETING);
      equal(response.output[0].content[0].text, GREETING);
      check(response._request_id, "the response has the id of its request");
      const report = await server.report(run);
      equal(report.requests, 1);
      equal(report.body, body, "what the server was asked");
      equal(report.headers.authorization_scheme, "Bearer");
    },
  ],
  ...CHUNKINGS.map((chunk) => [
    `a stream arrives whole when it is cut into chunks of ${chunk === "event" ? "one event" : `${chunk} bytes`}`,
    async ({ client }) => {
      const options = { query: { chunk } };
      const stream = await client().responses.create({ model: "sandbox/echo", input: GREETING, stream: true }, options);
      const events = await all(stream);
      equal(events[0].type, "response.created");
      equal(events.at(-1).type, "response.completed");
      same(
        events.map((event) => event.sequence_number),
        events.map((_, place) => place),
      );
      equal(textOf(events), GREETING);
    },
  ]),
  ...["event", "997", "65536"].map((chunk) => [
    `a long stream arrives whole when it is cut into chunks of ${chunk === "event" ? "one event" : `${chunk} bytes`}`,
    async ({ client, server }) => {
      const options = { query: { chunk } };
      const stream = client().responses.stream({ model: "sandbox/story", input: "Tell." }, options);
      same(textOf(await all(stream)), await server.story());
    },
  ]),
  [
    "textStream gives the text and nothing else",
    async ({ client, server }) => {
      const stream = client().responses.stream({ model: "sandbox/story", input: "Tell." });
      const pieces = await all(stream.textStream);
      check(pieces.length > 100, "the text arrives in pieces");
      same(pieces.join(""), await server.story());
    },
  ],
  [
    "finalResponse gives the whole response",
    async ({ client, server }) => {
      const stream = client().responses.stream({ model: "sandbox/story", input: "Tell." });
      const response = await stream.finalResponse();
      equal(response.status, "completed");
      same(response.output_text, await server.story());
      check(response.usage.total_tokens > 0, "the response says what it took");
      check(response._request_id, "the response has the id of its request");
      same(await stream.finalText(), await server.story());
    },
  ],
  [
    "a wrong key is an AuthenticationError",
    async ({ entry, client }) => {
      const wrong = client({ apiKey: () => "wrong" });
      const asked = { model: "sandbox/echo", input: "?" };
      for (const call of [
        () => wrong.responses.create(asked),
        () => wrong.responses.create({ ...asked, stream: true }),
        () => all(wrong.responses.stream(asked)),
        () => wrong.responses.stream(asked).finalResponse(),
        () => wrong.models.list(),
      ]) {
        const error = await rejected(call());
        check(error instanceof entry.AuthenticationError, `it is an AuthenticationError, not ${error}`);
        equal(error.name, "AuthenticationError");
        equal(error.status, 401);
        equal(error.code, "invalid_api_key");
        check(/^req_\w+$/.test(error.requestID), `the error has the id of its request, not ${error.requestID}`);
        check(/API key is not valid/.test(error.message), `the server's words are in the message: ${error.message}`);
        check(!/wrong/.test(error.message), "the key is not in the message");
        equal(error.retryable, false);
      }
    },
  ],
  [
    "a redirect is not followed",
    async ({ entry, client }) => {
      for (const call of [
        () => client().responses.create({ model: "sandbox/echo", input: "?" }, { query: { body: "redirect" } }),
        () => all(client().responses.stream({ model: "sandbox/echo", input: "?" }, { query: { body: "redirect" } })),
      ]) {
        const error = await rejected(call());
        check(error instanceof entry.ProtocolError, `it is a ProtocolError, not ${error}`);
        equal(error.code, "redirected");
      }
    },
  ],
  [
    "errors are known by all the classes above them",
    async ({ entry, client }) => {
      const { OpenResponses } = entry;
      const error = await rejected(
        client({ maxRetries: 0 }).responses.create({ model: "sandbox/error-503", input: "?" }),
      );
      for (const name of ["ServiceUnavailableError", "InternalServerError", "APIError", "OpenResponsesError"]) {
        check(error instanceof entry[name], `it is of ${name}`);
        check(OpenResponses[name] === entry[name], `${name} is a static of the client's class`);
      }
      check(error instanceof Error, "it is an Error");
      check(!(error instanceof entry.BadGatewayError), "it is of no class beside its own");
      check(!(new Error("another") instanceof entry.OpenResponsesError), "another error is none of the package's");
    },
  ],
  [
    "aborting in the middle of a stream closes the connection",
    async ({ entry, client, server, endless }) => {
      const run = server.newRun();
      const stream = client().responses.stream(
        { model: "sandbox/story", input: "Tell." },
        { query: { run, ...endless } },
      );
      const reason = new Error("changed my mind");
      let events = 0;
      const error = await rejected(
        (async () => {
          for await (const _ of stream) {
            events += 1;
            if (events === 10) stream.abort(reason);
          }
        })(),
      );
      check(error instanceof entry.APIUserAbortError, `the loop throws an APIUserAbortError, not ${error}`);
      check(error.cause === reason, "the reason is the error's cause");
      check(events >= 10, "the events before were seen");
      equal(await server.endOf(run), "closed_by_client");
    },
  ],
  [
    "a signal ends a stream that waits, and closes the connection",
    async ({ entry, client, server, endless }) => {
      const run = server.newRun();
      const aborter = new AbortController();
      const stream = await client().responses.create(
        { model: "sandbox/story", input: "Tell.", stream: true },
        { query: { run, ...endless }, signal: aborter.signal },
      );
      setTimeout(() => aborter.abort(), 100);
      const error = await rejected(all(stream));
      check(error instanceof entry.APIUserAbortError, `the loop throws an APIUserAbortError, not ${error}`);
      equal(await server.endOf(run), "closed_by_client");
    },
  ],
  [
    "a signal ends a call that has not been answered",
    async ({ entry, client, server }) => {
      const run = server.newRun();
      const aborter = new AbortController();
      const call = client().responses.create(
        { model: "sandbox/echo", input: "?" },
        { query: { run, head_delay: "60000" }, signal: aborter.signal },
      );
      server.hasBegun(run).then(() => aborter.abort());
      const error = await rejected(call);
      check(error instanceof entry.APIUserAbortError, `it rejects with an APIUserAbortError, not ${error}`);
      equal(await server.endOf(run), "closed_by_client");
    },
  ],
  [
    "leaving the loop closes the connection",
    async ({ client, server, endless }) => {
      for (const kind of ["events", "textStream", "batches"]) {
        const run = server.newRun();
        const stream = client().responses.stream(
          { model: "sandbox/story", input: "Tell." },
          { query: { run, ...endless } },
        );
        const loop = { events: stream, textStream: stream.textStream, batches: stream.batches() }[kind];
        for await (const _ of loop) break;
        equal(await server.endOf(run), "closed_by_client", kind);
      }
    },
  ],
  [
    "two clients do not disturb each other",
    async ({ client, server }) => {
      const first = client();
      const second = client({ defaultHeaders: { "x-second": "yes" } });
      const runs = [server.newRun(), server.newRun()];
      const [story, echo] = await Promise.all([
        first.responses.stream({ model: "sandbox/story", input: "Tell." }, { query: { run: runs[0] } }).finalText(),
        second.responses.stream({ model: "sandbox/echo", input: GREETING }, { query: { run: runs[1] } }).finalText(),
      ]);
      same(story, await server.story());
      equal(echo, GREETING);
      const sent = await Promise.all(runs.map(async (run) => (await server.report(run)).headers.names));
      equal(
        sent.map((names) => names.includes("x-second")),
        [false, true],
      );
    },
  ],
  [
    "a request that failed for a moment is sent again",
    async ({ client, server }) => {
      const run = server.newRun();
      const response = await client().responses.create({ model: "sandbox/flaky", input: GREETING }, { query: { run } });
      equal(response.output_text, GREETING);
      equal((await server.report(run)).requests, 2);
    },
  ],
  [
    "the models are listed",
    async ({ client }) => {
      const list = await client().models.list();
      const ids = list.data.map((model) => model.id);
      check(ids.includes("sandbox/echo") && ids.includes("sandbox/story"), `the sandbox's are among ${ids}`);
      equal((await client().models.retrieve("sandbox/echo")).id, "sandbox/echo");
    },
  ],
  [
    "no error is left behind that nobody caught",
    async () => {
      await pause(200);
      equal(watch.uncaught, []);
    },
  ],
];

/** The names of the checks, in their order: a list of results with others is not the contract's. */
export const names = CHECKS.map(([name]) => name);

/** Runs all checks. @param {import("./contract/run.mjs").Where} where */
export const contract = (where) => run(CHECKS, where);

async function all(iterable) {
  const items = [];
  for await (const item of iterable) items.push(item);
  return items;
}

function textOf(events) {
  return events.map((event) => (event.type === "response.output_text.delta" ? event.delta : "")).join("");
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
