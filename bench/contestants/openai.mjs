import OpenAI from "openai";
import { apiKey, baseURL, input, model, question } from "./question.mjs";

const client = (fetch) => new OpenAI({ apiKey, baseURL, fetch, dangerouslyAllowBrowser: true });

export const openaiCreate = {
  name: "openai create",
  gives: "events",
  prepare({ fetch }) {
    const { responses } = client(fetch);
    return async (take) => {
      for await (const event of await responses.create(question)) take(event);
    };
  },
};

export const openaiStream = {
  name: "openai stream",
  gives: "events",
  reorders: true,
  prepare({ fetch }) {
    const { responses } = client(fetch);
    return async (take) => {
      for await (const event of responses.stream({ model, input })) take(event);
    };
  },
};
