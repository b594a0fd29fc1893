// A recorded stream: its bytes, its events, and where each of them is whole.

import { readFileSync } from "node:fs";

/** The names of the recordings, each a file of `fixtures`. */
export const NAMES = ["text", "tools", "comments"];

const LF = 10;
const CR = 13;

export class Recording {
  /**
   * @param {string} name
   * @param {Buffer} bytes
   */
  constructor(name, bytes) {
    this.name = name;
    this.bytes = bytes;
    /** Each event: its bytes, its data, and the place behind its blank line, by which it is whole. */
    this.frames = framesOf(bytes);
    const parsed = this.frames.map(({ data }) => JSON.parse(data));
    /** The events as text, to be compared: keys in the order in which they were sent. */
    this.events = parsed.map((event) => JSON.stringify(event));
    this.numbers = parsed.map(({ sequence_number }) => sequence_number);
    /** Where the data of the last event is whole, though its line is not. */
    this.terminalAt = bytes.lastIndexOf("}") + 1;
  }

  /** The response as the server has it at last. */
  get response() {
    return JSON.parse(this.events.at(-1)).response;
  }

  static load(name) {
    return new Recording(name, readFileSync(new URL(`fixtures/${name}.sse`, import.meta.url)));
  }

  /** The same from a server that numbers nothing. */
  unnumbered() {
    return new Recording(this.name, Buffer.from(String(this.bytes).replaceAll(/"sequence_number":\d+,/g, "")));
  }

  /** How many events are whole in so many bytes. */
  whole(position) {
    const next = this.frames.findIndex(({ end }) => end > position);
    return next < 0 ? this.frames.length : next;
  }

  /** Whether the response has ended where it is cut: behind its last event, or, where the body ends cleanly, behind its data. */
  isWhole(way, position) {
    return this.whole(position) === this.events.length || (way === "end" && position >= this.terminalAt);
  }

  /** What a server sends of it behind the first `count` events. */
  from(count) {
    const begin = this.frames[count]?.begin ?? this.frames.at(-1).end;
    return new Recording(this.name, this.bytes.subarray(begin));
  }
}

/** Lines end with LF, CR or CRLF, and an event with a blank one: the standard's rules, for recordings that are whole. */
function framesOf(bytes) {
  const frames = [];
  let [begin, lineBegin, data] = [0, 0, []];
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== LF && bytes[at] !== CR) continue;
    const line = String(bytes.subarray(lineBegin, at));
    const end = at + 1;
    if (bytes[at] === CR && bytes[end] === LF) at += 1;
    lineBegin = at + 1;
    if (line.startsWith("data:")) data.push(line.slice("data:".length).replace(/^ /, ""));
    if (line !== "") continue;
    if (data.length > 0 && data[0] !== "[DONE]") frames.push({ begin, end, data: data.join("\n") });
    [begin, data] = [lineBegin, []];
  }
  return frames;
}
