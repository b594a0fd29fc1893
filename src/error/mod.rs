//! What went wrong, in one shape.
//!
//! Knows the statuses and error bodies servers send and what they mean; knows no JavaScript and no payload: a message
//! holds what the server or the network said, never what was sent.

mod api;
mod echo;
mod redact;
mod redirect;
mod status;

pub use api::api_error;
pub(crate) use api::{explains, shortened};
pub use redirect::redirected;
pub use status::class_of_status;

use self::redact::Redactor;
use crate::json::{Object, quoted};
use crate::text::{decimal, fill};
use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use core::ops::{Deref, DerefMut};

/// An error, ready to be told to the caller: its [`Facts`], behind a pointer, since it is handed on far more often than
/// made.
#[derive(Debug, Clone, PartialEq)]
pub struct Error(Box<Facts>);

/// What an error says.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// The class it is thrown as.
    pub class: Class,
    /// What happened and, where the caller can do something about it, what to do.
    pub message: String,
    /// `code` as JSON text: the server's own (a string, a number or `null`, exactly as sent) or, for errors of this side,
    /// one of the stable strings listed at [`Error::local`]. Nothing where the server sent none.
    pub code: Option<String>,
    /// Whether the same request may succeed when sent again.
    pub retryable: bool,
    /// Of a stream that was cut off: the highest number of the events that came.
    pub last_sequence_number: Option<u64>,
    /// What the server said, for errors that a server sent.
    pub api: Option<Api>,
}

/// What a server said about an error.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Api {
    /// The HTTP status; nothing for an error inside a stream.
    pub status: Option<u16>,
    /// `type`
    pub kind: Option<String>,
    /// `param`
    pub param: Option<String>,
    /// From a header, else from the message's text.
    pub request_id: Option<String>,
    /// How long the server asked to wait, in milliseconds.
    pub retry_after_ms: Option<f64>,
    /// The error body as JSON text.
    pub body: Option<String>,
}

/// The classes of error, by the names JavaScript knows them under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is the JavaScript class of the same name")]
pub enum Class {
    OpenResponsesError,
    APIError,
    BadRequestError,
    AuthenticationError,
    InsufficientCreditsError,
    PermissionDeniedError,
    NotFoundError,
    RequestTimeoutError,
    ConflictError,
    UnprocessableEntityError,
    RateLimitError,
    InternalServerError,
    BadGatewayError,
    ServiceUnavailableError,
    APIConnectionError,
    APIConnectionTimeoutError,
    APIUserAbortError,
    StreamTruncatedError,
    ResponseFailedError,
    ProtocolError,
}

impl Error {
    /// An error of this side of the connection. `code` is one of
    ///
    /// | code | class | meaning |
    /// | --- | --- | --- |
    /// | `invalid_base_url`, `invalid_header`, `invalid_api_key` | `OpenResponsesError` | an option cannot be sent |
    /// | `insecure_base_url` | `OpenResponsesError` | a key would be sent over plain http |
    /// | `invalid_request`, `invalid_id` | `OpenResponsesError` | no server could accept the request |
    /// | `missing_api_key`, `token_function_failed` | `OpenResponsesError` | there is no key to send |
    /// | `invalid_fetch` | `OpenResponsesError` | the given `fetch` is none, or answers with something else than a response |
    /// | `invalid_media`, `media_too_large`, `unknown_media_type` | `OpenResponsesError` | no part can be made of a file |
    /// | `connection_failed` | `APIConnectionError` | no answer: network, DNS, TLS, CORS or a blocked request |
    /// | `body_interrupted` | `APIConnectionError` | the connection broke inside an answer that is not a stream |
    /// | `timeout_head`, `timeout_first_event`, `timeout_idle`, `timeout_total` | `APIConnectionTimeoutError` | |
    /// | `aborted` | `APIUserAbortError` | the caller ended it |
    /// | `stream_truncated` | `StreamTruncatedError` | the stream ended before the response did |
    /// | `unexpected_content_type`, `empty_answer`, `unexpected_answer`, `invalid_json`, `nested_too_deep`, `event_too_large`, `response_too_large` | `ProtocolError` | not what the protocol says |
    /// | `redirected` | `ProtocolError` | the server sends the request elsewhere |
    /// | the code of a [`Deviation`](crate::deviation::Deviation) | `ProtocolError` | the same, where no deviation is allowed |
    #[must_use]
    pub fn local(class: Class, code: &str, message: &str) -> Self {
        Self::filled(class, code, message, &[])
    }

