import { type FieldListener, type PartialItem, PartialText } from "./partial.js";
import type { ResponseStreamEvent } from "./protocol.js";
import type { PartialJson } from "./wasm/openresponses_wasm.js";

/** Whether `text.format` asks for JSON, by a schema or at will. */
export function isJSON(format: unknown): boolean {
  const { type } = (format ?? {}) as { type?: unknown };
  return type === "json_schema" || type === "json_object";
}

/** The growing values of one response, from its events. */
export class Partials {
  /** Output texts are JSON where it was asked for, the arguments of function calls always. */
  readonly #reads: Record<PartialItem["type"], boolean>;
  readonly #newParser: () => PartialJson;
  readonly #onField: FieldListener | undefined;
  readonly #texts: PartialText[] = [];

  constructor(reads: Record<PartialItem["type"], boolean>, newParser: () => PartialJson, onField?: FieldListener) {
    this.#reads = reads;
    this.#newParser = newParser;
    this.#onField = onField;
  }

  /** Takes the events of a chunk, and gives what has grown by them. */
  take(batch: readonly ResponseStreamEvent[]): PartialText[] {
    for (const event of batch as readonly Told[]) {
      const [, type, kind] = TEXT_EVENT.exec(event.type) ?? [];
      if (type) {
        const text = this.#find(type as PartialItem["type"], event);
        if (kind === "delta") text?.add(event.delta);
        else text?.end(event.text ?? event.arguments);
      } else if (event.item) {
        this.#takeItem(event.item, event.output_index, event.type === "response.output_item.done");
      } else if (event.response) {
        if (isJSON(event.response.text?.format)) this.#reads.output_text = true;
        if (!TERMINAL_EVENT.test(event.type)) continue;
        for (const [index, item] of entries(event.response.output)) this.#takeItem(item, index, true);
      }
    }
    return this.#texts.filter((text) => text.grow());
  }

  /** Gives the wasm's memory back. */
  free(): void {
    for (const text of this.#texts) text.free();
  }

  #takeItem(item: ToldItem | null, output_index: number | undefined, isDone: boolean): void {
    const place = { output_index, item_id: item?.id };
    if (item?.type === "function_call") {
      const text = this.#find(item.type, place);
      if (text) Object.assign(text.item, { call_id: item.call_id, name: item.name });
      if (isDone) text?.end(item.arguments);
    } else if (isDone) {
      for (const [content_index, part] of entries(item?.content)) {
        if (part?.type === "output_text") this.#find(part.type, { ...place, content_index })?.end(part.text);
      }
    }
  }

  /** By index or id; without either the last one is meant. Nothing of what is not JSON. */
  #find(type: PartialItem["type"], { output_index, content_index, item_id }: Place): PartialText | undefined {
    if (!this.#reads[type]) return undefined;
    const known = [...this.#texts]
      .reverse()
      .find(
        ({ item }) =>
          item.type === type &&
          ((output_index !== undefined && item.output_index === output_index) ||
            (item_id !== undefined && item.item_id === item_id) ||
            (output_index ?? item_id) === undefined) &&
          (item.content_index ?? content_index) === (content_index ?? item.content_index),
      );
    if (known) return known;
    const item = { type, output_index, content_index, item_id, isComplete: false };
    const text = new PartialText(item, this.#newParser, this.#onField);
    this.#texts.push(text);
    return text;
  }
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
