/** What contestants give, and how much of a workload that is. */

const TEXT = "response.output_text.delta";

/** The text that an event becomes for somebody who gives `deltas` or `text`. */
export function pieceOf(gives) {
  return gives === "text" ? (event) => (event.type === TEXT ? event.delta : "") : ({ delta }) => delta ?? "";
}

/** Why a contestant cannot be compared on a workload; nothing if it can. */
export function lackOf({ gives, lacks }, workload) {
  if (gives === "text" && workload !== "W1" && workload !== "W2") return "it leaves out all but the output text";
  return lacks?.[workload];
}

/**
 * What the benchmark does with what it is given, and a program would: it reads the deltas. The total is checked after each
 * sample.
 */
export class Consumer {
  characters = 0;

  take = (given) => {
    const text = typeof given === "string" ? given : given.delta;
    if (typeof text === "string") this.characters += text.length;
  };
}

/** How many characters a contestant must give. */
export function charactersOf({ gives }, { events }) {
  return gives === "nothing" ? 0 : events.reduce((sum, event) => sum + pieceOf(gives)(event).length, 0);
}
