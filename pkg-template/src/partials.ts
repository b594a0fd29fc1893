import type { Watcher } from "./block.js";
import { type FieldListener, type PartialItem, type PartialSource, PartialText } from "./partial.js";
import type { ResponseStreamEvent } from "./protocol.js";

/** Whether `text.format` asks for JSON, by a schema or at will. */
export function isJSON(format: unknown): boolean {
  const { type } = (format ?? {}) as { type?: unknown };
  return type === "json_schema" || type === "json_object";
}

/** The growing values of one response, from its events. */
export class Partials implements Watcher {
  /** Output texts are JSON where it was asked for, the arguments of function calls always. */
  readonly #reads: Record<PartialItem["type"], boolean>;
  readonly #source: PartialSource;
  readonly #onField: FieldListener | undefined;
  readonly #texts: PartialText[] = [];
  /** Whose delta was taken last, and what it is of. */
  #sample: object | undefined;
  #sampled: PartialText | undefined;

  constructor(reads: Record<PartialItem["type"], boolean>, source: PartialSource, onField?: FieldListener) {
    this.#reads = reads;
    this.#source = source;
    this.#onField = onField;
  }

  take(event: ResponseStreamEvent): void {
    const told = event as Told;
    const [, type, kind] = TEXT_EVENT.exec(told.type) ?? [];
    if (type) {
      const text = this.#find(type as PartialItem["type"], told);
      if (kind === "delta") text?.add(told.delta);
      else text?.end(told.text ?? told.arguments);
    } else if (told.item) {
      this.#takeItem(told.item, told.output_index, told.type === "response.output_item.done");
    } else if (told.response) {
      if (isJSON(told.response.text?.format)) {
        this.#reads.output_text = true;
        this.#sample = undefined;
      }
      if (!TERMINAL_EVENT.test(told.type)) return;
      for (const [index, item] of entries(told.response.output)) this.#takeItem(item, index, true);
    }
  }

  takeDelta(sample: object, from: number, to: number): void {
    if (sample !== this.#sample) {
      const [, type] = TEXT_EVENT.exec((sample as Told).type) ?? [];
      this.#sampled = type ? this.#find(type as PartialItem["type"], sample as Told) : undefined;
      this.#sample = sample;
    }
    this.#sampled?.feed(from, to);
  }

  /** What has grown by what was taken. */
  grown(): PartialText[] {
    const grown: PartialText[] = [];
    for (const text of this.#texts) if (text.grow()) grown.push(text);
    return grown;
  }

  /** Gives the wasm's memory back. */
  free(): void {
    for (const text of this.#texts) text.free();
  }

  #takeItem(item: ToldItem | null, output_index: number | undefined, isDone: boolean): void {
    const place = { output_index, item_id: item?.id };
    if (item?.type === "function_call") {
      const text = this.#find(item.type, { ...place, call_id: item.call_id });
      if (text) Object.assign(text.item, { call_id: item.call_id, name: item.name });
      if (isDone) text?.end(item.arguments);
    } else if (isDone) {
      for (const [content_index, part] of entries(item?.content)) {
        if (part?.type === "output_text") this.#find(part.type, { ...place, content_index })?.end(part.text);
      }
    }
  }

  /**
   * By index and id, by the call's id, by index, by id; without either the last one is meant. Never another call's: servers put
   * several at one index. Nothing of what is not JSON.
   */
  #find(type: PartialItem["type"], place: Place): PartialText | undefined {
    if (!this.#reads[type]) return undefined;
    const { output_index, content_index, item_id, call_id } = place;
    const texts = this.#texts
      .filter(({ item }) => item.type === type && isOne(item, place, "call_id") && isOne(item, place, "content_index"))
      .reverse();
    const known =
      texts.find(({ item }) => isSame(item, place, "output_index") && isSame(item, place, "item_id")) ??
      texts.find(({ item }) => isSame(item, place, "call_id")) ??
      texts.find(({ item }) => isSame(item, place, "output_index")) ??
      texts.find(({ item }) => isSame(item, place, "item_id")) ??
      ((output_index ?? item_id ?? call_id) === undefined ? texts[0] : undefined);
    if (known) return known;
    const item = { type, output_index, content_index, item_id, isComplete: false };
    const text = new PartialText(item, this.#source, this.#onField);
    this.#texts.push(text);
    this.#sample = undefined;
    return text;
  }
}

/** Whether both are told, and are the same. */
function isSame(one: Place, other: Place, name: keyof Place): boolean {
  return (one[name] ?? undefined) !== undefined && one[name] === other[name];
}

/** Whether they may be the same: either is not told, or both are equal. */
function isOne(one: Place, other: Place, name: keyof Place): boolean {
  return (one[name] ?? other[name]) === (other[name] ?? one[name]);
}

/** What a server may have put in the place of an array has none. */
function entries<Element>(array: Element[] | undefined): Iterable<[number, Element]> {
  return Array.isArray(array) ? array.entries() : [];
}

const TEXT_EVENT = /^response\.(output_text|function_call)(?:_arguments)?\.(delta|done)$/;
const TERMINAL_EVENT = /\.(completed|incomplete|failed)$/;

interface Place {
  output_index?: number | undefined;
  content_index?: number | undefined;
  item_id?: string | undefined;
  call_id?: string | undefined;
}

/** What is read of an event, any of which a server may leave out. */
interface Told extends Place {
  type: string;
  delta?: unknown;
  text?: unknown;
  arguments?: unknown;
  item?: ToldItem | null;
  response?: ToldResponse | null;
}

interface ToldItem {
  type: string;
  id?: string;
  call_id?: string;
  name?: string;
  arguments?: string;
  content?: ({ type: string; text?: string } | null)[];
}

interface ToldResponse {
  text?: { format?: unknown } | null;
  output?: (ToldItem | null)[];
}
