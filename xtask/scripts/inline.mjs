// Writes the binary as a module: raw deflate, base64, one string. Usage: node inline.mjs <in.wasm> <out.js>
import { readFileSync, writeFileSync } from "node:fs";
import { deflateRawSync, inflateRawSync } from "node:zlib";

const [source, target] = process.argv.slice(2);
const wasm = readFileSync(source);

// No setting of the match tables is the smallest for every input; trying them all costs less than a second.
let best = deflateRawSync(wasm, { level: 9 });
for (let memLevel = 1; memLevel <= 9; memLevel++) {
  const deflated = deflateRawSync(wasm, { level: 9, memLevel });
  if (deflated.length < best.length) best = deflated;
}

if (!inflateRawSync(best).equals(wasm)) throw new Error("the deflated binary does not inflate to the same bytes");
writeFileSync(target, `export default "${best.toString("base64")}";\n`);
