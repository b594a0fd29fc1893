//! What to send: URL, headers, body.
//!
//! Knows how requests are written and what must not stand in one; knows no `fetch`, no environment and no retries.

mod headers;
mod url;

use crate::error::Error;

/// A request as the caller describes it.
#[derive(Debug, Clone, Default)]
pub struct Description<'a> {
    /// `GET`, `POST`, `DELETE`
    pub method: &'a str,
    /// The API's root, absolute (`https://…/v1`) or, in a page, relative to its origin (`/v1`).
    pub base_url: &'a str,
    /// The path below the root, percent-encoded, with its leading slash.
    pub path: &'a str,
    /// Query parameters, added to those the base URL may have.
    pub query: &'a [(String, String)],
    /// Headers that replace the client's own of the same name; nothing as a value removes the header.
    pub headers: &'a [(String, Option<String>)],
    /// The JSON body.
    pub body: Option<&'a str>,
    /// Whether the answer is to be a stream.
    pub stream: bool,
}

/// A request ready to be sent, but for its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST`, `DELETE`
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// Header names, in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The JSON body.
    pub body: Option<String>,
}

impl Request {
    /// Writes the request.
    ///
    /// By default it has `accept` and, with a body, `content-type`; [`Request::authorization`] adds the third header.
    /// Nothing else, so that a browser's CORS preflight asks for as little as possible: custom headers fail it on many
    /// servers.
    ///
    /// # Errors
    /// `invalid_base_url`, `invalid_header`
    pub fn new(description: &Description<'_>) -> Result<Self, Error> {
        let accept = if description.stream { "text/event-stream" } else { "application/json" };
        let mut defaults = vec![("accept", accept)];
        if description.body.is_some() {
            defaults.push(("content-type", "application/json"));
        }
        Ok(Self {
            method: description.method.to_owned(),
            url: url::join(description.base_url, description.path, description.query)?,
            headers: headers::merge(&defaults, description.headers)?,
            body: description.body.map(str::to_owned),
        })
    }

    /// Whether the caller's own headers carry credentials, so that no key is needed.
    #[must_use]
    pub fn has_authorization(&self) -> bool {
        self.headers.iter().any(|(name, _)| name == "authorization")
    }

    /// What the caller's own headers carry of credentials.
    pub fn credentials(&self) -> impl Iterator<Item = &str> {
        let own = self.headers.iter().filter(|(name, _)| ["authorization", "api-key", "x-api-key"].contains(&&**name));
        own.map(|(_, value)| value.rsplit(' ').next().unwrap_or(value))
    }

    /// The `authorization` header's value for a key.
    ///
    /// # Errors
    /// `invalid_api_key` when the key is empty or holds what no header may: white space, control characters or anything
    /// outside ASCII. The message does not show it.
    pub fn authorization(key: &str) -> Result<String, Error> {
        headers::bearer(key)
    }
}
