// Says of a binary that it was compiled without features: the standard library, which is compiled already, claims what it was
// compiled with, and wasm-bindgen believes it. Usage: node disclaim.mjs <wasm> <feature>…
import { readFileSync, writeFileSync } from "node:fs";

const [path, ...features] = process.argv.slice(2);
const wasm = readFileSync(path);

for (const feature of features) {
  const claim = Buffer.from(`+${String.fromCharCode(feature.length)}${feature}`);
  const at = wasm.lastIndexOf(claim);
  if (at < 0) throw new Error(`the binary does not claim ${feature}`);
  wasm[at] = "-".charCodeAt(0);
}
if (!WebAssembly.validate(wasm)) throw new Error("the binary is not valid any more");
writeFileSync(path, wasm);
