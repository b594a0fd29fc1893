// All cases, in an order in which those that wait stand among those that do not.

import { cuts } from "./cuts.mjs";
import { handshake } from "./handshake.mjs";
import { resumes } from "./resumes.mjs";

/** @param {Record<string, import("./reference.mjs").Reference>} references */
export function* cases(references, isWanted) {
  const all = Object.values(references);
  let sources = [...all.map(cuts), ...all.map(resumes), handshake(references.text)];
  while (sources.length > 0) {
    const open = [];
    for (const source of sources) {
      const test = nextOf(source, isWanted);
      if (!test) continue;
      yield test;
      open.push(source);
    }
    sources = open;
  }
}

function nextOf(source, isWanted) {
  for (;;) {
    const { done, value } = source.next();
    if (done) return undefined;
    if (isWanted(value)) return value;
  }
}
