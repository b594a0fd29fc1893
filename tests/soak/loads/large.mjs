import { Digest, digestOf } from "../digest.mjs";

/** Bytes of a delta's event on the wire, roughly. */
const EVENT_BYTES = 290;

/** How often the memory is looked at, in pieces. */
const OFTEN = 65_536;

/** One stream of so many bytes, read as pieces of its text. */
async function large(soak, pieces) {
  await soak.sample("start");
  await read(soak, pieces);
  await soak.sample("end");
}

/** In a function of its own, so that nothing holds the text when it is over. */
async function read({ client, count, signal, sample, watchPeak, note }, pieces) {
  const params = { model: "large", input: JSON.stringify({ bytes: count }) };
  const stream = client().responses.stream(params, { signal });
  const half = Math.floor(count / EVENT_BYTES / 2);
  const digest = new Digest();
  let number = 0;
  for await (const piece of pieces(stream)) {
    digest.add(piece);
    number += 1;
    if (number === half) await sample("middle");
    if (number % OFTEN === 0) watchPeak();
  }
  watchPeak();
  const { metadata, output_text } = await stream.finalResponse();
  for (const seen of [String(digest), digestOf(output_text)]) {
    if (seen !== metadata.digest) throw new Error(`Of the text ${metadata.digest} there arrived ${seen}.`);
  }
  note("pieces", number);
  note("characters", digest.length);
}

export const largeTexts = (soak) => large(soak, (stream) => stream.textStream);

export const largeEvents = (soak) => large(soak, deltas);

async function* deltas(stream) {
  for await (const event of stream) if (event.type === "response.output_text.delta") yield event.delta;
}
