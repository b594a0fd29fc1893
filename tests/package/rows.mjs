/** The rows of the table of environments, in its order: what each is called, which entry it imports, which file tries it. */

const DEFAULT = "openresponses-wasm";
const URL_ENTRY = "openresponses-wasm/url";
const SLIM = "openresponses-wasm/slim";
const FALLBACK = "openresponses-wasm/fallback";

const FIREFOX_NOTE = "Firefox closes an aborted connection with what arrives next, if not at once";

/**
 * @typedef {object} Row
 * @property {string} id by which the command line names it
 * @property {string} environment
 * @property {string} entry that is imported there
 * @property {string} file below this folder
 * @property {string} [note] beside its result
 */

/** @type {Row[]} */
export const ROWS = [
  ...["Chromium", "Firefox", "WebKitGTK"].flatMap((engine) => {
    const name = { Chromium: "chromium", Firefox: "firefox", WebKitGTK: "webkit" }[engine];
    const file = `${engine === "Chromium" ? "environments" : "compat"}/${name}.test.mjs`;
    const note = engine === "Firefox" ? FIREFOX_NOTE : undefined;
    return [
      { id: `${name}-page`, environment: `${engine}, a page without bundler`, entry: DEFAULT, file },
      { id: `${name}-page-url`, environment: `${engine}, a page without bundler`, entry: URL_ENTRY, file },
      { id: `${name}-page-slim`, environment: `${engine}, a page without bundler`, entry: SLIM, file },
      {
        id: `${name}-page-fallback`,
        environment: `${engine}, a page whose policy forbids wasm`,
        entry: FALLBACK,
        file,
      },
      { id: `${name}-worker`, environment: `${engine}, a dedicated worker`, entry: DEFAULT, file, note },
      { id: `${name}-service-worker`, environment: `${engine}, a service worker`, entry: DEFAULT, file, note },
    ];
  }),
  ...both("chromium-extension", "Chromium, an extension's", "environments/extension.test.mjs", "service worker"),
  {
    id: "chromium-extension-fallback",
    environment: "Chromium, an extension's service worker, by the default policy",
    entry: FALLBACK,
    file: "environments/extension.test.mjs",
  },
  ...both("firefox-extension", "Firefox, an extension's", "compat/firefox-extension.test.mjs", "background script"),
  ...["20.19", "22", "24", "26"].flatMap((release) => {
    const [id, environment, file] = [`node-${release}`, `Node.js ${release}`, "compat/node.test.mjs"];
    return [
      { id: `${id}-import`, environment: `${environment}, import`, entry: DEFAULT, file },
      { id: `${id}-require`, environment: `${environment}, require`, entry: DEFAULT, file },
    ];
  }),
  { id: "node-url", environment: "Node.js", entry: URL_ENTRY, file: "environments/node.test.mjs" },
  { id: "node-slim", environment: "Node.js", entry: SLIM, file: "environments/slim-and-core.test.mjs" },
  {
    id: "deno",
    environment: "Deno, with the permission to use the network",
    entry: DEFAULT,
    file: "compat/deno.test.mjs",
  },
  { id: "bun", environment: "Bun", entry: DEFAULT, file: "compat/bun.test.mjs" },
  { id: "bun-url", environment: "Bun", entry: URL_ENTRY, file: "compat/bun.test.mjs" },
  { id: "miniflare", environment: "workerd, by Miniflare", entry: DEFAULT, file: "environments/workerd.test.mjs" },
  { id: "wrangler", environment: "workerd, by wrangler dev", entry: DEFAULT, file: "compat/wrangler.test.mjs" },
  { id: "wrangler-url", environment: "workerd, by wrangler dev", entry: URL_ENTRY, file: "compat/wrangler.test.mjs" },
  { id: "wrangler-slim", environment: "workerd, by wrangler dev", entry: SLIM, file: "compat/wrangler.test.mjs" },
  { id: "edge-runtime", environment: "Vercel's edge runtime", entry: DEFAULT, file: "compat/edge-runtime.test.mjs" },
  ...bundled("vite-8-dev", "Vite, dev server", "compat/vite.test.mjs"),
  ...bundled("vite-7-dev", "Vite, previous major, dev server", "compat/vite.test.mjs"),
  ...bundled("vite-8", "Vite, build", "environments/vite.test.mjs"),
  ...bundled("vite-7", "Vite, previous major, build", "compat/vite.test.mjs"),
  ...bundled("webpack", "webpack", "compat/webpack.test.mjs"),
  ...bundled("rspack", "Rspack", "compat/rspack.test.mjs"),
  ...bundled("rollup", "Rollup", "compat/rollup.test.mjs"),
  { id: "parcel", environment: "Parcel", entry: DEFAULT, file: "compat/parcel.test.mjs" },
  { id: "parcel-url", environment: "Parcel, packageExports on", entry: URL_ENTRY, file: "compat/parcel.test.mjs" },
  { id: "esbuild", environment: "esbuild", entry: DEFAULT, file: "compat/esbuild.test.mjs" },
  { id: "esbuild-slim", environment: "esbuild", entry: SLIM, file: "compat/esbuild.test.mjs" },
  ...bundled("next-page", "Next.js, a client component", "compat/next.test.mjs"),
  { id: "next-server", environment: "Next.js, a server route", entry: DEFAULT, file: "compat/next.test.mjs" },
  { id: "next-edge", environment: "Next.js, an edge route", entry: DEFAULT, file: "compat/next.test.mjs" },
];

/** The row of this id. @param {string} id @returns {Row} */
export function rowOf(id) {
  const row = ROWS.find((row) => row.id === id);
  if (!row) throw new Error(`There is no row ${id} in rows.mjs.`);
  return row;
}

/** What its test is called. @param {Row} row */
export function titleOf({ environment, entry }) {
  return `${environment}: ${entry}`;
}

/** @returns {Row[]} */
function both(id, extension, file, background) {
  return [
    { id: `${id}-background`, environment: `${extension} ${background}`, entry: DEFAULT, file },
    { id: `${id}-page`, environment: `${extension} page`, entry: DEFAULT, file },
  ];
}

/** @returns {Row[]} */
function bundled(id, environment, file) {
  return [
    { id, environment, entry: DEFAULT, file },
    { id: `${id}-url`, environment, entry: URL_ENTRY, file },
  ];
}
