// A short run of the fuzzer, always the same, and every stream that was kept.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../../tests/support/package.mjs";
import { difference } from "./check.mjs";
import { corpus, cuts } from "./corpus.mjs";
import { Random } from "./random.mjs";
import { cut, stream } from "./streams.mjs";

const api = await load();
const EXECUTIONS = 1000;

for (const { name, bytes } of corpus()) {
  test(`${name} is told as JSON.parse tells it, however it is cut`, async () => {
    for (const chunks of cuts(bytes)) assert.equal(await difference(api, chunks), undefined);
  });
}

test(`${EXECUTIONS} streams by chance are told as JSON.parse tells them`, async () => {
  for (let seed = 1; seed <= EXECUTIONS; seed++) {
    const random = new Random(seed);
    const chunks = cut(stream(random), random);
    assert.equal(await difference(api, chunks), undefined, `seed ${seed}`);
  }
});
