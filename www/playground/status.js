// The state of the run and its measurements. Only the state is announced to screen readers; the numbers change too often.

import { byId, milliseconds } from "./dom.js";

const state = byId("state");

/** @param {"idle" | "connecting" | "streaming" | "done" | "stopped" | "error"} name */
export function showState(name, text) {
  if (state.dataset.state === name && state.textContent === text) return;
  state.dataset.state = name;
  state.textContent = text;
}

/** @param {{ firstEvent?: number, total?: number, events: number, usage?: object | null, requestID?: string | null }} numbers */
export function showMeasurements({ firstEvent, total, events, usage, requestID }) {
  write("first-event", firstEvent === undefined ? "–" : milliseconds(firstEvent));
  write("total-time", total === undefined ? "–" : milliseconds(total));
  write("event-count", events.toLocaleString("en"));
  write("tokens", usage ? tokens(usage) : "–");
  write("request-id", requestID || "–");
}

function tokens({ input_tokens, output_tokens, output_tokens_details }) {
  const reasoning = output_tokens_details?.reasoning_tokens;
  const count = (number) => (typeof number === "number" ? number.toLocaleString("en") : "?");
  return `${count(input_tokens)} / ${count(output_tokens)}${reasoning ? ` (${count(reasoning)} reasoning)` : ""}`;
}

function write(id, text) {
  const target = byId(id);
  if (target.textContent !== text) target.textContent = text;
}
