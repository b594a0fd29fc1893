// @ts-check
/** What a request body must look like. Everything here is a rule of the Open Responses contract. */

import {
  anyObject,
  array,
  boolean,
  isObject,
  missing,
  nothing,
  nullable,
  number,
  object,
  oneOf,
  string,
  stringOr,
  tagged,
} from "./check.mjs";
import { invalid } from "./errors.mjs";

/**
 * Throws the error that names the first field at fault.
 * @param {any} body the parsed request body
 */
export function validateBody(body) {
  anyObject(body, "");
  for (const name of ["model", "input"]) {
    // The schema admits null for both, and yet nothing can be answered without them.
    if (body[name] === undefined || body[name] === null) throw missing(name);
  }
  BODY(body, "");
  checkToolChoice(body);
  if (body.background && body.store === false) {
    throw invalid("store", "'store' must not be false for a response in the background.");
  }
}

/** @param {any} body of `POST /responses/compact` */
export function validateCompact(body) {
  anyObject(body, "");
  if (body.model === undefined || body.model === null) throw missing("model");
  COMPACT(body, "");
  if (!body.input && !body.previous_response_id) throw missing("input");
}

/** @param {any} body of `POST /responses/input_tokens` */
export function validateCount(body) {
  COUNT(body, "");
}

const text = string({ max: 10_485_760 });
const callId = string({ min: 1, max: 64 });
const name = string({ min: 1, max: 64, pattern: /^[a-zA-Z0-9_-]+$/ });
const status = nullable(oneOf("in_progress", "completed", "incomplete"));
const id = nullable(string());

/** Types with a colon belong to extensions, which the sandbox lets pass and does not read. */
const isExtension = (/** @type {any} */ value) => typeof value.type === "string" && value.type.includes(":");

const inputText = object({ text });
const inputImage = object(
  {},
  { image_url: nullable(string({ max: 20_971_520 })), detail: nullable(oneOf("low", "high", "auto")) },
);
const inputFile = object(
  {},
  { filename: nullable(string()), file_url: nullable(string()), file_data: nullable(string({ max: 33_554_432 })) },
);
const inputVideo = object({ video_url: string() });
const citation = tagged("type", {
  url_citation: object({
    url: string(),
    title: string(),
    start_index: number({ integer: true, min: 0 }),
    end_index: number({ integer: true, min: 0 }),
  }),
});
const outputText = object({ text }, { annotations: array(citation) });
const refusal = object({ refusal: text });

/** @param {Record<string, import("./check.mjs").Check>} parts */
const content = (parts) => stringOr(text, array(tagged("type", parts)), "a string or an array of parts");

const userParts = { input_text: inputText, input_image: inputImage, input_file: inputFile };
const messageFields = { id, status: nullable(string()) };
const systemMessage = object({ content: content({ input_text: inputText }) }, messageFields);

const message = tagged("role", {
  user: object({ content: content(userParts) }, messageFields),
  system: systemMessage,
  developer: systemMessage,
  assistant: object(
    { content: content({ output_text: outputText, refusal }) },
    { ...messageFields, phase: oneOf("commentary", "final_answer") },
  ),
});

const reference = object({ id: string() });

const item = tagged(
  "type",
  {
    message,
    function_call: object({ call_id: callId, name, arguments: string() }, { id, status }),
    function_call_output: object(
      { call_id: callId, output: content({ ...userParts, input_video: inputVideo }) },
      { id, status },
    ),
    reasoning: object(
      { summary: array(tagged("type", { summary_text: object({ text }) })) },
      { id, content: nothing, encrypted_content: nullable(string()) },
    ),
    compaction: object({ encrypted_content: text }, { id }),
    item_reference: reference,
  },
  isExtension,
);

/** References may come without a type, and messages, as many clients send them. @type {import("./check.mjs").Check} */
const inputItem = (value, path) => {
  if (isObject(value) && value.type === undefined && value.role !== undefined) return message(value, path);
  const bare = isObject(value) && (value.type === undefined || value.type === null) && value.role === undefined;
  if (bare && value.id !== undefined) return reference(value, path);
  item(value, path);
};

