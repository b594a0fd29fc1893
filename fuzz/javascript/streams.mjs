// Streams that look like those of servers, and break in the ways that streams break.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A stream: its bytes, by the choices of `random`; made up, or made of a recorded one. */
export function stream(random) {
  const recorded = random.oneIn(3) ? random.of(RECORDED) : undefined;
  const events = recorded ? excerpt(recorded, random) : madeUp(random);
  return Buffer.concat(events.flatMap((event) => framed(random.oneIn(10) ? mutated(event, random) : event, random)));
}

/** The bytes cut into chunks, some hundred of them at most: each costs as much as an event. */
export function cut(bytes, random) {
  const size = Math.max(random.of([1, 7, 100, 700, 16384, Infinity]), Math.ceil(bytes.length / 150));
  const chunks = [];
  for (let at = 0; at < bytes.length; ) {
    const length = size === Infinity ? bytes.length : 1 + random.below(size);
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return chunks;
}

/** The events of streams that real servers sent, as far as there are any beside the checkout. */
const RECORDED = recordings();

function recordings() {
  const folder = fileURLToPath(new URL("../../../shared/captures/", import.meta.url));
  let files = [];
  try {
    files = readdirSync(folder, { recursive: true }).map(String).sort();
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  const streams = files
    .filter((file) => /\.(sse|chunks\.txt)$/.test(file))
    .map((file) => {
      const lines = readFileSync(folder + file, "utf8").split("\n");
      const data = file.endsWith(".sse")
        ? lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5))
        : lines;
      return data.map((line) => line.trim()).filter((line) => line !== "");
    });
  return streams.length > 0 ? streams : [undefined];
}

/** Its beginning, some events from somewhere on, and its end; without what is long, which costs time and is seldom new. */
function excerpt(events, random) {
  const from = random.below(events.length);
  const some = [
    ...events.slice(0, 12),
    ...events.slice(Math.max(12, from), from + random.below(40)),
    ...events.slice(-2),
  ];
  return some.filter((event) => event.length < 2000);
}

const KINDS = [
  "output_text",
  "output_text",
  "output_text",
  "refusal",
  "reasoning",
  "reasoning_text",
  "reasoning_summary_text",
  "function_call_arguments",
  "mcp_call_arguments",
  "text",
];

const EXTRAS = [
  [],
  [],
  [],
  ['"logprobs":[]'],
  ['"logprobs":[{"token":"a","logprob":-0.1}]'],
  ['"__proto__":{}', '"constructor":[]'],
  ['"__proto__":null'],
  ['"7":[ ]', '"2":null', '"":{ }'],
  ['"agent":{"name":"x"}'],
  ['"obfuscation":5'],
  ['"text":"x"', '"usage":null'],
  ['"a":-0', '"b":1e400', '"c":12345678901234567890', '"d":0.1e1'],
  ['"\\ud800":1', '"e\\u0065":[]'],
  ['"toString":""', '"then":{}'],
  ['"a":"🦀"', '"b":"\\ud83e"', '"c":"\\u0000"'],
];

/** What stands between the quotes of a delta. */
const USUAL = ["Hel", "lo ", "world", " the", "", "1", '{\\"a\\":'];
const UNUSUAL = [
  "é",
  "🦀",
  "long ".repeat(50),
  `${"é".repeat(40)}\\n`,
  '\\n\\t\\"\\\\\\/\\b\\f\\r',
  "\\u00e9\\u0041",
  "\\ud83e\\udd80",
  "\\uD83E\\uDD80x",
  "\\ud83e",
  "\\udd80",
  "\\udd80\\ud83e",
  "\\ud83e\\n",
  "\\u0000",
  "\\u2028",
  "\u2028\u2029",
  "\ufeff",
  "\u007f\u0080",
  "\u0001",
  "\\u+123",
  "\\x41",
  "\\",
  '","delta":"',
];

/** Strings that the package tells by those before them: what is written between their quotes, long enough for that. */
const LONG = ["", "\\n\\u00e9", "\\ud83e", "\\u0061", "é🦀"].map((begin) => begin + 'all \\"of\\" it '.repeat(700));

