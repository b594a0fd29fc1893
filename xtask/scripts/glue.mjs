// Makes of the glue a function that makes one instance of the wasm, in a scope of its own: what an instance that trapped has
// left behind (objects, closures, finalizers) then never reaches the next one. Usage: node glue.mjs <in.js> <out.js>
import { readFileSync, writeFileSync } from "node:fs";

const [source, target] = process.argv.slice(2);
const glue = readFileSync(source, "utf8");

// Another version of wasm-bindgen may write something else.
const loading = "let wasmModule, wasmInstance, wasm;\n";
const [code, loader, ...more] = glue.split(loading);
if (!loader?.includes("wasm.__wbindgen_start();") || more.length > 0)
  throw new Error("the glue has no loader at its end");

const names = [];
const body = code
  .replace(/^\/\* @ts-self-types.*\n/, "")
  .replace(/^export (class|function) (\w+)/gm, (_, kind, name) => {
    names.push(name);
    return `${kind} ${name}`;
  });
const left = /^(import|export)\b.*/m.exec(body);
if (left) throw new Error(`the glue has a line that cannot stand in a function: ${left[0]}`);

writeFileSync(
  target,
  `export async function instantiateGlue(module, guard) {
let wasm;
${body}
wasm = guard((await WebAssembly.instantiate(module, __wbg_get_imports())).exports);
wasm.__wbindgen_start();
return { ${names.join(", ")} };
}
`,
);
