// Makes of the glue a function that makes one instance, in a scope of its own: what an instance that trapped has left behind
// (objects, closures, finalizers) then never reaches the next one.
//
// Usage: node glue.mjs <in.js> <out.js> [program.js], which is what wasm2js made of the wasm.
import { readFileSync, writeFileSync } from "node:fs";

const [source, target, program] = process.argv.slice(2);
const glue = readFileSync(source, "utf8");

// Another version of wasm-bindgen may write something else.
const loading = "let wasmModule, wasmInstance, wasm;\n";
const [code, loader, ...more] = glue.split(loading);
if (!loader || more.length > 0) throw new Error("the glue has no loader at its end");
if (loader.includes("wasm.__wbindgen_start();") === Boolean(program))
  throw new Error(`the glue was made for a binary with${program ? "" : "out"} references`);

const FINALIZATION = `
function finalization(free) {
  const none = { register() {}, unregister() {} };
  return typeof FinalizationRegistry === "undefined" ? none : new FinalizationRegistry(free);
}
`;

const names = [];
const body = code
  .replace(/^\/\* @ts-self-types.*\n/, "")
  .replace(/^export (class|function) (\w+)/gm, (_, kind, name) => {
    names.push(name);
    return `${kind} ${name}`;
  });
const unneeded = [
  // The facade frees what it has made.
  [/^if \(Symbol\.dispose\).*\n/gm, ""],
  // Whatever runs wasm with references, or is as new, has this method; and the wasm always has the other.
  [/^if \(!\('encodeInto' in cachedTextEncoder\)\) \{\n.*?^\}\n/gms, ""],
  [/^ {4}if \(realloc === undefined\) \{\n.*?^ {4}\}\n/gms, ""],
  // What is written for each class is written once.
  [
    /\(typeof FinalizationRegistry === 'undefined'\)\n {4}\? \{ register: \(\) => \{\}, unregister: \(\) => \{\} \}\n {4}: new FinalizationRegistry\((.*)\);\n/g,
    "finalization($1);\n",
  ],
  [/if \(cachedDataViewMemory0 === null .*\) \{\n/g, "if (cachedDataViewMemory0?.buffer !== wasm.memory.buffer) {\n"],
  // No function, no arguments and no call for what seldom throws.
  [
    /function\(\) \{ return handleError\(function (\(.*?\)) \{\n(.*?)\n {8}\}, arguments\); \}/gs,
    "function$1 { try {\n$2\n} catch (e) { handleError(e); } }",
  ],
  [/^function handleError\(f, args\) \{\n.*?\{\n.*?\n.*?\{\n(.*?) {4}\}\n/gms, "function handleError(e) {\n$1"],
  [/__wbg_ptr/g, "ptr"],
];
const short = unneeded.reduce((text, [pattern, replacement]) => {
  if (!pattern.test(text)) throw new Error(`the glue has nothing like ${pattern}`);
  return text.replace(pattern, replacement);
}, body);
const left = /^(import|export)\b.*/m.exec(short);
if (left) throw new Error(`the glue has a line that cannot stand in a function: ${left[0]}`);

writeFileSync(target, program ? ofProgram(readFileSync(program, "utf8")) : ofModule());

function ofModule() {
  return `export async function instantiateGlue(module, guard) {
let wasm;
${short}
${FINALIZATION}
wasm = guard((await WebAssembly.instantiate(module, __wbg_get_imports())).exports);
wasm.__wbindgen_start();
return { ${names.join(", ")} };
}
`;
}

/** Without references, JavaScript's values are in the glue's `heap`. */
function ofProgram(text) {
  return `export async function instantiateFallback(guard) {
let wasm;
${short}
${FINALIZATION}
${standingIn(text)}
const values = { get length() { return heap.length; }, get: (index) => heap[index] };
wasm = guard({ ...asmFunc(__wbg_get_imports()), __wbindgen_externrefs: values });
return { ${names.join(", ")} };
}
`;
}

/** The program without its imports and exports, behaving as the wasm does where wasm2js does not care. */
function standingIn(text) {
  const [inner, ending, ...others] = text.replace(/^import .*\n/gm, "").split("var retasmFunc = ");
  if (!ending || others.length > 0) throw new Error("the program has no instance at its end");
  const changes = [
    // Views of a memory that grew tell it by their length, and wasm2js leaves the old buffer as it is.
    ["buffer = newBuffer;", "structuredClone(buffer, { transfer: [buffer] });\nbuffer = newBuffer;"],
    // Addresses are numbers with a sign here; and who asks for more must be told that there is none.
    ["(newPages < 65536)) {", "(newPages < 32768)) {"],
    ["return oldPages;", "else return -1;\nreturn oldPages;"],
    ["new Error('abort')", "new Error('unreachable')"],
  ];
  const program = changes.reduce((program, [from, to]) => {
    const [before, after, ...again] = program.split(from);
    if (after === undefined || again.length > 0) throw new Error(`the program has not one ${from}`);
    return before + to + after;
  }, inner);
  return (
    program
      .split(/^(?= function )/m)
      .map(withPlainFrame)
      .join("")
      // Addresses of bytes are small too: another -0.2.
      .replace(/(HEAPU?8\[\$\w+( \+ \d{1,4})?) \| 0\]/g, "$1]")
      .replace(/^ +/gm, "")
  );
}

/** Addresses in a function's frame on the stack are small sums, which need not be cut to 32 bits: -0.3 KB gzipped. */
function withPlainFrame(source) {
  const [, frame, size] = /^ {2}(\$\w+) = global\$0 - (\d+) \| 0;\n {2}global\$0 = \1;$/m.exec(source) ?? [];
  // Once where it is declared, and once here.
  if (!frame || source.split(`${frame} = `).length > 3) return source;
  const name = frame.replaceAll("$", "\\$");
  const sum = new RegExp(`(?<=[(,[=] ?)(${name} (?:\\+|- -) ?(\\d+)) \\| 0(?=[),;\\]])`, "g");
  return source.replace(sum, (all, address, offset) => (Number(offset) <= Number(size) ? address : all));
}
