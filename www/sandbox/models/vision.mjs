// @ts-check

import { lastUserMessage } from "../context.mjs";
import { invalid } from "../errors.mjs";
import { imageInfo } from "../image.mjs";
import { completed, message } from "./outcome.mjs";

/** @type {import("./index.mjs").Model} */
export const vision = {
  description: "Names the type and the size of each image of the last user message.",
  answer: (turn) => {
    const user = lastUserMessage(turn.items);
    const parts = Array.isArray(user?.content) ? [...user.content.entries()] : [];
    const lines = parts
      .filter(([, part]) => part.type === "input_image")
      .map(([index, part]) => describe(part.image_url ?? "", pathOf(turn.body, user, index)));
    return completed(message(turn, lines.join("\n") || "I see no image."));
  },
};

/** @param {string} url @param {string} path */
function describe(url, path) {
  if (!url.startsWith("data:")) return `an image that I did not fetch: ${url || "without URL"}`;
  const info = imageInfo(url);
  if (!info) throw invalid(path, "The image is not a base64 data URL of a PNG, JPEG, GIF or WebP.", "invalid_image");
  return `${info.type}, ${info.width}×${info.height} pixels`;
}

/** @param {any} body @param {any} user @param {number} index */
function pathOf({ input }, user, index) {
  const at = Array.isArray(input) ? input.indexOf(user) : -1;
  return at < 0 ? "input" : `input[${at}].content[${index}].image_url`;
}
