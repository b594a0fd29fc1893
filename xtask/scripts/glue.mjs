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

const names = [];
const body = code
  .replace(/^\/\* @ts-self-types.*\n/, "")
  .replace(/^export (class|function) (\w+)/gm, (_, kind, name) => {
    names.push(name);
    return `${kind} ${name}`;
  });
const left = /^(import|export)\b.*/m.exec(body);
if (left) throw new Error(`the glue has a line that cannot stand in a function: ${left[0]}`);

writeFileSync(target, program ? ofProgram(readFileSync(program, "utf8")) : ofModule());

function ofModule() {
  return `export async function instantiateGlue(module, guard) {
let wasm;
${body}
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
${body}
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
  return changes
    .reduce((program, [from, to]) => {
      const [before, after, ...again] = program.split(from);
      if (after === undefined || again.length > 0) throw new Error(`the program has not one ${from}`);
      return before + to + after;
    }, inner)
    .replace(/^ +/gm, "");
}
