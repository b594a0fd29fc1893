// @ts-check
/**
 * Token counting. One rule for everything: a token is up to eight characters without white space,
 * together with up to eight characters of white space before them. A stream sends one token per
 * delta, so the number of deltas of a text is its number of tokens.
 */

const TOKEN = /\s{0,8}\S{1,8}|\s{1,8}/gu;

/** An image or a file has no text to count; it weighs this much. */
const TOKENS_PER_ATTACHMENT = 64;

/**
 * The tokens of a text; joined they are the text. Surrogate pairs are never split.
 * @param {string} text
 * @returns {string[]}
 */
export function tokenize(text) {
  return text.match(TOKEN) ?? [];
}

/** @param {string} text */
export function countTokens(text) {
  return tokenize(text).length;
}

/**
 * Cuts the output of a model after `limit` tokens. What is cut ends the output: its item becomes
 * incomplete, and nothing comes after it.
 * @param {any[]} output
 * @param {number | null | undefined} limit
 * @returns {{ output: any[], cut: boolean }}
 */
export function limitOutput(output, limit) {
  if (limit === null || limit === undefined) return { output, cut: false };
  const budget = { left: limit, cut: false };
  const kept = [];
  for (const item of output) {
    if (budget.cut || (budget.left === 0 && itemTokens(item) > 0)) {
      budget.cut = true;
      break;
    }
    const shortened = limitItem(item, budget);
    kept.push(budget.cut ? { ...shortened, status: "incomplete" } : shortened);
  }
  return { output: kept, cut: budget.cut };
}

/**
 * The `usage` member of a response.
 * @param {any[]} items everything the model read
 * @param {{ instructions?: string | null, tools?: any[] | null }} body
 * @param {any[]} output everything the model wrote
 */
export function usageOf(items, body, output) {
  const tools = body.tools?.length ? countTokens(JSON.stringify(body.tools)) : 0;
  const input_tokens = countTokens(body.instructions ?? "") + tools + sum(items.map(itemTokens));
  const output_tokens = sum(output.map(itemTokens));
  const reasoning = output.filter((item) => item.type === "reasoning");
  return {
    input_tokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens,
    output_tokens_details: { reasoning_tokens: sum(reasoning.map(itemTokens)) },
    total_tokens: input_tokens + output_tokens,
  };
}

/**
 * The tokens of an item are those of its texts; names, ids and statuses are free.
 * @param {any} item
 * @returns {number}
 */
function itemTokens(item) {
  const parts = [item.content, item.summary, item.output, item.arguments];
  return sum(parts.map(contentTokens));
}

/**
 * @param {any} content a text, a list of parts, or nothing
 * @returns {number}
 */
function contentTokens(content) {
  if (typeof content === "string") return countTokens(content);
  if (!Array.isArray(content)) return 0;
  return sum(content.map((part) => (isText(part) ? countTokens(textOfPart(part)) : TOKENS_PER_ATTACHMENT)));
}

/** @param {any} part */
function isText(part) {
  return typeof part.text === "string" || typeof part.refusal === "string";
}

/** @param {any} part */
function textOfPart(part) {
  return part.text ?? part.refusal;
}

/**
 * @param {any} item
 * @param {{ left: number, cut: boolean }} budget
 */
function limitItem(item, budget) {
  if (item.type === "function_call") return { ...item, arguments: limitText(item.arguments, budget) };
  const limited = { ...item };
  for (const list of ["content", "summary"]) {
    if (item[list]) limited[list] = limitParts(item[list], budget);
  }
  return limited;
}

/**
 * @param {any[]} parts
 * @param {{ left: number, cut: boolean }} budget
 */
function limitParts(parts, budget) {
  const kept = [];
  for (const part of parts) {
    if (budget.left === 0 && countTokens(textOfPart(part)) > 0) budget.cut = true;
    if (budget.cut) break;
    const field = typeof part.text === "string" ? "text" : "refusal";
    kept.push({ ...part, [field]: limitText(part[field], budget) });
  }
  return kept;
}

/**
 * @param {string} text
 * @param {{ left: number, cut: boolean }} budget
 */
function limitText(text, budget) {
  const tokens = tokenize(text);
  const kept = tokens.slice(0, budget.left);
  budget.cut ||= kept.length < tokens.length;
  budget.left -= kept.length;
  return kept.join("");
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
