/** What a server did against the protocol, and how it was mended. */
export interface Deviation {
  /** One of the codes in the README's table. */
  code: string;
  message: string;
  /** That of the event where it first happened; null where the event has none, or where it is not about one. */
  sequence_number: number | null;
}
