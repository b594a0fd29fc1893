import { digestOf } from "../digest.mjs";

/** Whether a response is whole, and what was read of it is its text. @param {string} [read] */
export function check(response, read = response.output_text) {
  const { digest } = response.metadata;
  for (const text of [response.output_text, read]) {
    if (digestOf(text) !== digest) throw new Error(`A text is not whole: ${digestOf(text)} arrived of ${digest}.`);
  }
}

/** The ways to read a stream to its end; each gives the text that it has read. */
const READERS = [
  async (stream) => {
    let text = "";
    for await (const event of stream) if (event.type === "response.output_text.delta") text += event.delta;
    return text;
  },
  async (stream) => {
    let text = "";
    for await (const piece of stream.textStream) text += piece;
    return text;
  },
  async (stream) => {
    let text = "";
    for await (const batch of stream.batches()) {
      for (const event of batch) if (event.type === "response.output_text.delta") text += event.delta;
    }
    return text;
  },
  async (stream) => {
    let text = "";
    stream.on("response.output_text.delta", ({ delta }) => {
      text += delta;
    });
    await stream.finalResponse();
    return text;
  },
  async (stream) => stream.finalText(),
];

/** Reads a stream to its end in one of the ways, and checks it. @param {number} way */
export async function readWhole(stream, way) {
  const text = await READERS[way % READERS.length](stream);
  check(await stream.finalResponse(), text);
}

/** How many ways there are to have a response, streamed or not. */
export const WAYS = READERS.length + 2;

/** Asks for a response in one of the ways, and checks it. @param {number} way */
export async function ask(client, input, options, way) {
  const params = { model: "short", input: JSON.stringify(input) };
  if (way % WAYS === READERS.length) {
    check(await client.responses.create({ ...params, model: "whole" }, options));
  } else if (way % WAYS === READERS.length + 1) {
    await readWhole(await client.responses.create({ ...params, stream: true }, options), 0);
  } else {
    await readWhole(client.responses.stream(params, options), way % WAYS);
  }
}
