import * as entry from "../../pkg/dist/index.js";
import { jsMin } from "../contestants/js-min.mjs";
import { openaiCreate } from "../contestants/openai.mjs";
import { ours } from "../contestants/ours.mjs";
import { DELIVERIES } from "../delivery.mjs";
import { streamingFetch } from "../fake-fetch.mjs";
import { Consumer, charactersOf } from "../given.mjs";
import { workload } from "../workloads/index.mjs";

const contestants = [ours(entry)[0], jsMin, openaiCreate];

/** In a page there is no CPU time to be had: wall milliseconds by contestant, round by round. */
globalThis.measure = async (name, delivery, rounds) => {
  const work = workload(name);
  const source = { fetch: streamingFetch(DELIVERIES[delivery](work.frames)), payloads: work.payloads };
  const runs = contestants.map((contestant) => ({ contestant, run: contestant.prepare(source), times: [] }));
  for (let round = -2; round < rounds; round += 1) {
    for (const { contestant, run, times } of runs) {
      const consumer = new Consumer();
      const begin = performance.now();
      await run(consumer.take);
      const time = performance.now() - begin;
      if (consumer.characters !== charactersOf(contestant, work))
        throw new Error(`${contestant.name} lost characters.`);
      // The first rounds let the code be compiled.
      if (round >= 0) times.push(time);
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  return Object.fromEntries(runs.map(({ contestant, times }) => [contestant.name, times]));
};
