// Answers that are no stream, cut at every byte: a response, which is worked on once, and a refusal, whose status says enough.

import { broken, complete, IDLE_MS, patience, WAYS } from "./case.mjs";
import { ERRORS } from "./expectations.mjs";
import { chunk, head, json, KEPT, LAST_CHUNK } from "./wire.mjs";

/** @param {import("./reference.mjs").Reference} reference */
export function* answers(reference) {
  const { data } = reference.recording.frames.at(-1);
  // As the server writes it, and with literals, which can be cut too.
  const response = `${data.slice(data.indexOf('{"id"'), -2)},"store":true,"error":null,"top_p":-1.5e-1}\n`;
  for (const way of [...WAYS, "length"]) {
    for (const [stream, script, text] of [
      ["answer", answered, response],
      ["refusal", refused, REFUSAL],
    ]) {
      const body = Buffer.from(text);
      for (let position = 0; position <= body.length; position++) {
        for (const mode of ["once", "again"]) {
          const options = patience(way, mode === "once" ? 0 : 2);
          const make = () => ({ isAnswer: true, options, ...script(reference, { way, body, position, mode }) });
          yield { stream, way, position, mode, make };
        }
      }
    }
  }
}

const REFUSAL = '{"error":{"message":"Too much to do.","type":"server_error","param":null,"code":"overloaded"}}\n';

/** Broken, it is not asked for again: the server has done the work. */
function answered(reference, { way, body, position, mode }) {
  const isEmpty = way === "end" && position === 0;
  const error = way === "stall" ? ERRORS.silent : isEmpty ? ERRORS.empty : ERRORS.interrupted;
  return {
    acts: [cut("200 OK", way, body, position), ...(mode === "again" ? [whole(body)] : [])],
    expected: isWhole(way, body, position) ? complete(reference, whatItSays(body)) : broken(reference, 0, error),
  };
}

function refused(reference, { way, body, position, mode }) {
  const code = position >= body.length - 1 ? "overloaded" : undefined;
  const acts = [cut("503 Service Unavailable", way, body, position)];
  if (mode === "again") {
    return {
      acts: [...acts, whole(ANSWER)],
      ...briefly(way, 2),
      expected: complete(reference, { ...whatItSays(ANSWER), attempts: 2 }),
    };
  }
  return {
    acts,
    ...briefly(way, 0),
    expected: { ...broken(reference, 0, { name: "ServiceUnavailableError", code }), snapshot: undefined },
  };
}

const ANSWER = '{"id":"resp_1","object":"response","status":"completed","output":[]}';

const whatItSays = (body) => ({ events: [], snapshot: JSON.stringify({ ...JSON.parse(body), output_text: "" }) });

/** For the body of a refusal the client waits as long as for a head. */
const briefly = (way, maxRetries) =>
  way === "stall" ? { options: { maxRetries, timeout: { head: 2 * IDLE_MS } } } : {};

const whole = (body) => ({ bytes: json(JSON.parse(body)), way: "end" });

/** Cut cleanly, it is all there where its JSON is; where its length was told, not before. */
function isWhole(way, body, position) {
  return (way === "end" && position >= body.length - 1) || (way === "length" && position === body.length);
}

function cut(status, way, body, position) {
  const part = body.subarray(0, position);
  const isTold = way === "length";
  const fields = { "content-type": "application/json", "x-request-id": "req_1" };
  const framing = isTold ? { "content-length": body.length } : { "transfer-encoding": "chunked" };
  const isClean = way === "end" || isWhole(way, body, position);
  const begin = head({ ...fields, ...framing }, { status, ...(isClean ? {} : KEPT) });
  const bytes = Buffer.concat([begin, isTold ? part : chunk(part), ...(way === "end" ? [LAST_CHUNK] : [])]);
  return { bytes, way: isTold ? "end" : way, ...(way === "reset" ? { seen: 0 } : {}) };
}
