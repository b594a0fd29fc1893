// @ts-check
/** The models whose answer is an HTTP error. */

import { lastUserText } from "../context.mjs";
import { STATUS_ERRORS, statusError } from "../errors.mjs";
import { echo } from "./text.mjs";

/** @typedef {import("./index.mjs").Model} Model */

/**
 * One model for each status with an error of its own: `sandbox/error-429` and so on.
 * @type {Record<string, Model>}
 */
export const errorModels = Object.fromEntries(
  Object.keys(STATUS_ERRORS).map((status) => [
    `sandbox/error-${status}`,
    {
      description: `Answers with HTTP status ${status}.`,
      answer: () => {
        throw statusError(Number(status));
      },
    },
  ]),
);

/** @type {Model} */
export const flaky = {
  description: "Fails with HTTP status 503 once, or as often as the fault 'fail' says, and then echoes.",
  answer: (turn) => {
    const { run, fail = 1 } = turn.faults;
    // Without a run the same question counts as the same attempt, so that a retry succeeds.
    const key = run === undefined ? `text ${lastUserText(turn.items)}` : `run ${run}`;
    if (turn.attempts.next(key) <= fail) throw statusError(503);
    // Asked again after its answer, a question is a new one; a run fails no more.
    if (run === undefined) turn.attempts.forget(key);
    return echo.answer(turn);
  },
};
