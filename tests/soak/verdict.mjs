// Whether what was measured stays flat.

/** What the end may have more than the middle: a twentieth, and what engines and allocators take in steps. */
const SHARE = 1.05;
const SLACK = { wasm: 128 * 1024, heap: 1024 * 1024, outside: 1024 * 1024 };

/** What the wasm may take for one stream, in bytes for each character of its text: see `bound`. */
const TEXT_FACTOR = 16;
const TEXT_SLACK = 4 * 1024 * 1024;

/**
 * What the wasm may take for each of many streams at once, in bytes. Its memory never shrinks, and how much of each stream it holds
 * at the same moment depends on how the network cuts them: the most that it ever held rises in steps, at any round.
 */
const AT_ONCE = 16 * 1024;

/** What must not be left when all is over, and what it is called. */
const NOTHING = { calls: "calls in the wasm", listeners: "listeners", busy: "requests", sockets: "open sockets" };

/** @typedef {{ wasm: number, heap: number, outside: number, calls: number, listeners: number, busy: number, sockets: number, resources?: string[] }} Sample */

/**
 * The sentences that say what is not flat.
 * @param {{ holdsText?: boolean, fetch?: string, atOnce: number }} load
 * @param {{ samples: { start: Sample, middle: Sample, end: Sample }, peak: number, largestChunk: number, notes: Record<string, number> }} outcome
 */
export function faults({ holdsText, fetch, atOnce }, { samples, peak, largestChunk, notes }) {
  const { start, middle, end } = samples;
  const found = [];
  for (const [memory, slack] of Object.entries(SLACK)) {
    if (memory === "wasm" && holdsText) continue;
    // A page that is driven keeps some 350 bytes of each request, of a bare `fetch` too; Node's resident set is not exact.
    if (memory === "outside" && fetch !== "memory") continue;
    const allowed = middle[memory] * SHARE + slack;
    if (memory === "wasm" && end.wasm - start.wasm <= atOnce * AT_ONCE) continue;
    if (end[memory] > allowed) found.push(`${memory} grew from ${middle[memory]} bytes to ${end[memory]}`);
  }
  const allowed = bound(notes.characters, largestChunk);
  if (holdsText && peak > allowed) {
    found.push(`the wasm took ${peak} bytes for ${notes.characters} characters, not ${allowed}`);
  }
  for (const [kind, name] of Object.entries(NOTHING)) {
    if (end[kind] !== 0) found.push(`${end[kind]} ${name} are left`);
  }
  const left = more(end.resources ?? [], start.resources ?? []);
  if (left.length > 0) found.push(`these keep the process alive: ${left.join(", ")}`);
  return found;
}

/**
 * By the text and not by the stream, whatever its length. Of the deltas it takes some four bytes a character, since a text that
 * grows is moved; three times as much come with the four events at the end that each repeat the whole text. A chunk is there
 * twice, as it came and as what it is told as; Chromium gives up to 2 MiB at once, the more the busier the machine is.
 */
function bound(characters, largestChunk) {
  return characters * TEXT_FACTOR + 2 * largestChunk + TEXT_SLACK;
}

/** What is in one list and not in the other, as often as it is. */
function more(these, those) {
  const rest = [...those];
  return these.filter((one) => {
    const at = rest.indexOf(one);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}
