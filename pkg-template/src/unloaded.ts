import { WasmLoadError } from "./errors.js";

/** The error for a source that gave no wasm; one that is told already stays as it is. */
export function unavailable(cause: unknown, what: string, url?: string): WasmLoadError {
  if (cause instanceof WasmLoadError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  return new WasmLoadError("wasm_not_found", `${what} (${said}). ${remedy}`, { cause, url });
}

/** The error for a program of which no instance can be made. */
export function unusable(cause: unknown): WasmLoadError {
  if (cause instanceof WasmLoadError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  if (/out of memory|allocat/i.test(said)) {
    return new WasmLoadError(
      "wasm_out_of_memory",
      `There is no memory for the wasm (${said}): let go of what else takes memory here; the next call tries again.`,
      { cause },
    );
  }
  return new WasmLoadError("wasm_invalid", `The wasm could not be instantiated: ${said}`, { cause });
}

export const remedy =
  'Serve openresponses_wasm_bg.wasm there, or import "openresponses-wasm", which carries the wasm inside and needs no file.';
