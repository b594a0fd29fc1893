/** Requests that together show everything the models do. */

export const PNG =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGNgYGD4DwEQCgAe8AX7a1yJ4AAAAABJRU5ErkJggg==";
export const GIF = "data:image/gif;base64,R0lGODlhBAAFAIAAAAAAAP///ywAAAAABAAFAAACBISPqVgAOw==";

export const WEATHER = {
  type: "function",
  name: "get_weather",
  parameters: {
    type: "object",
    properties: { city: { type: "string" }, days: { type: "integer", minimum: 3, maximum: 5 } },
    required: ["city", "days"],
    additionalProperties: false,
  },
};
export const CLOCK = { type: "function", name: "clock", description: "Tells the time." };

const user = (...content) => ({ type: "message", role: "user", content });
const text = (value) => ({ type: "input_text", text: value });
const toolRound = [
  { type: "message", role: "user", content: "What is the weather?" },
  { type: "function_call", call_id: "call_a", name: "get_weather", arguments: "{}" },
  { type: "function_call", call_id: "call_b", name: "clock", arguments: "{}" },
  { type: "function_call_output", call_id: "call_a", output: "rain" },
  { type: "function_call_output", call_id: "call_b", output: [{ type: "input_text", text: "noon" }] },
];

/**
 * `extra` marks requests that servers take although the contract only knows what they ask for in responses.
 * @type {{ name: string, body: any, status?: string, text?: string, extra?: boolean }[]}
 */
export const CASES = [
  { name: "echo", body: { model: "sandbox/echo", input: "Grüße, 世界 👩‍🔬!" }, text: "Grüße, 世界 👩‍🔬!" },
  {
    name: "echo of parts",
    body: { model: "sandbox/echo", input: [user(text("one"), text("two")), { type: "acme:note", id: "x" }] },
    text: "one\ntwo",
  },
  { name: "echo of nothing", body: { model: "sandbox/echo", input: [] }, text: "" },
  {
    name: "echo with every field",
    body: {
      model: "sandbox/echo",
      input: "all",
      include: ["message.output_text.logprobs"],
      tools: [WEATHER, CLOCK],
      tool_choice: { type: "allowed_tools", tools: [{ type: "function", name: "clock" }] },
      metadata: { a: "b" },
      text: { format: { type: "json_schema", name: "n", schema: {} }, verbosity: "low" },
      temperature: 0.5,
      top_p: 0.5,
      presence_penalty: 0.1,
      frequency_penalty: 0.1,
      parallel_tool_calls: true,
      max_output_tokens: 16,
      max_tool_calls: 1,
      reasoning: { effort: "low" },
      safety_identifier: "s",
      prompt_cache_key: "p",
      truncation: "auto",
      instructions: "i",
      store: false,
      service_tier: "flex",
      top_logprobs: 2,
    },
    text: "all",
  },
  { name: "story", body: { model: "sandbox/story", input: "Tell." } },
  {
    name: "story cut short",
    body: { model: "sandbox/story", input: "Tell.", max_output_tokens: 20 },
    status: "incomplete",
  },
  { name: "reasoner", body: { model: "sandbox/reasoner", input: "one two three" }, text: "Your message has 3 words." },
  {
    name: "reasoner with encrypted content",
    body: { model: "sandbox/reasoner", input: "one", include: ["reasoning.encrypted_content"] },
  },
  {
    name: "reasoner cut in its thoughts",
    body: { model: "sandbox/reasoner", input: "one two", max_output_tokens: 16 },
    status: "incomplete",
    text: "",
  },
  { name: "tools", body: { model: "sandbox/tools", input: "go", tools: [WEATHER, CLOCK] }, text: "" },
  {
    name: "tools in parallel",
    body: { model: "sandbox/tools", input: "go", tools: [WEATHER, CLOCK], parallel_tool_calls: true },
    text: "",
  },
  {
    name: "tools with a named one",
    body: {
      model: "sandbox/tools",
      input: "go",
      tools: [WEATHER, CLOCK],
      parallel_tool_calls: true,
      tool_choice: { type: "function", name: "clock" },
    },
    text: "",
  },
  {
    name: "tools with outputs",
    body: { model: "sandbox/tools", input: toolRound, tools: [WEATHER, CLOCK] },
    text: "get_weather gave: rain\nclock gave: noon",
  },
  {
    name: "tools that must not be called",
    body: { model: "sandbox/tools", input: "go", tools: [CLOCK], tool_choice: "none" },
    text: "I may not call any tool.",
  },
  {
    name: "json with a schema",
    body: {
      model: "sandbox/json",
      input: "go",
      text: { format: { type: "json_schema", name: "weather", schema: WEATHER.parameters, strict: true } },
    },
    text: '{"city":"city","days":3}',
  },
  {
    name: "json without a schema",
    body: { model: "sandbox/json", input: "go", text: { format: { type: "json_object" } } },
    text: '{"text":"go"}',
    extra: true,
  },
  {
    name: "vision",
    body: {
      model: "sandbox/vision",
      input: [
        user(
          text("Look"),
          { type: "input_image", image_url: PNG, detail: "low" },
          { type: "input_image", image_url: GIF },
        ),
      ],
    },
    text: "image/png, 3×2 pixels\nimage/gif, 4×5 pixels",
  },
  { name: "vision without an image", body: { model: "sandbox/vision", input: "?" }, text: "I see no image." },
  { name: "refusal", body: { model: "sandbox/refusal", input: "?" }, text: "I am sorry, but I cannot help with that." },
  { name: "incomplete", body: { model: "sandbox/incomplete", input: "?" }, status: "incomplete" },
  { name: "failed", body: { model: "sandbox/failed", input: "?" }, status: "failed" },
];
