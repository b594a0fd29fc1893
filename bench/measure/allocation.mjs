import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const CHILD = fileURLToPath(new URL("./allocation-child.mjs", import.meta.url));
/** In megabytes: so large a young generation that nothing is collected while it is measured. */
const YOUNG = 256;
const KEY = ["ours", "js-min", "openai create"];
const ALL = [
  ...KEY,
  "ours, on()",
  "ours, batches()",
  "js-batch",
  "eventsource-parser",
  "openai stream",
  "@openrouter/sdk",
  "ai + open-responses",
];
const group = "Allocation";

/** Bytes of the JavaScript heap that an event costs, from fresh processes. */
export async function allocation({ quick, progress }) {
  const lines = [];
  const rows = [];
  const deliveries = quick ? ["16K"] : ["live", "16K"];
  const bytes = Object.fromEntries(deliveries.map((delivery) => [delivery, {}]));
  for (const name of quick ? KEY : ALL) {
    progress(name);
    for (const delivery of deliveries) bytes[delivery][name] = await bytesOf(name, delivery);
    lines.push([name, ...deliveries.map((delivery) => bytes[delivery][name].toFixed(0))]);
  }
  for (const other of ["openai create", "js-min"]) {
    const ratio = bytes["16K"].ours / bytes["16K"][other];
    rows.push({ group, what: `W1 16K: bytes an event, ours / ${other}`, figure: { median: ratio, low: ratio } });
  }
  const title = "Allocation: bytes of the JavaScript heap an event, W1";
  return { rows, tables: [{ title, columns: ["", ...deliveries], lines, notes: [] }] };
}

async function bytesOf(name, delivery) {
  const execArgv = [`--min-semi-space-size=${YOUNG}`, `--max-semi-space-size=${YOUNG}`, "--expose-gc"];
  const child = fork(CHILD, [name, delivery], { execArgv });
  const ended = once(child, "exit");
  const [message] = await Promise.race([once(child, "message"), ended.then(() => [{ error: "it ended early" }])]);
  await ended;
  if (message.error) throw new Error(`Allocation of ${name}, ${delivery}: ${message.error}.`);
  return message.bytes;
}