const tool = tagged(
  "type",
  {
    function: object({ name }, { description: nullable(string()), parameters: nullable(anyObject), strict: boolean }),
  },
  isExtension,
);

const toolMode = oneOf("none", "auto", "required");
const namedFunction = object({ name: string() });
const toolChoice = stringOr(
  toolMode,
  tagged("type", {
    function: namedFunction,
    allowed_tools: object(
      { tools: array(tagged("type", { function: namedFunction }), { min: 1, max: 128 }) },
      { mode: toolMode },
    ),
  }),
  "a mode or an object",
);

const format = tagged("type", {
  text: anyObject,
  json_object: anyObject,
  json_schema: object({ name, schema: anyObject }, { description: string(), strict: nullable(boolean) }),
});

/** @type {import("./check.mjs").Check} */
const metadata = (value, path) => {
  anyObject(value, path);
  const entries = Object.entries(value);
  if (entries.length > 16) throw invalid(path, `'${path}' must have at most 16 pairs.`);
  for (const [key, entry] of entries) {
    if ([...key].length > 64) throw invalid(path, `The keys of '${path}' must have at most 64 characters.`);
    string({ max: 512 })(entry, `${path}.${key}`);
  }
};

const shortId = nullable(string({ max: 64 }));

const BODY = object(
  {
    model: string(),
    input: stringOr(text, array(inputItem), "a string or an array of items"),
  },
  {
    previous_response_id: nullable(string()),
    include: array(oneOf("reasoning.encrypted_content", "message.output_text.logprobs")),
    tools: nullable(array(tool)),
    tool_choice: nullable(toolChoice),
    metadata: nullable(metadata),
    text: nullable(object({}, { format: nullable(format), verbosity: oneOf("low", "medium", "high") })),
    temperature: nullable(number({ min: 0, max: 2 })),
    top_p: nullable(number({ min: 0, max: 1 })),
    presence_penalty: nullable(number()),
    frequency_penalty: nullable(number()),
    parallel_tool_calls: nullable(boolean),
    stream: boolean,
    stream_options: nullable(object({}, { include_obfuscation: boolean })),
    background: boolean,
    max_output_tokens: nullable(number({ integer: true, min: 16 })),
    max_tool_calls: nullable(number({ integer: true, min: 1 })),
    reasoning: nullable(
      object(
        {},
        {
          effort: nullable(oneOf("none", "low", "medium", "high", "xhigh")),
          summary: nullable(oneOf("concise", "detailed", "auto")),
        },
      ),
    ),
    safety_identifier: shortId,
    prompt_cache_key: shortId,
    truncation: oneOf("auto", "disabled"),
    instructions: nullable(string()),
    store: boolean,
    service_tier: oneOf("auto", "default", "flex", "priority"),
    top_logprobs: nullable(number({ integer: true, min: 0, max: 20 })),
  },
);

const input = nullable(stringOr(text, array(inputItem), "a string or an array of items"));

const COMPACT = object(
  { model: string() },
  { input, previous_response_id: nullable(string()), instructions: nullable(string()), prompt_cache_key: shortId },
);

const COUNT = object(
  {},
  {
    model: nullable(string()),
    input,
    previous_response_id: nullable(string()),
    instructions: nullable(string()),
    tools: nullable(array(tool)),
  },
);

/**
 * A choice among tools can only name tools that are offered.
 * @param {any} body
 */
function checkToolChoice({ tools, tool_choice: choice }) {
  const offered = (tools ?? []).map((/** @type {any} */ offer) => offer.name);
  /** @param {string} wanted @param {string} path */
  const mustOffer = (wanted, path) => {
    if (!offered.includes(wanted)) throw invalid(path, `'${path}' names '${wanted}', which is not in 'tools'.`);
  };
  if (choice === "required" && offered.length === 0) {
    throw invalid("tool_choice", "'tool_choice' is 'required' but 'tools' is empty.");
  }
  if (choice?.type === "function") mustOffer(choice.name, "tool_choice.name");
  if (choice?.type === "allowed_tools") {
    choice.tools.forEach((/** @type {any} */ allowed, /** @type {number} */ index) => {
      mustOffer(allowed.name, `tool_choice.tools[${index}].name`);
    });
  }
}
