import { OpenResponsesError } from "./errors.js";
import type { Exports, Glue, Guard } from "./wasm/glue.js";
import type { Weak } from "./weak.js";

/** Makes instances, whose exports are called by way of what the guard makes of them. */
export type Program = (guard: Guard) => Promise<Glue>;

/** One instance of the wasm. */
export interface Instance extends Glue {
  /** Adds a call, which is told when it traps. Nobody need take it out who does not hold it any more. */
  enlist(call: Enlisted): void;
  /** Takes one out that is over. */
  dismiss(call: Enlisted): void;
  /** Whether it has so much memory that no call should begin in it any more. */
  hasEnough(): boolean;
}

type Enlisted = Weak<{ trapped(error: OpenResponsesError): void }>;

/**
 * Bytes of memory, which never shrinks in a wasm and is given back with the instance only: beyond so many it is given up when it
 * serves nobody any more. While it does, its memory serves the calls after them too. A new one takes some two milliseconds.
 */
const MUCH = 32 * 1024 * 1024;

/** Beyond so many bytes, a quarter of all that it can have, no call begins in it. */
const ENOUGH = 1024 * 1024 * 1024;

/** After how many calls those that were let go are looked for: a finalizer for each would cost more. */
const SOME = 64;

/**
 * Exports that only begin or go on with something: those who wait for it are told of a trap, and whoever calls them, often
 * the platform, could only report an error as uncaught. The empty array is read as the number 0 or as nothing.
 */
const QUIET = /closure|free|^call_(start|pull|reserve|chunk|ended|broke|abort|detach)$/;

/**
 * Makes an instance of the wasm. One that traps, or in which a thrown value has cut a call short, is in a state that nobody
 * knows: it is given up, and all that is asked of it from then on is refused. `onRetired` is told then, and where another one should
 * serve the calls that are to come.
 */
export async function instantiate(program: Program, onRetired: () => void): Promise<Instance> {
  const calls = new Set<Enlisted>();
  let enlisted = 0;
  let trap: OpenResponsesError | undefined;
  let memory: WebAssembly.Memory;

  const giveUp = (cause: unknown, exports: Exports) => {
    trap = new OpenResponsesError(
      `The wasm failed (${cause instanceof Error ? cause.message : cause}), for want of memory or because the platform refused ` +
        "it something. All calls under way end with this error; the next one gets a fresh instance.",
      { code: "wasm_trap", cause },
    );
    onRetired();
    release(exports.__wbindgen_externrefs as WebAssembly.Table);
    for (const call of calls) call.deref()?.trapped(trap);
    calls.clear();
  };

  const guard: Guard = (exports) => {
    memory = exports.memory as WebAssembly.Memory;
    return Object.fromEntries(
      Object.entries(exports).map(([name, value]) => {
        if (typeof value !== "function") return [name, value];
        const isQuiet = QUIET.test(name);
        const call = (...values: unknown[]) => {
          try {
            if (!trap) return value(...values);
          } catch (thrown) {
            if (!trap) giveUp(thrown, exports);
          }
          if (isQuiet) return [];
          throw trap;
        };
        return [name, call];
      }),
    );
  };

  const hasMoreThan = (bytes: number) => memory.buffer.byteLength > bytes;
  const forgetThoseLetGo = () => {
    for (const call of calls) if (!call.deref()) calls.delete(call);
  };

  return Object.assign(await program(guard), {
    enlist(call: Enlisted) {
      calls.add(call);
      enlisted += 1;
      if (enlisted % SOME === 0) forgetThoseLetGo();
    },
    dismiss(call: Enlisted) {
      calls.delete(call);
      if (!hasMoreThan(MUCH)) return;
      forgetThoseLetGo();
      if (calls.size === 0) onRetired();
    },
    hasEnough: () => hasMoreThan(ENOUGH),
  });
}

/** Ends what an instance has begun and can end no more: requests, and the timers that keep a process of Node alive. */
function release(values: WebAssembly.Table): void {
  for (let index = 0; index < values.length; index += 1) {
    const value = values.get(index);
    try {
      if (typeof AbortController === "function" && value instanceof AbortController) value.abort();
      if (typeof value?.unref === "function") clearTimeout(value);
    } catch {
      // Where it may not be ended now, as in Cloudflare's workers in the turn of another request, the platform ends it.
    }
  }
}
