/** When what happened to a stream, in milliseconds since the call; `null` as long as it has not, or is not known. */
export interface StreamTiming {
  /** The answer began. */
  readonly firstByteMs: number | null;
  /** The first piece of the output text arrived, with its chunk. */
  readonly firstTextMs: number | null;
  /** The last events arrived, so far. */
  readonly lastEventMs: number | null;
  /** The output tokens by the server's account, those of its reasoning among them, for each second of the answer. */
  readonly tokensPerSecond: number | null;
}
