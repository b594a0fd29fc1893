// Small things that several parts of the page need.

const MAX_JSON = 20_000;

/** An element with attributes and children. Strings only ever become text: nothing a server sends is read as HTML. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function byId(id) {
  return document.getElementById(id);
}

/** A value as indented JSON, cut where it would slow the page down. */
export function jsonText(value) {
  return cut(JSON.stringify(value, null, 2) ?? String(value));
}

/** A text that is JSON, indented; any other text as it is. */
export function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export function milliseconds(ms) {
  return `${Math.round(ms).toLocaleString("en")} ms`;
}

/** Changes what is in a scrolled box; a reader who is at its end stays there. */
export function following(scroller, change) {
  const wasAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 32;
  change();
  if (wasAtEnd) scroller.scrollTop = scroller.scrollHeight;
}

/** Calls `paint` once per frame while asked to; in a hidden tab, where there are no frames, now and then. */
export function createPainter(paint) {
  let isPlanned = false;
  const run = () => {
    isPlanned = false;
    paint();
  };
  return () => {
    if (isPlanned) return;
    isPlanned = true;
    if (document.hidden) setTimeout(run, 500);
    else requestAnimationFrame(run);
  };
}

function cut(text) {
  const rest = text.length - MAX_JSON;
  return rest > 0 ? `${text.slice(0, MAX_JSON)}\n… and ${rest.toLocaleString("en")} more characters` : text;
}
