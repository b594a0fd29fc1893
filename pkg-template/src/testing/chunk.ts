import type { Chunk } from "./fixture.js";

// Apart from the fixture's public declarations: before TypeScript 5.7 a `Uint8Array` has no type arguments.

export function bytesOf(chunk: Chunk): Uint8Array<ArrayBuffer> {
  if (typeof chunk === "string") return new TextEncoder().encode(chunk);
  if (chunk.base64 === undefined) return new TextEncoder().encode(chunk.text);
  return Uint8Array.from(atob(chunk.base64), (character) => character.charCodeAt(0));
}

/** A text wherever the bytes are one. */
export function chunkOf(bytes: Uint8Array, delay: number): Chunk {
  const more = delay > 0 ? { delay } : {};
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return delay > 0 ? { text, ...more } : text;
  } catch {
    const characters = Array.from(bytes, (byte) => String.fromCharCode(byte));
    return { base64: btoa(characters.join("")), ...more };
  }
}
