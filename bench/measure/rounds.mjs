import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Consumer, charactersOf } from "../given.mjs";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

/** A sample is at least that much CPU time, in milliseconds, by as many runs as that takes. */
const SAMPLE_MS = 12;

/**
 * What is measured: a contestant on a workload.
 * @typedef {object} Entry
 * @property {string} name
 * @property {(take: (given: any) => void) => Promise<void>} run
 * @property {number} characters that it must give
 */

/**
 * @param {import("../contestants/index.mjs").Contestant} contestant
 * @param {import("../workloads/index.mjs").Workload} work
 * @returns {Entry}
 */
export function entry(contestant, work, fetch, name = contestant.name) {
  const run = contestant.prepare({ fetch, payloads: work.payloads });
  return { name, run, characters: charactersOf(contestant, work) };
}

/**
 * Measures entries, interleaved round by round, until each has its rounds or its time is gone.
 *
 * A sample is the CPU time of the whole process, since collecting garbage and compiling in the background are costs too, after
 * a collection of the young generation. A full one would throw the compiled code away.
 * @param {Entry[]} entries
 * @param {{ rounds: number, seconds: number }} effort `seconds`: of CPU time for each entry, once there are two rounds
 * @returns {Promise<Samples>}
 */
export async function measure(entries, { rounds, seconds }) {
  collect();
  const runners = entries.map((entry) => new Runner(entry));
  for (const runner of runners) await runner.warmUp();
  const samples = new Samples();
  for (let round = 0; round < rounds; round += 1) {
    for (let place = 0; place < runners.length; place += 1) {
      // Nobody always comes behind the same one.
      const runner = runners[(place + round) % runners.length];
      if (round > 1 && runner.spent > seconds * 1000) continue;
      samples.add(runner.name, round, await runner.sample());
    }
  }
  return samples;
}

class Runner {
  name;
  /** CPU milliseconds so far. */
  spent = 0;
  #run;
  #characters;
  #repeats = 1;

  constructor({ name, run, characters }) {
    this.name = name;
    this.#run = run;
    this.#characters = characters;
  }

  /** Lets the code be compiled, and finds out how many runs a sample takes. */
  async warmUp() {
    let once = await this.sample();
    for (let run = 0; run < 20 && this.spent < 250; run += 1) once = Math.min(once, await this.sample());
    this.#repeats = Math.max(1, Math.ceil(SAMPLE_MS / once));
    this.spent = 0;
  }

  /** CPU milliseconds of one run. */
  async sample() {
    const consumer = new Consumer();
    collect({ type: "minor" });
    const before = process.cpuUsage();
    for (let run = 0; run < this.#repeats; run += 1) await this.#run(consumer.take);
    const { user, system } = process.cpuUsage(before);
    if (consumer.characters !== this.#repeats * this.#characters) throw new Error(`${this.name} has lost characters.`);
    const time = (user + system) / 1000;
    this.spent += time;
    return time / this.#repeats;
  }
}

/** CPU milliseconds by contestant and round. */
export class Samples {
  /** @type {Map<string, number[]>} */
  #rounds = new Map();

  add(name, round, time) {
    const times = this.#rounds.get(name) ?? [];
    times[round] = time;
    this.#rounds.set(name, times);
  }

  /** The 20th percentile of a contestant's times. */
  time(name) {
    return percentile(this.#times(name), 0.2);
  }

  /** How often a contestant was measured. */
  count(name) {
    return this.#times(name).length;
  }

  /** What one costs by the other: by the medians of the rounds, and by the 20th percentiles. */
  ratio(name, other) {
    const others = this.#rounds.get(other) ?? [];
    const both = (this.#rounds.get(name) ?? []).flatMap((time, round) => (round in others ? time / others[round] : []));
    if (both.length === 0) return undefined;
    return { median: percentile(both, 0.5), low: this.time(name) / this.time(other) };
  }

  /** What one costs by the other, both above what `base` costs; nothing where that drowns in the noise. */
  excess(name, other, base) {
    const above = (who, share) => percentile(this.#times(who), share) - percentile(this.#times(base), share);
    const shares = [0.2, 0.5];
    if (shares.some((share) => above(name, share) <= 0 || above(other, share) <= 0)) return undefined;
    const [low, median] = shares.map((share) => above(name, share) / above(other, share));
    return { median, low };
  }

  #times(name) {
    return Object.values(this.#rounds.get(name) ?? []);
  }
}

/** @param {number[]} values @param {number} share from 0 to 1 */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}
