// The package's wasm, made to fail when a test wants it to.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import binaryen from "binaryen";
import { unpack } from "./package.mjs";

/** What `Math.random()` is called in the wasm, as the glue knows. */
const [, RANDOM] = /(\w+): function\(\) \{\s+const ret = Math\.random\(\);/.exec(
  readFileSync(join(unpack(), "dist/client.js"), "utf8"),
);

/** Traps in the exports that `fits` names, whenever `Math.random()`, which the wasm asks, gives less than zero. */
export function trapping(wasm, fits) {
  return patched(wasm, (module) => {
    const random = functions(module).find(({ base }) => base === RANDOM);
    const names = WebAssembly.Module.exports(new WebAssembly.Module(wasm))
      .filter(({ kind, name }) => kind === "function" && fits(name))
      .map(({ name }) => binaryen.getExportInfo(module.getExport(name)).value);
    if (!random || names.length === 0) throw new Error("there is nothing to make a trap of");
    for (const name of new Set(names)) {
      const target = module.getFunction(name);
      const wanted = module.f64.lt(module.call(random.name, [], binaryen.f64), module.f64.const(0));
      const { body } = binaryen.getFunctionInfo(target);
      const trap = module.if(wanted, module.unreachable());
      binaryen.Function.setBody(target, module.block(null, [trap, body], binaryen.auto));
    }
  });
}

/** Has at most so many pages of 64 KiB of memory more than it begins with. */
export function bounded(wasm, pages) {
  return patched(wasm, (module) => {
    const { initial } = module.getMemoryInfo();
    return module
      .emitText()
      .replace(/\(memory (\$\S+ )?(\d+)\)/, (_, name = "") => `(memory ${name}${initial} ${initial + pages})`);
  });
}

function patched(wasm, patch) {
  const module = binaryen.readBinary(wasm);
  const text = patch(module);
  const result = text ? binaryen.parseText(text) : module;
  result.setFeatures(module.getFeatures());
  return result.emitBinary();
}

function functions(module) {
  const count = module.getNumFunctions();
  return Array.from({ length: count }, (_, index) => binaryen.getFunctionInfo(module.getFunctionByIndex(index)));
}
