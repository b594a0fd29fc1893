import { targetOf } from "./targets.mjs";

/**
 * What a row comes to. On a machine that others use, one of the two figures may be off: a target is missed when both are above
 * it.
 * @returns {"stretch" | "pass" | "MISS" | "not run" | ""} the last without a target
 */
export function verdict(row) {
  if (!row.figure) return "not run";
  const { must, stretch } = targetOf(row);
  if (must === undefined) return "";
  const best = Math.min(row.figure.median, row.figure.low);
  if (best > must) return "MISS";
  return stretch !== undefined && best <= stretch ? "stretch" : "pass";
}
