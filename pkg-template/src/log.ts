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

/** Writes a line where it is wanted. */
export function log({ logger, logLevel }: Log, level: Exclude<LogLevel, "off">, line: () => string): void {
  if (!logger || LOG_LEVELS.indexOf(level) > LOG_LEVELS.indexOf(logLevel)) return;
  try {
    logger[level](`openresponses-wasm: ${line()}`);
  } catch {
    // A logger that throws has only itself to tell; the call goes on.
  }
}
