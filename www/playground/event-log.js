// The list of events. Neighbours of one type share a row, rows are few, and JSON is only made when somebody looks at it:
// the list stays quick however many events come.

import { byId, element, following, jsonText, milliseconds } from "./dom.js";

const MAX_ROWS = 400;
/** Of the events that share a row. */
const MAX_KEPT = 50;

const list = byId("events");
const scroller = byId("events-scroll");

let rows = [];
let dropped = 0;

export function clearEvents() {
  rows = [];
  dropped = 0;
  list.replaceChildren();
  byId("events-note").textContent = "";
  byId("events-empty").hidden = false;
}

/** @param {readonly { event: object, at: number }[]} arrived events and their times */
export function addEvents(arrived) {
  if (arrived.length === 0) return;
  byId("events-empty").hidden = true;
  const changed = new Set();
  for (const { event, at } of arrived) changed.add(take(event, at));
  const surplus = rows.splice(0, Math.max(0, rows.length - MAX_ROWS));
  dropped += surplus.length;
  following(scroller, () => {
    for (const row of surplus) row.element?.remove();
    const fresh = document.createDocumentFragment();
    for (const row of rows) {
      if (!row.element) fresh.append(create(row));
      if (changed.has(row)) refresh(row);
    }
    list.append(fresh);
  });
  if (dropped > 0) byId("events-note").textContent = `${dropped.toLocaleString("en")} older rows left out`;
}

/** Puts an event into the last row if it is of its type, else into a new one. */
function take(event, at) {
  const type = typeof event.type === "string" ? event.type : "(no type)";
  let row = rows.at(-1);
  if (row?.type !== type) {
    row = { type, from: at, kept: [], count: 0 };
    rows.push(row);
  }
  row.to = at;
  row.count += 1;
  if (row.kept.length < MAX_KEPT) row.kept.push(event);
  return row;
}

function create(row) {
  row.countElement = element("span", { class: "count" });
  row.json = element("pre");
  const summary = element(
    "summary",
    {},
    element("span", { class: "time" }, milliseconds(row.from)),
    element("span", { class: "type", "data-kind": kindOf(row.type) }, ...breakable(row.type)),
    row.countElement,
  );
  row.details = element("details", {}, summary, row.json);
  row.details.addEventListener("toggle", () => fill(row));
  row.element = element("li", {}, row.details);
  return row.element;
}

function refresh(row) {
  if (row.count > 1) row.countElement.textContent = `× ${row.count.toLocaleString("en")}`;
  fill(row);
}

function fill(row) {
  if (!row.details.open || row.filled === row.count) return;
  row.filled = row.count;
  if (row.count === 1) {
    row.json.textContent = jsonText(row.kept[0]);
    return;
  }
  const shown = row.count > MAX_KEPT ? `, the first ${MAX_KEPT} of them` : "";
  const span = `${milliseconds(row.from)} to ${milliseconds(row.to)}`;
  row.json.textContent = `${row.count.toLocaleString("en")} events, ${span}${shown}:\n${jsonText(row.kept)}`;
}

/** A name that may be broken after its dots and underscores. */
function breakable(name) {
  return name.split(/(?<=[._])/).flatMap((part) => [part, element("wbr")]);
}

function kindOf(type) {
  if (/^error$|\.failed$/.test(type)) return "bad";
  if (/\.delta$/.test(type)) return "delta";
  if (/^response\.(completed|incomplete)$/.test(type)) return "end";
  return "other";
}
