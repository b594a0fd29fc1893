import { WasmLoadError } from "./errors.js";
import type { Program } from "./instance.js";
import { remedy, unavailable, unusable } from "./unloaded.js";
import { instantiateGlue } from "./wasm/glue.js";

/** What the wasm can be made of. A string is a URL. */
export type WasmSource = WebAssembly.Module | BufferSource | Response | URL | string;

/** The program that the wasm is, from whatever it can be compiled from. */
export async function compile(source: WebAssembly.Module | BufferSource): Promise<Program> {
  let module: WebAssembly.Module;
  try {
    module = isModule(source) ? source : await WebAssembly.compile(source);
  } catch (cause) {
    throw await refused(cause);
  }
  if (!WebAssembly.Module.exports(module).some(({ name }) => name === "call_new")) {
    throw new WasmLoadError("wasm_invalid", "The wasm that was given is another package's, or of another version.");
  }
  return async (guard) => {
    try {
      return await instantiateGlue(module, guard);
    } catch (cause) {
      throw await refused(cause);
    }
  };
}

/** By name, since a module may come from another realm. */
function isModule(source: WebAssembly.Module | BufferSource): source is WebAssembly.Module {
  return Object.prototype.toString.call(source) === "[object WebAssembly.Module]";
}

export async function prepare(source: WasmSource): Promise<WebAssembly.Module | BufferSource> {
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

/** Node's `fetch` knows no `file:`; test runners that take a page's entry in Node end up here. */
function readFile(address: string): BufferSource | undefined {
  return builtin<{ readFileSync?(url: URL): BufferSource } | undefined>("node:fs")?.readFileSync?.(new URL(address));
}

/** A module of Node's own, in Node and what is like it. Not of a bare `process`, for which bundlers put in one of theirs. */
function builtin<Module>(name: string): Module {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return process?.getBuiltinModule?.(name) as Module;
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
  return unusable(cause);
}
