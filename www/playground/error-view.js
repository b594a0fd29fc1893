// An error, with everything that is known of it.

import { byId, element, jsonText, milliseconds } from "./dom.js";

const view = byId("error");

export function clearError() {
  view.replaceChildren();
}

export function showError(error, hasPartialText) {
  const facts = [
    ["Class", error?.name],
    ["Status", error?.status],
    ["Code", error?.code],
    ["Type", error?.type],
    ["Param", error?.param],
    ["Request ID", error?.requestID],
    ["Retryable", error?.retryable === undefined ? undefined : error.retryable ? "yes" : "no"],
    ["Retry after", error?.retryAfterMs === undefined ? undefined : milliseconds(error.retryAfterMs)],
    ["Cause", error?.cause instanceof Error ? error.cause.message : undefined],
  ];
  const box = element(
    "section",
    { class: "failure", "aria-label": "Error" },
    element("h3", {}, String(error?.message ?? error)),
    element("dl", { class: "facts" }, ...facts.map(([name, value]) => fact(name, value))),
  );
  if (hasPartialText) box.append(element("p", { class: "hint" }, "What had arrived before the error is kept above."));
  if (error?.error !== undefined) {
    const json = element("pre", { tabindex: "0", "aria-label": "Error as the server sent it" }, jsonText(error.error));
    box.append(element("details", {}, element("summary", {}, "As the server sent it"), json));
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
