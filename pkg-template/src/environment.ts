/** What can be known of where the code runs, without touching more than is asked for. */

interface Globals {
  process?: { env?: Record<string, string | undefined> };
  document?: unknown;
  WorkerGlobalScope?: unknown;
  location?: { protocol?: string };
}

const globals = globalThis as unknown as Globals;

/** An environment variable; nothing where there is no environment, or where reading it is not permitted. */
export function variable(name: string): string | undefined {
  try {
    return globals.process?.env?.[name];
  } catch {
    return undefined;
  }
}

/**
 * Whether this is a web page, or a worker of one: code that a visitor's browser fetched and can show. Extensions are
 * not, and neither are workers at the edge, which have no location.
 */
export function isWebPage(): boolean {
  const inBrowser = globals.document !== undefined || globals.WorkerGlobalScope !== undefined;
  const protocol = inBrowser ? globals.location?.protocol : undefined;
  return protocol !== undefined && !protocol.endsWith("-extension:");
}
