import { init, OpenResponses } from "../../pkg/dist/index.js";
import { apiKey, baseURL, question } from "../contestants/question.mjs";
import { streamingFetch } from "../fake-fetch.mjs";
import { workload } from "../workloads/index.mjs";

const client = new OpenResponses({ apiKey, baseURL, fetch: streamingFetch(workload("W1", "small").frames) });
// The platform's own parts are loaded when they are first used, whoever uses them.
new Headers();
new AbortController();
await new Response(new Blob(["x"]).stream().pipeThrough(new CompressionStream("deflate-raw"))).arrayBuffer();

const begin = performance.now();
await init();
const there = performance.now();
let answered;
for await (const _ of await client.responses.create(question)) {
  answered = performance.now();
  break;
}
process.stdout.write(JSON.stringify({ init: there - begin, call: answered - there }));