const NUMBERS = [
  "-1",
  "-0",
  "0",
  "00",
  "1.0",
  "1e3",
  "999999999",
  "1000000000",
  "4294967295",
  "4294967296",
  "9007199254740993",
];
const ODD_NUMBERS = ["18446744073709551616", "1e400", "null", '"1"', "true", "[]", "{}", "1.5", "1E2", "0.0"];

/** A server's way to write about a text. */
function textOf(index, random) {
  const kind = random.of(KINDS);
  const members = [
    `"type":"response.${kind}.delta"`,
    `"item_id":"${random.oneIn(20) ? "x".repeat(4000) : `item_${index}`}"`,
    `"output_index":${index}`,
    `"content_index":0`,
    ...(kind === "reasoning_summary_text" ? ['"summary_index":0'] : []),
    '"delta":DELTA',
    ...(random.oneIn(2) ? ['"obfuscation":OBFUSCATION'] : []),
    ...(random.oneIn(4) ? [] : ['"sequence_number":NUMBER']),
    ...random.of(EXTRAS),
  ];
  if (random.oneIn(3)) members.sort(() => (random.oneIn(2) ? 1 : -1));
  const space = random.of(["", "", "", " ", "\t "]);
  return { kind, index, pattern: `{${space}${members.join(`,${space}`)}${space}}` };
}

function madeUp(random) {
  const texts = Array.from({ length: random.of([1, 1, 1, 2, 3, 4, 5, 6]) }, (_, index) => textOf(index, random));
  const events = [];
  let number = 0;
  const numbered = random.oneIn(3) ? () => "" : () => `,"sequence_number":${number++}`;
  const tell = (event, chance = 20) => random.oneIn(chance) || events.push(`${event.slice(0, -1)}${numbered()}}`);
  tell('{"type":"response.created","response":{"id":"resp_1","status":"in_progress","output":[]}}');
  for (const { kind, index } of texts) {
    const place = `"output_index":${index},"item_id":"item_${index}","content_index":0,"summary_index":0`;
    const item = kind.endsWith("arguments") ? '"type":"function_call","arguments":""' : '"type":"message","content":[]';
    tell(`{"type":"response.output_item.added","output_index":${index},"item":{"id":"item_${index}",${item}}}`);
    if (!kind.endsWith("arguments")) {
      const list = kind === "reasoning_summary_text" ? "reasoning_summary_part" : "content_part";
      tell(`{"type":"response.${list}.added",${place},"part":{"type":"${kind}","text":"","annotations":[]}}`);
    }
  }
  let text = texts[0];
  for (let left = random.below(random.of([10, 40])); left > 0; left--) {
    if (random.oneIn(4)) text = random.of(texts);
    if (random.oneIn(30)) {
      const event = interruption(text, random);
      const long = random.of(LONG);
      // Some of them twice, in one event too.
      events.push(...(random.oneIn(2) ? [event] : [event.replaceAll('"all"', () => `"${long}"`), repetition(random)]));
      continue;
    }
    const delta = `"${random.of(random.oneIn(3) ? UNUSUAL : USUAL)}"`;
    const obfuscation = `"${random.of(["", "a", "kG7", "0123456789abcdef", "\\u0061", "é", "\\ud83e"])}"`;
    const odd = random.oneIn(30) ? random.of(random.oneIn(2) ? NUMBERS : ODD_NUMBERS) : undefined;
    events.push(
      text.pattern
        .replace("NUMBER", () => odd ?? String(number++))
        .replace("OBFUSCATION", () => obfuscation)
        .replace("DELTA", () => (random.oneIn(60) ? random.of(["null", "1", "{}", '["a"]']) : delta)),
    );
  }
  tell('{"type":"response.completed","response":{"id":"resp_1","status":"completed"}}');
  if (random.oneIn(2)) events.push("[DONE]");
  return events;
}

/** Something else in the midst of the deltas. */
function interruption({ kind, index }, random) {
  const place = `"item_id":"item_${index}","output_index":${index},"content_index":0,"summary_index":0`;
  return random.of([
    `{"type":"response.${kind}.done",${place},"text":"all","arguments":"all"}`,
    `{"type":"response.content_part.done",${place},"part":{"type":"output_text","text":"all"}}`,
    `{"type":"response.content_part.added",${place},"part":{"type":"output_text","text":"new"}}`,
    `{"type":"response.output_item.done","output_index":${index},"item":{"id":"item_${index}","content":[]}}`,
    `{"type":"response.output_item.added","output_index":${index},"item":{"id":"other","type":"message"}}`,
    '{"type":"response.in_progress","response":{"id":"resp_1","output":[]}}',
    '{"type":"acme:thinking","delta":"x","nested":[{"delta":[]}]}',
    '{"type":"error","error":{"message":"overloaded","code":"x"}}',
    '{"type":"response.failed","response":{"id":"resp_1","error":{"message":"no"}}}',
    '{"response":{"id":"resp_1"}}',
    "[1,2]",
    '"text"',
    "{",
    "[DONE]",
  ]);
}

