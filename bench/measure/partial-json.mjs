import { parsePartialJson } from "ai";
import { parse } from "jsonriver";
import { OpenResponses, ResponseStream } from "../../pkg/dist/index.js";
import { apiKey, baseURL, question } from "../contestants/question.mjs";
import { streamingFetch } from "../fake-fetch.mjs";
import { json, pieces } from "../workloads/arguments.mjs";
import { answer } from "../workloads/index.mjs";

/** Runs of which the least counts. */
const RUNS = 5;

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
      ...(own ? await both(text) : {}),
      jsonriver: await leastOf(RUNS, jsonriver(text)),
      ai: await reparsed(text),
    };
  }
  const rows = sizes.flatMap((size) => {
    const { whole, values, ai, jsonriver } = times[size];
    return [
      row(`${shown(size)}: ours / ai's parsePartialJson`, values, ai, "without what the stream costs itself"),
      row(`${shown(size)}: ours / jsonriver`, values, jsonriver, "without what the stream costs itself"),
      row(`${shown(size)}: the whole client / ai's parsePartialJson`, whole, ai),
      row(`${shown(size)}: the whole client / jsonriver`, whole, jsonriver),
    ];
  });
  if (!quick) rows.push(row("1 MB / 200 KB: ours", times[1_000_000].values, times[200_000].values));
  return { rows, tables: [table(times)] };
}

function row(what, time, other, note) {
  if (time === undefined) return { group, what, missing: "partials() is not there yet" };
  return { group, what, figure: { median: time / other, low: time / other }, note };
}

function table(times) {
  const milliseconds = (time) => (time === undefined ? "not there" : time.toFixed(1));
  return {
    title: "Partial JSON: CPU milliseconds for a value at every delta of 40 characters",
    columns: ["", "ours", "the whole client", "jsonriver", "ai's parsePartialJson"],
    lines: Object.entries(times).map(([size, { values, whole, jsonriver, ai }]) => [
      shown(size),
      ...[values, whole, jsonriver, ai].map(milliseconds),
    ]),
    notes: [
      "The whole client: the stream, its events and the values. ours: that, less the same stream read to its end for nothing but its response.",
      "The others are given the deltas, which cost them nothing.",
      "ai parses the text so far at every delta: 40 evenly spaced ones are measured, and the rest is reckoned from them.",
    ],
  };
}

function shown(size) {
  return size < 1_000_000 ? `${size / 1000} KB` : `${size / 1_000_000} MB`;
}

/** The whole client on a stream whose text is the JSON, and how much of that the values are; run by turns. */
async function both(text) {
  const { frames } = answer(pieces(text));
  const client = new OpenResponses({ apiKey, baseURL, fetch: streamingFetch(frames) });
  const format = { type: "json_schema", name: "files", schema: {} };
  const ask = () => client.responses.create({ ...question, text: { format } });
  let whole = Infinity;
  let plain = Infinity;
  for (let run = 0; run < RUNS; run += 1) {
    whole = Math.min(whole, await timed(async () => valuesOf(await ask(), text)));
    plain = Math.min(plain, await timed(async () => responseOf(await ask(), text)));
  }
  return { whole, values: whole - plain };
}

async function valuesOf(stream, text) {
  let last;
  for await (const value of stream.partials()) last = value;
  expect(last, text);
}

async function responseOf(stream, text) {
  const { output_text } = await stream.finalResponse();
  if (output_text !== text) throw new Error("The response's text is not the text.");
}

function jsonriver(text) {
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

async function leastOf(runs, run) {
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
