//! What to send: URL, headers, body.
//!
//! Knows how requests are written and what must not stand in one; knows no `fetch`, no environment and no retries.

mod body;
mod credential;
mod headers;
mod kind;
mod payload;
mod plain_http;
mod query;
mod url;

use alloc::borrow::Cow;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

pub use body::Operation;
pub use url::is_relative;

use crate::error::Error;
use crate::json::{Object, Value};
use crate::text::{decimal, split};

/// A request as the caller describes it.
#[derive(Debug, Clone, Default)]
pub struct Description<'a> {
    /// `GET`, `POST`, `DELETE`
    pub method: &'a str,
    /// The API's root, absolute (`https://…/v1`); relative (`/v1`) only where `fetch` alone knows where that leads.
    pub base_url: &'a str,
    /// Whether a key is to be sent, beside what the headers carry.
    pub sends_key: bool,
    /// The path below the root, percent-encoded, with its leading slash; `{id}` in it stands for [`Self::id`].
    pub path: &'a str,
    /// What the path names: it becomes one segment, whatever it holds.
    pub id: Option<&'a str>,
    /// Query parameters of the call itself, as the text of a JSON object: `null` is left out, an array becomes `name[]` once
    /// for each element.
    pub params: Option<&'a str>,
    /// Query parameters, added to those the base URL may have.
    pub query: &'a [(String, String)],
    /// Headers that replace the client's own of the same name, the key's among them; nothing as a value removes the header.
    pub headers: &'a [(String, Option<String>)],
    /// The JSON body.
    pub body: Option<Cow<'a, str>>,
    /// What the body is checked for.
    pub operation: Operation,
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
    takes_key: bool,
    origin: Origin,
}

/// What another request to the same server is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Origin {
    base_url: String,
    query: Vec<(String, String)>,
    /// The id of the response that is asked for.
    id: Option<String>,
    /// What the answer is to include, as JSON text.
    include: Option<String>,
    /// What the server has been sent before.
    body: Option<String>,
}

impl Request {
    /// Writes the request.
    ///
    /// By default it has `accept` and, with a body, `content-type`; [`Request::authorization`] adds the third header.
    /// Nothing else, so that a browser's CORS preflight asks for as little as possible: custom headers fail it on many
    /// servers.
    ///
    /// A field that is `null` where the specification knows none is left out of the body.
    ///
    /// # Errors
    /// `invalid_base_url`, `insecure_base_url`, `invalid_header`, `invalid_id`, `invalid_request`
    pub fn new(description: Description<'_>) -> Result<Self, Error> {
        let mut defaults = vec![("accept", accept(description.stream))];
        let body = body::prepared(description.operation, description.stream, description.body)?;
        if body.is_some() {
            defaults.push(("content-type", "application/json"));
        }
        let path = url::with_id(description.path, description.id)?;
        let params = description.params.map_or(Ok(Vec::new()), query::pairs)?;
        let url = url::join(description.base_url, &path, &[&params, description.query])?;
        let headers = headers::merge(&defaults, description.headers)?;
        let takes_key = !headers::mentions(description.headers, "authorization");
        let sends_key = description.sends_key && takes_key;
        if sends_key || headers.iter().any(|(name, _)| credential::is_credential(name)) {
            plain_http::check(description.base_url)?;
        }
        let asked = body.as_deref().or(description.params).and_then(|text| Value::known(text).get("include"));
        let origin = Origin {
            base_url: description.base_url.to_owned(),
            query: description.query.to_vec(),
            id: description.id.map(ToOwned::to_owned),
            include: asked.map(|include| include.text().to_owned()),
            body: None,
        };
        Ok(Self { method: description.method.to_owned(), url, headers, body, takes_key, origin })
    }

    /// The request for a response that this one has led to: its stream behind the event of that number, or the response as
    /// it is. `id` is the one that the server told, which counts unless this request names one itself.
    ///
    /// # Errors
    /// `invalid_id`
    pub fn following(&self, id: Option<&str>, starting_after: Option<u64>) -> Result<Self, Error> {
        let Origin { base_url, query, id: own_id, include, .. } = &self.origin;
        let mut params = Object::new();
        if let Some(number) = starting_after {
            params.raw("stream", "true").raw("starting_after", &decimal(number));
        }
        if let Some(include) = include {
            params.raw("include", include);
        }
        let path = url::with_id("/responses/{id}", own_id.as_deref().or(id))?;
        let mut headers = self.headers.clone();
        // They are about the body, and about doing it once.
        for name in ["content-type", "idempotency-key"] {
            headers::remove(&mut headers, name);
        }
        for (name, value) in &mut headers {
            if name == "accept" {
                *value = accept(starting_after.is_some()).to_owned();
            }
        }
        Ok(Self {
            method: String::from("GET"),
            url: url::join(base_url, &path, &[&query::pairs(&params.finish())?, query])?,
            headers,
            body: None,
            takes_key: self.takes_key,
            origin: Origin { body: self.sent().map(ToOwned::to_owned), ..self.origin.clone() },
        })
    }

    /// Whether a key is to be added: not where the caller's headers have an `authorization` of their own, or remove it.
    #[must_use]
    pub fn takes_key(&self) -> bool {
        self.takes_key
    }

    /// Takes out of an error what was sent: the keys, what else the headers and the URL carry of credentials, and what the
    /// server quotes of the body's long texts.
    pub fn redact(&self, error: &mut Error, keys: &[String]) {
        let (mut secrets, mut payload) = (Vec::new(), String::new());
        for key in keys {
            secrets.push(key.as_str());
        }
        for (name, value) in &self.headers {
            if credential::is_credential(name) {
                credential::words(value, &mut secrets);
            }
        }
        if let Some((_, query)) = split(&self.url, "?") {
            secrets.push(query);
        }
        if let Some(body) = self.sent() {
            payload::texts(Value::known(body), &mut payload);
        }
        error.redact(&secrets, &payload);
    }

    /// The body that the server has, of this request or of the one that it follows.
    fn sent(&self) -> Option<&str> {
        self.body.as_deref().or(self.origin.body.as_deref())
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

fn accept(is_stream: bool) -> &'static str {
    if is_stream { "text/event-stream" } else { "application/json" }
}
