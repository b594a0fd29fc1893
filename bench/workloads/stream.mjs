import { letters } from "./random.mjs";

const HEX = "0123456789abcdef";
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/**
 * Collects the events of one stream, with OpenAI's keys in OpenAI's order (`type`, then by the alphabet), its numbering and
 * its obfuscation of deltas. Each method adds the events that a server sends for that item.
 */
export class StreamWriter {
  #below;
  #output = [];
  /** @type {object[]} */
  events = [];
  #response;

  constructor(below, response = {}) {
    this.#below = below;
    this.#response = { ...blank(this.#id("resp")), ...response };
    this.#state("response.created");
    this.#state("response.in_progress");
  }

  message(deltas) {
    const item = { id: this.#id("msg"), type: "message", status: "in_progress", content: [], role: "assistant" };
    const place = { content_index: 0, item_id: item.id };
    const part = (text) => ({ type: "output_text", annotations: [], logprobs: [], text });
    const text = deltas.join("");
    this.#item(item, { status: "completed", content: [part(text)] }, (output_index) => {
      this.#add("response.content_part.added", { ...place, output_index, part: part("") });
      for (const delta of deltas) {
        const obfuscation = this.#obfuscation();
        this.#add("response.output_text.delta", { ...place, delta, logprobs: [], obfuscation, output_index });
      }
      this.#add("response.output_text.done", { ...place, logprobs: [], output_index, text });
      this.#add("response.content_part.done", { ...place, output_index, part: part(text) });
    });
  }

  reasoning(deltas) {
    const item = { id: this.#id("rs"), type: "reasoning", summary: [] };
    const part = (text) => ({ type: "summary_text", text });
    const text = deltas.join("");
    this.#item(item, { summary: [part(text)] }, (output_index) => {
      const place = { item_id: item.id, output_index };
      this.#add("response.reasoning_summary_part.added", { ...place, part: part(""), summary_index: 0 });
      for (const delta of deltas) {
        const obfuscation = this.#obfuscation();
        this.#add("response.reasoning_summary_text.delta", { ...place, delta, obfuscation, summary_index: 0 });
      }
      this.#add("response.reasoning_summary_text.done", { ...place, summary_index: 0, text });
      this.#add("response.reasoning_summary_part.done", { ...place, part: part(text), summary_index: 0 });
    });
  }

  functionCall(name, deltas) {
    const item = {
      id: this.#id("fc"),
      type: "function_call",
      status: "in_progress",
      arguments: "",
      call_id: `call_${letters(this.#below, LETTERS, 24)}`,
      name,
    };
    const whole = deltas.join("");
    this.#item(item, { status: "completed", arguments: whole }, (output_index) => {
      for (const delta of deltas) {
        const obfuscation = this.#obfuscation();
        this.#add("response.function_call_arguments.delta", { delta, item_id: item.id, obfuscation, output_index });
      }
      this.#add("response.function_call_arguments.done", { arguments: whole, item_id: item.id, output_index });
    });
  }

  /** The last event; then the stream's events. */
  complete() {
    const usage = {
      input_tokens: 64,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: this.events.length,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 64 + this.events.length,
    };
    this.#response = { ...this.#response, status: "completed", output: this.#output, usage };
    this.#state("response.completed");
    return this.events;
  }

  #item(item, changes, within) {
    const output_index = this.#output.length;
    const done = { ...item, ...changes };
    this.#add("response.output_item.added", { item, output_index });
    within(output_index);
    this.#output.push(done);
    this.#add("response.output_item.done", { item: done, output_index });
  }

  #state(type) {
    this.#add(type, { response: this.#response });
  }

  #add(type, fields) {
    const event = { ...fields, sequence_number: this.events.length };
    const keys = ["type", ...Object.keys(event).sort()];
    this.events.push(Object.fromEntries(keys.map((key) => [key, key === "type" ? type : event[key]])));
  }

  #id(prefix) {
    return `${prefix}_${letters(this.#below, HEX, 50)}`;
  }

  /** What the server pads a delta with, so that its length says nothing. */
  #obfuscation() {
    return letters(this.#below, LETTERS, 1 + this.#below(16));
  }
}

function blank(id) {
  return {
    id,
    object: "response",
    created_at: 1741476777,
    status: "in_progress",
    background: false,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    max_tool_calls: null,
    model: "gpt-5.1",
    output: [],
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    service_tier: "default",
    store: true,
    temperature: 1,
    text: { format: { type: "text" }, verbosity: "medium" },
    tool_choice: "auto",
    tools: [],
    top_logprobs: 0,
    top_p: 1,
    truncation: "disabled",
    usage: null,
    user: null,
    metadata: {},
  };
}
