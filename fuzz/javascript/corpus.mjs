// The streams that once made a difference, or are to be seen not to: one file each.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../corpus/javascript/", import.meta.url));

export function corpus() {
  const names = readdirSync(folder).filter((name) => name.endsWith(".sse"));
  return names.sort().map((name) => ({ name, bytes: readFileSync(folder + name) }));
}

/** Keeps a stream, and tells where. */
export function keep(name, bytes) {
  writeFileSync(`${folder}${name}.sse`, bytes);
  return `fuzz/corpus/javascript/${name}.sse`;
}

/** Whole, in pieces of several sizes, and in two at some forty places. */
export function cuts(bytes) {
  const pieces = (size) =>
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
  const step = Math.max(1, Math.floor(bytes.length / 40));
  const places = Array.from({ length: Math.floor(bytes.length / step) }, (_, at) => at * step + 1);
  const inTwo = places.map((at) => [bytes.subarray(0, at), bytes.subarray(at)]);
  return [[bytes], ...[1, 7, 64, 1000].map(pieces), ...inTwo];
}
