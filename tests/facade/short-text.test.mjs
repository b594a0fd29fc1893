import assert from "node:assert/strict";
import { test } from "node:test";
import { client, created, feed } from "./fake.mjs";

const params = { model: "m", input: "i" };
const place = { item_id: "msg_1", output_index: 0, content_index: 0 };
const part = { type: "output_text", text: "", annotations: [] };

const KINDS = {
  ASCII: ["a", "~", "\u007f", "\n"],
  "two bytes": ["é", "\u0080", "\u07ff"],
  "three bytes": ["字", "\u0800", "\ud7ff", "\ue000", "\uffff"],
  "four bytes": ["😀", "\u{10000}", "\u{10ffff}"],
  "all of them": ["a", "é", "字", "😀", "b", "\u{10ffff}", "\ufeff"],
};

for (const [kind, characters] of Object.entries(KINDS)) {
  test(`deltas of every short length are what JSON says, each in a chunk of its own: ${kind}`, async () => {
    const fed = feed();
    const events = client(() => fed.response)
      .responses.stream(params)
      [Symbol.asyncIterator]();
    const next = async () => (await events.next()).value;
    fed.send(created);
    fed.send({
      type: "response.output_item.added",
      output_index: 0,
      item: { id: "msg_1", type: "message", role: "assistant", status: "in_progress", content: [] },
    });
    fed.send({ type: "response.content_part.added", ...place, part });
    for (let at = 0; at < 3; at += 1) await next();
    for (let length = 0; length <= 70; length += 1) {
      const delta = Array.from({ length }, (_, at) => characters[(at + length) % characters.length]).join("");
      for (const obfuscation of ["", "xyz", "0123456789abcdef"]) {
        const event = { type: "response.output_text.delta", ...place, delta, obfuscation, sequence_number: 3 + length };
        fed.send(event);
        assert.equal(JSON.stringify(await next()), JSON.stringify(event));
      }
    }
    await events.return();
  });
}
