// Puts the modules of the facade together: a file for each entry of the package, one for the client, and one for what can be
// had without it. A page without a bundler waits for two rounds of requests then, and Node opens four files and not 32.
// Usage: node bundle.mjs <modules> <package>
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { rollup } from "rollup";

const [modules, folder] = process.argv.slice(2).map((path) => resolve(path));
const dist = join(folder, "dist");
const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

/** What this part of "exports" leads to. */
const targets = (part) => (typeof part === "string" ? [part] : Object.values(part).flatMap(targets));

const entries = new Set(targets(exports).filter((path) => path.endsWith(".js")));

/** Large, and needed by one entry or another: these stay files of their own. */
const isApart = (id) => /\/wasm\/(inline|fallback|openresponses_wasm)\.js$|\.wasm(\?module)?$/.test(id);

/** What is used without the client: the errors, and what `./core` needs. */
const ROOTS = ["errors.js", "core.js"].map((name) => join(modules, name));

/** These modules and all that they import. */
function closure(ids, getModuleInfo, seen = new Set()) {
  for (const id of ids) {
    if (seen.has(id)) continue;
    seen.add(id);
    closure(getModuleInfo(id).importedIds, getModuleInfo, seen);
  }
  return seen;
}

const bundle = await rollup({
  input: [...entries].map((path) => join(modules, path.replace(/^\.\/dist\//, ""))),
  external: isApart,
  onwarn(warning) {
    throw new Error(warning.message);
  },
});
await bundle.write({
  dir: dist,
  manualChunks(id, { getModuleInfo }) {
    if (getModuleInfo(id).isEntry) return undefined;
    return closure(ROOTS, getModuleInfo).has(id) ? "shared" : undefined;
  },
  entryFileNames: "[name].js",
  // There is one more.
  chunkFileNames: ({ name }) => (name === "shared" ? "shared.js" : "client.js"),
  // Bundlers warn of imports for nothing but an earlier request.
  hoistTransitiveImports: false,
  minifyInternalExports: false,
});
await bundle.close();
