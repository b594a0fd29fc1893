import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const CHILD = fileURLToPath(new URL("./allocation-child.mjs", import.meta.url));
/** In megabytes: so large a young generation that nothing is collected while it is measured. */
const YOUNG = 1024;
const RIVALS = ["ours", "ours, on()", "ours, batches()", "js-min", "js-batch", "eventsource-parser", "openai create"];
const SLOW = ["openai stream", "@openrouter/sdk", "ai + open-responses"];
const group = "Allocation";

/** Bytes of the JavaScript heap that an event costs, from fresh processes. */
export async function allocation({ quick, progress }) {
  const lines = [];
  const rows = [];
  const bytes = { live: {}, "16K": {} };
  for (const name of quick ? RIVALS : [...RIVALS, ...SLOW]) {
    progress(name);
    for (const delivery of Object.keys(bytes)) bytes[delivery][name] = await bytesOf(name, delivery);
    lines.push([name, bytes.live[name].toFixed(0), bytes["16K"][name].toFixed(0)]);
  }
  for (const other of ["openai create", "js-min"]) {
    const ratio = bytes["16K"].ours / bytes["16K"][other];
    rows.push({ group, what: `W1 16K: bytes an event, ours / ${other}`, figure: { median: ratio, low: ratio } });
  }
  const title = "Allocation: bytes of the JavaScript heap an event, W1";
  return { rows, tables: [{ title, columns: ["", "live", "16K"], lines, notes: [] }] };
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
