import { WasmLoadError } from "./errors.js";
import { type Instance, instantiate, type Program } from "./instance.js";
import { instantiateGlue } from "./wasm/glue.js";

/** What the wasm can be made of. A string is a URL. */
export type WasmSource = WebAssembly.Module | BufferSource | Response | URL | string;

/** What there is to make instances of: the wasm, or a program that is JavaScript already. */
type Loaded = WebAssembly.Module | BufferSource | Program;

type Loader = () => Loaded | Promise<Loaded>;

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
  if (source === undefined) {
    await ready();
    return;
  }
  if (loading && given !== source) {
    console.warn("openresponses-wasm: init() was given a second source; the first one stays in use.");
  }
  if (!loading) {
    given = source;
    start(async () => prepare(await source));
  }
  await loading;
}

/**
 * The wasm's exports, loaded by the first that asks. A failure is forgotten, so that the next one tries again, and so is an
 * instance that traps or has enough.
 */
export function ready(): Promise<Instance> {
  const program = compiled;
  return loading ?? start(program ? () => program : (loader ?? notInitialised));
}

function start(load: Loader): Promise<Instance> {
  const attempt = (async () => {
    let source: Loaded;
    try {
      source = await load();
    } catch (cause) {
      throw unavailable(cause, "The wasm could not be loaded");
    }
    const program = isProgram(source) ? source : await compile(source);
    try {
      const instance = await instantiate(program, () => forget());
      compiled = program;
      return instance;
    } catch (cause) {
      throw await refused(cause);
    }
  })();
  const forget = () => {
    if (loading === attempt) loading = given = undefined;
  };
  loading = attempt;
  attempt.catch(forget);
  return attempt;
}

function isProgram(source: Loaded): source is Program {
  return typeof source === "function";
}

async function compile(source: WebAssembly.Module | BufferSource): Promise<Program> {
  let module: WebAssembly.Module;
  try {
    module = isModule(source) ? source : await WebAssembly.compile(source);
  } catch (cause) {
    throw await refused(cause);
  }
  if (!WebAssembly.Module.exports(module).some(({ name }) => name === "call_new")) {
    throw new WasmLoadError("wasm_invalid", "The wasm that was given is another package's, or of another version.");
  }
  return (guard) => instantiateGlue(module, guard);
}

/** By name, since a module may come from another realm. */
function isModule(source: WebAssembly.Module | BufferSource): source is WebAssembly.Module {
  return Object.prototype.toString.call(source) === "[object WebAssembly.Module]";
}

async function prepare(source: WasmSource): Promise<WebAssembly.Module | BufferSource> {
  if (typeof source === "string" || source instanceof URL) {
    return fetchWasm(source);
  }
  return typeof Response === "function" && source instanceof Response ? checked(source, source.url) : source;
}

/** Inflates base64 of raw deflated bytes: with Node's own modules, where there are any, in a tenth of the time. */
export async function inflate(base64: string): Promise<BufferSource> {
  try {
    const { Buffer } = builtin<{ Buffer: { from(text: string, encoding: "base64"): object } }>("node:buffer");
    const { inflateRawSync } = builtin<{ inflateRawSync(bytes: object): Uint8Array<ArrayBuffer> }>("node:zlib");
    const bytes = inflateRawSync(Buffer.from(base64, "base64"));
    // What stands in for Node may have the names only.
    if (isWasm(bytes)) return bytes;
  } catch {
    // There are none.
  }
  if (typeof DecompressionStream !== "function") {
    throw new WasmLoadError(
      "wasm_unsupported",
      'This environment has no DecompressionStream: import "openresponses-wasm/slim" and pass the wasm to init().',
    );
  }
  const { writable, readable } = new DecompressionStream("deflate-raw");
  const writer = writable.getWriter();
  // What goes wrong there is told to who reads.
  writer.write(decode(base64)).catch(() => {});
  writer.close().catch(() => {});
  return new Response(readable).arrayBuffer();
}

