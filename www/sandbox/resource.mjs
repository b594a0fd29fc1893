// @ts-check
/** The response object, which always carries all its fields. */

/**
 * The response as it is before any output.
 * @param {any} body a valid request body
 * @param {string} id
 * @param {number} createdAt in Unix seconds
 */
export function startedResource(body, id, createdAt) {
  return {
    id,
    object: "response",
    created_at: createdAt,
    completed_at: null,
    status: "in_progress",
    incomplete_details: null,
    model: body.model,
    previous_response_id: body.previous_response_id ?? null,
    instructions: body.instructions ?? null,
    output: [],
    error: null,
    tools: (body.tools ?? []).map(echoTool),
    tool_choice: echoToolChoice(body.tool_choice),
    truncation: body.truncation ?? "disabled",
    parallel_tool_calls: body.parallel_tool_calls ?? false,
    text: echoText(body.text),
    top_p: body.top_p ?? 1,
    presence_penalty: body.presence_penalty ?? 0,
    frequency_penalty: body.frequency_penalty ?? 0,
    top_logprobs: body.top_logprobs ?? 0,
    temperature: body.temperature ?? 1,
    reasoning: body.reasoning
      ? { effort: body.reasoning.effort ?? null, summary: body.reasoning.summary ?? null }
      : null,
    usage: null,
    max_output_tokens: body.max_output_tokens ?? null,
    max_tool_calls: body.max_tool_calls ?? null,
    store: body.store ?? true,
    background: body.background ?? false,
    service_tier: (body.service_tier ?? "auto") === "auto" ? "default" : body.service_tier,
    metadata: body.metadata ?? {},
    safety_identifier: body.safety_identifier ?? null,
    prompt_cache_key: body.prompt_cache_key ?? null,
  };
}

/**
 * @typedef {object} Outcome how a model ended
 * @property {any[]} output
 * @property {"completed" | "incomplete" | "failed"} status
 * @property {{ code: string, message: string }} [error] of a failed response
 */

/**
 * The response as it is at its end.
 * @param {any} started
 * @param {Outcome} outcome
 * @param {any} usage
 * @param {number} endedAt in Unix seconds
 */
export function endedResource(started, { output, status, error }, usage, endedAt) {
  return {
    ...started,
    status,
    completed_at: status === "completed" ? endedAt : null,
    incomplete_details: status === "incomplete" ? { reason: "max_output_tokens" } : null,
    output,
    error: error ?? null,
    usage,
  };
}

/** @param {any} tool */
function echoTool(tool) {
  if (tool.type !== "function") return tool;
  const { type, name, description = null, parameters = null, strict = null } = tool;
  return { type, name, description, parameters, strict };
}

/** @param {any} choice */
function echoToolChoice(choice) {
  if (choice?.type === "allowed_tools") return { ...choice, mode: choice.mode ?? "auto" };
  return choice ?? "auto";
}

/** @param {any} text */
function echoText(text) {
  const verbosity = text?.verbosity ? { verbosity: text.verbosity } : {};
  return { format: echoFormat(text?.format ?? { type: "text" }), ...verbosity };
}

/** @param {any} format */
function echoFormat(format) {
  if (format.type !== "json_schema") return { type: format.type };
  const { type, name, description = null, strict } = format;
  // The contract gives the echoed schema the type null.
  return { type, name, description, schema: null, strict: strict ?? false };
}
