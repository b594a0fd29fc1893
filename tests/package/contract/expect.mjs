/** The little that the contract needs of an assertion library: none of those runs everywhere. */

/** @param {unknown} condition @param {string} what should be so */
export function check(condition, what) {
  if (!condition) throw new Error(`This does not hold: ${what}.`);
}

/** Compares by the JSON of both. @param {unknown} found @param {unknown} wanted @param {string} [what] */
export function equal(found, wanted, what = "the value") {
  const [is, should] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (is !== should) throw new Error(`${what} is ${is}, not ${should}`);
}

/** Like `equal`, for what is too long to be shown. @param {unknown} found @param {unknown} wanted */
export function same(found, wanted) {
  const [is, should] = [`${JSON.stringify(found)}`, `${JSON.stringify(wanted)}`];
  if (is === should) return;
  let at = 0;
  while (is[at] === should[at]) at += 1;
  const near = (text) => text.slice(Math.max(0, at - 20), at + 20);
  throw new Error(
    `differs from character ${at} on: …${near(is)}… (${is.length}), not …${near(should)}… (${should.length})`,
  );
}

/** The error that the promise rejects with. @param {PromiseLike<unknown>} promise @returns {Promise<any>} */
export async function rejected(promise) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`It did not fail, but gave ${`${JSON.stringify(value)}`.slice(0, 200)}`);
}
