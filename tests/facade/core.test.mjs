import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { load, unpack } from "../support/package.mjs";

const folder = unpack();
const { init, PartialJson } = await load("core", folder);
await init({ module_or_path: readFileSync(join(folder, "dist/wasm/openresponses_wasm_bg.wasm")) });

test("PartialJson of ./core takes pieces that are cut anywhere, within a character too", () => {
  const text = '{"😀":"é😀😀","b":"\ufffd"}';
  const pieces = [text.split("")];
  for (let at = 0; at <= text.length; at++) pieces.push([text.slice(0, at), text.slice(at)]);
  for (const cut of pieces) {
    const parser = new PartialJson();
    for (const piece of cut) parser.push(piece, false);
    assert.equal(parser.text(), text, JSON.stringify(cut));
    parser.free();
  }
});
