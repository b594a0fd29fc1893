// One click each: what the sandbox's models can show.

const weather = {
  type: "function",
  name: "get_weather",
  description: "The weather in a city.",
  parameters: {
    type: "object",
    properties: { city: { type: "string" }, unit: { type: "string", enum: ["celsius", "fahrenheit"] } },
    required: ["city", "unit"],
    additionalProperties: false,
  },
};

const person = {
  type: "json_schema",
  name: "person",
  strict: true,
  schema: {
    type: "object",
    properties: {
      name: { type: "string" },
      age: { type: "integer" },
      languages: { type: "array", items: { type: "string" } },
    },
    required: ["name", "age", "languages"],
    additionalProperties: false,
  },
};

/** `extra` holds further fields of the request. An example without a prompt waits for the visitor's. */
export const EXAMPLES = [
  { label: "Story", model: "sandbox/story", prompt: "Tell me a story about a lighthouse." },
  {
    label: "Reasoning",
    model: "sandbox/reasoner",
    prompt: "How many words does this message have?",
    extra: { reasoning: { effort: "medium", summary: "auto" } },
  },
  { label: "Tools", model: "sandbox/tools", prompt: "What is the weather in Kraków?", extra: { tools: [weather] } },
  { label: "JSON", model: "sandbox/json", prompt: "Invent a person.", extra: { text: { format: person } } },
  { label: "Refusal", model: "sandbox/refusal", prompt: "Tell me a secret." },
  { label: "Error 429", model: "sandbox/error-429", prompt: "Is anybody there?" },
  { label: "Failure", model: "sandbox/failed", prompt: "Begin an answer." },
  { label: "Your own", model: "sandbox/echo" },
];
