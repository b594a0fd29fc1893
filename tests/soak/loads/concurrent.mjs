import { readWhole } from "./readers.mjs";

/**
 * So many streams at once, of which none ends before all have begun; again and again, so that what one round has taken can
 * serve the next.
 */
export async function concurrent({ client, count, rounds, origins, signal, sample }) {
  const clients = origins.map((origin) => client({ baseURL: `${origin}/v1` }));
  await sample("start");
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(
      Array.from({ length: count }, (_, at) => {
        const input = JSON.stringify({ seed: at, round: String(round), count });
        const { responses } = clients[at % clients.length];
        return readWhole(responses.stream({ model: "together", input }, { signal }), at);
      }),
    );
    if (round + 1 === Math.ceil(rounds / 2)) await sample("middle");
  }
  await sample("end");
}
