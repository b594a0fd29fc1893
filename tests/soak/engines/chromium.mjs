import { open, startBrowser } from "../../package/support/browser.mjs";

/** Chromium opens six connections to each name of a server, and 256 in all. */
const NAMES = 40;

/** Starts the browser once. @param {{ after(end: () => unknown): void }} tests */
export async function start(tests) {
  const browser = await startBrowser(tests, ["--js-flags=--expose-gc"]);
  return { version: browser.version(), run: (task, setting) => run(browser, task, setting) };
}

/** Runs a load in a page of its own. */
async function run(browser, task, { port, sampled, quiet }) {
  const names = Array.from({ length: NAMES }, (_, at) => `http://soak-${at}.localhost:${port}`);
  const { page, errors } = await open(browser, `${names[0]}/tests/soak/engines/page.html`);
  const devtools = await page.context().newCDPSession(page);
  await page.exposeFunction("quiet", quiet);
  await page.exposeFunction("sampled", async (name, figures) => {
    const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = await devtools.send("Runtime.getHeapUsage");
    await sampled(name, { ...figures, heap: usedSize, outside: embedderHeapUsedSize + backingStorageSize });
  });
  try {
    const outcome = await page.evaluate(([task, origins]) => globalThis.soaking(task, origins), [task, names]);
    if (errors.length > 0) throw new Error(errors.join("\n"));
    return outcome;
  } finally {
    await page.context().close();
  }
}
