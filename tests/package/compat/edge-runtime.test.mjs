/** Vercel's edge runtime: bundled as Vercel's builder does it, run by the runtime's own sandbox. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { row } from "../support/row.mjs";
import { baseURL } from "../support/setting.mjs";
import { starter } from "../support/starter.mjs";

row("edge-runtime", async () => {
  const { root, version } = await starter("edge-runtime");
  const { EdgeVM } = createRequire(join(root, "package.json"))("@edge-runtime/vm");
  /** The compiled modules, by the names of the globals that the bundle finds them in. */
  const modules = {};
  const bundle = await build({
    entryPoints: [join(root, "main.js")],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    conditions: ["edge-light"],
    plugins: [wasmModules(modules)],
  });
  const extend = (context) => Object.assign(context, modules);
  const vm = new EdgeVM({ extend, initialCode: bundle.outputFiles[0].text });
  const answer = await vm.dispatchFetch(`http://edge.test/?baseURL=${encodeURIComponent(baseURL)}`);
  return { version: version("@edge-runtime/vm"), results: await answer.json() };
});

/** Takes `import module from "….wasm?module"` for a global, as the builder's own plugin does. */
function wasmModules(modules) {
  return {
    name: "wasm-modules",
    setup(build) {
      build.onResolve({ filter: /\.wasm\?module$/ }, ({ path, importer }) => ({
        path: join(dirname(importer), path.slice(0, -"?module".length)),
        namespace: "wasm-module",
      }));
      build.onLoad({ filter: /.*/, namespace: "wasm-module" }, ({ path }) => {
        const name = `wasm_${Object.keys(modules).length}`;
        modules[name] = new WebAssembly.Module(readFileSync(path));
        return { contents: `export default ${name};` };
      });
    },
  };
}
