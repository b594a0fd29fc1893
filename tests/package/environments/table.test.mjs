/** The table of environments, as `cargo xtask compat` last wrote it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { ROWS } from "../rows.mjs";
import { tables } from "../support/table.mjs";

const { readme, compatibility } = tables();

test("the README has the table of COMPATIBILITY.md", () => {
  assert.equal(readme, compatibility);
});

test("the table has every row, and each has passed or says why it was not run", () => {
  const lines = compatibility.split("\n").slice(2);
  const told = lines
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, place, , entry]) => [place, entry]);
  assert.deepEqual(
    told,
    ROWS.map(({ environment, entry }) => [environment, `\`${entry}\``]),
  );
  for (const line of lines) assert.match(line, /\| (passed(; .+)?|not run: .+) \|$/);
});
