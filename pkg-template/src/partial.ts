import { ProtocolError } from "./errors.js";
import type { PartialJson } from "./wasm/openresponses_wasm.js";

/** A value that is still being written: members may be missing, strings and arrays may be short. */
export type PartialValue<Value> = Value extends readonly (infer Element)[]
  ? PartialValue<Element>[]
  : Value extends object
    ? { [Key in keyof Value]?: PartialValue<Value[Key]> }
    : Value;

/** What a growing value is written in. It changes with the value: the same object is given each time. */
export interface PartialItem {
  /** An output text, or the arguments of a function call. */
  readonly type: "output_text" | "function_call";
  /** The item's place in the response's `output`, from 0. */
  readonly output_index?: number | undefined;
  /** Of an output text, the part's place in the item's `content`, from 0. */
  readonly content_index?: number | undefined;
  readonly item_id?: string | undefined;
  /** Of a function call, where the server has announced it. */
  readonly call_id?: string | undefined;
  /** Of a function call, the function's, where the server has announced it. */
  readonly name?: string | undefined;
  /** Whether the value is whole. One that was cut off never is. */
  readonly isComplete: boolean;
  /** The text is not JSON from some place on: the value stays as it was before that. */
  readonly error?: ProtocolError | undefined;
}

/** A value inside of a growing one, or the whole of it, that is complete. */
export interface PartialField {
  /** The names of members and the indexes of elements that lead to it, from the outside in; empty for the whole. */
  readonly path: readonly (string | number)[];
  readonly value: unknown;
  readonly item: PartialItem;
}

/** Hears of every value that is complete, and at last of the whole. */
export type FieldListener = (field: PartialField) => void;

type Container = Record<string | number, unknown>;

/** A text that is JSON, and the value that grows with it: always the same objects, which are added to. */
export class PartialText {
  readonly item: { -readonly [Key in keyof PartialItem]: PartialItem[Key] };
  readonly #onField: FieldListener | undefined;
  readonly #newParser: () => PartialJson;
  #parser: PartialJson;
  /** What is being written, from the outside in: something that holds the value, then objects and arrays. */
  #containers: Container[] = [{}];
  /** The place in each of them. */
  readonly #path: (string | number)[] = [0];
  /** What the value is made of, and what is still to be added to it. */
  #text = "";
  #pending = "";
  #isOver = false;

  constructor(item: PartialItem, newParser: () => PartialJson, onField: FieldListener | undefined) {
    this.item = item;
    this.#newParser = newParser;
    this.#parser = newParser();
    this.#onField = onField;
  }

  /** Nothing before the text has said anything. */
  get value(): unknown {
    return this.#containers[0]?.[0];
  }

  add(delta: unknown): void {
    if (!this.#isOver && typeof delta === "string") this.#pending += delta;
  }

  /** The whole text, which is the server's last word; an empty one says nothing. */
  end(whole: unknown): void {
    if (this.#isOver || typeof whole !== "string" || !whole) return;
    this.#isOver = true;
    if (!whole.startsWith(this.#text + this.#pending)) {
      this.free();
      this.#parser = this.#newParser();
      this.#containers = [{}];
      this.#text = "";
    }
    this.#pending = whole.slice(this.#text.length);
  }

  /** Adds what is to be added, and tells whether there is more to see than before. */
  grow(): boolean {
    let grew = this.#push(this.#pending);
    this.#text += this.#pending;
    this.#pending = "";
    // Only white space tells that a number has no more digits.
    if (this.#isOver && typeof this.value === "number" && !this.item.isComplete) grew = this.#push(" ") || grew;
    return grew;
  }

  /** Gives the wasm's memory back; nothing can be added any more. */
  free(): void {
    this.#parser.free();
  }

  #push(piece: string): boolean {
    if (!piece) return false;
    // The wasm takes whole characters only, and a piece may end within one.
    const text = piece.replace(/\p{Surrogate}/gu, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
    const operations = JSON.parse(this.#parser.push(text)) as never[];
    const containers = this.#containers;
    const path = this.#path;
    let grew = false;
    for (let at = 0; at < operations.length; at += 2) {
      const operation: number = operations[at] as never;
      const operand = operations[at + 1] as never;
      const last = containers.length - 1;
      const container = containers[last] as Container;
      const key = path[last] as string;
      grew ||= operation > 1;
      // As they are described at `PartialParser::push`.
      switch (operation) {
        case 0:
          path[last] = operand;
          break;
        case 1:
          path[last] = key + operand;
          break;
        case 2:
          put(container, key, operand);
          break;
        case 3:
          put(container, key, container[key] + operand);
          break;
        case 4:
          put(container, key, operand);
          containers.push(operand);
          break;
        case 5:
          containers.length -= operand;
          this.#complete(containers.length);
          break;
        default:
          this.item.error = new ProtocolError(`The model wrote no JSON: ${operand}.`, { code: "invalid_json" });
      }
    }
    return grew;
  }

  #complete(depth: number): void {
    const { item } = this;
    item.isComplete = depth === 1;
    const path = this.#path.slice(1, depth);
    const value = this.#containers[depth - 1]?.[this.#path[depth - 1] as string];
    this.#onField?.({ path, value, item });
  }
}

function put(container: Container, key: string, value: unknown): void {
  if (key === "__proto__") {
    // A member like any other, as JSON.parse has it.
    Object.defineProperty(container, key, { value, configurable: true, enumerable: true, writable: true });
  } else {
    container[key] = value;
  }
}
