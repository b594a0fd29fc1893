import type { Settings } from "./options.js";

/** Why a server cannot be reached from here, as far as requests without key and payload can tell. */
export interface Diagnosis {
  /**
   * `ok`: the server answers, with the CORS headers that a page needs, or to an extension that may ask it. `offline`,
   * `invalid_url`, `mixed_content` and `blocked_by_csp` are this side's; `unreachable`: nothing answers; `cors_origin`,
   * `cors_headers`: the server answers, and does not allow this page's or extension's origin, or those `headers`.
   */
  code:
    | "ok"
    | "offline"
    | "invalid_url"
    | "mixed_content"
    | "blocked_by_csp"
    | "unreachable"
    | "cors_origin"
    | "cors_headers";
  /** What is likely wrong, and what to change. */
  message: string;
  url: string;
  /** With `cors_headers`, those that the server does not allow. */
  headers: readonly string[];
}

/** How long all that is tried may take, in milliseconds. */
const PATIENCE_MS = 3_000;

const orRelay = ", or be called through a relay of your own.";

/** Finds out what can be known of requests to `path`; `hasBody`: whether they have a body of JSON. `signal` hurries it. */
export async function diagnose(
  settings: Settings,
  path: string,
  hasBody: boolean,
  signal?: AbortSignal,
): Promise<Diagnosis> {
  // Without what may be a secret: a query, a user's name and password.
  const root = settings.baseURL.replace(/[?#].*$/s, "").replace(/\/+$/, "");
  let url = `${root.replace(/\/\/[^/]*@/, "//")}${path}`;
  const found = (code: Diagnosis["code"], message: string, headers: readonly string[] = []): Diagnosis => ({
    code,
    message,
    url,
    headers,
  });
  const { document, location, navigator, origin: own } = globalThis as Partial<typeof globalThis>;
  let target: URL;
  try {
    // As the core makes an absolute one of it: a page's `<base>` counts, and a worker of a `Blob` has its maker's origin.
    target = new URL(url, (document?.baseURI ?? location?.href)?.replace(/^blob:/, ""));
  } catch {
    return found("invalid_url", `${url} is no URL.`);
  }
  const { hostname, origin, protocol } = target;
  url = target.href;
  if (!/^https?:$/.test(protocol)) return found("invalid_url", `${url} is no address of http.`);
  if (navigator?.onLine === false) return found("offline", "The browser is offline.");
  if (
    own?.startsWith("https:") &&
    protocol === "http:" &&
    !/^((.*\.)?localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
  ) {
    return found("mixed_content", `A page of https may not ask ${origin}: serve the API by https.`);
  }

  const asker = own?.includes("-extension:")
    ? `extension: add "${protocol}//${hostname}/*" to host_permissions in its manifest. Else it`
    : "page: it";
  let isBlocked = false;
  const violated = () => {
    isBlocked = true;
  };
  globalThis.addEventListener?.("securitypolicyviolation", violated);
  const aborter = new AbortController();
  const abort = () => aborter.abort();
  const timer = setTimeout(abort, PATIENCE_MS);
  signal?.addEventListener("abort", abort);
  const answers = (init: RequestInit) =>
    fetch(target, {
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      signal: aborter.signal,
      ...init,
    })
      .then((response) => {
        response.body?.cancel().catch(() => {});
        return true;
      })
      .catch(() => false);
  try {
    const [isReadable, isThere] = await Promise.all([answers({}), answers({ mode: "no-cors" })]);
    // The browser tells of a violation after the request has failed.
    await new Promise((resolve) => setTimeout(resolve));
    if (isBlocked) {
      return found("blocked_by_csp", `The page's Content-Security-Policy forbids it: add ${origin} to connect-src.`);
    }
    if (!isReadable && !isThere) {
      const what = aborter.signal.aborted ? `does not answer within ${PATIENCE_MS} ms` : "cannot be reached";
      return found("unreachable", `${origin} ${what}: is baseURL right, the server up, its certificate valid?`);
    }
    if (!isReadable) {
      return found(
        "cors_origin",
        `${origin} does not allow this ${asker} must send "access-control-allow-origin: ${own}"${orRelay}`,
      );
    }
    const asked = headersOf(settings, hasBody);
    const allowed = await Promise.all(
      asked.map((name) => answers({ headers: { [name]: name === "content-type" ? "application/json" : "none" } })),
    );
    const refused = asked.filter((_, index) => !allowed[index]);
    if (refused.length > 0) {
      return found(
        "cors_headers",
        `${origin} does not allow the headers ${refused} of this ${asker} must answer OPTIONS with ` +
          `"access-control-allow-headers: ${asked}"${orRelay}`,
        refused,
      );
    }
    return found(
      "ok",
      `${origin} answers. If requests with a key fail, its errors may lack CORS headers: see its log.`,
    );
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
    globalThis.removeEventListener?.("securitypolicyviolation", violated);
  }
}

/** The headers of a request for which the browser asks the server beforehand. */
function headersOf({ apiKey, headers }: Settings, hasBody: boolean): string[] {
  const own = { authorization: apiKey !== null, "content-type": hasBody };
  for (const [name, value] of headers) Object.assign(own, { [name.toLowerCase()]: value !== null });
  return Object.entries({ ...own, accept: false }).flatMap(([name, isSent]) => (isSent ? name : []));
}
