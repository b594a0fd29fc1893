// A tracer for OpenTelemetry: a span for each call, an event for each attempt, and the `traceparent` that ties the server's
// spans to it. What was asked and answered is not in them.
//
//     const client = new OpenResponses({ hooks: tracing(trace.getTracer("my-app")) });

import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";

/** The hooks that tell such a tracer of every call. */
export function tracing(tracer) {
  const spans = new Map();

  /** The span of a call, which begins with the first that is told of it. */
  function spanOf({ call, operation, model, host, port, stream, elapsedMs }) {
    let span = spans.get(call);
    if (!span) {
      span = tracer.startSpan(model ? `${operation} ${model}` : operation, {
        kind: SpanKind.CLIENT,
        startTime: Date.now() - elapsedMs,
        attributes: {
          "gen_ai.operation.name": operation,
          "gen_ai.request.model": model,
          "gen_ai.request.stream": stream,
          "server.address": host,
          "server.port": port,
        },
      });
      spans.set(call, span);
    }
    return span;
  }

  return {
    request(request) {
      const span = spanOf(request);
      const { attempt, method, path, bodyBytes } = request;
      span.addEvent("request", {
        "http.request.resend_count": attempt - 1,
        "http.request.method": method,
        "url.template": path,
        "http.request.body.size": bodyBytes,
      });
      propagation.inject(trace.setSpan(context.active(), span), request, {
        set: (carrier, name, value) => carrier.setHeader(name, value),
      });
    },

    response(response) {
      spanOf(response).addEvent("response", { "http.response.status_code": response.status });
    },

    retry: (retry) => again("retry", retry),
    resume: (resume) => again("resume", resume),

    deviation(deviation) {
      spanOf(deviation).addEvent("deviation", { code: deviation.code });
    },

    end(end) {
      const span = spanOf(end);
      spans.delete(end.call);
      const { error } = end;
      // What the caller ended or left did not go wrong.
      const isAborted = error?.code === "aborted";
      if (isAborted) span.addEvent("aborted");
      else if (error) span.setStatus({ code: SpanStatusCode.ERROR, message: String(error.code ?? error.name) });
      span.setAttributes({
        "http.response.status_code": end.status,
        "http.response.body.size": end.receivedBytes,
        "openresponses.request_id": end.requestID,
        "gen_ai.response.id": end.responseID,
        "gen_ai.usage.input_tokens": end.usage?.input_tokens,
        "gen_ai.usage.output_tokens": end.usage?.output_tokens,
        "error.type": isAborted ? undefined : error?.name,
      });
      span.end();
    },
  };

  function again(name, told) {
    const { kind, delayMs, error } = told;
    spanOf(told).addEvent(name, { kind, delay_ms: delayMs, "error.type": error?.name });
  }
}
