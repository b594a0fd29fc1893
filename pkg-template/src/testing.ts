/// <reference lib="esnext.disposable" preserve="true" />
// For tests of applications: answers without a network, and networks that fail. Independent of the client and its wasm.

export { type Faults, faulty } from "./testing/faults.js";
export { type Feed, feed } from "./testing/feed.js";
export { type Chunk, type Fixture, type FixtureOptions, jsonFixture, streamFixture } from "./testing/fixture.js";
export { type Answer, type Pace, type PlayedRequest, type Player, play, respond } from "./testing/play.js";
export { type Recorder, record } from "./testing/record.js";
