import { aborts } from "./aborts.mjs";
import { concurrent } from "./concurrent.mjs";
import { largeEvents, largeTexts } from "./large.mjs";
import { sequential } from "./sequential.mjs";

const MB = 1_000_000;

/**
 * What is done, how often, and in which engines. `fetch`: "memory" is a `fetch` in the engine itself, where sockets are too slow
 * or too few: Chromium opens six to each name of a server, and 256 in all.
 */
export const LOADS = [
  {
    name: "sequential",
    about: "short streams, one after the other",
    run: sequential,
    full: { node: { count: 100_000 }, chromium: { count: 10_000 } },
    quick: { node: { count: 1_500 }, chromium: { count: 400 } },
  },
  {
    name: "sequential-memory",
    about: "the same, answered within the page",
    run: sequential,
    fetch: "memory",
    full: { chromium: { count: 100_000 } },
    quick: { chromium: { count: 2_000 } },
  },
  {
    name: "concurrent",
    about: "streams at once, round by round",
    run: concurrent,
    full: { node: { count: 1_000, rounds: 10 }, chromium: { count: 240, rounds: 20 } },
    quick: { node: { count: 1_000, rounds: 6 }, chromium: { count: 240, rounds: 2 } },
  },
  {
    name: "concurrent-memory",
    about: "the same, answered within the page",
    run: concurrent,
    fetch: "memory",
    full: { chromium: { count: 1_000, rounds: 20 } },
    quick: { chromium: { count: 1_000, rounds: 2 } },
  },
  {
    name: "large",
    about: "one stream of so many bytes, read as text",
    run: largeTexts,
    holdsText: true,
    full: { node: { count: 1_000 * MB }, chromium: { count: 1_000 * MB } },
    quick: { node: { count: 40 * MB }, chromium: { count: 20 * MB } },
  },
  {
    name: "large-events",
    about: "the same, read as events",
    run: largeEvents,
    holdsText: true,
    full: { node: { count: 1_000 * MB }, chromium: { count: 1_000 * MB } },
    quick: { node: { count: 40 * MB } },
  },
  {
    name: "aborts",
    about: "streams left at random times, in every state and way",
    run: aborts,
    full: { node: { count: 10_000 }, chromium: { count: 10_000 } },
    quick: { node: { count: 600 }, chromium: { count: 250 } },
  },
];
