use js_sys::Function;
use wasm_bindgen::JsValue;

use super::super::credentials::Credentials;
use super::super::thrown::{global, property};
use crate::error::{Class, Error};
use crate::exchange::{Config, Expect, Timeouts};

/// What a client is like.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// Where the key comes from.
    pub api_key: ApiKey,
    /// The API's root, absolute or, in a page, relative to its origin.
    pub base_url: String,
    /// How long to wait for what; by default 600 000 ms for the head of the answer, and no other bound.
    pub timeouts: Timeouts,
    /// How often a request is sent again, as long as no event has come; 2 by default.
    pub max_retries: u32,
    /// Whether a stream that breaks is gone on with, where the server keeps the response; true by default.
    pub resume: bool,
    /// Sent with every request; nothing as a value removes a header.
    pub headers: Vec<(String, Option<String>)>,
    /// Added to every URL.
    pub query: Vec<(String, String)>,
    /// Bytes of one event of a stream, at most; 64 MiB by default.
    pub max_event_bytes: usize,
    /// Bytes of an answer that is no stream, and of the response that a stream comes to, at most; 256 MiB by default.
    pub max_response_bytes: usize,
    /// Events of one chunk of the network, at most; 250 000 by default.
    pub max_buffered_events: usize,
    /// Whether the first deviation of a server from the protocol is an error, and not mended.
    pub strict: bool,
    /// Instead of the platform's `fetch`.
    pub fetch: Option<Function>,
    /// Allows a literal key in a web page, where every visitor can read it.
    pub dangerously_allow_browser: bool,
}

/// Where the key comes from.
#[derive(Clone)]
pub enum ApiKey {
    /// None is sent: a relay adds it.
    None,
    /// The key itself. A web page's visitors can read it, so that one is refused there.
    Literal(String),
    /// A JavaScript function that returns a key or a promise of one, asked before each request.
    Function(Function),
}

impl std::fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::None => "None",
            Self::Literal(_) => "Literal(…)",
            Self::Function(_) => "Function(…)",
        })
    }
}

impl Default for ClientOptions {
    /// Infron, with no key.
    fn default() -> Self {
        const MIB: usize = 1024 * 1024;
        Self {
            api_key: ApiKey::None,
            base_url: "https://llm.onerouter.pro/v1".to_owned(),
            timeouts: Timeouts { head: 600_000.0, ..Timeouts::NONE },
            max_retries: 2,
            resume: true,
            headers: Vec::new(),
            query: Vec::new(),
            max_event_bytes: 64 * MIB,
            max_response_bytes: 256 * MIB,
            max_buffered_events: 250_000,
            strict: false,
            fetch: None,
            dangerously_allow_browser: false,
        }
    }
}

impl ClientOptions {
    pub(super) fn config(&self, expect: Expect) -> Config {
        Config {
            max_retries: self.max_retries,
            timeouts: self.timeouts,
            max_event_bytes: self.max_event_bytes,
            max_response_bytes: self.max_response_bytes,
            max_buffered_events: self.max_buffered_events,
            strict: self.strict,
            // The events are read as JSON here.
            fast_path: false,
            goes_on: self.resume,
            ..Config::new(expect)
        }
    }

    pub(super) fn credentials(&self) -> Credentials {
        Credentials::from_js(match &self.api_key {
            ApiKey::None => JsValue::NULL,
            ApiKey::Literal(key) => JsValue::from_str(key),
            ApiKey::Function(function) => function.into(),
        })
    }

    /// # Errors
    /// `browser_key_refused`
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.dangerously_allow_browser || !matches!(self.api_key, ApiKey::Literal(_)) || !is_web_page() {
            return Ok(());
        }
        let message = "A literal key in a web page can be read by every visitor. Safe ways: ApiKey::Function, which \
                       fetches a short-lived token from your own server, or ApiKey::None and a relay on your server that \
                       adds the key. If the key belongs to the visitor, set dangerously_allow_browser.";
        Err(Error::local(Class::OpenResponsesError, "browser_key_refused", message))
    }
}

/// Whether this is a web page, or a worker of one. Extensions are not, and neither are workers at the edge, which have
/// no location.
fn is_web_page() -> bool {
    let global = global();
    let in_browser = ["document", "WorkerGlobalScope"].iter().any(|name| !property(&global, name).is_undefined());
    let protocol = property(&property(&global, "location"), "protocol").as_string();
    in_browser && protocol.is_some_and(|protocol| !protocol.ends_with("-extension:"))
}
