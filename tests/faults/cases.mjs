// All cases, in an order in which those that wait stand among those that do not.

import { answers } from "./answers.mjs";
import { cuts } from "./cuts.mjs";
import { handshake } from "./handshake.mjs";
import { resumes } from "./resumes.mjs";

/**
 * @param {Record<string, import("./reference.mjs").Reference>} references
 * @param {(test: import("./case.mjs").Case) => boolean} isWanted
 * @param {{ index: number, count: number }} share of so many, whose number is given
 */
export function* cases(references, isWanted, share) {
  const all = Object.values(references);
  let sources = [...all.map(cuts), ...all.map(resumes), handshake(references.text), answers(references.tools)].map(
    (source) => shareOf(source, isWanted, share),
  );
  while (sources.length > 0) {
    const open = [];
    for (const source of sources) {
      const { done, value } = source.next();
      if (done) continue;
      yield value;
      open.push(source);
    }
    sources = open;
  }
}

function* shareOf(source, isWanted, { index, count }) {
  let met = 0;
  for (const test of source) {
    if (isWanted(test) && met++ % count === index) yield test;
  }
}
