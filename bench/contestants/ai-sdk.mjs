import { createOpenResponses } from "@ai-sdk/open-responses";
import { streamText } from "ai";
import { apiKey, baseURL, input, model } from "./question.mjs";

export const aiSdk = {
  name: "ai + open-responses",
  gives: "deltas",
  lacks: { W3: "it hands over no function-argument deltas" },
  prepare({ fetch }) {
    const provider = createOpenResponses({ name: "bench", url: `${baseURL}/responses`, apiKey, fetch });
    return async (take) => {
      const { fullStream } = streamText({ model: provider(model), prompt: input, maxRetries: 0 });
      for await (const part of fullStream) {
        if (part.type === "error") throw part.error;
        if (part.type === "text-delta" || part.type === "reasoning-delta") take(part.text);
        else if (part.type === "tool-input-delta") take(part.delta);
      }
    };
  },
};
