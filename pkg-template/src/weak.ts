/** A value that is not kept for the sake of it. */
export type Weak<T extends object> = Pick<WeakRef<T>, "deref">;

/**
 * Refers to a value weakly, where the platform can: in Cloudflare's workers of a compatibility date before May 2025 the value is
 * kept until its call is over.
 */
export const weakly: <T extends object>(value: T) => Weak<T> =
  typeof WeakRef === "function" ? (value) => new WeakRef(value) : (value) => ({ deref: () => value });
