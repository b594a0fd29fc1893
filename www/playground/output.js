// The answer as it grows: texts, reasoning, refusals and tool calls, in the order of the response's output.

import { byId, element, following, indented, jsonText } from "./dom.js";

/** What grows by which events, in what kind of item. */
const DELTAS = {
  "response.output_text.delta": { item: "message", part: "text", index: "content_index" },
  "response.refusal.delta": { item: "message", part: "refusal", index: "content_index" },
  "response.reasoning_summary_text.delta": { item: "reasoning", part: "summary", index: "summary_index" },
  "response.reasoning.delta": { item: "reasoning", part: "thought", index: "content_index" },
  "response.reasoning_text.delta": { item: "reasoning", part: "thought", index: "content_index" },
  "response.function_call_arguments.delta": { item: "function_call", part: "arguments" },
};

/** Characters after which a text goes on in another box: laying out one huge box again and again is slow. */
const BOX = 4000;

const output = byId("output");
const scroller = byId("answer");

/** By output index. */
let items = new Map();

export function clearOutput() {
  items = new Map();
  output.replaceChildren();
  scroller.scrollTop = 0;
}

/** @param {readonly object[]} events */
export function addToOutput(events) {
  if (events.length === 0) return;
  following(scroller, () => {
    const grown = new Set();
    for (const event of events) {
      const text = take(event);
      if (text) grown.add(text);
    }
    for (const text of grown) text.paint();
  });
}

/** Shows what a server put into the response without having sent it before. */
export function completeOutput(response) {
  for (const [index, item] of (response?.output ?? []).entries()) {
    if (!items.has(index)) complete(index, item);
  }
}

/** @returns the text that has grown and is to be painted, if one has */
function take(event) {
  const delta = DELTAS[event.type];
  if (delta) {
    const item = itemAt(event.output_index ?? 0, delta.item);
    return textOf(item, delta.part, event[delta.index] ?? 0).add(event.delta);
  }
  const isTool = event.item && !["message", "reasoning"].includes(event.item.type);
  if (event.type === "response.output_item.added" && isTool) announce(event.output_index, event.item);
  if (event.type === "response.output_item.done" && event.item) complete(event.output_index, event.item);
  return undefined;
}

/** A tool call, at its beginning: its name is known, its arguments are not. */
function announce(index, item) {
  const view = itemAt(index, item.type);
  view.name.textContent = item.name ?? "";
}

/** A finished item: what its deltas have left out is added. */
function complete(index, item) {
  if (item.type === "message" || item.type === "reasoning") {
    completeParts(index, item);
    return;
  }
  announce(index, item);
  const view = itemAt(index, item.type);
  if (item.type === "function_call") {
    textOf(view, "arguments", 0).set(indented(item.arguments ?? ""));
  } else {
    textOf(view, "json", 0).set(jsonText(item));
  }
}

function completeParts(index, item) {
  const parts = [
    ...(item.summary ?? []).map((part, at) => ["summary", at, part.text]),
    ...(item.content ?? []).map((part, at) => {
      if (item.type === "reasoning") return ["thought", at, part.text];
      return part.type === "refusal" ? ["refusal", at, part.refusal] : ["text", at, part.text];
    }),
  ].filter(([, , text]) => text);
  for (const [kind, at, text] of parts) textOf(itemAt(index, item.type), kind, at).set(text);
  if (item.type === "reasoning" && parts.length === 0) {
    textOf(itemAt(index, "reasoning"), "note", 0).set("The model has reasoned; the server shows none of it.");
  }
}

/** The view of an item of the output; it is made when its first piece comes. */
function itemAt(index, type) {
  const known = items.get(index);
  if (known) return known;
  const view = { texts: new Map(), name: element("code"), body: element("div", { class: "body" }) };
  if (type === "reasoning") {
    view.element = element(
      "details",
      { class: "item reasoning", open: "" },
      element("summary", {}, "Reasoning"),
      view.body,
    );
  } else if (type === "message") {
    view.element = element("div", { class: "item message" }, view.body);
  } else {
    const label = type === "function_call" ? "Tool call" : String(type);
    view.element = element("div", { class: "item tool" }, element("h3", {}, label, " ", view.name), view.body);
  }
  items.set(index, view);
  output.append(view.element);
  return view;
}

const LABELS = { summary: "Summary", thought: "Thoughts", refusal: "Refusal" };

function textOf(view, part, at) {
  const key = `${part} ${at}`;
  const known = view.texts.get(key);
  if (known) return known;
  const text = new GrowingText(element("div", { class: `text ${part}` }));
  const isFirst = ![...view.texts.keys()].some((other) => other.startsWith(`${part} `));
  if (isFirst && LABELS[part]) view.body.append(element("h3", {}, LABELS[part]));
  view.body.append(text.element);
  view.texts.set(key, text);
  return text;
}

/** A text that is painted once per frame, however many pieces came. */
class GrowingText {
  element;
  #text = "";
  #painted = 0;
  #box = document.createTextNode("");

  constructor(element) {
    this.element = element;
  }

  add(delta) {
    this.#text += delta ?? "";
    return this;
  }

  set(text) {
    if (text === this.#text && this.#painted === text.length) return;
    if (!text.startsWith(this.#text)) {
      this.element.replaceChildren();
      this.#painted = 0;
    }
    this.#text = text;
    this.paint();
  }

  paint() {
    while (this.#painted < this.#text.length) {
      if (this.#painted === 0 || this.#isFull()) this.#nextBox();
      const end = this.#boxEnd();
      this.#box.appendData(this.#text.slice(this.#painted, end));
      this.#painted = end;
    }
  }

  #nextBox() {
    this.#box = document.createTextNode("");
    this.element.append(element("div", {}, this.#box));
  }

  /** Only the end of a line ends a box, so that the seam is not seen. */
  #isFull() {
    return this.#box.length >= BOX && this.#box.data.endsWith("\n");
  }

  #boxEnd() {
    const room = Math.max(0, BOX - this.#box.length);
    const newline = this.#text.indexOf("\n", this.#painted + room);
    return newline < 0 ? this.#text.length : newline + 1;
  }
}
