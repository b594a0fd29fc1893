use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use wasm_bindgen::prelude::wasm_bindgen;

use super::super::credentials::Credentials;
use super::super::page::absolute;
use crate::error::Error;
use crate::exchange::{Config, Expect, Timeouts};
use crate::json::Value;
use crate::request::{Description, Operation, Request};
use crate::text::number;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/**
 * What a {@link Call} is to do: it is given the text of such an object. A time that is missing or `null` is not bounded.
 */
export interface CallOptions {
  readonly method: "GET" | "POST" | "DELETE";
  /** The API's root, such as `https://llm.onerouter.pro/v1`. */
  readonly baseURL: string;
  /** The path below the root, percent-encoded, with its leading slash; `{id}` in it stands for `id`. */
  readonly path: string;
  readonly id?: string | undefined;
  /** Query parameters of the call's own, as the text of a JSON object. */
  readonly params?: string | undefined;
  /** Names and values. */
  readonly query?: readonly (readonly [string, string])[];
  /** Names and values, over the call's own; `null` removes a header. */
  readonly headers?: readonly (readonly [string, string | null])[];
  /** What the body is checked for before it is sent; without it, it is sent as it is. */
  readonly operation?: "create" | "compact" | "count" | undefined;
  /**
   * What the server is to answer with: a stream of events, a response object, a model, a shortened conversation, a count of
   * tokens, other JSON, or JSON that may be missing.
   */
  readonly expect: "stream" | "response" | "model" | "compaction" | "count" | "json" | "whatever";
  /** Whether the first deviation from the protocol is an error. */
  readonly strict?: boolean | undefined;
  /** Whether deltas are recognised by those before them, without being read as JSON. What is told is the same. */
  readonly fastPath?: boolean | undefined;
  /** Whether a stream that breaks is gone on with, where the server keeps the response. */
  readonly resume?: boolean | undefined;
  /** Whether the body asks for a response that the server keeps, where the response does not tell. */
  readonly background?: boolean | undefined;
  /** How often the request may be sent again. */
  readonly maxRetries: number;
  /** How long to wait, in whole milliseconds: to the head of an answer, to the first event, between two chunks, and in all. */
  readonly head?: number | undefined;
  readonly firstEvent?: number | undefined;
  readonly idle?: number | undefined;
  readonly total?: number | undefined;
  /** Bytes. */
  readonly maxEventBytes: number;
  readonly maxResponseBytes: number;
  /** Events of one chunk. */
  readonly maxBufferedEvents: number;
}
"#;

/// Reads options: one text instead of a call of JavaScript for each.
pub(super) struct Options<'a> {
    /// Looked through for each option: cheaper than the text.
    members: Vec<(Cow<'a, str>, Value<'a>)>,
    body: Option<String>,
    expect: Expect,
    member: &'static str,
}

impl<'a> Options<'a> {
    pub(super) fn new(text: &'a str, body: Option<String>) -> Self {
        let mut members = Vec::new();
        for member in Value::known(text).members() {
            members.push(member);
        }
        let mut options = Self { members, body, expect: Expect::Json, member: "" };
        (options.expect, options.member) = match &*options.text("expect").unwrap_or_default() {
            "stream" => (Expect::Stream, ""),
            "response" => (Expect::Response, ""),
            "model" => (Expect::Json, "id"),
            "compaction" => (Expect::Json, "output"),
            "count" => (Expect::Json, "input_tokens"),
            "whatever" => (Expect::Any, ""),
            _ => (Expect::Json, ""),
        };
        options
    }

    fn get(&self, name: &str) -> Option<Value<'a>> {
        self.members.iter().find(|(member, _)| member == name).map(|(_, value)| *value)
    }

    fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        self.get(name)?.as_str()
    }

    /// Without a number there is no bound.
    fn number(&self, name: &str) -> f64 {
        self.get(name).and_then(|value| number(value.text())).unwrap_or(f64::INFINITY)
    }

    /// As far as 31 bits go: beyond 32 there is nothing in wasm, and in the fallback `as` alone makes 0 of it.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded")]
    fn count(&self, name: &str) -> u32 {
        self.number(name).min(f64::from(i32::MAX)) as u32
    }

    fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool) == Some(true)
    }

    fn operation(&self) -> Operation {
        match &*self.text("operation").unwrap_or_default() {
            "create" => Operation::Create,
            "compact" => Operation::Compact,
            "count" => Operation::Count,
            _ => Operation::Other,
        }
    }

    fn pairs(&self, name: &str) -> Vec<(String, Option<String>)> {
        let text = |value: Option<Value<'_>>| value.and_then(Value::as_str).map(Cow::into_owned);
        let mut pairs = Vec::new();
        for pair in self.get(name).unwrap_or(Value::known("[]")).elements() {
            let mut pair = pair.elements();
            if let Some(name) = text(pair.next()) {
                pairs.push((name, text(pair.next())));
            }
        }
        pairs
    }

    pub(super) fn config(&self) -> Config {
        let params = self.text("params");
        Config {
            expect: self.expect,
            member: self.member,
            strict: self.flag("strict"),
            fast_path: self.flag("fastPath"),
            resumes: self.text("method").as_deref() == Some("GET"),
            starting_after: params.and_then(|params| Value::known(&params).get("starting_after")?.as_u64()),
            goes_on: self.flag("resume"),
            background: self.flag("background"),
            max_retries: self.count("maxRetries"),
            timeouts: Timeouts {
                head: self.number("head"),
                first_event: self.number("firstEvent"),
                idle: self.number("idle"),
                total: self.number("total"),
            },
            max_event_bytes: self.count("maxEventBytes") as usize,
            max_response_bytes: self.count("maxResponseBytes") as usize,
            max_buffered_events: self.count("maxBufferedEvents") as usize,
            ..Config::new(self.expect)
        }
    }

    pub(super) fn request(self, credentials: &Credentials) -> Result<Request, Error> {
        let mut query = Vec::new();
        for (name, value) in self.pairs("query") {
            query.push((name, value.unwrap_or_default()));
        }
        Request::new(Description {
            method: &self.text("method").unwrap_or_default(),
            base_url: &absolute(&self.text("baseURL").unwrap_or_default()),
            sends_key: !matches!(credentials, Credentials::None),
            path: &self.text("path").unwrap_or_default(),
            id: self.text("id").as_deref(),
            params: self.text("params").as_deref(),
            query: &query,
            headers: &self.pairs("headers"),
            operation: self.operation(),
            stream: self.expect == Expect::Stream,
            body: self.body.map(Cow::Owned),
        })
    }
}
