// Compares what the package weighs with sizes.json. Usage: node budget.mjs <package>, BLESS=1 to write today's sizes there.
//
// A size may grow by 2 % until sizes.json is written anew, which is a decision. A size that has once been within its budget
// stays within it.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const TOLERANCE = 1.02;
const root = resolve(import.meta.dirname, "../..");
const folder = resolve(process.argv[2]);
const file = join(root, "sizes.json");
const { build } = createRequire(join(root, "tests/package/package.json"))("esbuild");

const call = (entry) => `
  import { OpenResponses } from ${JSON.stringify(join(folder, `dist/${entry}.js`))};
  const client = new OpenResponses({ apiKey: async () => (await fetch("/token")).text() });
  for await (const event of client.responses.stream({ model: "m", input: "i" })) console.log(event);
`;

/** What makes one streaming call, bundled and minified, with the embedded wasm or without. */
async function bundle(entry, external = []) {
  const scratch = mkdtempSync(join(tmpdir(), "openresponses-sizes-"));
  const outfile = join(scratch, "bundle.js");
  const stdin = { contents: call(entry), resolveDir: root };
  await build({ stdin, outfile, external, bundle: true, minify: true, format: "esm", logLevel: "error" });
  const bytes = readFileSync(outfile);
  rmSync(scratch, { recursive: true });
  return bytes;
}

const measured = {
  "the wasm alone": readFileSync(join(folder, "dist/wasm/openresponses_wasm_bg.wasm")),
  "the default entry, wasm and all": await bundle("index"),
  "its JavaScript without the wasm": await bundle("index", ["*/inline.js"]),
  "the entry ./fallback, program and all": await bundle("fallback"),
};

const known = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
const faults = [];
for (const [name, bytes] of Object.entries(measured)) {
  const size = gzipSync(bytes, { level: 9 }).length;
  const { gzip, budget } = known[name] ?? {};
  const distance = size > budget ? `, ${size - budget} above its budget` : "";
  console.log(`  ${name.padEnd(40)} ${String(size).padStart(9)} of ${budget}${distance}`);
  if (process.env.BLESS) {
    known[name] = { gzip: size, budget };
  } else if (gzip === undefined || size > gzip * TOLERANCE) {
    faults.push(`${name} weighs ${size} bytes, and ${gzip} by sizes.json`);
  } else if (gzip <= budget && size > budget) {
    faults.push(`${name} weighs ${size} bytes and left its budget of ${budget}`);
  }
}
if (process.env.BLESS) writeFileSync(file, `${JSON.stringify(known, null, 2)}\n`);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
