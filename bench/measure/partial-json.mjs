import { parsePartialJson } from "ai";
import { parse } from "jsonriver";
import { OpenResponses, ResponseStream } from "../../pkg/dist/index.js";
import { apiKey, baseURL, question } from "../contestants/question.mjs";
import { streamingFetch } from "../fake-fetch.mjs";
import { json, pieces } from "../workloads/arguments.mjs";
import { answer } from "../workloads/index.mjs";

const SIZES = [10_000, 50_000, 200_000, 1_000_000];
const group = "Partial JSON";

/** A value at every delta of a growing JSON: CPU milliseconds for all of them. */
export async function partialJson({ quick, progress }) {
  const sizes = quick ? SIZES.slice(0, 3) : SIZES;
  const own = typeof ResponseStream.prototype.partials === "function";
  const times = {};
  for (const size of sizes) {
    progress(shown(size));
    const text = json(size);
    times[size] = {
      ours: own ? await leastOf(3, () => ours(text)) : undefined,
      jsonriver: await leastOf(3, () => jsonriver(text)),
      ai: await reparsed(text),
    };
  }
  const rows = sizes.flatMap((size) => [
    row(`${shown(size)}: ours / ai's parsePartialJson`, times[size].ours, times[size].ai),
    row(`${shown(size)}: ours / jsonriver`, times[size].ours, times[size].jsonriver),
  ]);
  if (!quick) rows.push(row("1 MB / 200 KB: ours", times[1_000_000].ours, times[200_000].ours));
  return { rows, tables: [table(times)] };
}

function row(what, time, other) {
  if (time === undefined) return { group, what, missing: "partials() is not there yet" };
  return { group, what, figure: { median: time / other, low: time / other } };
}

function table(times) {
  const milliseconds = (time) => (time === undefined ? "not there" : time.toFixed(1));
  return {
    title: "Partial JSON: CPU milliseconds for a value at every delta of 40 characters",
    columns: ["", "ours", "jsonriver", "ai's parsePartialJson"],
    lines: Object.entries(times).map(([size, { ours, jsonriver, ai }]) => [
      shown(size),
      milliseconds(ours),
      milliseconds(jsonriver),
      milliseconds(ai),
    ]),
    notes: [
      "ours is the whole client: the stream, its events and the values. The others are given the deltas.",
      "ai parses the text so far at every delta: 40 evenly spaced ones are measured, and the rest is reckoned from them.",
    ],
  };
}

function shown(size) {
  return size < 1_000_000 ? `${size / 1000} KB` : `${size / 1_000_000} MB`;
}

/** The whole client, on a stream whose text is the JSON; the last value must be the JSON's. */
async function ours(text) {
  const { frames } = answer(pieces(text));
  const client = new OpenResponses({ apiKey, baseURL, fetch: streamingFetch(frames) });
  const format = { type: "json_schema", name: "files", schema: {} };
  return async () => {
    const stream = await client.responses.create({ ...question, text: { format } });
    let last;
    for await (const value of stream.partials()) last = value;
    return expect(last, text);
  };
}

async function jsonriver(text) {
  const deltas = pieces(text);
  return async () => {
    let last;
    for await (const value of parse(from(deltas))) last = value;
    return expect(last, text);
  };
}

async function* from(deltas) {
  yield* deltas;
}

function expect(value, text) {
  if (JSON.stringify(value) !== text) throw new Error("The last partial value is not the value.");
}

/** The least of some runs, without what prepares them. */
async function leastOf(runs, prepare) {
  const run = await prepare();
  let least = Infinity;
  for (let count = 0; count < runs; count += 1) least = Math.min(least, await timed(run));
  return least;
}

async function reparsed(text) {
  const deltas = Math.ceil(text.length / 40);
  const times = [];
  for (let sample = 1; sample <= 40; sample += 1) {
    const prefix = text.slice(0, 40 * Math.ceil((sample * deltas) / 40));
    // Flat, as it is after the first look at it.
    times.push(await timed(() => parsePartialJson(Buffer.from(prefix).toString())));
  }
  return (times.reduce((sum, time) => sum + time, 0) / times.length) * deltas;
}

async function timed(run) {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
