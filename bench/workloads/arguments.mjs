import { letters, random } from "./random.mjs";
import { StreamWriter } from "./stream.mjs";
import { words } from "./words.mjs";

const LETTERS = "abcdefghijklmnopqrstuvwxyz_";

/** W3: one function call whose arguments are a JSON of 200 KB, full of code and so of escapes. */
export function callArguments(bytes = 200_000) {
  const below = random(3);
  const stream = new StreamWriter(below);
  stream.functionCall("write_files", pieces(json(bytes, below)));
  return stream.complete();
}

/** A JSON of about that many characters: nested, with numbers, literals, and source code in its strings. */
export function json(length, below = random(4)) {
  const files = [];
  for (let size = 0; size < length; size += JSON.stringify(files.at(-1)).length + 1) files.push(file(below));
  return JSON.stringify({ files, count: files.length });
}

/** The text in deltas of about 40 characters. */
export function pieces(text) {
  return text.match(/.{1,40}/gs) ?? [];
}

function file(below) {
  const name = () => letters(below, LETTERS, 3 + below(9));
  const line = () =>
    `\tif (${name()} === "${name()}") {\n\t\treturn \`${words(below, 4).join("")}\`; // \\${name()}\n\t}\n`;
  return {
    path: `src\\${name()}/${name()}.js`,
    content: Array.from({ length: 6 + below(12) }, line).join(""),
    mode: below(1000) / 8,
    executable: below(2) === 0,
    owner: null,
    tags: Array.from({ length: below(4) }, name),
  };
}
