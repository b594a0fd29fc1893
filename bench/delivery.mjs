import { random } from "./workloads/random.mjs";

/** How the bytes of a stream arrive, by name: each makes chunks of a workload's frames. */
export const DELIVERIES = {
  live: (frames) => frames,
  "16K": (frames) => cut(join(frames), () => 16 * 1024),
  "64K": (frames) => cut(join(frames), () => 64 * 1024),
  "1-7B": (frames) => {
    const below = random(6);
    return cut(join(frames), () => 1 + below(7));
  },
};

function join(frames) {
  const whole = new Uint8Array(frames.reduce((sum, frame) => sum + frame.length, 0));
  let at = 0;
  for (const frame of frames) {
    whole.set(frame, at);
    at += frame.length;
  }
  return whole;
}

function cut(whole, length) {
  const chunks = [];
  for (let at = 0; at < whole.length; ) {
    const end = Math.min(at + length(), whole.length);
    chunks.push(whole.subarray(at, end));
    at = end;
  }
  return chunks;
}
