import { compile, prepare, type WasmSource } from "./compile.js";
import { WasmLoadError } from "./errors.js";
import { type Instance, instantiate, type Program } from "./instance.js";
import { unavailable, unusable } from "./unloaded.js";

type Loader = () => Program | Promise<Program>;

let loader: Loader | undefined;
let loading: Promise<Instance> | undefined;
let given: unknown;
/** What the next instance is made of. */
let compiled: Program | undefined;

/** Says where this entry's wasm comes from. Nothing is loaded before the first call to the server. */
export function useLoader(load: Loader): void {
  loader = load;
}

/**
 * Loads the wasm ahead of the first call, from `source` if one is given. Optional but with the entry `./slim`, which
 * carries none. A second call with another source keeps the first: one wasm serves all clients.
 *
 * @throws {@link WasmLoadError}; the next call tries again.
 */
export async function init(source?: WasmSource | Promise<WasmSource>): Promise<void> {
  if (source !== undefined && !loading && !compiled) {
    given = source;
    start(async () => compile(await prepare(await source)));
  } else if (source !== undefined && given !== source) {
    console.warn("openresponses-wasm: init() was given a second source; the first one stays in use.");
  }
  await ready();
}

/**
 * The wasm's exports, loaded by the first that asks. A failure is forgotten, so that the next one tries again, and so is an
 * instance that traps or has memory enough.
 */
export async function ready(): Promise<Instance> {
  const program = compiled;
  const attempt = loading ?? start(program ? () => program : (loader ?? notInitialised));
  const instance = await attempt;
  if (!instance.hasEnough()) return instance;
  if (loading === attempt) loading = undefined;
  return ready();
}

function start(load: Loader): Promise<Instance> {
  const attempt = (async () => {
    let program: Program;
    try {
      program = await load();
    } catch (cause) {
      throw unavailable(cause, "The wasm could not be loaded");
    }
    try {
      const instance = await instantiate(program, () => forget());
      compiled = program;
      return instance;
    } catch (cause) {
      throw unusable(cause);
    }
  })();
  const forget = () => {
    if (loading !== attempt) return;
    loading = undefined;
    if (!compiled) given = undefined;
  };
  loading = attempt;
  attempt.catch(forget);
  return attempt;
}

function notInitialised(): never {
  throw new WasmLoadError(
    "wasm_not_initialized",
    'The entry "openresponses-wasm/slim" carries no wasm. Before the first call, await init(source) with a ' +
      'WebAssembly.Module, its bytes, a Response or a URL (the file is "openresponses-wasm/openresponses_wasm_bg.wasm"); ' +
      'or import "openresponses-wasm", which needs none of it.',
  );
}
