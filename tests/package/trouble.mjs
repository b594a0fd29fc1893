/**
 * What goes wrong, and what the package makes of it, in environments whose `fetch`, bodies and sockets are their own. Told as
 * the contract is; a `fetch` of one's own and the platform's both have their turn.
 */

import { badAnswers, wrongOutcomes } from "./contract/bad-answers.mjs";
import { check, equal, rejected } from "./contract/expect.mjs";
import { run } from "./contract/run.mjs";

const TEXT = "one two three four five six seven eight nine ten eleven twelve";
const ECHO = { model: "sandbox/echo", input: TEXT };

/** The bytes behind which a connection breaks: some events have come then, and most have not. */
const BYTES = "1500";

/** @type {import("./contract/run.mjs").Check[]} */
const CHECKS = [
  ...Object.keys(badAnswers()).map((name) => [
    name,
    async ({ entry, options }) => {
      class OpenResponses extends entry.OpenResponses {
        constructor(own) {
          super({ ...own, ...options });
        }
      }
      const wrong = [];
      for (const one of badAnswers()[name]) wrong.push(...(await wrongOutcomes({ ...entry, OpenResponses }, one)));
      equal(wrong, [], "what came out wrong");
    },
  ]),
  [
    "a signal that is aborted already ends the call before anything is sent",
    async ({ entry, client }) => {
      let requests = 0;
      const fetch = () => {
        requests += 1;
      };
      const signal = AbortSignal.abort("before");
      const { responses, models } = client({ fetch });
      for (const call of [
        () => responses.create(ECHO, { signal }),
        () => responses.create({ ...ECHO, stream: true }, { signal }),
        () => responses.stream(ECHO, { signal }).finalResponse(),
        () => responses.stream(ECHO, { signal })[Symbol.asyncIterator]().next(),
        () => models.list({ signal }),
      ]) {
        const error = await rejected(call());
        check(error instanceof entry.APIUserAbortError, `it is an APIUserAbortError, not ${error}`);
        equal(error.cause, "before");
      }
      equal(requests, 0);
    },
  ],
  [
    "a stream whose connection breaks goes on, as often as it breaks, and nothing is lost or told twice",
    async ({ client, server }) => {
      const query = { run: server.newRun(), reset: BYTES };
      const stream = client().responses.stream({ ...ECHO, background: true }, { query });
      const [events, resumed] = [[], []];
      stream.on("resumed", (how) => resumed.push(how));
      for await (const event of stream) events.push(event);
      equal(
        events.map((event) => event.sequence_number),
        events.map((_, place) => place),
      );
      equal((await stream.finalResponse()).output_text, TEXT);
      check(resumed.length > 0 && resumed.every(({ polled }) => !polled), "it was gone on with");
    },
  ],
  [
    "a stream whose connection breaks is truncated where the server does not keep it, and what came is in the error",
    async ({ entry, client }) => {
      const stream = client().responses.stream(ECHO, { query: { reset: BYTES } });
      const error = await rejected(stream.finalResponse());
      check(error instanceof entry.StreamTruncatedError, `it is a StreamTruncatedError, not ${error}`);
      check(TEXT.startsWith(error.partial.output_text), `what came is in partial: ${error.partial.output_text}`);
    },
  ],
  [
    "an answer of JSON that breaks is asked for once",
    async ({ client, server }) => {
      const query = { run: server.newRun(), reset: "100" };
      const error = await rejected(client().responses.create(ECHO, { query }));
      equal([error.name, error.code], ["APIConnectionError", "body_interrupted"]);
      equal((await server.report(query.run)).requests, 1);
    },
  ],
];

/** The names of the checks, in their order. */
export const names = CHECKS.map(([name]) => name);

/** Runs all checks. @param {import("./contract/run.mjs").Where} where */
export const trouble = (where) => run(CHECKS, where);
