import { HTTPClient, OpenRouter } from "@openrouter/sdk";
import { apiKey, baseURL, question } from "./question.mjs";

export const openrouter = {
  name: "@openrouter/sdk",
  gives: "deltas",
  prepare({ fetch }) {
    const httpClient = new HTTPClient({ fetcher: fetch });
    const { responses } = new OpenRouter({ apiKey, serverURL: baseURL, httpClient, retryConfig: { strategy: "none" } });
    return async (take) => {
      const stream = await responses.send({ responsesRequest: question });
      for await (const event of stream) {
        if (typeof event.delta === "string") take(event.delta);
      }
    };
  },
};
