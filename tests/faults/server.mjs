// A server that does with each connection what it is told, to the byte: answers, and falls silent, ends or breaks.

import { once } from "node:events";
import { createServer } from "node:net";

/**
 * What is done with the connections of one attempt of the client's.
 *
 * @typedef {object} Act
 * @property {"accept" | "first bytes" | "head" | "body"} [at] how much of the request is awaited; without it all
 * @property {Buffer} [bytes] the answer, or what there is of it, in one piece
 * @property {number} [seen] how many events the client has handed over, since the run began, before it goes on: what has
 *   arrived and was not read is lost when a connection breaks
 * @property {Buffer} [more] more of the answer
 * @property {"end" | "reset" | "stall"} way how it ends; a connection that stalls is left to the client to close
 */

/** The order of the moments of a request. */
const MOMENTS = ["accept", "first bytes", "head", "body"];

export class Server {
  #listener = createServer((socket) => this.#accept(socket));
  #port = 0;
  #sockets = new Set();
  /** Those that an act was for. Node connects ahead at times, and uses such a connection later or never. */
  #used = new Set();
  /** @type {readonly Act[]} */
  #acts = [];
  #attempts = 0;
  #heads = 0;
  #settled = 0;
  #events = 0;
  /** Whoever waits for the client to go on, or for the last connection to close. */
  #waiting = new Set();
  /** The requests that were whole, as method and path. */
  requests = [];

  static async open() {
    const server = new Server();
    await server.#listen();
    return server;
  }

  get baseURL() {
    return `http://127.0.0.1:${this.#port}/v1`;
  }

  get attempts() {
    return this.#attempts;
  }

  /** Begins a run: the acts are for its attempts, in their order. */
  begin(acts) {
    this.#acts = acts;
    this.#attempts = 0;
    this.#heads = 0;
    this.#settled = 0;
    this.#events = 0;
    this.requests = [];
  }

  /** A `fetch` that lets the server know what it cannot see. An act that is missing is a connection that is refused. */
  fetch = async (url, init) => {
    this.#attempts += 1;
    const act = this.#acts[this.#attempts - 1];
    if (!act) this.#listener.close();
    else if (!this.#listener.listening) await this.#listen();
    try {
      const response = await fetch(url, init);
      this.#heads += 1;
      return response;
    } finally {
      this.#settled += 1;
      this.#tell();
    }
  };

  /** The client has handed so many events over. */
  handedOver(events) {
    this.#events = events;
    this.#tell();
  }

  /** Waits until the client has closed all connections that it used; whether it has. */
  async closed(milliseconds) {
    const isClosed = this.#until(() => this.#used.size === 0);
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, milliseconds, false);
    });
    const result = await Promise.race([isClosed.then(() => true), late]);
    clearTimeout(timer);
    return result;
  }

  /** Ends whatever is left of a run. */
  destroy() {
    for (const socket of this.#used) socket.destroy();
  }

  close() {
    for (const socket of this.#sockets) socket.destroy();
    this.#listener.close();
  }

  async #listen() {
    this.#listener.listen(this.#port, "127.0.0.1");
    await once(this.#listener, "listening");
    this.#port = this.#listener.address().port;
  }

  #accept(socket) {
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#sockets.delete(socket);
      this.#used.delete(socket);
      this.#tell();
    });
    const received = [];
    const reached = (moment) => {
      const attempt = this.#attempts;
      const act = this.#acts[attempt - 1];
      // None yet, or one that is refused: a connection made ahead.
      if (!act) {
        if (moment !== "accept") socket.resetAndDestroy();
        return true;
      }
      const { at = "body", way } = act;
      if (MOMENTS.indexOf(moment) < MOMENTS.indexOf(at)) return false;
      this.#used.add(socket);
      // Nothing is said, but to another attempt.
      if (at === "accept" && way === "stall") return true;
      // What follows is left where it is, so that a client that is still sending is interrupted.
      socket.pause();
      socket.removeAllListeners("data");
      this.#perform(socket, act, attempt);
      return true;
    };
    socket.on("data", (bytes) => {
      received.push(bytes);
      if (reached("first bytes")) return;
      const { head, isWhole } = readRequest(Buffer.concat(received));
      if (isWhole) this.requests.push(head.split(" ", 2).join(" "));
      if (isWhole) reached("body");
      else if (head) reached("head");
    });
    reached("accept");
  }

  async #perform(socket, { bytes, seen, more, way }, attempt) {
    if (bytes) await new Promise((resolve) => socket.write(bytes, resolve));
    const isRead = () => (this.#heads >= attempt && this.#events >= seen) || socket.destroyed;
    if (seen !== undefined) await this.#until(isRead);
    if (more) await new Promise((resolve) => socket.write(more, resolve));
    if (way === "reset") socket.resetAndDestroy();
    if (way === "end") socket.end();
    // A client that is still sending is left with it until it gives up; then it must be seen whether it closes.
    if (way === "stall") await this.#until(() => this.#settled >= attempt || socket.destroyed);
    socket.resume();
  }

  #until(isSo) {
    return new Promise((resolve) => {
      const look = () => {
        if (!isSo()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  #tell() {
    for (const look of [...this.#waiting]) look();
  }
}

/** The head of a request, once it is there, and whether the body is. */
function readRequest(bytes) {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return { head: "", isWhole: false };
  const head = bytes.toString("latin1", 0, end);
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  return { head, isWhole: bytes.length >= end + 4 + length };
}
