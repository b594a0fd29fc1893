// @ts-check
/**
 * How servers of the wild speak: what each does otherwise than the contract says, as seen in transcripts and reports of
 * them. A dialect changes how an answer is told, never what it is.
 */

/** @typedef {import("./stream.mjs").StreamEvent} StreamEvent */

/**
 * @typedef {object} Dialect
 * @property {string} says what is special about it
 * @property {Record<string, string>} [lines] the faults of the stream's lines that it has
 * @property {Reshape[]} [events] what becomes of the events, one change after the other
 * @property {string[]} [omits] the fields that its events lack
 * @property {string[]} deviations the codes by which a client lists all this
 */

/** @typedef {(events: Iterable<StreamEvent>) => Iterable<StreamEvent>} Reshape */

const STATE = /^response\.(created|queued|in_progress|completed|incomplete|failed)$/;
const TERMINAL = /^response\.(completed|incomplete|failed)$/;

/** @type {(change: (event: StreamEvent) => StreamEvent | StreamEvent[] | undefined) => Reshape} */
const each = (change) =>
  function* changed(events) {
    for (const event of events) yield* [change(event) ?? []].flat();
  };

/** @type {(pattern: RegExp) => Reshape} */
const without = (pattern) => each((event) => (pattern.test(event.type ?? "") ? undefined : event));

/** @type {(pattern: RegExp, name: string) => Reshape} */
const renamed = (pattern, name) => each((event) => ({ ...event, type: event.type?.replace(pattern, name) }));

/** @type {(change: (response: any, event: StreamEvent) => any) => Reshape} */
const responses = (change) =>
  each((event) => (event.response ? { ...event, response: change(event.response, event) } : event));

/** @type {(change: (response: any) => any) => Reshape} */
const terminal = (change) =>
  responses((response, { type }) => (TERMINAL.test(type ?? "") ? change(response) : response));

/** @type {(change: (item: any) => any) => Reshape} */
const items = (change) =>
  each((event) => {
    const { item, response } = event;
    if (item) return { ...event, item: change(item) };
    if (response) return { ...event, response: { ...response, output: response.output.map(change) } };
    return event;
  });

/** @type {(object: any, ...names: string[]) => any} */
const lacking = (object, ...names) =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

/** The name that most servers have for the events of reasoning. */
const reasoningText = renamed(/^response\.reasoning\./, "response.reasoning_text.");

/** Reasoning is told as summaries only. */
const summariesOnly = [
  without(/^response\.reasoning\./),
  each((event) => (event.part?.type === "reasoning_text" ? undefined : event)),
  items((item) => (item.type === "reasoning" ? lacking(item, "content") : item)),
];

const wholeArguments = without(/function_call_arguments\.delta$/);

/** Another id on every event. @type {Reshape} */
function* rotating(events) {
  let count = 0;
  const next = () => `id_${count++}`;
  for (const event of events) {
    const { item_id, item, response } = event;
    yield {
      ...event,
      ...(item_id ? { item_id: next() } : {}),
      ...(item ? { item: { ...item, id: next() } } : {}),
      ...(response ? { response: { ...response, id: next() } } : {}),
    };
  }
}

/** Another id for the item when it is done. @type {Reshape} */
const finalIds = each((event) =>
  event.type === "response.output_item.done"
    ? { ...event, item: { ...event.item, id: `${event.item.id}_final` } }
    : event,
);

/** The first item is only done when all others are. @type {Reshape} */
function* interleaved(events) {
  let late;
  for (const event of events) {
    if (event.type === "response.output_item.done" && event.output_index === 0) {
      late = event;
      continue;
    }
    if (late && TERMINAL.test(event.type ?? "")) yield late;
    yield event;
  }
}

/** Every delta of the reasoning is a part of its own. @type {Reshape} */
function* countedDeltas(events) {
  let count = 0;
  for (const event of events) {
    if (event.type === "response.reasoning_text.delta") {
      yield { ...event, content_index: count };
      count += 1;
    } else {
      yield event;
    }
  }
}

