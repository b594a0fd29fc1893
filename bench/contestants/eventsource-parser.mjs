import { createParser } from "eventsource-parser";
import { EventSourceParserStream } from "eventsource-parser/stream";

export const eventsourceParser = {
  name: "eventsource-parser",
  gives: "events",
  prepare: ({ fetch }) =>
    async function run(take) {
      const reader = (await fetch()).body.getReader();
      const decoder = new TextDecoder();
      const parser = createParser({ onEvent: ({ data }) => take(JSON.parse(data)) });
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        parser.feed(decoder.decode(value, { stream: true }));
      }
    },
};

export const eventsourceParserStream = {
  name: "eventsource-parser stream",
  gives: "events",
  prepare: ({ fetch }) =>
    async function run(take) {
      const { body } = await fetch();
      const events = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
      for await (const { data } of events) take(JSON.parse(data));
    },
};
