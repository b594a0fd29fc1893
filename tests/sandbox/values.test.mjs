import assert from "node:assert/strict";
import { test } from "node:test";
import { BoundedMap } from "../../www/sandbox/bounded.mjs";
import { imageInfo } from "../../www/sandbox/image.mjs";
import { SchemaError, valueFor } from "../../www/sandbox/schema.mjs";
import { GIF, PNG } from "./support/cases.mjs";
import { createChecker } from "./support/schema.mjs";

const SCHEMAS = [
  {},
  true,
  { type: "string", minLength: 9, maxLength: 10 },
  { type: "string", maxLength: 2 },
  { type: "string", pattern: "^[A-Z]{2}[0-9]{2}$" },
  { type: "string", pattern: "^\\d+$", minLength: 5 },
  { type: "string", format: "date-time" },
  { enum: ["b", "a"] },
  { const: { a: [1] } },
  { type: ["null", "string"] },
  { type: "boolean" },
  { type: "integer" },
  { type: "integer", minimum: 7 },
  { type: "integer", maximum: -7 },
  { type: "integer", exclusiveMinimum: 2, exclusiveMaximum: 4 },
  { type: "integer", minimum: 2.5 },
  { type: "number", exclusiveMinimum: 1, exclusiveMaximum: 1.5 },
  { type: "number", multipleOf: 5, minimum: 12 },
  { type: "integer", multipleOf: 3, minimum: -8, maximum: -5 },
  { type: "array", items: { type: "integer" }, minItems: 3 },
  { type: "array", maxItems: 0 },
  { type: "array", prefixItems: [{ type: "string" }, { type: "integer" }], items: false },
  { type: "object", required: ["a"], additionalProperties: { type: "integer" } },
  { type: "object", minProperties: 2 },
  { properties: { a: { items: { minimum: 3 } } }, required: ["a"] },
  { anyOf: [{ not: {} }, { type: "integer" }] },
  { type: "object", properties: { a: { oneOf: [{ type: "string" }, { type: "null" }] } } },
  {
    allOf: [{ type: "object", properties: { a: { type: "integer" } }, required: ["a"] }, { $ref: "#/$defs/b" }],
    $defs: { b: { properties: { b: { type: "boolean" } }, required: ["b"] } },
  },
  { $ref: "#/$defs/node", $defs: { node: { type: "object", properties: { next: { $ref: "#/$defs/node" } } } } },
  {
    $ref: "#/$defs/tree",
    $defs: {
      tree: {
        type: "object",
        required: ["kids"],
        additionalProperties: false,
        properties: { kids: { type: "array", items: { $ref: "#/$defs/tree" } } },
      },
    },
  },
];

for (const schema of SCHEMAS) {
  test(`a value is made for the schema ${JSON.stringify(schema)}`, () => {
    const value = valueFor(schema);
    assert.deepEqual(createChecker(schema)(schema, value), []);
    assert.deepEqual(valueFor(schema), value);
  });
}

test("optional properties are filled in", () => {
  assert.deepEqual(valueFor({ properties: { a: { type: "string" }, b: { type: "integer" } } }), { a: "a", b: 1 });
});

for (const schema of [
  false,
  { not: {} },
  { type: "string", pattern: "^é{7}$" },
  { type: "integer", minimum: 2, maximum: 1 },
  { type: "array", minItems: 2, uniqueItems: true },
  { type: "stranger" },
  { $ref: "#/$defs/none" },
  { $ref: "https://example.com/schema" },
  { $ref: "#/$defs/a", $defs: { a: { required: ["a"], properties: { a: { $ref: "#/$defs/a" } } } } },
]) {
  test(`the schema ${JSON.stringify(schema)} is said to be too much`, () => {
    assert.throws(() => valueFor(schema), SchemaError);
  });
}

const dataUrl = (...bytes) =>
  `data:;base64,${Buffer.concat(bytes.map((part) => Buffer.from(part))).toString("base64")}`;
const riff = ["RIFF", [0, 0, 0, 0], "WEBP"];
const filler = (length) => Array(length).fill(0);

const IMAGES = [
  ["a PNG", PNG, "image/png", 3, 2],
  ["a GIF", GIF, "image/gif", 4, 5],
  [
    "a JPEG with a header before its frame",
    dataUrl([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc4, 0, 3, 0, 0xff, 0xc2, 0, 17, 8, 1, 2, 3, 4, 3]),
    "image/jpeg",
    0x304,
    0x102,
  ],
  ["a lossy WebP", dataUrl(...riff, "VP8 ", filler(10), [0x40, 0x41, 0x20, 0x02]), "image/webp", 0x140, 0x220],
  ["a lossless WebP", dataUrl(...riff, "VP8L", filler(4), [0x2f, 0x3f, 0xc1, 0x04, 0]), "image/webp", 0x140, 0x14],
  ["an extended WebP", dataUrl(...riff, "VP8X", filler(8), [0xff, 0, 0, 0x0f, 1, 0]), "image/webp", 256, 272],
];

for (const [what, url, type, width, height] of IMAGES) {
  test(`the type and the size of ${what} are read`, () => {
    assert.deepEqual(imageInfo(url), { type, width, height });
  });
}

test("what is not a picture has no type", () => {
  const broken = [
    "data:,x",
    "https://example.com",
    "data:;base64,*",
    "data:;base64,",
    PNG.slice(0, 40),
    dataUrl([0xff, 0xd8, 1, 2]),
  ];
  for (const url of broken) assert.equal(imageInfo(url), undefined);
});

test("a bounded map forgets the oldest entries, by their number and by their weight", () => {
  const map = new BoundedMap(2, 10);
  map.set("a", 1, 1);
  map.set("b", 2, 1);
  map.set("c", 3, 1);
  assert.deepEqual([map.get("a"), map.get("b"), map.get("c")], [undefined, 2, 3]);
  map.set("d", 4, 100);
  assert.deepEqual([...map.values()], [4]);
  map.set("d", 5, 9);
  map.set("e", 6, 1);
  assert.deepEqual([...map.values()], [5, 6]);
});