/** By hand where the platform cannot: `Uint8Array.from()` with a function takes three times as long, some 10 ms. */
function decode(base64: string): Uint8Array<ArrayBuffer> {
  const platform = Uint8Array as { fromBase64?(base64: string): Uint8Array<ArrayBuffer> };
  if (platform.fromBase64) return platform.fromBase64(base64);
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** Fetches the wasm, and says what is wrong when something else answers. */
export async function fetchWasm(url: URL | string): Promise<BufferSource> {
  const address = String(url);
  try {
    const bytes = address.startsWith("file:") ? readFile(address) : undefined;
    return bytes ?? (await checked(await fetch(url), address));
  } catch (cause) {
    throw unavailable(cause, `The wasm could not be fetched from ${address}`, address);
  }
}

/** The error for a source that gave no wasm; one that is told already stays as it is. */
function unavailable(cause: unknown, what: string, url?: string): WasmLoadError {
  if (cause instanceof WasmLoadError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  return new WasmLoadError("wasm_not_found", `${what} (${said}). ${remedy}`, { cause, url });
}

async function checked(response: Response, address: string): Promise<BufferSource> {
  const type = response.headers.get("content-type") ?? "";
  let what = `status ${response.status}`;
  if (response.ok) {
    const bytes = await response.arrayBuffer();
    // By the bytes and not by the type, which many servers get wrong.
    if (isWasm(new Uint8Array(bytes))) return bytes;
    what = type.includes("html") ? "an HTML page" : `something else (${type || "no content-type"})`;
  }
  throw new WasmLoadError("wasm_not_found", `Instead of the wasm, ${address} gave ${what}. ${remedy}`, {
    status: response.status,
    url: address,
  });
}

/** Whether they begin as a wasm does: with NUL, `asm`. */
function isWasm([nul, a, s, m]: Uint8Array): boolean {
  return nul === 0 && a === 0x61 && s === 0x73 && m === 0x6d;
}

const remedy =
  'Serve openresponses_wasm_bg.wasm there, or import "openresponses-wasm", which carries the wasm inside and needs no file.';

/** Node's `fetch` knows no `file:`; test runners that take a page's entry in Node end up here. */
function readFile(address: string): BufferSource | undefined {
  return builtin<{ readFileSync?(url: URL): BufferSource } | undefined>("node:fs")?.readFileSync?.(new URL(address));
}

/** A module of Node's own, in Node and what is like it. Not of a bare `process`, for which bundlers put in one of theirs. */
function builtin<Module>(name: string): Module {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return process?.getBuiltinModule?.(name) as Module;
}

function notInitialised(): never {
  throw new WasmLoadError(
    "wasm_not_initialized",
    'The entry "openresponses-wasm/slim" carries no wasm. Before the first call, await init(source) with a ' +
      'WebAssembly.Module, its bytes, a Response or a URL (the file is "openresponses-wasm/openresponses_wasm_bg.wasm"); ' +
      'or import "openresponses-wasm", which needs none of it.',
  );
}

/** What helps where WebAssembly is forbidden. */
const FALLBACK = 'import "openresponses-wasm/fallback", which needs no WebAssembly.';

async function refused(cause: unknown): Promise<WasmLoadError> {
  if (typeof WebAssembly === "undefined") {
    return new WasmLoadError(
      "wasm_unsupported",
      `There is no WebAssembly here, as in browsers that are hardened: ${FALLBACK}`,
      { cause },
    );
  }
  const said = cause instanceof Error ? cause.message : String(cause);
  if (/disallowed by embedder/i.test(said)) {
    return new WasmLoadError(
      "wasm_unsupported",
      'This runtime compiles no wasm from bytes. Resolve the package with the condition "workerd", or import ' +
        '"openresponses-wasm/slim" and pass a WebAssembly.Module to init().',
      { cause },
    );
  }
  if (/out of memory|allocat/i.test(said)) {
    return new WasmLoadError(
      "wasm_out_of_memory",
      `There is no memory for the wasm (${said}): let go of what else takes memory here; the next call tries again.`,
      { cause },
    );
  }
  try {
    // A module of nothing: not all that forbids WebAssembly says so.
    await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  } catch {
    return new WasmLoadError(
      "wasm_blocked_by_csp",
      "The page's Content-Security-Policy forbids WebAssembly: add 'wasm-unsafe-eval' to script-src (in an extension's " +
        'manifest: "content_security_policy": {"extension_pages": "script-src \'self\' \'wasm-unsafe-eval\'"}), or ' +
        FALLBACK,
      { cause },
    );
  }
  return new WasmLoadError("wasm_invalid", `The wasm could not be instantiated: ${said}`, { cause });
}
