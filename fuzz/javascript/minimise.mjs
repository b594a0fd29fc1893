/** The smallest bytes found for which `fails` still holds: blocks of the stream are left out, then lines, then bytes. */
export async function minimise(bytes, fails) {
  let kept = bytes;
  for (const part of [events, lines, singles]) {
    let pieces = part(kept);
    for (let size = Math.ceil(pieces.length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0) {
      for (let at = 0; at < pieces.length; ) {
        const rest = [...pieces.slice(0, at), ...pieces.slice(at + size)];
        if (await fails(Buffer.concat(rest))) {
          pieces = rest;
        } else {
          at += size;
        }
      }
    }
    kept = Buffer.concat(pieces);
  }
  return kept;
}

const events = (bytes) => split(bytes, /(?<=\n\n|\r\r|\r\n\r\n)/);
const lines = (bytes) => split(bytes, /(?<=[\r\n])/);
const singles = (bytes) => (bytes.length > 3000 ? [bytes] : Array.from(bytes, (byte) => Buffer.of(byte)));

function split(bytes, where) {
  // Latin-1 keeps every byte what it is.
  return bytes
    .toString("latin1")
    .split(where)
    .map((piece) => Buffer.from(piece, "latin1"));
}
