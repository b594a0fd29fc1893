import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = fileURLToPath(new URL("..", import.meta.url));
const pkg = fileURLToPath(new URL("../../pkg", import.meta.url));
const group = "Size";

const OURS = `
  import { OpenResponses } from ${JSON.stringify(join(pkg, "dist/index.js"))};
  const client = new OpenResponses({ apiKey: "key" });
  for await (const event of await client.responses.create({ model: "m", input: "i", stream: true })) console.log(event);`;

/** One streaming call, written with each of them. */
const ENTRIES = {
  ours: OURS,
  openai: `
    import OpenAI from "openai";
    const client = new OpenAI({ apiKey: "key" });
    for await (const event of await client.responses.create({ model: "m", input: "i", stream: true })) console.log(event);`,
  "ai + @ai-sdk/open-responses": `
    import { createOpenResponses } from "@ai-sdk/open-responses";
    import { streamText } from "ai";
    const provider = createOpenResponses({ name: "p", url: "u", apiKey: "key" });
    for await (const part of streamText({ model: provider("m"), prompt: "i" }).fullStream) console.log(part);`,
  "@openrouter/sdk": `
    import { OpenRouter } from "@openrouter/sdk";
    const client = new OpenRouter({ apiKey: "key" });
    const stream = await client.responses.send({ responsesRequest: { model: "m", input: "i", stream: true } });
    for await (const event of stream) console.log(event);`,
  "eventsource-parser/stream": `
    import { EventSourceParserStream } from "eventsource-parser/stream";
    const { body } = await fetch("u", { method: "POST" });
    const events = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    for await (const { data } of events) console.log(JSON.parse(data));`,
  "js-min": `
    import { jsMin } from "./contestants/js-min.mjs";
    await jsMin.prepare({ fetch: () => fetch("u", { method: "POST" }) })(console.log);`,
};

/** What each of them adds to a page, bundled and minified by one esbuild run, then gzipped. */
export async function sizes({ progress }) {
  progress("bundles");
  const bundles = {};
  for (const [name, code] of Object.entries(ENTRIES)) bundles[name] = sizeOf(await bundle(code));
  const bare = sizeOf(await bundle(OURS, [withoutWasm]));
  const wasm = sizeOf(readFileSync(join(pkg, "dist/wasm/openresponses_wasm_bg.wasm")));
  const kilobytes = (what, { gzip }) => ({
    group,
    what,
    figure: { median: gzip / 1000, low: gzip / 1000 },
    unit: "KB",
  });
  const ratio = bundles.ours.gzip / bundles.openai.gzip;
  const all = { ...bundles, "ours without the wasm": bare, "the wasm alone": wasm };
  const table = {
    title: "Size: one streaming call, bundled and minified, in bytes",
    columns: ["", "raw", "gzip -9"],
    lines: Object.entries(all).map(([name, { raw, gzip }]) => [name, String(raw), String(gzip)]),
    notes: ["1 KB is 1,000 bytes."],
  };
  return {
    rows: [
      kilobytes("the wasm alone, gzipped", wasm),
      kilobytes("JavaScript without the wasm, gzipped", bare),
      { group, what: "the default entry whole / openai", figure: { median: ratio, low: ratio } },
    ],
    tables: [table],
  };
}

async function bundle(contents, plugins = []) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: here },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    plugins,
    logLevel: "error",
  });
  return outputFiles[0].contents;
}

/** The embedded wasm, left out. */
const withoutWasm = {
  name: "without-wasm",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]wasm[\\/]inline\.js$/ }, () => ({ contents: 'export default "";' }));
  },
};

function sizeOf(bytes) {
  return { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
}
