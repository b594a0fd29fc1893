/** A piece of a body: a text, or bytes as base64, and how long after the piece before it came, in milliseconds. */
export type Chunk = string | { text?: string; base64?: string; delay?: number };

/** One request and its answer, as plain JSON: to be kept in a file. */
export interface Fixture {
  /** What is answered; without it, anything. `path` is that of the URL, with its query. */
  request?: { method: string; path: string; body?: unknown };
  status: number;
  headers: Record<string, string>;
  chunks: readonly Chunk[];
  /** Whether the connection broke behind the last chunk, instead of ending. */
  reset?: boolean;
}

/** What a fixture made by hand differs in. */
export type FixtureOptions = Partial<Omit<Fixture, "chunks">>;

/** The answer that is a stream of these events, each a chunk. */
export function streamFixture(events: readonly object[], options: FixtureOptions = {}): Fixture {
  const texts = events.map((event) => {
    const { type } = event as { type?: unknown };
    return `${typeof type === "string" ? `event: ${type}\n` : ""}data: ${JSON.stringify(event)}\n\n`;
  });
  return made("text/event-stream", [...texts, "data: [DONE]\n\n"], options);
}

/** The answer that is this value as JSON. */
export function jsonFixture(value: unknown, options: FixtureOptions = {}): Fixture {
  return made("application/json", [JSON.stringify(value)], options);
}

function made(type: string, chunks: string[], options: FixtureOptions): Fixture {
  return { status: 200, ...options, headers: { "content-type": type, ...options.headers }, chunks };
}
