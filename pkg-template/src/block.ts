import type { Memory } from "./memory.js";
import type { ResponseStreamEvent } from "./protocol.js";

/** The events of one chunk of the network, in order. */
export type Batch = readonly ResponseStreamEvent[];

/** What has arrived. It must be read once, by `events()`, `skim()` or `texts()`. */
export type Block = Pick<
  BlockReader,
  "length" | "heartbeats" | "deviations" | "timesResumed" | "events" | "skim" | "texts"
>;

/** Who takes events, and of deltas only where they lie in the wasm. */
export interface Watcher {
  take(event: ResponseStreamEvent): void;
  /** A delta like the sample, but for what it says: that stands in the block's text between two places, in UTF-16 code units. */
  takeDelta(sample: object, from: number, to: number): void;
}

/** A delta, as far as it is written to. */
type Delta = { type: string; delta: string; obfuscation?: string; sequence_number?: number };

/** What the deltas of a text look like. */
interface Sample {
  readonly event: Delta;
  readonly hasObfuscation: boolean;
  readonly hasNumber: boolean;
  /** The members that are empty arrays, and those that are empty objects: each event gets its own. */
  readonly arrays: readonly string[];
  readonly objects: readonly string[];
}

// In the columns: see `Block` of the Rust core.
const JSON_EVENT = 0x100;
const REPETITIONS = 0x101;
const SAMPLE = 0x200;

/** A string that a stream tells again: which one it is, and the names and indexes that lead to it in an event. */
type Repetition = [string: number, ...path: string[]];

/**
 * Reads the block of a call, which holds the events of one chunk: see `EventBlock` and the Rust core's `Block`. Each block
 * must be read once, by `events()`, `skim()` or `texts()`, since later ones build on it.
 */
export class BlockReader {
  readonly #memory: Memory;
  readonly #address: number;
  readonly #samples: Sample[] = [];
  readonly #strings: unknown[] = [];

  constructor(memory: Memory, address: number) {
    this.#memory = memory;
    this.#address = address >>> 2;
  }

  /** How many events there are. */
  get length(): number {
    return this.#word(7);
  }

  /** How many comments the server sent. */
  get heartbeats(): number {
    return this.#word(8);
  }

  /** How many deviations there are by now. */
  get deviations(): number {
    return this.#word(9);
  }

  /** How often the stream has been gone on with by now. */
  get timesResumed(): number {
    return this.#word(10);
  }

  events(watchers: readonly Watcher[] = []): Batch {
    return this.#each(itself, eventOf, this.#text(), watchers);
  }

  /** For the watchers alone: no delta is built. Whether there is output text. */
  skim(watchers: readonly Watcher[]): boolean {
    return this.#each(textOf, textOfDelta, "", watchers).length > 0;
  }

  /** The deltas of the output text alone: no event is built. */
  texts(): string[] {
    return this.#each(textOf, textOfDelta, this.#text(), []);
  }

  /** What is made of the events that are there as JSON, and of the deltas. The functions are not made anew for each chunk. */
  #each<T>(
    ofEvent: (event: ResponseStreamEvent) => T | undefined,
    ofDelta: (sample: Sample, delta: string, obfuscation: string, number: number) => T | undefined,
    text: string,
    watchers: readonly Watcher[],
  ): T[] {
    const memory = this.#memory;
    let { words } = memory;
    const at = this.#address;
    const jsonLength = words[at + 5] as number;
    const json = jsonLength > 0 ? JSON.parse(memory.decoded(words[at + 4] as number, jsonLength)) : [];
    const all: T[] = [];
    let element = 0;
    let offset = 0;
    let column = (words[at] as number) >>> 2;
    const end = column + (words[at + 1] as number);
    while (column < end) {
      const kind = words[column] as number;
      let one: T | undefined;
      if (kind === JSON_EVENT) {
        const event = json[element++];
        for (let which = 0; which < watchers.length; which++) (watchers[which] as Watcher).take(event);
        one = ofEvent(event);
        column += 1;
      } else if (kind === REPETITIONS) {
        const repetitions: Repetition[] = json[element++];
        for (const repetition of repetitions) this.#repeat(repetition, json[element]);
        column += 1;
      } else if (kind >= SAMPLE) {
        this.#samples[kind - SAMPLE] = sampleOf(json[element - 1]);
        column += 1;
      } else {
        const middle = offset + (words[column + 1] as number);
        const stop = middle + (words[column + 2] as number);
        const sample = this.#samples[kind] as Sample;
        const number = words[column + 3] as number;
        one = ofDelta(sample, text.slice(offset, middle), text.slice(middle, stop), number);
        for (let which = 0; which < watchers.length; which++) {
          (watchers[which] as Watcher).takeDelta(sample.event, offset, middle);
        }
        offset = stop;
        column += 4;
      }
      if (one !== undefined) all.push(one);
      // They call the wasm, whose memory may move.
      words = memory.words;
    }
    return all;
  }

  /** Puts a string that was told before into an event, or takes it from there. */
  #repeat([string, ...path]: Repetition, event: Record<string, unknown>): void {
    const last = path.pop() as string;
    let place = event;
    for (const name of path) place = place[name] as Record<string, unknown>;
    if (string < 0) this.#strings[~string] = place[last];
    else place[last] = this.#strings[string];
  }

  /** The strings of all deltas, and perhaps something behind them. */
  #text(): string {
    const { words } = this.#memory;
    const at = this.#address;
    return this.#memory.text(words[at + 2] as number, words[at + 3] as number, words[at + 6] === 1);
  }

  #word(index: number): number {
    return this.#memory.words[this.#address + index] as number;
  }
}

const TEXT_DELTA = "response.output_text.delta";

function itself(event: ResponseStreamEvent): ResponseStreamEvent {
  return event;
}

function eventOf(sample: Sample, delta: string, obfuscation: string, number: number): ResponseStreamEvent {
  const event: Delta & Record<string, unknown> = { ...sample.event };
  event.delta = delta;
  if (sample.hasObfuscation) event.obfuscation = obfuscation;
  if (sample.hasNumber) event.sequence_number = number;
  const { arrays, objects } = sample;
  for (let at = 0; at < arrays.length; at++) event[arrays[at] as string] = [];
  for (let at = 0; at < objects.length; at++) event[objects[at] as string] = {};
  return event as unknown as ResponseStreamEvent;
}

/** A server may send anything in the place of a text, or nothing. */
export function textOf(event: ResponseStreamEvent): string | undefined {
  return event.type === TEXT_DELTA && typeof event.delta === "string" ? event.delta : undefined;
}

function textOfDelta({ event }: Sample, delta: string): string | undefined {
  return event.type === TEXT_DELTA ? delta : undefined;
}

/** A copy: the event goes to the caller, who may change it. */
function sampleOf(event: Delta): Sample {
  const arrays: string[] = [];
  const objects: string[] = [];
  for (const [key, value] of Object.entries(event)) {
    if (typeof value === "object" && value !== null) (Array.isArray(value) ? arrays : objects).push(key);
  }
  return {
    event: { ...event },
    hasObfuscation: "obfuscation" in event,
    hasNumber: "sequence_number" in event,
    arrays,
    objects,
  };
}