/** The response so far, whenever an item is done. @type {Reshape} */
function* growing(events) {
  /** @type {any[]} */
  const output = [];
  let response;
  for (const event of events) {
    response ??= event.response;
    yield event;
    if (event.type === "response.output_item.done") {
      output.push(event.item);
      yield { type: "response.in_progress", response: { ...response, output: [...output] } };
    }
  }
}

/** @type {Readonly<Record<string, Dialect>>} */
export const DIALECTS = Object.freeze({
  openai: {
    says: "no [DONE]; reasoning_text events",
    lines: { done: "0" },
    events: [reasoningText],
    deviations: ["synonym"],
  },
  "openai-2025": {
    says: "no [DONE]; no sequence numbers",
    lines: { done: "0" },
    omits: ["sequence_number"],
    events: [reasoningText],
    deviations: ["synonym", "missing_sequence_number"],
  },
  azure: {
    says: "fields of its own in the response",
    lines: { done: "0" },
    events: [reasoningText, responses((response) => ({ ...response, content_filters: [] }))],
    deviations: ["synonym"],
  },
  openrouter: {
    says: "no event lines, comments, items that interleave, arguments in the last event only, usage.cost",
    lines: { events: "0", comments: "1" },
    events: [
      reasoningText,
      interleaved,
      wholeArguments,
      each((event) => (event.type?.endsWith("arguments.done") ? { ...event, arguments: "" } : event)),
      each((event) => (event.item?.arguments ? { ...event, item: { ...event.item, arguments: "" } } : event)),
      terminal((response) => ({ ...response, output_text: "", usage: { ...response.usage, cost: 0.25 } })),
    ],
    deviations: ["synonym"],
  },
  infron: {
    says: "comments, no [DONE], cost beside the response",
    lines: { comments: "1", done: "0" },
    events: [each((event) => (TERMINAL.test(event.type ?? "") ? { ...event, cost: 0.25 } : event))],
    deviations: [],
  },
  "new-api": {
    says: "comments, no [DONE], reasoning as summaries",
    lines: { comments: "1", done: "0" },
    events: summariesOnly,
    deviations: [],
  },
  copilot: {
    says: "another id on every event",
    events: [reasoningText, rotating],
    deviations: ["synonym", "changed_id"],
  },
  xai: {
    says: "reasoning as summaries, a response without many fields",
    lines: { done: "0" },
    events: [
      ...summariesOnly,
      responses((response) => lacking(response, "completed_at", "error", "truncation", "text")),
    ],
    deviations: [],
  },
  deepseek: {
    says: "no [DONE]; reasoning_text events",
    lines: { done: "0" },
    events: [reasoningText],
    deviations: ["synonym"],
  },
  lmstudio: {
    says: "arguments without deltas",
    lines: { done: "0" },
    events: [reasoningText, wholeArguments],
    deviations: ["synonym"],
  },
  "llama.cpp": {
    says: "no output_index, no sequence numbers, calls without id",
    omits: ["output_index", "sequence_number"],
    events: [
      reasoningText,
      items((item) => (item.type === "function_call" ? lacking(item, "id") : item)),
      responses((response) => ({ ...lacking(response, "created_at", "model"), timings: {} })),
    ],
    deviations: ["synonym", "missing_sequence_number", "missing_output_index"],
  },
  lemonade: {
    says: "no indexes at all",
    omits: ["output_index", "content_index", "summary_index"],
    deviations: ["missing_output_index", "missing_part_index"],
  },
  vllm: {
    says: "a part for every delta of the reasoning, other ids at the end, no arguments.done",
    lines: { done: "0" },
    events: [
      reasoningText,
      countedDeltas,
      without(/function_call_arguments\.done$/),
      each((event) =>
        event.part?.type === "reasoning_text"
          ? { ...event, type: event.type?.replace("content_part", "reasoning_part") }
          : event,
      ),
      finalIds,
    ],
    deviations: ["synonym", "changed_id", "missing_part_added", "text_differs"],
  },
  ollama: {
    says: "reasoning as summaries without their parts, arguments in one delta",
    lines: { done: "0" },
    events: [
      ...summariesOnly,
      without(/reasoning_summary_part/),
      wholeArguments,
      each((event) =>
        event.type?.endsWith("arguments.done")
          ? [
              {
                ...lacking(event, "arguments"),
                type: "response.function_call_arguments.delta",
                delta: event.arguments,
              },
              event,
            ]
          : event,
      ),
    ],
    deviations: ["missing_part_added"],
  },
  huggingface: {
    says: "no event lines, no [DONE], a response without some fields",
    lines: { events: "0", done: "0" },
    events: [responses((response) => lacking(response, "incomplete_details", "parallel_tool_calls"))],
    deviations: [],
  },
  litellm: {
    says: "no event lines, nothing announced, ids that change",
    lines: { events: "0" },
    events: [without(/\.(created|added)$/), rotating],
    deviations: ["missing_created", "changed_id", "missing_item_added", "missing_part_added"],
  },
  codex: {
    says: "the last response without output, model and usage, which stands beside it",
    events: [
      each((event) =>
        TERMINAL.test(event.type ?? "")
          ? {
              ...event,
              response: { ...lacking(event.response, "model", "usage"), output: [] },
              usage: event.response.usage,
            }
          : event,
      ),
    ],
    deviations: ["sparse_response", "empty_output", "misplaced_usage"],
  },
  sub2api: {
    says: "arguments in arguments.done only",
    events: [
      wholeArguments,
      each((event) => (event.item?.arguments ? { ...event, item: { ...event.item, arguments: "" } } : event)),
      terminal((response) => ({ ...response, output: [] })),
    ],
    deviations: ["empty_output", "empty_done"],
  },
  anyfast: {
    says: "deltas and nothing about them",
    omits: ["sequence_number", "output_index", "content_index", "summary_index", "item_id"],
    events: [terminal((response) => lacking(response, "output"))],
    deviations: [
      "missing_sequence_number",
      "missing_item_id",
      "missing_output_index",
      "missing_part_index",
      "empty_output",
    ],
  },
  "20minds": {
    says: "function_call.arguments and text events",
    events: [
      renamed(/^response\.function_call_arguments\./, "response.function_call.arguments."),
      renamed(/^response\.output_text\.(delta|done)$/, "response.text.$1"),
    ],
    deviations: ["synonym"],
  },
  untyped: {
    says: "response objects as they are, without an event around them",
    lines: { events: "0" },
    events: [each((event) => (STATE.test(event.type ?? "") ? event.response : event))],
    deviations: ["missing_type", "missing_sequence_number", "missing_created"],
  },
  partless: {
    says: "no content parts, texts whose end is empty",
    events: [
      without(/content_part/),
      each((event) => (event.type === "response.output_text.done" ? { ...event, text: "" } : event)),
    ],
    deviations: ["missing_part_added", "empty_done"],
  },
  growing: { says: "the response so far whenever an item is done", events: [growing], deviations: [] },
  twice: {
    says: "the last event twice",
    events: [each((event) => (TERMINAL.test(event.type ?? "") ? [event, event] : event))],
    deviations: [],
  },
  siliconflow: {
    says: "a frame about the bill",
    events: [
      each((event) => (TERMINAL.test(event.type ?? "") ? [{ type: "billing.summary", amount: "0.1" }, event] : event)),
    ],
    deviations: [],
  },
  envoy: { says: "lines that end with CRLF", lines: { newline: "crlf" }, deviations: [] },
  gateway: { says: "comments as data", lines: { comments: "data" }, deviations: [] },
});

/**
 * The events in that dialect.
 * @param {Iterable<StreamEvent>} events
 * @param {Dialect} dialect
 */
export function spoken(events, dialect) {
  return (dialect.events ?? []).reduce((told, change) => change(told), events);
}
