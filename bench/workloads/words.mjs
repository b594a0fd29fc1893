const WORDS =
  "the of a to in and stream token model answer with for that reads each part when over its own place before river stone light keeper harbour winter north without under evening paper window".split(
    " ",
  );

/** Pieces of text as models stream them: a word with the blank before it, now and then a mark or a new line. */
export function words(below, count) {
  return Array.from({ length: count }, () => {
    const kind = below(40);
    if (kind === 0) return ".\n\n";
    if (kind < 4) return [",", ".", ":"][kind - 1];
    return ` ${WORDS[below(WORDS.length)]}`;
  });
}
