import { letters, random } from "./random.mjs";
import { StreamWriter } from "./stream.mjs";

const CHARACTERS = [
  ..."的一是不了人在有我他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生カタナ한국어éüñ",
];
const EMOJI = [..."😀🚀🌍🎉👩🔥💡🧪"];

/** W4: reasoning, then text; Chinese, Japanese, Korean, emoji. Half of it is written `\uXXXX`, see `isEscaped`. */
export function unicode(deltas = 10_000) {
  const below = random(5);
  const piece = () => (below(12) === 0 ? EMOJI[below(EMOJI.length)] : letters(below, CHARACTERS, 1 + below(3)));
  const some = (count) => Array.from({ length: count }, piece);
  const stream = new StreamWriter(below);
  stream.reasoning(some(deltas / 2));
  stream.message(some(deltas / 2));
  return stream.complete();
}

/** As servers write JSON that has only ASCII in it. */
export function escaped(json) {
  return json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
