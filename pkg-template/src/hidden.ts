const contents = new WeakMap<Hidden<object>, object>();

/** Holds what no inspector shows: developer tools show private fields, and the variables of functions. */
export class Hidden<T extends object> {
  /** Never there: it makes the contents' type a part of the type. */
  declare readonly content?: T;

  constructor(content: T) {
    contents.set(this, content);
  }
}

/** What is hidden. */
export function reveal<T extends object>(hidden: Hidden<T>): T {
  return contents.get(hidden) as T;
}
