import { ask, WAYS } from "./readers.mjs";

/** Short streams, one after the other, with one long-lived signal for all of them. */
export async function sequential({ client, count, signal, sample }) {
  const asked = client();
  for (let at = 0; at < count; at += 1) {
    // The first ones let code be compiled and memory be taken.
    if (at === 10 * WAYS) await sample("start");
    if (at === Math.floor(count / 2)) await sample("middle");
    await ask(asked, { seed: at }, { signal }, at);
  }
  await sample("end");
}
