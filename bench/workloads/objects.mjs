import { random } from "./random.mjs";
import { StreamWriter } from "./stream.mjs";
import { words } from "./words.mjs";

/** W2: a short answer between three response objects of 35 to 40 KB, as instructions and tools make them. */
export function objects(deltas = 200, toolCount = 24) {
  const below = random(2);
  const prose = (count) => words(below, count).join("").trim();
  const tools = Array.from({ length: toolCount }, (_, at) => ({
    type: "function",
    description: prose(60),
    name: `tool_${at}`,
    parameters: {
      type: "object",
      properties: Object.fromEntries(
        Array.from({ length: 8 }, (_, field) => [`field_${field}`, { type: "string", description: prose(10) }]),
      ),
      required: ["field_0", "field_1"],
      additionalProperties: false,
    },
    strict: true,
  }));
  const stream = new StreamWriter(below, { instructions: prose(1_200), tools });
  stream.message(words(below, deltas));
  return stream.complete();
}
