// Takes the words out of panics. Usage: node traps.mjs <wasm>, between wasm-bindgen and wasm-opt: functions need their names.
//
// A panic traps, and nobody reads what it says; nor does anybody read what wasm-bindgen throws where an object is used that is
// freed or busy. The compiler does not see that, and leaves what writes the words in the binary, for every place that may
// panic. Here each function that does nothing but panic becomes a trap, each that is called for nothing else than to prepare
// one too, and what only they use a function without an effect, for wasm-opt to remove. If anything else formats, that is an
// error.
import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "binaryen";

const [file] = process.argv.slice(2);

/** Functions that never return, of the standard library and of wasm-bindgen. The compiler puts a trap behind their calls. */
const PANICS = /\bpanicking::|\bcell::panic_|::slice_index_fail$|::assert_failed$|::handle_alloc_error$|\bthrow_str\b/;

/** What writes words. */
const FORMATTING = /\bfmt::/;

// wasm-opt is told about functions by their names.
binaryen.setDebugInfo(true);
const module = binaryen.readBinary(readFileSync(file));
const { BulkMemory, Multivalue, MutableGlobals, NontrappingFPToInt, ReferenceTypes, SignExt, SIMD128 } =
  binaryen.Features;
module.setFeatures(BulkMemory | Multivalue | MutableGlobals | NontrappingFPToInt | ReferenceTypes | SignExt | SIMD128);

const functions = Array.from({ length: module.getNumFunctions() }, (_, at) => module.getFunctionByIndex(at))
  .map((reference) => ({ reference, ...binaryen.getFunctionInfo(reference) }))
  .filter(({ module: from }) => from === "");
const trap = ({ reference }) => binaryen.Function.setBody(reference, module.unreachable());

const panics = functions.filter(({ name }) => PANICS.test(name));
if (panics.length === 0) throw new Error("no function panics: the names are others than they were");
const prepare = new Set(beforeTraps(module.emitText()));
functions.filter(({ name }) => PANICS.test(name) || prepare.has(name)).forEach(trap);

const formatting = functions.filter(({ name }) => FORMATTING.test(name));
const callers = module
  .emitText()
  .split("\n (func ")
  .filter((text) => !FORMATTING.test(text.slice(0, text.indexOf("\n"))))
  .filter((text) => text.split("\n").some((line) => /^\s+\(call /.test(line) && FORMATTING.test(line)));
for (const text of callers) console.error(`formats: ${text.slice(0, text.indexOf("\n"))}`);
if (callers.length > 0) throw new Error("core::fmt is used by what does not panic");
formatting.forEach(trap);

writeFileSync(file, module.emitBinary());

/** The functions that are named only where they are called, and called only right before a panic or a trap. */
function beforeTraps(text) {
  const lines = text.split("\n").map((line) => ({ depth: line.search(/\S/), code: line.trim() }));
  const name = (code) => (/\$"(.*?)"|\$([^\s()]+)/.exec(code) ?? []).slice(1).find(Boolean);
  const found = new Map();
  for (const [at, { depth, code }] of lines.entries()) {
    if (code.startsWith("(func ")) continue;
    if (!code.startsWith("(call ")) {
      for (const [mention] of code.matchAll(/\$"(.*?)"|\$([^\s()]+)/g)) found.set(name(mention), false);
      continue;
    }
    const next = lines.slice(at + 1).find((line) => line.depth <= depth && line.code !== ")");
    const panics =
      next.depth === depth &&
      (next.code === "(unreachable)" || (next.code.startsWith("(call ") && PANICS.test(next.code)));
    found.set(name(code), panics && found.get(name(code)) !== false);
  }
  return [...found].flatMap(([called, isPreparing]) => (isPreparing ? [called] : []));
}