    /// The same, with each `{}` in the message replaced by the part whose turn it is.
    pub(crate) fn filled(class: Class, code: &str, message: &str, parts: &[&str]) -> Self {
        Self(Box::new(Facts {
            class,
            message: fill(message, parts),
            code: Some(quoted(code)),
            retryable: matches!(class, Class::APIConnectionError | Class::APIConnectionTimeoutError),
            last_sequence_number: None,
            api: None,
        }))
    }

    /// Says which request the error came of, unless the server has said so already.
    pub fn belongs_to(&mut self, request_id: Option<&str>) {
        if let Some(request_id) = request_id {
            self.api.get_or_insert_default().request_id.get_or_insert_with(|| request_id.to_owned());
        }
    }

    /// Takes out of everything the error says what no log may hold: secrets, and what is quoted of the payload in runs of 40
    /// bytes or more. Secrets of fewer than 8 characters stay: they are stand-ins, and would take half of the text
    /// with them.
    pub fn redact(&mut self, secrets: &[&str], payload: &str) {
        let redactor = Redactor::new(secrets, payload);
        redactor.text(&mut self.message);
        if let Some(code) = &mut self.code {
            redactor.json(code);
        }
        if let Some(api) = &mut self.api {
            for text in [&mut api.kind, &mut api.param, &mut api.request_id].into_iter().flatten() {
                redactor.text(text);
            }
            if let Some(body) = &mut api.body {
                redactor.json(body);
            }
        }
    }

    /// The error as the JSON text of a record: `{ name, message, code?, retryable, last_sequence_number?, status?, type?, param?,
    /// request_id?, retry_after_ms?, error? }`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut record = Object::new();
        record.string("name", self.class.name()).string("message", &self.message);
        record.raw("retryable", if self.retryable { "true" } else { "false" });
        if let Some(code) = &self.code {
            record.raw("code", code);
        }
        if let Some(number) = self.last_sequence_number {
            record.raw("last_sequence_number", &decimal(number));
        }
        let Some(api) = &self.api else { return record.finish() };
        if let Some(status) = api.status {
            record.raw("status", &decimal(status.into()));
        }
        for (name, value) in [("type", &api.kind), ("param", &api.param), ("request_id", &api.request_id)] {
            if let Some(value) = value {
                record.string(name, value);
            }
        }
        if let Some(milliseconds) = api.retry_after_ms {
            record.raw("retry_after_ms", &decimal(whole(milliseconds)));
        }
        if let Some(body) = &api.body {
            record.raw("error", body);
        }
        record.finish()
    }
}

impl Deref for Error {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

impl DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Facts {
        &mut self.0
    }
}

impl core::fmt::Display for Error {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl core::error::Error for Error {}

/// A number without its fraction, rounded up. Printing an `f64` as it is takes 14 KB of wasm; nobody waits by fractions.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "`as` saturates, which is meant"
)]
pub(crate) fn whole(number: f64) -> u64 {
    let down = number as u64;
    if (down as f64) < number { down.saturating_add(1) } else { down }
}

impl Class {
    /// The JavaScript class's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenResponsesError => "OpenResponsesError",
            Self::APIError => "APIError",
            Self::BadRequestError => "BadRequestError",
            Self::AuthenticationError => "AuthenticationError",
            Self::InsufficientCreditsError => "InsufficientCreditsError",
            Self::PermissionDeniedError => "PermissionDeniedError",
            Self::NotFoundError => "NotFoundError",
            Self::RequestTimeoutError => "RequestTimeoutError",
            Self::ConflictError => "ConflictError",
            Self::UnprocessableEntityError => "UnprocessableEntityError",
            Self::RateLimitError => "RateLimitError",
            Self::InternalServerError => "InternalServerError",
            Self::BadGatewayError => "BadGatewayError",
            Self::ServiceUnavailableError => "ServiceUnavailableError",
            Self::APIConnectionError => "APIConnectionError",
            Self::APIConnectionTimeoutError => "APIConnectionTimeoutError",
            Self::APIUserAbortError => "APIUserAbortError",
            Self::StreamTruncatedError => "StreamTruncatedError",
            Self::ResponseFailedError => "ResponseFailedError",
            Self::ProtocolError => "ProtocolError",
        }
    }
}
