const LF = 10;
const BLANK = 32;
const COMMA = 44;
const D = 100;
/** The length of `data: `. */
const FIELD = 6;

/**
 * The best that JavaScript does: it frames bytes, overwrites what is between the payloads of a chunk with blanks and commas,
 * decodes and parses them in one go, and hands events out of a queue. It knows as much of the standard as `js-min` does.
 */
export const jsBatch = {
  name: "js-batch",
  gives: "events",
  prepare: ({ fetch }) =>
    async function run(take) {
      for await (const event of new Queue(await fetch())) take(event);
    },
};

class Queue {
  #reader;
  #batch = [];
  #next = 0;
  #framer = new Framer();

  constructor({ body }) {
    this.#reader = body.getReader();
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  next() {
    return this.#next < this.#batch.length ? Promise.resolve(this.#take()) : this.#read();
  }

  #read() {
    return this.#reader.read().then(({ done, value }) => {
      if (done) return { value: undefined, done: true };
      this.#batch = this.#framer.push(value);
      this.#next = 0;
      return this.#batch.length > 0 ? this.#take() : this.#read();
    });
  }

  #take() {
    const value = this.#batch[this.#next];
    this.#next += 1;
    return { value, done: false };
  }
}

class Framer {
  #decoder = new TextDecoder();
  #buffer = new Uint8Array(64 * 1024);
  #length = 0;

  /** The events that are whole with these bytes. */
  push(bytes) {
    const before = this.#length;
    this.#append(bytes);
    const buffer = this.#buffer;
    let from = -1;
    let to = 0;
    let events = 0;
    let line = 0;
    for (let found = bytes.indexOf(LF); found !== -1; found = bytes.indexOf(LF, found + 1)) {
      const end = before + found;
      if (buffer[line] === D) {
        if (events === 0) {
          from = line + FIELD;
        } else {
          buffer.fill(BLANK, to, line + FIELD);
          buffer[to] = COMMA;
        }
        to = end;
        events += 1;
      }
      line = end + 1;
    }
    const batch = events === 0 ? [] : this.#parse(buffer.subarray(from, to), events);
    if (line > 0) this.#forget(line);
    return batch;
  }

  #parse(bytes, events) {
    const json = this.#decoder.decode(bytes);
    if (events === 1) return [JSON.parse(json)];
    const batch = JSON.parse(`[${json}]`);
    if (batch.length !== events) throw new SyntaxError("Payloads paired up.");
    return batch;
  }

  #append(bytes) {
    const length = this.#length + bytes.length;
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(2 * length);
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = length;
  }

  #forget(bytes) {
    this.#buffer.copyWithin(0, bytes, this.#length);
    this.#length -= bytes;
  }
}
