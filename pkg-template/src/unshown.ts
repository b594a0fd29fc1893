import type { Response } from "./protocol.js";

/** What an error has and does not show: whoever logs it must not log a conversation, or a server's cookies. */
export interface Unshown {
  headers?: Headers | undefined;
  partial?: Response | undefined;
}

const all = new WeakMap<object, Unshown>();

export function keep(error: object, { headers, partial }: Unshown): void {
  all.set(error, { headers, partial });
}

export function kept(error: object): Unshown {
  return all.get(error) ?? {};
}
