// Bytes are looked at in blocks of sixteen, which only the package does: whatever stands where in a block, at its ends and
// across them, is told as JSON.parse tells it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { client, completed, created, delta } from "./fake.mjs";

const BLOCK = 16;
const params = { model: "m", input: "i" };
const encode = (text) => new TextEncoder().encode(text);
const upTo = (count) => Array.from({ length: count }, (_, at) => at);

/** What is told of a stream of these payloads, between the events that begin and end it; each is text, or bytes. */
async function told(payloads) {
  const lines = [created, ...payloads, completed("")].map((payload) => {
    const isWritten = typeof payload === "string" || payload instanceof Uint8Array;
    return Buffer.concat([encode("data: "), bytes(isWritten ? payload : JSON.stringify(payload)), encode("\n\n")]);
  });
  const headers = { "content-type": "text/event-stream" };
  const stream = client(() => new Response(Buffer.concat(lines), { headers })).responses.stream(params);
  const events = [];
  for await (const event of stream) events.push(event);
  return { events: events.slice(1, -1), deviations: stream.snapshot._deviations };
}

const bytes = (payload) => (typeof payload === "string" ? encode(payload) : payload);

/** A delta as it is written. */
const written = (text) => `{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"${text}"}`;

test("what stands anywhere in a delta of any length is told as it is", async () => {
  const oddities = [
    "",
    "\\n",
    '\\"',
    "\\\\",
    "\\/",
    "\\u0041",
    "\\u00e9",
    "\\u65e5",
    "\\ud83d\\ude00",
    "é",
    "日",
    "😀",
    "\u007f",
  ];
  const payloads = [written("first")];
  for (const length of upTo(3 * BLOCK)) {
    for (const oddity of oddities) {
      for (const at of upTo(length + 1)) {
        payloads.push(written("x".repeat(at) + oddity + (at % 2 ? oddity : "") + "y".repeat(length - at)));
      }
    }
  }
  const { events } = await told(payloads);
  assert.equal(events.length, payloads.length);
  for (const [at, payload] of payloads.entries()) assert.deepEqual(events[at], JSON.parse(payload), payload);
});

test("an event that differs from the ones before in one byte is told as it is", async () => {
  const usual = JSON.stringify({
    ...delta("abc"),
    item_id: "an id of more than two blocks of bytes",
    sequence_number: 7,
  });
  const places = upTo(usual.length).filter((at) => /[a-z]/.test(usual[at]) && usual.indexOf('"delta":"') !== at - 1);
  const payloads = places.flatMap((at) => [usual, `${usual.slice(0, at)}é${usual.slice(at + 1)}`]);
  const { events } = await told(payloads);
  const expected = payloads.map((payload) => JSON.parse(payload));
  for (const [at, event] of events.entries()) {
    // What the client adds where it is not there.
    const { type, ...rest } = expected[at];
    assert.deepEqual(event, type === undefined ? { type: "message", ...rest } : expected[at], payloads[at]);
  }
  assert.equal(events.length, payloads.length);
});

test("what is no UTF-8 is replaced as the platform replaces it, wherever it stands in a delta", async () => {
  const edges = [
    0x41, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf1, 0xf4, 0xf5,
  ];
  const payloads = [encode(written("first"))];
  const add = (at, bytes) => {
    const [before, behind] = written(`${"x".repeat(at)}|y`).split("|");
    payloads.push(Buffer.concat([encode(before), Uint8Array.from(bytes), encode(behind)]));
  };
  for (const [first, second, third] of edges.flatMap((a) => edges.flatMap((b) => edges.map((c) => [a, b, c])))) {
    add((first + second + third) % (2 * BLOCK), [first, second, third]);
    if (first >= 0xf0)
      for (const fourth of edges) add((second + third + fourth) % BLOCK, [first, second, third, fourth]);
  }
  const { events, deviations } = await told(payloads);
  assert.equal(events.length, payloads.length);
  for (const [at, payload] of payloads.entries()) {
    const text = new TextDecoder().decode(payload);
    assert.deepEqual(events[at], JSON.parse(text), text);
  }
  assert.ok(deviations.some(({ code }) => code === "invalid_utf8"));
});

test("backslashes in any number at any place are read as JSON.parse reads them, and what it refuses is refused", async () => {
  const ends = ["n", "q", '"', "u0041", "u004", "\u0001", "\\u0041\\n", ""];
  const payloads = [];
  for (const at of upTo(2 * BLOCK)) {
    for (const count of upTo(2 * BLOCK + 2)) {
      for (const end of ends)
        payloads.push(`{"type":"acme:text","v":"${"x".repeat(at)}${"\\".repeat(count)}${end}","w":1}`);
    }
  }
  const valid = payloads.filter((payload) => isJSON(payload));
  assert.ok(valid.length > 1000 && payloads.length - valid.length > 1000);
  const { events } = await told(payloads);
  assert.equal(events.length, valid.length);
  for (const [at, payload] of valid.entries()) assert.deepEqual(events[at], JSON.parse(payload), payload);
});

function isJSON(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test("a long string that a stream tells again is told as it is, wherever it stands, and whoever reads", async () => {
  const [one, other] = ['a "line"\n日本 ', "\\ \ud83e another "].map((text) => text.repeat(1200));
  const place = { output_index: 0, content_index: 0, item_id: "msg_1" };
  const part = { type: "output_text", annotations: [], text: one };
  const item = { id: "msg_1", type: "message", status: "completed", role: "assistant", content: [part] };
  const payloads = [
    { type: "response.output_text.done", ...place, text: one },
    { type: "response.content_part.done", ...place, part },
    { type: "response.output_item.done", output_index: 0, item },
    { type: "acme:twice", list: [{ other }, [other, one]], one, constructor: other },
    JSON.stringify({ type: "acme:own", own: { one } }).replace('"own"', '"__proto__"'),
    `{"type":"acme:same","a":${JSON.stringify(one)},"a":${JSON.stringify(other)},"\\u0062":${JSON.stringify(one)}}`,
    { type: "response.in_progress", response: { instructions: other, output: [item] } },
  ];
  const { events } = await told(payloads);
  const expected = payloads.map((payload) => (typeof payload === "string" ? JSON.parse(payload) : payload));
  assert.deepEqual(events, expected);
  assert.deepEqual(events.map(Object.keys), expected.map(Object.keys));

  const json = JSON.stringify({ one });
  const whole = (text) => ({ ...item, content: [{ ...part, text }] });
  const ends = [
    { type: "response.output_text.done", ...place, text: json },
    { type: "response.output_item.done", output_index: 0, item: whole(json) },
    { type: "response.completed", response: { id: "resp_1", status: "completed", output: [whole(json)] } },
  ];
  const lines = [created, ...ends].map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  const headers = { "content-type": "text/event-stream" };
  const stream = client(() => new Response(lines, { headers })).responses.stream(params);
  const values = [];
  for await (const value of stream.partials()) values.push(value);
  assert.deepEqual(values.at(-1), { one });
  assert.equal((await stream.finalResponse()).output_text, json);
});
