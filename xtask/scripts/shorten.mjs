// Makes what wasm-bindgen wrote shorter. Usage: node shorten.mjs <glue> <wasm>
//
// What the binary imports, and the exports that call closures, get short names on both sides. What it
// imported for panics that are traps now leaves the glue.
import { readFileSync, writeFileSync } from "node:fs";

const [gluePath, wasmPath] = process.argv.slice(2);
const wasm = readFileSync(wasmPath);
let glue = readFileSync(gluePath, "utf8");

const IMPORTS = 2;
const EXPORTS = 7;
/** The exports that call a closure. They keep that word: the package knows them by it. */
const CLOSURE = /^wasm_bindgen__.*closure/;

const shortNames = new Map();
let at = 8;

/** An unsigned LEB128 number. */
function number() {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = wasm[at++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return value;
  }
}

function leb128(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

function name() {
  const length = number();
  at += length;
  return wasm.toString("utf8", at - length, at);
}

const written = (text) => Buffer.concat([leb128(Buffer.byteLength(text)), Buffer.from(text)]);

/** Letters in the place of a name, the same for the same. */
function short(long) {
  const known = shortNames.get(long) ?? (CLOSURE.test(long) ? `closures${shortNames.size}` : letters(shortNames.size));
  shortNames.set(long, known);
  return known;
}

function letters(index) {
  const letter = String.fromCharCode(97 + (index % 26));
  return index < 26 ? letter : letters(Math.floor(index / 26) - 1) + letter;
}

/** What an import is of, as it is written: a function of a type. */
function importKind() {
  const from = at;
  const kind = wasm[at++];
  if (kind !== 0) throw new Error(`shorten.mjs knows imports of functions, not of kind ${kind}`);
  number();
  return wasm.subarray(from, at);
}

function entry(id) {
  if (id === IMPORTS) {
    const [module, field] = [name(), name()];
    return [written(short(module)), written(short(field)), importKind()];
  }
  const field = name();
  const from = at++;
  number();
  return [written(CLOSURE.test(field) ? short(field) : field), wasm.subarray(from, at)];
}

const parts = [wasm.subarray(0, 8)];
while (at < wasm.length) {
  const from = at;
  const id = wasm[at++];
  const end = number() + at;
  if (id === IMPORTS || id === EXPORTS) {
    const count = number();
    const entries = Array.from({ length: count }, () => Buffer.concat(entry(id)));
    const body = Buffer.concat([leb128(count), ...entries]);
    parts.push(Buffer.from([id]), leb128(body.length), body);
  } else {
    parts.push(wasm.subarray(from, end));
  }
  at = end;
}

const offered = [...glue.matchAll(/^ {8}(\w+): function\(.*?^ {8}\}(?:, arguments\); \})?,\n/gms)];
if (offered.length < shortNames.size / 2)
  throw new Error("the glue's imports are written in another way than they were");
for (const [text, field] of offered) if (!shortNames.has(field)) glue = glue.replace(text, "");

// The longest first, in case one name begins like another.
for (const [long, shortened] of [...shortNames].sort(([a], [b]) => b.length - a.length)) {
  if (!glue.includes(long)) throw new Error(`the glue does not know ${long}`);
  glue = glue.replaceAll(long, () => shortened);
}
const shortened = Buffer.concat(parts);
if (!WebAssembly.validate(shortened)) throw new Error("the binary with other names is not valid");
writeFileSync(wasmPath, shortened);
writeFileSync(gluePath, glue);
