import type { ResponseStreamEvent } from "./protocol.js";
import { isShort, shortText } from "./short-text.js";

/** The events of one chunk of the network, in order. */
export type Batch = readonly ResponseStreamEvent[];

/** What has arrived. It must be read once, by `events()` or by `texts()`. */
export type Block = Pick<BlockReader, "length" | "heartbeats" | "deviations" | "timesResumed" | "events" | "texts">;

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
const SAMPLE = 0x200;

const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Reads the block of a call, which holds the events of one chunk: see `EventBlock` and the Rust core's `Block`. Each block
 * must be read once, by `events()` or by `texts()`, since later ones build on it.
 */
export class BlockReader {
  readonly #memory: WebAssembly.Memory;
  readonly #address: number;
  #words: Uint32Array = new Uint32Array(0);
  #bytes: Uint8Array = new Uint8Array(0);
  readonly #samples: Sample[] = [];

  constructor(memory: WebAssembly.Memory, address: number) {
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

  events(): Batch {
    return this.#each(itself, eventOf);
  }

  /** The deltas of the output text alone: no event is built. */
  texts(): string[] {
    return this.#each(textOf, textOfDelta);
  }

  /** What is made of the events that are there as JSON, and of the deltas. The functions are not made anew for each chunk. */
  #each<T>(
    ofEvent: (event: ResponseStreamEvent) => T | undefined,
    ofDelta: (sample: Sample, delta: string, obfuscation: string, number: number) => T | undefined,
  ): T[] {
    this.#refresh();
    const words = this.#words;
    const at = this.#address;
    const jsonLength = words[at + 5] as number;
    const json = jsonLength > 0 ? JSON.parse(this.#decoded(words[at + 4] as number, jsonLength)) : [];
    const text = this.#text(words[at + 2] as number, words[at + 3] as number, words[at + 6] === 1);
    const all: T[] = [];
    let element = 0;
    let offset = 0;
    let column = (words[at] as number) >>> 2;
    const end = column + (words[at + 1] as number);
    while (column < end) {
      const kind = words[column] as number;
      let one: T | undefined;
      if (kind === JSON_EVENT) {
        one = ofEvent(json[element++]);
        column += 1;
      } else if (kind >= SAMPLE) {
        this.#samples[kind - SAMPLE] = sampleOf(json[element - 1]);
        column += 1;
      } else {
        const middle = offset + (words[column + 1] as number);
        const stop = middle + (words[column + 2] as number);
        one = ofDelta(
          this.#samples[kind] as Sample,
          text.slice(offset, middle),
          text.slice(middle, stop),
          words[column + 3] as number,
        );
        offset = stop;
        column += 4;
      }
      if (one !== undefined) all.push(one);
    }
    return all;
  }

  /** The text there, and perhaps something behind it. */
  #text(address: number, length: number, isASCII: boolean): string {
    return isShort(length, isASCII) ? shortText(this.#bytes, address, length, isASCII) : this.#decoded(address, length);
  }

  #decoded(address: number, length: number): string {
    return decoder.decode(this.#bytes.subarray(address, address + length));
  }

  #word(index: number): number {
    this.#refresh();
    return this.#words[this.#address + index] as number;
  }

  /** The memory moves when it grows, and leaves views of no length behind: asking for its buffer each time costs more. */
  #refresh(): void {
    if (this.#words.length > 0) return;
    const { buffer } = this.#memory;
    this.#words = new Uint32Array(buffer);
    this.#bytes = new Uint8Array(buffer);
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

function textOf(event: ResponseStreamEvent): string | undefined {
  return event.type === TEXT_DELTA ? event.delta : undefined;
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
