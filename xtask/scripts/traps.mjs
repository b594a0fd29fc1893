// Takes the words out of panics. Usage: node traps.mjs <wasm>, between wasm-bindgen and wasm-opt: functions need their names.
//
// A panic traps, and nobody reads what it says. The compiler does not see that, and leaves what writes the words in the
// binary, for every place that may panic. Here each function that does nothing but panic becomes a trap, and what only they
// use a function without an effect, for wasm-opt to remove. If anything else formats, that is an error.
import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "binaryen";

const [file] = process.argv.slice(2);

/** Functions of the standard library that never return. */
const PANICS =
  /\bpanicking::|\bcell::panic_|::slice_index_fail$|::do_panic\b|::assert_failed$|_alloc_error_handler$|::handle_alloc_error$/;

/** What writes words. */
const FORMATTING = /\bfmt::/;

// wasm-opt is told about functions by their names.
binaryen.setDebugInfo(true);
const module = binaryen.readBinary(readFileSync(file));
const { BulkMemory, Multivalue, MutableGlobals, NontrappingFPToInt, ReferenceTypes, SignExt } = binaryen.Features;
module.setFeatures(BulkMemory | Multivalue | MutableGlobals | NontrappingFPToInt | ReferenceTypes | SignExt);

const functions = Array.from({ length: module.getNumFunctions() }, (_, at) => module.getFunctionByIndex(at))
  .map((reference) => ({ reference, ...binaryen.getFunctionInfo(reference) }))
  .filter(({ module: from }) => from === "");
const trap = ({ reference }) => binaryen.Function.setBody(reference, module.unreachable());

const panics = functions.filter(({ name }) => PANICS.test(name));
if (panics.length === 0) throw new Error("no function panics: the names are others than they were");
panics.forEach(trap);

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
