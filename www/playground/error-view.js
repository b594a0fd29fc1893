// An error, with everything that is known of it.

import { byId, element, jsonText, milliseconds } from "./dom.js";

const view = byId("error");

export function clearError() {
  view.replaceChildren();
}

/** @param {{ requestID?: string | null, hasPartial?: boolean }} [run] what is known of the run besides the error */
export function showError(error, { requestID, hasPartial = false } = {}) {
  const facts = [
    ["Class", error?.name],
    ["Status", error?.status],
    ["Code", error?.code],
    ["Type", error?.type],
    ["Param", error?.param],
    ["Request ID", error?.requestID ?? requestID],
    ["Retryable", error?.retryable === undefined ? undefined : error.retryable ? "yes" : "no"],
  ];
  if (error?.retryAfterMs !== undefined) facts.push(["Retry after", milliseconds(error.retryAfterMs)]);
  if (error?.cause instanceof Error) facts.push(["Cause", error.cause.message]);
  const box = element(
    "section",
    { class: "failure", "aria-label": "Error" },
    element("h3", {}, String(error?.message ?? error)),
    element("dl", { class: "facts" }, ...facts.map(([name, value]) => fact(name, value))),
  );
  if (hasPartial) box.append(element("p", { class: "hint" }, "What had arrived before the error is kept above."));
  if (error?.error !== undefined) {
    box.append(
      element(
        "details",
        {},
        element("summary", {}, "As the server sent it"),
        element("pre", {}, jsonText(error.error)),
      ),
    );
  }
  view.replaceChildren(box);
}

/** In one line, for the status. */
export function titleOf(error) {
  return [error?.name ?? "Error", error?.status].filter(Boolean).join(" ");
}

function fact(name, value) {
  const isKnown = value !== undefined && value !== null && value !== "";
  return element("div", {}, element("dt", {}, name), element("dd", {}, isKnown ? String(value) : "–"));
}
