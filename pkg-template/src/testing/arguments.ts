/** Refuses an argument that is none of a test's intentions, at once and not when a request is made. */
export function expect(fits: boolean, what: string): asserts fits {
  if (!fits) throw new TypeError(what);
}

/** Refuses options that have another name than these. */
export function expectNames(whose: string, options: object, names: readonly string[]): void {
  const all = `the options of ${whose} are ${names.join(", ")}`;
  expect(typeof options === "object" && options !== null, `An object is expected: ${all}.`);
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  expect(unknown === undefined, `There is no option ${unknown}: ${all}.`);
}
