import { ProtocolError } from "./errors.js";
import type { Memory } from "./memory.js";
import type { PartialJson } from "./wasm/openresponses_wasm.js";

/**
 * A value that is still being written: members may be missing, strings and arrays may be short. One of certain strings may be any
 * other as yet: the beginning of one.
 */
export type PartialValue<Value> = Value extends readonly (infer Element)[]
  ? PartialValue<Element>[]
  : Value extends string
    ? string extends Value
      ? Value
      : Value | (string & {})
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

/** Where parsers are made, and what they read from. */
export interface PartialSource {
  readonly memory: Memory;
  partialJson(): PartialJson;
  /** Has the parser read a part of the text of the block, between two places in UTF-16 code units. */
  feed(parser: PartialJson, from: number, to: number, isMore: boolean): void;
}

type Container = Record<string | number, unknown>;

/** In the place of a string's length: the operand is a code unit. */
const HALF = 0x8000_0000;

const HALF_CHARACTER = /(\p{Surrogate})/u;

const LITERALS = [null, false, true];

/** A text that is JSON, and the value that grows with it: always the same objects, which are added to. */
export class PartialText {
  readonly item: { -readonly [Key in keyof PartialItem]: PartialItem[Key] };
  readonly #onField: FieldListener | undefined;
  readonly #source: PartialSource;
  #parser: PartialJson;
  #operations: number;
  /** What is being written, from the outside in: something that holds the value, then objects and arrays. */
  #containers: Container[] = [{}];
  /** The place in each of them. */
  readonly #path: (string | number)[] = [0];
  /** How long the text is that the parser has read, and where in it an escape stands for half a character. */
  #length = 0;
  #halves: number[] = [];
  /** The parser has told of operations that have not been performed. */
  #isFed = false;
  #isOver = false;

  constructor(item: PartialItem, source: PartialSource, onField: FieldListener | undefined) {
    this.item = item;
    this.#source = source;
    this.#parser = source.partialJson();
    this.#operations = this.#parser.operations() >>> 2;
    this.#onField = onField;
  }

  /** Nothing before the text has said anything. */
  get value(): unknown {
    return this.#containers[0]?.[0];
  }

  add(delta: unknown): void {
    if (!this.#isOver && typeof delta === "string") this.#push(delta);
  }

  /** As `add`, with what stands between two places in the text of the block, in UTF-16 code units. */
  feed(from: number, to: number): void {
    if (this.#isOver || from === to) return;
    this.#source.feed(this.#parser, from, to, this.#isFed);
    this.#length += to - from;
    this.#isFed = true;
  }

  /** The whole text, which is the server's last word; an empty one says nothing. */
  end(whole: unknown): void {
    if (this.#isOver || typeof whole !== "string" || !whole) return;
    this.#isOver = true;
    let text = this.#text();
    if (!whole.startsWith(text)) {
      this.free();
      this.#parser = this.#source.partialJson();
      this.#operations = this.#parser.operations() >>> 2;
      this.#containers = [{}];
      this.#length = 0;
      this.#halves = [];
      this.#isFed = false;
      text = "";
    }
    this.#push(whole.slice(text.length));
  }

  /** Adds what is to be added, and tells whether there is more to see than before. */
  grow(): boolean {
    let grew = this.#perform();
    // Only white space tells that a number has no more digits.
    if (this.#isOver && typeof this.value === "number" && !this.item.isComplete) {
      this.#push(" ");
      grew = this.#perform() || grew;
    }
    return grew;
  }

  /** Gives the wasm's memory back; nothing can be added any more. */
  free(): void {
    this.#parser.free();
  }

  #push(piece: string): void {
    // The wasm takes whole characters only, and a piece may end within one.
    for (const part of piece.split(HALF_CHARACTER)) {
      if (!part) continue;
      let text = part;
      if (HALF_CHARACTER.test(part)) {
        this.#halves.push(this.#length);
        // Behind a backslash, where no half may stand, one more would be read as what is escaped.
        const isEscaping = this.#source.memory.words[this.#operations + 5];
        text = `${isEscaping ? " " : "\\"}u${part.charCodeAt(0).toString(16)}`;
      }
      this.#parser.push(text, this.#isFed);
      this.#length += text.length;
      this.#isFed = true;
    }
  }

  /** What the parser has read, with halves of characters as they came. */
  #text(): string {
    const text = this.#parser.text();
    let from = 0;
    let read = "";
    for (const at of this.#halves) {
      read += text.slice(from, at) + String.fromCharCode(parseInt(text.slice(at + 2, at + 6), 16));
      from = at + 6;
    }
    return read + text.slice(from);
  }

  #perform(): boolean {
    if (!this.#isFed) return false;
    this.#isFed = false;
    const { memory } = this.#source;
    let { words } = memory;
    const at = this.#operations;
    let column = (words[at] as number) >>> 2;
    const end = column + (words[at + 1] as number);
    const text = memory.text(words[at + 2] as number, words[at + 3] as number, words[at + 4] === 1);
    let offset = 0;
    const containers = this.#containers;
    const path = this.#path;
    let grew = false;
    for (; column < end; column += 2) {
      const operation = words[column] as number;
      const operand = words[column + 1] as number;
      const last = containers.length - 1;
      const container = containers[last] as Container;
      const key = path[last] as string;
      grew ||= operation > 2;
      let string = "";
      if ((operation > 0 && operation < 6) || operation === 9) {
        string = operand < HALF ? text.slice(offset, offset + operand) : String.fromCharCode(operand & 0xffff);
        if (operand < HALF) offset += operand;
      }
      // As they are described at `PartialOperations`.
      switch (operation) {
        case 0:
          path[last] = operand;
          break;
        case 1:
          path[last] = string;
          break;
        case 2:
          path[last] = key + string;
          break;
        case 3:
          put(container, key, string);
          break;
        case 4:
          // Its own by now, which no prototype has a say in.
          container[key] = (container[key] as string) + string;
          break;
        case 5:
          put(container, key, Number(string));
          break;
        case 6:
          put(container, key, LITERALS[operand]);
          break;
        case 7: {
          const inner = (operand ? [] : {}) as Container;
          put(container, key, inner);
          containers.push(inner);
          break;
        }
        case 8:
          containers.length -= operand;
          this.#complete(containers.length);
          // Who hears of it may have the memory grow.
          words = memory.words;
          break;
        default:
          this.item.error = new ProtocolError(`The model wrote no JSON: ${string}.`, {
            code: "invalid_json",
          });
      }
    }
    return grew;
  }

  #complete(depth: number): void {
    const { item } = this;
    item.isComplete = depth === 1;
    if (!this.#onField) return;
    const path = this.#path.slice(1, depth);
    const value = this.#containers[depth - 1]?.[this.#path[depth - 1] as string];
    this.#onField({ path, value, item });
  }
}

/** As `JSON.parse` does it: a member like any other, though the prototype has one of that name, which may be read-only. */
function put(container: Container, key: string, value: unknown): void {
  if (key in Object.prototype) {
    Object.defineProperty(container, key, { value, configurable: true, enumerable: true, writable: true });
  } else {
    container[key] = value;
  }
}
