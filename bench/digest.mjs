import { createHash } from "node:crypto";
import { DELIVERIES } from "./delivery.mjs";
import { streamingFetch } from "./fake-fetch.mjs";
import { lackOf, pieceOf } from "./given.mjs";

/**
 * Runs every contestant over every workload in every delivery, and compares what it gives with what the workload is made of.
 * Nobody's time counts before this holds.
 * @returns {Promise<string[]>} what does not hold, with the contestant's name
 */
export async function check(contestants, workloads) {
  const failures = [];
  for (const work of workloads) {
    for (const [delivery, cut] of Object.entries(DELIVERIES)) {
      const source = { fetch: streamingFetch(cut(work.frames)), payloads: work.payloads };
      for (const contestant of contestants) {
        const failure = await failureOf(contestant, work, source);
        if (failure) failures.push(`${contestant.name}, ${work.name}, ${delivery}: ${failure}`);
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
      ? digest(given) === digest(work.events)
      : given.join("") === work.events.map(pieceOf(contestant.gives)).join("");
  const lack = lackOf(contestant, work.name);
  if (lack) return isRight ? `it is all there, though it is said that ${lack}` : undefined;
  return isRight ? undefined : `it gave something else (${given.length} pieces)`;
}

/** Over JSON with its keys sorted: key order is no part of what is compared. */
function digest(events) {
  const hash = createHash("sha256");
  for (const event of events) hash.update(`${canonical(event)}\n`);
  return hash.digest("hex");
}

function canonical(value) {
  return JSON.stringify(value, (_, inner) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.keys(inner).sort().map((key) => [key, inner[key]]))
      : inner,
  );
}
