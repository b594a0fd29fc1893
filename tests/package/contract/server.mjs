/** What the sandbox server knows, asked without the package. */

/** @param {string} baseURL */
export function makeServer(baseURL) {
  const prefix = `contract-${Math.random().toString(36).slice(2)}`;
  let runs = 0;
  let story;

  async function report(run) {
    return (await fetch(`${baseURL}/sandbox/runs/${run}`)).json();
  }

  return {
    /** An id under which a request is registered. */
    newRun: () => `${prefix}-${++runs}`,

    report,

    /** Comes back once the request of a run has arrived. @param {string} run */
    async hasBegun(run) {
      while ((await report(run)).state === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
    },

    /** How a run ended, once it has. @param {string} run */
    async endOf(run) {
      for (let attempt = 0; attempt < 300; attempt += 1) {
        const { state } = await report(run);
        if (state !== "open") return state;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return "open";
    },

    /** The text that `sandbox/story` tells. */
    async story() {
      story ??= fetch(`${baseURL}/responses`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: "Bearer sk-anything" },
        body: JSON.stringify({ model: "sandbox/story", input: "Tell." }),
      }).then(async (answer) => (await answer.json()).output[0].content[0].text);
      return story;
    },
  };
}
