// @ts-check
/** The items of an input as a server lists them: with ids, with statuses, and with parts in place of texts. */

/**
 * @param {any} item a valid one
 * @param {(prefix: string) => string} newId
 */
export function listedItem(item, newId) {
  switch (item.type) {
    case "message":
      return {
        type: "message",
        id: item.id ?? newId("msg"),
        status: item.status ?? "completed",
        role: item.role,
        content: partsOf(item),
        ...(item.phase ? { phase: item.phase } : {}),
      };
    case "function_call":
      return { ...item, id: item.id ?? newId("fc"), status: item.status ?? "completed" };
    case "function_call_output":
      return { ...item, id: item.id ?? newId("fco"), status: item.status ?? "completed" };
    case "reasoning":
      return { ...item, id: item.id ?? newId("rs"), content: item.content ?? undefined };
    default:
      return { ...item, id: item.id ?? newId("item") };
  }
}

/** @param {any} message */
function partsOf({ role, content }) {
  const text = (/** @type {string} */ value) =>
    role === "assistant"
      ? { type: "output_text", text: value, annotations: [], logprobs: [] }
      : { type: "input_text", text: value };
  if (typeof content === "string") return [text(content)];
  return content.map((/** @type {any} */ part) => {
    if (part.type === "output_text") return { annotations: [], logprobs: [], ...part };
    if (part.type === "input_image")
      return { ...part, image_url: part.image_url ?? null, detail: part.detail ?? "auto" };
    return part;
  });
}
