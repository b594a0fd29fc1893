import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import puppeteer from "puppeteer-core";
import { Samples } from "./rounds.mjs";

const PAGE = fileURLToPath(new URL("../page/main.mjs", import.meta.url));
/** The first ones are measured when time is short. */
const CELLS = [
  ["W1", "live"],
  ["W1", "16K"],
  ["W3", "live"],
  ["W3", "16K"],
  ["W4", "live"],
  ["W4", "16K"],
];

/** With these a page may read the time to some microseconds. */
const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/**
 * Each engine, where it is, and how its driver opens a page: both have `goto` and `evaluate`. Firefox keeps the stack of every
 * promise of a page that is driven, or whose developer tools are open: half of the time of a live stream, which no user waits for.
 */
const ENGINES = [
  {
    name: "Chromium",
    path: found("CHROME_PATH", ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]),
    launch: (executablePath) => chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] }),
  },
  {
    name: "Firefox",
    path: found("FIREFOX_PATH", ["firefox", "firefox-esr"]),
    launch: (executablePath) =>
      puppeteer.launch({
        browser: "firefox",
        executablePath,
        extraPrefsFirefox: { "javascript.options.asyncstack": false },
      }),
  },
];

/** The key cells in real browsers, by wall time. */
export async function browsers({ quick, rounds, progress }) {
  const site = await startSite();
  const rows = [];
  const lines = [];
  try {
    for (const engine of ENGINES) {
      if (!engine.path) {
        rows.push({ group: engine.name, what: "all cells", missing: "not run: there is no such browser here" });
        continue;
      }
      progress(engine.name);
      const times = await inBrowser(engine, site.origin, quick ? CELLS.slice(0, 2) : CELLS, quick ? 5 : rounds);
      for (const { name, delivery, samples, version } of times) {
        for (const other of ["js-min", "openai create"]) {
          const figure = samples.ratio("ours", other);
          rows.push({ group: engine.name, what: `${name} ${delivery}: ours / ${other}`, figure });
        }
        const shown = ["ours", "js-min", "openai create"].map((who) => samples.time(who).toFixed(1));
        lines.push([`${engine.name} ${version}, ${name} ${delivery}`, ...shown]);
      }
    }
  } finally {
    site.close();
  }
  const title = "Browsers: wall milliseconds of a whole stream";
  return { rows, tables: [{ title, columns: ["", "ours", "js-min", "openai create"], lines, notes: [] }] };
}

async function inBrowser({ path, launch }, origin, wanted, rounds) {
  const browser = await launch(path);
  try {
    const version = (await browser.version()).replace(/^\D*/, "");
    const page = await browser.newPage();
    await page.goto(origin);
    const cells = [];
    for (const [name, delivery] of wanted) {
      const call = `measure(${JSON.stringify(name)}, ${JSON.stringify(delivery)}, ${rounds})`;
      const samples = new Samples();
      for (const [who, times] of Object.entries(await page.evaluate(call))) {
        for (const [round, time] of times.entries()) samples.add(who, round, time);
      }
      cells.push({ name, delivery, samples, version });
    }
    return cells;
  } finally {
    await browser.close();
  }
}

async function startSite() {
  const { outputFiles } = await build({
    entryPoints: [PAGE],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "error",
  });
  const script = outputFiles[0].contents;
  const server = createServer(({ url }, answer) => {
    const isScript = url === "/main.js";
    const type = isScript ? "text/javascript" : "text/html";
    const html = `<!doctype html><meta charset="utf-8"><title>Benchmark</title><script type="module" src="main.js"></script>`;
    answer.writeHead(200, { ...ISOLATED, "content-type": type }).end(isScript ? script : html);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { origin: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** The program that the variable names, or the first of these names on PATH. */
function found(variable, names) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const programs = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return process.env[variable] || programs.find((program) => existsSync(program));
}
