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

/** Whether this is a page or a worker in a browser, an extension's among them. Workers at the edge have no location. */
export function isInBrowser(): boolean {
  const { document, WorkerGlobalScope, location } = globals;
  return (document !== undefined || WorkerGlobalScope !== undefined) && location?.protocol !== undefined;
}

/** Whether this is a web page, or a worker of one: code that a visitor's browser fetched and can show. Extensions are not. */
export function isWebPage(): boolean {
  return isInBrowser() && !globals.location?.protocol?.endsWith("-extension:");
}
