// All that the page does with the package.

// An app that has installed the package writes: import { OpenResponses } from "openresponses-wasm";
import { OpenResponses } from "./pkg/dist/index.js";

/** A client for what the form says. Its key belongs to the visitor, who typed it in: hence the flag. */
export function createClient({ baseURL, key }) {
  return new OpenResponses({ baseURL, apiKey: key || null, dangerouslyAllowBrowser: true });
}

/**
 * Streams one response.
 *
 * @param {object} params the request
 * @param {{ signal: AbortSignal, onHead: (requestID: string | null) => void, onEvents: (events: readonly object[]) => void }}
 * options `onHead` is called when the server has begun to answer, `onEvents` gets the events of one chunk of the network at a time
 * @returns {Promise<{ outcome: "done" | "stopped" | "error", error?: unknown, response?: object, requestID?: string }>}
 */
export async function run(client, params, { signal, onHead, onEvents }) {
  let stream;
  try {
    stream = await client.responses.create({ ...params, stream: true }, { signal });
    onHead(stream.requestID);
    for await (const events of stream.batches()) onEvents(events);
    return { outcome: "done", response: await stream.finalResponse(), requestID: stream.requestID };
  } catch (error) {
    const outcome = error instanceof OpenResponses.APIUserAbortError ? "stopped" : "error";
    const requestID = stream?.requestID ?? error.requestID;
    return { outcome, error, response: error.partial ?? stream?.snapshot, requestID };
  }
}

/** The server's models. */
export async function listModels(client, signal) {
  const { data } = await client.models.list({ signal, maxRetries: 0, timeout: 15_000 });
  return data;
}
