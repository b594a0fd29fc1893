// What the instances of the wasm hold, told by a copy of the package that was made to tell it: see `watchable`.

/** Watches the instances that are made from now on. Works in any environment. */
export function watchInstances() {
  let made = 0;
  let begun = 0;
  let freed = 0;
  let memory;
  let values;
  let largest = 0;
  globalThis.watchInstance = (guard) => (exports) => {
    made += 1;
    memory = weakly(exports.memory);
    values = weakly(exports.__wbindgen_externrefs);
    return guard({
      ...exports,
      call_new: (...given) => {
        begun += 1;
        return exports.call_new(...given);
      },
      call_reserve: (...given) => {
        largest = Math.max(largest, given.at(-1));
        return exports.call_reserve(...given);
      },
      __wbg_call_free: (...given) => {
        freed += 1;
        return exports.__wbg_call_free(...given);
      },
    });
  };
  return {
    /** Calls that the wasm holds. */
    get calls() {
      return begun - freed;
    },
    /** All calls that there were. */
    get begun() {
      return begun;
    },
    /** All instances that there were. */
    get made() {
      return made;
    },
    /** The memory of the instance that was made last, in bytes, unless it is gone; it never shrinks. */
    get bytes() {
      return memory?.deref()?.buffer.byteLength ?? 0;
    },
    /** The largest chunk that it was given, in bytes. */
    get largestChunk() {
      return largest;
    },
    /** Has it grow by so many pages of 64 KiB, as it does when the wasm wants more. */
    grow(pages = 1) {
      memory.deref().grow(pages);
    },
    /** The places for JavaScript's values that it has, free ones too; they never get fewer. */
    get places() {
      return values?.deref()?.length ?? 0;
    },
  };
}

/** Without keeping the instance, where the platform can. */
function weakly(value) {
  return typeof WeakRef === "function" ? new WeakRef(value) : { deref: () => value };
}
