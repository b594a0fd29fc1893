// The server of the soak, in a process of its own: it answers as the `model` of the request says, counts its sockets, and
// serves the files of the page. Usage: fork server.mjs PACKAGE

import { once } from "node:events";
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createStatic } from "../../www/sandbox/static.mjs";
import { peer } from "./peer.mjs";
import { largeStream, SEEDS, shortStream } from "./streams.mjs";

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));
const sendFile = createStatic([
  { prefix: "/tests", dir: folder("..") },
  { prefix: "/bench", dir: folder("../../bench") },
  { prefix: "/package", dir: process.argv[2] },
]);

/** Requests that are being answered, or not answered at all. */
let busy = 0;
/** @type {Set<import("node:net").Socket>} */
const sockets = new Set();
/** How many answers the client has cut off, by how far they were. @type {Record<string, number>} */
const left = {};
/** Streams that wait until there are as many as there are to be. @type {Map<string, (() => void)[]>} */
const gathered = new Map();
let mostAtOnce = 0;

const whole = Array.from({ length: SEEDS }, (_, seed) => Buffer.from(shortStream(seed).join("")));
const STREAM = { "content-type": "text/event-stream" };

/** What is done with a request, by its model; each says how far it is with `reach`. */
const ANSWERS = {
  async short(res, { seed }) {
    res.writeHead(200, STREAM).end(whole[seed % SEEDS]);
  },

  async whole(res, { seed }) {
    const response = JSON.parse(shortStream(seed).at(-1).split("data: ")[1]).response;
    res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(response));
  },

  async large(res, { bytes }) {
    res.writeHead(200, STREAM);
    await pipeline(Readable.from(largeStream(bytes)), res);
  },

  /** Holds its last frames back until as many streams have begun. */
  async together(res, { seed, round, count }) {
    const frames = shortStream(seed);
    res.writeHead(200, STREAM).write(frames.slice(0, 5).join(""));
    await new Promise((resolve) => {
      const waiting = [...(gathered.get(round) ?? []), resolve];
      gathered.set(round, waiting);
      mostAtOnce = Math.max(mostAtOnce, waiting.length);
      if (waiting.length < count) return;
      gathered.delete(round);
      for (const go of waiting) go();
    });
    res.end(frames.slice(5).join(""));
  },

  async "before the head"(_, __, reach) {
    reach("before the head");
  },

  async "within the head"(res, _, reach) {
    res.socket.write("HTTP/1.1 200 OK\r\ncontent-type: text/ev");
    reach("within the head");
  },

  async "within an event"(res, { seed }, reach) {
    const frames = shortStream(seed);
    res.writeHead(200, STREAM).write(frames.slice(0, 6).join("") + frames[6].slice(0, 80));
    reach("within an event");
  },

  async "between events"(res, { seed }, reach) {
    reach("between events");
    res.writeHead(200, STREAM);
    for (const frame of shortStream(seed).slice(0, -1)) {
      res.write(frame);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  },

  async "within a refusal"(res, _, reach) {
    res.writeHead(400, { "content-type": "application/json" }).write('{"error":{"message":"No');
    reach("within a refusal");
  },

  async "waiting to retry"(res) {
    res.writeHead(503, { "retry-after": "50" }).end("{}");
  },
};

const server = createServer(async (req, res) => {
  if (req.method === "OPTIONS") {
    res.writeHead(204, {
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "*, authorization",
      "access-control-max-age": "7200",
    });
    res.end();
    return;
  }
  if (req.method === "GET") {
    if (!(await sendFile(req, res))) res.writeHead(404).end();
    return;
  }
  busy += 1;
  let far = "before the head";
  res.on("close", () => {
    busy -= 1;
    if (!res.writableFinished) left[far] = (left[far] ?? 0) + 1;
  });
  res.on("error", () => {});
  res.setHeader("access-control-allow-origin", "*");
  const chunks = [];
  try {
    for await (const chunk of req) chunks.push(chunk);
  } catch {
    // The client has left within its request.
    return;
  }
  const { model, input } = JSON.parse(Buffer.concat(chunks).toString());
  await ANSWERS[model](res, JSON.parse(input), (how) => {
    far = how;
  });
});
// As many connections at once as a load opens; and none is ended for its silence.
server.keepAliveTimeout = 60_000;
server.requestTimeout = 0;
server.on("connection", (socket) => {
  sockets.add(socket);
  socket.on("error", () => {});
  socket.on("close", () => sockets.delete(socket));
});
server.listen({ port: 0, host: "127.0.0.1", backlog: 4_096 });
await once(server, "listening");

peer(process, {
  port: () => server.address().port,
  counts: () => ({ busy, sockets: sockets.size, left, mostAtOnce }),
  /** Connections that only wait for another request are no leak: they are closed before sockets are counted. */
  closeIdle() {
    server.closeIdleConnections();
    // Nor is one that was opened for a request that was given up before it was sent.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  },
});
process.on("disconnect", () => process.exit());
