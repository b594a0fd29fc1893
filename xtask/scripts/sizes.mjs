// The size of the binary, and of the JavaScript that each entry of the package loads. Usage: node sizes.mjs <package>
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const folder = resolve(process.argv[2]);
const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

/** Every JavaScript file that this part of "exports" can lead to. */
const targets = (part) =>
  typeof part === "string" ? [part].filter((path) => path.endsWith(".js")) : Object.values(part ?? {}).flatMap(targets);

/** The file and what it imports statically from the package, transitively. */
function closure(file, seen = new Set()) {
  if (seen.has(file) || !existsSync(file)) return seen;
  seen.add(file);
  const text = readFileSync(file, "utf8");
  for (const [, specifier] of text.matchAll(/^\s*(?:import|export)\b[^"';]*["'](\.[^"']+\.js)["']/gm)) {
    closure(resolve(dirname(file), specifier), seen);
  }
  return seen;
}

const row = (name, bytes, gzip) => console.log(`  ${name.padEnd(40)} ${bytes.padStart(9)} ${gzip.padStart(9)}`);
const size = (name, bytes) => row(name, String(bytes.length), String(gzipSync(bytes, { level: 9 }).length));

row("sizes in bytes", "raw", "gzip");
size("wasm", readFileSync(join(folder, "dist/wasm/openresponses_wasm_bg.wasm")));
const entries = Object.entries(manifest.exports ?? {}).flatMap(([name, part]) =>
  targets(part).map((path) => [path, name]),
);
// What several lead to is that of the first.
for (const [path, name] of [...new Map(entries.reverse())].reverse()) {
  const files = [...closure(resolve(folder, path))];
  size(`${name} (${relative(folder, resolve(folder, path))})`, Buffer.concat(files.map((file) => readFileSync(file))));
}
