//! The errors of this side of the connection, in words.

use super::deadlines::{Timeouts, Which};
use crate::error::{Class, Error, whole};
use crate::response::Response;

pub(super) fn aborted() -> Error {
    Error::local(Class::APIUserAbortError, "aborted", "The request was aborted by the caller.")
}

pub(super) fn connection(what: &str) -> Error {
    let message = format!(
        "The server could not be reached{}. Is baseURL right, and is the network up? In a web page the browser hides the \
         reason; the usual ones are a server that does not allow this origin (CORS) and a Content-Security-Policy without \
         the server in connect-src.",
        quoted(what)
    );
    Error::local(Class::APIConnectionError, "connection_failed", message)
}

pub(super) fn interrupted(what: &str) -> Error {
    let message = format!("The connection broke inside the answer{}. Nothing of it was delivered.", quoted(what));
    Error {
        // The server has done the work and may have charged for it: sending again is the caller's decision.
        retryable: false,
        ..Error::local(Class::APIConnectionError, "body_interrupted", message)
    }
}

pub(super) fn truncated(how: &str, response: &Response) -> Error {
    let last = response.last_sequence_number().map(|number| format!(" after sequence number {number}"));
    let message = format!(
        "The stream ended{} before the response did: {how}. What arrived is in `partial`.",
        last.unwrap_or_default()
    );
    Error {
        last_sequence_number: response.last_sequence_number(),
        ..Error::local(Class::StreamTruncatedError, "stream_truncated", message)
    }
}

pub(super) fn timeout(which: Which, timeouts: Timeouts) -> Error {
    let (code, milliseconds, what) = match which {
        Which::Backoff | Which::Head => ("timeout_head", timeouts.head, "The server did not begin to answer"),
        Which::FirstEvent => ("timeout_first_event", timeouts.first_event, "The stream's first event did not arrive"),
        Which::Idle => ("timeout_idle", timeouts.idle, "The stream fell silent: nothing arrived"),
        Which::Total => ("timeout_total", timeouts.total, "The call did not end"),
    };
    let message = format!("{what} within {} ms; see the option `timeout`.", whole(milliseconds));
    Error {
        // Only before the answer may the same request be sent again.
        retryable: which == Which::Head,
        ..Error::local(Class::APIConnectionTimeoutError, code, message)
    }
}

pub(super) fn unexpected_content_type(content_type: &str) -> Error {
    let message = format!(
        "The server answered with {content_type} instead of JSON or an event stream. Is baseURL the API's root? It usually \
         ends in /v1."
    );
    Error::local(Class::ProtocolError, "unexpected_content_type", message)
}

pub(super) fn invalid_json(what: &str, why: impl std::fmt::Display) -> Error {
    let message = format!("{what} is not a JSON object: {why}.");
    Error::local(Class::ProtocolError, "invalid_json", message)
}

pub(super) fn empty_answer(status: u16) -> Error {
    let message = format!("The server answered with status {status}, which has no body, and not with a response.");
    Error::local(Class::ProtocolError, "empty_answer", message)
}

/// The first deviation, where none is allowed.
pub(super) fn deviation(response: &Response) -> Option<Error> {
    let (code, message, number) = response.deviations().iter().next()?;
    let place = number.map(|number| format!(" Sequence number {number}.")).unwrap_or_default();
    Some(Error::local(Class::ProtocolError, code, format!("{message}{place} The option `strict` forbids it.")))
}

pub(super) fn event_too_large(limit: usize) -> Error {
    let message = format!("One event of the stream is larger than limits.maxEventBytes ({limit} bytes).");
    Error::local(Class::ProtocolError, "event_too_large", message)
}

pub(super) fn response_too_large(limit: usize) -> Error {
    let message = format!("The answer is larger than limits.maxResponseBytes ({limit} bytes).");
    Error::local(Class::ProtocolError, "response_too_large", message)
}

fn quoted(what: &str) -> String {
    if what.is_empty() { String::new() } else { format!(" ({what})") }
}
