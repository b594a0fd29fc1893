import { random } from "./random.mjs";
import { StreamWriter } from "./stream.mjs";
import { words } from "./words.mjs";

/** W1: a long answer in short deltas. */
export function text(deltas = 10_000) {
  const below = random(1);
  const stream = new StreamWriter(below);
  stream.message(words(below, deltas));
  return stream.complete();
}
