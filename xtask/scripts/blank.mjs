// Writes zeros over what a binary's memory holds for nobody: the words of panics, and the places where they were, once nothing
// says them. Usage: node blank.mjs <wasm> <linked.wasm> <map>, after wasm-opt: the binary as rustc linked it tells what the code
// named then, and the linker's map of it where each object begins and ends.
//
// An object is named by a number in the code, or in an object that is named, that is an address in it or right behind it.
// Other numbers look like addresses too, which keeps more than is needed. What was not even named then is kept: code may reach
// it by an address outside of it and an index.
import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "binaryen";

const [file, linkedFile, mapFile] = process.argv.slice(2);
const wasm = readFileSync(file);
const linked = readFileSync(linkedFile);
const objects = objectsOf(readFileSync(mapFile, "utf8"));

const now = namedIn(wasm);
const unused = [...namedIn(linked)].filter((object) => !now.has(object));
if (unused.length === 0) throw new Error("no object of the memory lost its last name: the map is another than it was");
for (const { begin, bytes } of segmentsOf(binaryen.readBinary(wasm))) {
  const at = wasm.indexOf(bytes);
  if (bytes.length < 16) continue;
  if (wasm.includes(bytes, at + 1)) throw new Error("a part of the memory stands twice in the binary");
  for (const { from, to } of unused) wasm.fill(0, at + clamp(from - begin, bytes), at + clamp(to - begin, bytes));
}
if (!WebAssembly.validate(wasm)) throw new Error("the blanked binary is not valid");
writeFileSync(file, wasm);

function clamp(index, { length }) {
  return Math.min(Math.max(index, 0), length);
}

/** What is in the memory, by the linker's map: lines of an address, a place in the file, a size and, indented, a name. */
function objectsOf(map) {
  const lines = [...map.matchAll(/^ *([\da-f]+|-) +([\da-f]+) +([\da-f]+) ( *)(.+)$/gm)].map(
    ([, address, place, size, { length: depth }, name]) => {
      const [from, begin, length] = [address, place, size].map((digits) => Number.parseInt(digits, 16));
      return { from, to: from + length, end: begin + length, depth, name };
    },
  );
  if (lines.findLast(({ depth }) => depth === 0)?.end !== linked.length)
    throw new Error(`${mapFile} is of another binary`);
  return lines
    .filter(({ from, to, depth }) => depth === 8 && to > from)
    .flatMap((object) => (object.name.startsWith("<internal>") ? texts(object) : [object]));
}

/** The texts that the linker has merged: a NUL is behind each. */
function texts({ from, to }) {
  const [{ begin, bytes }] = segmentsOf(binaryen.readBinary(linked));
  const found = [];
  for (let start = from; start < to; start = found.at(-1).to) {
    found.push({ from: start, to: begin + bytes.indexOf(0, start - begin) + 1 });
  }
  return found;
}

function segmentsOf(module) {
  return Array.from({ length: module.getNumDataSegments() }, (_, at) => {
    const { offset, data } = module.getDataSegmentInfo(module.getDataSegmentByIndex(at));
    return { begin: offset, bytes: Buffer.from(data) };
  });
}

/** The objects that the code names, by themselves or through others. */
function namedIn(binary) {
  const module = binaryen.readBinary(binary);
  const named = new Set();
  const numbers = numbersIn(module.emitText());
  const segments = segmentsOf(module);
  while (numbers.length > 0) {
    const number = numbers.pop();
    for (const object of objects) {
      if (number < object.from || number >= object.to || named.has(object)) continue;
      named.add(object);
      for (const { begin, bytes } of segments) {
        const last = Math.min(object.to, begin + bytes.length) - 4;
        for (let at = Math.max((object.from + 3) & ~3, begin); at <= last; at += 4)
          numbers.push(bytes.readUInt32LE(at - begin));
      }
    }
  }
  return named;
}

/** The numbers in the code: constants, of which one of 64 bits may hold two, and what is added to addresses. */
function numbersIn(text) {
  const code = text.replace(/^ \(data .*$/gm, "");
  const words = [...code.matchAll(/\bi(?:32|64)\.const (-?\d+)|\boffset=(\d+)/g)].flatMap(([, constant, offset]) => {
    const value = BigInt(constant ?? offset);
    return [BigInt.asUintN(32, value), BigInt.asUintN(32, value >> 32n)];
  });
  return [...new Set(words)].map(Number);
}
