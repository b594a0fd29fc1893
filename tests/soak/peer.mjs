/**
 * Questions and answers between two processes that know each other by messages.
 *
 * @param {NodeJS.Process | import("node:child_process").ChildProcess} channel
 * @param {Record<string, (...given: any[]) => unknown>} answers to what the other side asks
 * @returns {(question: string, ...given: unknown[]) => Promise<any>} asks the other side
 */
export function peer(channel, answers = {}) {
  const waiting = new Map();
  let last = 0;
  channel.on("message", async ({ id, question, given, answer, error }) => {
    if (question) {
      try {
        channel.send({ id, answer: await answers[question](...given) });
      } catch (thrown) {
        channel.send({ id, error: String(thrown?.stack ?? thrown) });
      }
      return;
    }
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error) reject(new Error(error));
    else resolve(answer);
  });
  channel.on("exit", (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`The process ended with ${signal ?? code}.`));
    waiting.clear();
  });
  return (question, ...given) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve, reject });
      channel.send({ id, question, given });
    });
}
