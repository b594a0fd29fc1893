// The recordings, with the response as it is behind each of their events.

import { load } from "../support/package.mjs";
import { NAMES, Recording } from "./recording.mjs";

/**
 * @typedef {object} Reference
 * @property {Recording} recording
 * @property {readonly string[]} snapshots as JSON: the first is that of no event
 * @property {Reference} [unnumbered] the same from a server that numbers nothing
 */

/** @returns {Promise<Record<string, Reference>>} */
export async function references(api) {
  const { play, streamFixture } = await load("testing");
  const made = {};
  for (const name of NAMES) {
    const recording = Recording.load(name);
    const snapshots = [];
    for (let count = 0; count <= recording.events.length; count++) {
      const fixture = streamFixture(recording.events.slice(0, count).map((event) => JSON.parse(event)));
      snapshots.push(
        await snapshotOf(
          api,
          play(() => fixture),
        ),
      );
    }
    made[name] = { recording, snapshots, unnumbered: { recording: recording.unnumbered(), snapshots } };
  }
  return made;
}

/** Of a stream that arrives without a fault, and may end too early. */
async function snapshotOf(api, fetch) {
  const options = { apiKey: null, baseURL: "https://api.example/v1", maxRetries: 0, fetch };
  const stream = new api.OpenResponses(options).responses.stream({ model: "m", input: "i" });
  await stream.finalResponse().catch(() => {});
  return JSON.stringify(stream.snapshot);
}
