import { createHash } from "node:crypto";
import { DELIVERIES } from "./delivery.mjs";
import { streamingFetch } from "./fake-fetch.mjs";
import { pieceOf } from "./given.mjs";
import { NAMES, sizeFor, workload } from "./workloads/index.mjs";

/**
 * Runs every contestant over every workload in every delivery, and compares what it gives with what the workload is made of.
 * Nobody's time counts before this holds.
 * @param {"small" | undefined} size
 * @returns {Promise<string[]>} what does not hold, with the contestant's name
 */
export async function check(contestants, size) {
  const failures = [];
  for (const name of NAMES) {
    for (const [delivery, cut] of Object.entries(DELIVERIES)) {
      const work = workload(name, size ?? sizeFor(name, delivery));
      const source = { fetch: streamingFetch(cut(work.frames)), payloads: work.payloads };
      for (const contestant of contestants) {
        const failure = await failureOf(contestant, work, source);
        if (failure) failures.push(`${contestant.name}, ${name}, ${delivery}: ${failure}`);
      }
    }
  }
  return failures;
}

async function failureOf(contestant, work, source) {
  if (contestant.gives === "nothing") return undefined;
  const given = [];
  try {
    await contestant.prepare(source)((piece) => given.push(piece));
  } catch (error) {
    return `it threw ${error?.stack ?? error}`;
  }
  const isRight =
    contestant.gives === "events"
      ? digest(given, contestant.reorders) === digest(work.events, contestant.reorders)
      : given.join("") === work.events.map(pieceOf(contestant.gives)).join("");
  const lack = contestant.lacks?.[work.name];
  if (lack) return isRight ? `it is all there, though it is said that ${lack}` : undefined;
  return isRight ? undefined : `it gave something else (${given.length} pieces)`;
}

/** Over the events' JSON, in which the order of keys counts, unless it is known to change. */
function digest(events, sorted = false) {
  const hash = createHash("sha256");
  for (const event of events) hash.update(`${JSON.stringify(event, sorted ? sortKeys : undefined)}\n`);
  return hash.digest("hex");
}

function sortKeys(_, value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