/** An event with strings that may have been told before. */
function repetition(random) {
  const one = () => `"${random.of(LONG)}"`;
  return random.of([
    `{"type":"response.in_progress","response":{"id":"resp_1","instructions":${one()},"output":[],"user":${one()}}}`,
    `{"type":"acme:long","list":[0,{"a":${one()},"b":[${one()}]},${one()}],"__proto__":{"a":${one()}}}`,
    `{"type":"acme:long","a":${one()},"a":${one()},"\\u0062":${one()},"\\ud83e":${one()},"c":{"c":[]}}`,
    `{"type":"response.in_progress","response":{"instructions":${one()}},"response":{"instructions":${one()}}}`,
  ]);
}

/** Changes an event in one place, or in two. */
function mutated(event, random) {
  const bytes = Buffer.from(event);
  const at = random.below(bytes.length);
  const [front, back] = [bytes.subarray(0, at), bytes.subarray(at)];
  const insert = (text) => Buffer.from(event.replace(/\{/, () => `{${text},`));
  switch (random.below(16)) {
    case 0:
      return Buffer.concat([front, Buffer.of(random.below(256)), back.subarray(1)]);
    case 1:
      return Buffer.concat([front, Buffer.of(random.below(256)), back]);
    case 2:
      return Buffer.concat([front, back.subarray(1)]);
    case 3:
      return front;
    case 4:
      return Buffer.concat([
        front,
        Buffer.from(random.of(["\\", '"', "{", "}", "[", "]", ",", ":", "\u0000", "\ud800"])),
        back,
      ]);
    case 5:
      return Buffer.concat([
        front,
        random.of([Buffer.of(0xc0, 0xaf), Buffer.of(0xed, 0xa0, 0x80), Buffer.of(0xf0, 0x9f)]),
        back,
      ]);
    case 6:
      return insert('"delta":"first"');
    case 7:
      return insert('"__proto__":{"polluted":true}');
    case 8:
      return insert('"1":1,"0":[]');
    case 9:
      return insert('"usage":{"total_tokens":3}');
    case 10:
      return Buffer.from(
        event.replace('"delta":', () => random.of(['"d\\u0065lta":', '"delta":"","delta":', '"delta" :'])),
      );
    case 11:
      return Buffer.from(event.replace('"item_id":"', '"item_id":"other_'));
    case 12:
      return Buffer.from(event.replace(/_index":\d+/, () => `_index":${random.of([...NUMBERS, ...ODD_NUMBERS])}`));
    case 13:
      return Buffer.from(
        event.replace(/sequence_number":\d+/, () => `sequence_number":${random.of([...NUMBERS, ...ODD_NUMBERS])}`),
      );
    case 14:
      return Buffer.from(event.replace(/[,{]/, (found) => `${found}\n`));
    default:
      return Buffer.from(event.replace("}", `,"pad":"${"x".repeat(4096)}"}`));
  }
}

function framed(event, random) {
  const end = random.oneIn(12) ? random.of(["\r", "\r\n"]) : "\n";
  const lines = [];
  if (random.oneIn(40)) lines.push(`: ping${end}`);
  if (random.oneIn(30)) lines.push(`event: ${random.of(["x", "response.output_text.delta", "é", ""])}${end}`);
  let rest = Buffer.from(event);
  for (let at = rest.indexOf("\n"); at >= 0; at = rest.indexOf("\n")) {
    lines.push("data: ", rest.subarray(0, at), end);
    rest = rest.subarray(at + 1);
  }
  lines.push(random.oneIn(20) ? "data:" : "data: ", rest, end);
  // A relay that forgets the blank line joins two events.
  if (!random.oneIn(150)) lines.push(end);
  return lines.map((line) => Buffer.from(line));
}
