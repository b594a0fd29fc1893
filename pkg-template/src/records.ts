import { APIError, type APIErrorOptions, errorClasses, type OpenResponsesError } from "./errors.js";
import type { Response } from "./protocol.js";
import { keep } from "./unshown.js";

/** An error as the core tells it. */
interface ErrorRecord {
  name: keyof typeof errorClasses;
  message: string;
  retryable: boolean;
  code?: string | number | null;
  status?: number;
  type?: string;
  param?: string;
  request_id?: string;
  retry_after_ms?: number;
  last_sequence_number?: number;
  error?: unknown;
}

/** Makes the error that a record tells of. */
export function toError(
  json: string,
  { cause, headers, partial }: { cause?: unknown; headers?: Headers | undefined; partial?: Response | undefined } = {},
): OpenResponsesError {
  const record = JSON.parse(json) as ErrorRecord;
  const type = errorClasses[record.name] as new (message: string, options: APIErrorOptions) => OpenResponsesError;
  return new type(record.message, {
    ...record,
    cause,
    requestID: record.request_id,
    headers,
    retryAfterMs: record.retry_after_ms,
    lastSequenceNumber: record.last_sequence_number,
    partial,
  });
}

/** The same error, with the response as far as it had arrived. */
export function withPartial(error: unknown, partial: Response): unknown {
  if (error instanceof APIError && error.partial === undefined) {
    keep(error, { headers: error.headers, partial });
  }
  return error;
}
