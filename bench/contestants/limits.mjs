/** What cannot be done without, as long as events are objects made from JSON: no bytes, no lines, no stream. */
export const jsonParse = {
  name: "JSON.parse per event",
  gives: "events",
  prepare: ({ payloads }) =>
    async function run(take) {
      for (const json of payloads) take(JSON.parse(json));
    },
};

/** What the stream costs before anybody looks at a byte. */
export const readLoop = {
  name: "read loop",
  gives: "nothing",
  prepare: ({ fetch }) =>
    async function run() {
      const reader = (await fetch()).body.getReader();
      while (!(await reader.read()).done);
    },
};
