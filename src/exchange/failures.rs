//! The errors of this side of the connection, in words.

use super::deadlines::{Timeouts, Which};
use crate::error::{Class, Error, shortened, whole};
use crate::json::{MAX_DEPTH, Value};
use crate::response::Response;
use crate::text::{decimal, fill};
use alloc::string::String;

pub(super) fn aborted() -> Error {
    Error::local(Class::APIUserAbortError, "aborted", "The request was aborted by the caller.")
}

pub(super) fn connection(what: &str, is_hidden: bool) -> Error {
    let message = "The server could not be reached{}. Is baseURL right, the server up, its certificate valid?{}";
    let more =
        " The browser hides why: is this origin allowed (CORS), the server in connect-src (Content-Security-Policy)?";
    let more = if is_hidden { more } else { "" };
    Error::filled(Class::APIConnectionError, "connection_failed", message, &[&quoted(what), more])
}

pub(super) fn interrupted(what: &str) -> Error {
    let message = "The connection broke inside the answer{}. Nothing of it was delivered.";
    let mut error = Error::filled(Class::APIConnectionError, "body_interrupted", message, &[&quoted(what)]);
    // The server has done the work and may have charged for it: sending again is the caller's decision.
    error.retryable = false;
    error
}

/// The last sentence of [`truncated`].
pub(super) const REST: &str = " What arrived is in `partial`.";

pub(super) fn truncated(how: &str, response: &Response) -> Error {
    let last = response.last_sequence_number();
    let place = last.map(|number| fill(" after sequence number {}", &[&decimal(number)])).unwrap_or_default();
    let message = "The stream ended{} before the response did: {}.{}";
    let mut error = Error::filled(Class::StreamTruncatedError, "stream_truncated", message, &[&place, how, REST]);
    error.last_sequence_number = last;
    // Where nothing has arrived, nothing would arrive twice.
    error.retryable = !response.has_begun();
    error
}

/// The stream goes on in a way that does not follow what has arrived.
pub(super) fn gap(response: &Response) -> Error {
    truncated("the server goes on with events that are not known to be the next ones", response)
}

/// How a cut stream ends that could not be gone on with.
pub(super) fn not_resumed(mut cut: Error, why: &Error) -> Error {
    cut.message.push_str(&fill(" Going on with it failed: {}", &[&why.message]));
    if let Some(after) = why.api.as_ref().and_then(|api| api.retry_after_ms) {
        cut.api.get_or_insert_default().retry_after_ms = Some(after);
    }
    cut
}

pub(super) fn timeout(which: Which, timeouts: Timeouts, is_repeatable: bool) -> Error {
    let (code, milliseconds, what) = match which {
        Which::Backoff | Which::Head => ("timeout_head", timeouts.head, "The server did not begin to answer"),
        Which::FirstEvent => ("timeout_first_event", timeouts.first_event, "The stream's first event did not arrive"),
        Which::Idle => ("timeout_idle", timeouts.idle, "The stream fell silent: nothing arrived"),
        Which::Total => ("timeout_total", timeouts.total, "The call did not end"),
    };
    let message = "{} within {} ms; see the option `timeout`.";
    let parts = [what, &decimal(whole(milliseconds))];
    let mut error = Error::filled(Class::APIConnectionTimeoutError, code, message, &parts);
    error.retryable = is_repeatable && which != Which::Total;
    error
}

pub(super) fn page() -> Error {
    another("unexpected_content_type", "text/html", "JSON or an event stream")
}

pub(super) fn stream_for_json() -> Error {
    another("unexpected_content_type", "an event stream", "JSON")
}

pub(super) fn invalid_json(why: &str) -> Error {
    Error::filled(Class::ProtocolError, "invalid_json", "The answer is not a JSON object: {}.", &[why])
}

/// JSON that says nothing of what was asked for.
pub(super) fn unexpected_answer(json: Value<'_>) -> Error {
    if !json.is_object() {
        return invalid_json(&fill("it is {}", &[&shortened(json.text())]));
    }
    let object = json.get("object").and_then(Value::as_str);
    let came = object.map_or_else(|| "other JSON".into(), |object| fill("a {}", &[&shortened(&object)]));
    another("unexpected_answer", &came, "what was asked for, see `error`")
}

fn another(code: &str, came: &str, expected: &str) -> Error {
    let message = "The server answered with {} instead of {}. Is baseURL the API's root? It usually ends in /v1.";
    Error::filled(Class::ProtocolError, code, message, &[came, expected])
}

pub(super) fn nested_too_deep() -> Error {
    let message = "The server sent JSON that is nested deeper than {} levels.";
    Error::filled(Class::ProtocolError, "nested_too_deep", message, &[&decimal(MAX_DEPTH as u64)])
}

pub(super) fn empty_answer(status: u16) -> Error {
    let message = "The server answered with status {} and an empty body.";
    Error::filled(Class::ProtocolError, "empty_answer", message, &[&decimal(status.into())])
}

/// The first deviation, where none is allowed.
pub(super) fn deviation(response: &Response) -> Option<Error> {
    let (code, message, number) = response.deviations().iter().next()?;
    let place = number.map(|number| fill(" Sequence number {}.", &[&decimal(number)])).unwrap_or_default();
    Some(Error::filled(Class::ProtocolError, code, "{}{} The option `strict` forbids it.", &[message, &place]))
}

pub(super) fn event_too_large(limit: usize) -> Error {
    let message = "One event of the stream is larger than limits.maxEventBytes ({} bytes).";
    Error::filled(Class::ProtocolError, "event_too_large", message, &[&decimal(limit as u64)])
}

pub(super) fn response_too_large(limit: usize) -> Error {
    let message = "The answer is larger than limits.maxResponseBytes ({} bytes).";
    Error::filled(Class::ProtocolError, "response_too_large", message, &[&decimal(limit as u64)])
}

pub(super) fn too_many_events(limit: usize) -> Error {
    let message = "One chunk of the stream holds more events than limits.maxBufferedEvents ({}).";
    Error::filled(Class::ProtocolError, "too_many_events", message, &[&decimal(limit as u64)])
}

fn quoted(what: &str) -> String {
    if what.is_empty() { String::new() } else { fill(" ({})", &[what]) }
}
