import { apiKey, baseURL, question } from "./question.mjs";

const tools = { apiKey, baseURL, dangerouslyAllowBrowser: true };

/** The package's client: its entry is given, since that differs between environments. */
export function ours({ OpenResponses }) {
  const opening =
    (options, read) =>
    ({ fetch }) => {
      const client = new OpenResponses({ ...tools, ...options, fetch });
      return async (take) => read(await client.responses.create(question), take);
    };
  return [
    { name: "ours", gives: "events", prepare: opening({}, byEvent) },
    { name: "ours, fast path off", gives: "events", prepare: opening({ fastPath: false }, byEvent) },
    { name: "ours, batches()", gives: "events", prepare: opening({}, byBatch) },
    { name: "ours, on()", gives: "events", prepare: opening({}, byCallback) },
    { name: "ours, async generator", gives: "events", prepare: opening({}, byGenerator) },
    {
      name: "ours, textStream",
      gives: "text",
      prepare: opening({}, (stream, take) => byEvent(stream.textStream, take)),
    },
  ];
}

async function byEvent(stream, take) {
  for await (const event of stream) take(event);
}

async function byBatch(stream, take) {
  for await (const batch of stream.batches()) {
    for (const event of batch) take(event);
  }
}

async function byCallback(stream, take) {
  await stream.on("event", take).finalResponse();
}

/** What the iterator would cost if it were not written by hand. */
async function byGenerator(stream, take) {
  async function* events() {
    for await (const batch of stream.batches()) yield* batch;
  }
  for await (const event of events()) take(event);
}
