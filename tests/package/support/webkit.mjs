/** WebKitGTK, as the tests drive it: over WebDriver, spoken by its own driver. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { freePort } from "./program.mjs";
import { NotHere } from "./row.mjs";

/** Milliseconds that a page's script may take. */
const PATIENCE = 60_000;

/** Starts the browser; it ends with the tests that were given. @param {{ after(end: () => unknown): void }} tests */
export async function startWebkit(tests) {
  const program = process.env.WEBKIT_DRIVER;
  if (!program) throw new NotHere("there is no WebKitGTK: WEBKIT_DRIVER says where its WebKitWebDriver is");
  const port = await freePort();
  // A group of its own: the display and the browser end with it.
  const driver = spawn("xvfb-run", ["-a", program, `--port=${port}`], { stdio: "ignore", detached: true });
  await once(driver, "spawn").catch(() => {
    throw new NotHere("there is no xvfb-run, which makes a display for WebKitGTK");
  });
  tests.after(async () => {
    process.kill(-driver.pid);
    await once(driver, "exit");
  });

  const ask = async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`WebKitWebDriver: ${value.error}: ${value.message}`);
    return value;
  };
  await listening(() => ask("GET", "/status"));
  const { sessionId, capabilities } = await ask("POST", "/session", { capabilities: {} });
  const session = `/session/${sessionId}`;
  await ask("POST", `${session}/timeouts`, { script: PATIENCE });

  return {
    version: capabilities.browserVersion,
    /**
     * Opens a page in a frame and gives what its script has put into a global, awaited. The driver leaves its own marks
     * in the page that it asks: not in the one that is tried.
     */
    async told(url, name) {
      await ask("POST", `${session}/url`, { url: new URL("/fixtures/page/frame.html", url).href });
      const { value, error } = await ask("POST", `${session}/execute/async`, { script: ASKING, args: [url, name] });
      if (error) throw new Error(error);
      return value;
    },
  };
}

const ASKING = `
  const [url, name, done] = arguments;
  const frame = document.querySelector("iframe");
  frame.src = url;
  (async () => {
    while (!(name in frame.contentWindow)) await new Promise((resolve) => setTimeout(resolve, 50));
    return frame.contentWindow[name];
  })().then((value) => done({ value }), (error) => done({ error: String(error) }));
`;

/** Waits until the driver answers. */
async function listening(ask) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
