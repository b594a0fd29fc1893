/**
 * Watches for effects: requests, timers, WebAssembly compilations and new globals, and for errors that nobody caught.
 * Begins when it is imported, so that what is imported after it is watched.
 */

const WATCHED = [
  [globalThis, "fetch", "requests"],
  [globalThis, "XMLHttpRequest", "requests"],
  [globalThis, "WebSocket", "requests"],
  [globalThis, "setTimeout", "timers"],
  [globalThis, "setInterval", "timers"],
  [globalThis, "setImmediate", "timers"],
  [WebAssembly, "compile", "compilations"],
  [WebAssembly, "compileStreaming", "compilations"],
  [WebAssembly, "instantiate", "compilations"],
  [WebAssembly, "instantiateStreaming", "compilations"],
  [WebAssembly, "Module", "compilations"],
  [WebAssembly, "Instance", "compilations"],
];

let counts;
let globals;
const restores = [];

function start() {
  stop();
  counts = { requests: 0, timers: 0, compilations: 0 };
  for (const [holder, name, kind] of WATCHED) {
    const own = Object.getOwnPropertyDescriptor(holder, name);
    if (!own?.configurable || typeof holder[name] !== "function") continue;
    const counted =
      (act) =>
      (...args) => {
        if (!isPlatforms()) counts[kind] += 1;
        return act(...args);
      };
    // A proxy keeps everything else as it is: constructing, statics, and the `this` of the caller.
    const value = new Proxy(holder[name], { apply: counted(Reflect.apply), construct: counted(Reflect.construct) });
    Object.defineProperty(holder, name, { value, configurable: true, writable: true, enumerable: own.enumerable });
    restores.push(() => Object.defineProperty(holder, name, own));
  }
  globals = new Set(Reflect.ownKeys(globalThis));
}

/**
 * Node's fetch compiles a parser of its own some time after it was first looked at; Vite's development server keeps the
 * page's connection to it alive.
 */
function isPlatforms() {
  return /node:internal\/deps|\/@vite\/client/.test(`${new Error().stack}`);
}

/** Ends the watch; what was seen since its start. */
function stop() {
  for (const restore of restores.splice(0)) restore();
  return {
    ...counts,
    globals: globals
      ? Reflect.ownKeys(globalThis)
          .filter((key) => !globals.has(key))
          .map(String)
      : [],
  };
}

/** @type {string[]} */
const uncaught = [];
const note = (error) => uncaught.push(`${error?.stack ?? error}`);
if (globalThis.process?.versions?.node && globalThis.process.on) {
  globalThis.process.on("unhandledRejection", note).on("uncaughtException", note);
} else {
  globalThis.addEventListener?.("unhandledrejection", (event) => note(event.reason));
  globalThis.addEventListener?.("error", (event) => note(event.error ?? event.message));
}

const untouched = { setTimeout: globalThis.setTimeout.bind(globalThis) };

export const watch = { start, stop, untouched, uncaught };

start();
