import type { HookCall, HookEnd, Hooks } from "./hooks.js";

export type LogLevel = "off" | "error" | "warn" | "info" | "debug";

/** Where log lines go; `console` is one. Keys and payloads never do. */
export type Logger = Record<Exclude<LogLevel, "off">, (message: string) => void>;

/** Where lines go, and which. */
export interface Log {
  logger: Logger | undefined;
  logLevel: LogLevel;
}

/** From the fewest lines to the most. */
export const LOG_LEVELS: readonly LogLevel[] = ["off", "error", "warn", "info", "debug"];

/** The levels of which lines may come: none are written as `error`. */
export function levelsOf(logLevel: LogLevel): readonly Exclude<LogLevel, "off">[] {
  return (["warn", "info", "debug"] as const).slice(0, Math.max(LOG_LEVELS.indexOf(logLevel) - 1, 0));
}

/** The hook that writes one line when the call is over. Not what the server said: it may quote what it was sent. */
export function logging({ logger, logLevel }: Log, { method, path }: Pick<HookCall, "method" | "path">): Hooks[] {
  if (!logger) return [];
  const end = ({ error, requestID, elapsedMs }: HookEnd) => {
    const level = !error ? "info" : error.name === "APIUserAbortError" ? "debug" : "warn";
    if (!levelsOf(logLevel).includes(level)) return;
    const facts = [error?.name ?? "ok", error?.status, error?.code, requestID];
    const outcome = facts.filter((fact) => fact !== undefined && fact !== null).join(" ");
    logger[level](`openresponses-wasm: ${method} ${path}: ${outcome} after ${Math.round(elapsedMs)} ms`);
  };
  return [{ end }];
}
