/**
 * Short texts, read by hand: the call of a `TextDecoder` costs 300 ns and more in Node, and 500 to 1,000 in Chromium, of which a
 * stream of one short delta a chunk pays one for each.
 */

/** ASCII of so many bytes is read in one call or two with as many arguments: 70 to 350 ns. */
const UNROLLED = 64;

/** Characters of so many bytes are taken apart in less time than the decoder takes: 100 to 400 ns. */
const SHORT = 64;

/** Whether {@link shortText} is the faster way. */
export function isShort(length: number, isASCII: boolean): boolean {
  return length <= (isASCII ? UNROLLED : SHORT);
}

/** The text of so many bytes of valid UTF-8, and perhaps something behind it. */
export function shortText(bytes: Uint8Array, address: number, length: number, isASCII: boolean): string {
  if (length === 0) return "";
  return isASCII ? unrolled(bytes, address, length) : fromUTF8(bytes, address, address + length);
}

/** What lies behind the text, or beyond the memory, becomes some character, too. */
const letters = String.fromCharCode as (...codes: (number | undefined)[]) => string;

/** A string of 16 letters, or one or two of 32: a loop makes a string, and soon a rope, of each of them, in two to six times the time. */
function unrolled(b: Uint8Array, a: number, length: number): string {
  // biome-ignore format: as a table
  if (length <= 16) return letters(
    b[a], b[a + 1], b[a + 2], b[a + 3], b[a + 4], b[a + 5], b[a + 6], b[a + 7],
    b[a + 8], b[a + 9], b[a + 10], b[a + 11], b[a + 12], b[a + 13], b[a + 14], b[a + 15],
  );
  // biome-ignore format: as a table
  const text = letters(
    b[a], b[a + 1], b[a + 2], b[a + 3], b[a + 4], b[a + 5], b[a + 6], b[a + 7],
    b[a + 8], b[a + 9], b[a + 10], b[a + 11], b[a + 12], b[a + 13], b[a + 14], b[a + 15],
    b[a + 16], b[a + 17], b[a + 18], b[a + 19], b[a + 20], b[a + 21], b[a + 22], b[a + 23],
    b[a + 24], b[a + 25], b[a + 26], b[a + 27], b[a + 28], b[a + 29], b[a + 30], b[a + 31],
  );
  return length <= 32 ? text : text + unrolled(b, a + 32, 32);
}

/** By the table of RFC 3629, section 3. */
function fromUTF8(bytes: Uint8Array, start: number, end: number): string {
  const units: number[] = [];
  let at = start;
  const next = () => (bytes[at++] as number) & 0x3f;
  while (at < end) {
    let code = bytes[at++] as number;
    if (code >= 0xf0) {
      code = (((code & 7) << 18) | (next() << 12) | (next() << 6) | next()) - 0x10000;
      units.push(0xd800 | (code >> 10));
      code = 0xdc00 | (code & 0x3ff);
    } else if (code >= 0xe0) {
      code = ((code & 15) << 12) | (next() << 6) | next();
    } else if (code >= 0x80) {
      code = ((code & 31) << 6) | next();
    }
    units.push(code);
  }
  return String.fromCharCode.apply(null, units);
}
