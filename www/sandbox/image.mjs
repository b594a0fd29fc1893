// @ts-check
/** The type and the size of a picture, read from its first bytes. */

/**
 * @typedef {{ type: string, width: number, height: number }} ImageInfo
 */

/**
 * @param {string} url a data URL with base64 content
 * @returns {ImageInfo | undefined} nothing when it is not a picture of a known type
 */
export function imageInfo(url) {
  const base64 = /^data:[^,]*;base64,(.*)$/s.exec(url)?.[1];
  const bytes = base64 && decode(base64);
  if (!bytes) return undefined;
  const view = new DataView(bytes.buffer);
  for (const read of [png, gif, jpeg, webp]) {
    try {
      const info = read(view);
      if (info) return info;
    } catch (error) {
      // A picture that ends too early is not a picture.
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return undefined;
}

/** @param {string} base64 */
function decode(base64) {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** @param {DataView} view @returns {ImageInfo | undefined} */
function png(view) {
  if (ascii(view, 1, 3) !== "PNG" || ascii(view, 12, 4) !== "IHDR") return undefined;
  return { type: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
}

/** @param {DataView} view @returns {ImageInfo | undefined} */
function gif(view) {
  if (ascii(view, 0, 4) !== "GIF8") return undefined;
  return { type: "image/gif", width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

/** @param {DataView} view @returns {ImageInfo | undefined} */
function jpeg(view) {
  if (view.getUint16(0) !== 0xffd8) return undefined;
  let at = 2;
  for (;;) {
    const marker = view.getUint16(at);
    // Any byte of the frame markers but those for Huffman tables, arithmetic coding and extensions.
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) return { type: "image/jpeg", width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    if (marker >> 8 !== 0xff) return undefined;
    at += 2 + view.getUint16(at + 2);
  }
}

/** @param {DataView} view @returns {ImageInfo | undefined} */
function webp(view) {
  if (ascii(view, 0, 4) !== "RIFF" || ascii(view, 8, 4) !== "WEBP") return undefined;
  const type = "image/webp";
  switch (ascii(view, 12, 4)) {
    case "VP8 ":
      return { type, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case "VP8L": {
      const bits = view.getUint32(21, true);
      return { type, width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    }
    case "VP8X":
      return { type, width: uint24(view, 24) + 1, height: uint24(view, 27) + 1 };
    default:
      return undefined;
  }
}

/** @param {DataView} view @param {number} at */
function uint24(view, at) {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

/** @param {DataView} view @param {number} at @param {number} length */
function ascii(view, at, length) {
  let text = "";
  for (let index = at; index < at + length; index += 1) text += String.fromCharCode(view.getUint8(index));
  return text;
}
