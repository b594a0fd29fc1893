//! One SSE event → what it says: its kind, its indexes, its fields; and the block of events a chunk yields.
//!
//! Knows the protocol's event types and the fields of an event; knows no accumulation and no transport. Whatever it does
//! not know stays in the event's own text, which is what JavaScript sees.

mod block;
mod kind;
mod recogniser;
mod repetitions;
mod template;

pub use block::{Block, JSON, REPETITIONS, SAMPLE};
pub use kind::{Kind, List, Stream};
pub use recogniser::Recogniser;
pub use template::{Delta, Seen, Written};

use alloc::borrow::Cow;
use alloc::string::String;

use crate::deviation::{Deviation, Found};
use crate::json::{Invalid, Object, Outline, Value, quoted};
use crate::sse;
use crate::text::lossy;

/// What one SSE event carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(
    clippy::large_enum_variant,
    reason = "lives on the stack for one event, which is nearly always the large variant"
)]
pub enum Payload<'a> {
    /// An event of the protocol, or of an extension of it.
    Event(Event<'a>),
    /// The literal `[DONE]`: the stream is over.
    Done,
    /// A comment that a relay re-emitted as data (`data: : PROCESSING`), or data of white space only: a sign of life.
    Comment,
}

/// One event, its fields borrowed from its text. A field the event lacks, or has as `null`, is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event<'a> {
    /// What kind of event this is.
    pub kind: Kind,
    /// The event's whole text.
    pub json: Value<'a>,
    /// `sequence_number`
    pub sequence_number: Option<u64>,
    /// `output_index`
    pub output_index: Option<u64>,
    /// `content_index`
    pub content_index: Option<u64>,
    /// `summary_index`
    pub summary_index: Option<u64>,
    /// `item_id`
    pub item_id: Option<Value<'a>>,
    /// `response`, or the whole event where a server sends bare response objects
    pub response: Option<Value<'a>>,
    /// `item`
    pub item: Option<Value<'a>>,
    /// `part`
    pub part: Option<Value<'a>>,
    /// `annotation`
    pub annotation: Option<Value<'a>>,
    /// `delta`
    pub delta: Option<Value<'a>>,
    /// The whole that a `…done` event repeats: `text`, `refusal`, `arguments`, `input` or `code`
    pub whole: Option<Value<'a>>,
    /// `logprobs`
    pub logprobs: Option<Value<'a>>,
    /// `usage`, where it stands beside the response
    pub usage: Option<Value<'a>>,
    /// `cost`, where it stands beside the response
    pub cost: Option<Value<'a>>,
    /// `error`
    pub error: Option<Value<'a>>,
    /// What is wrong with it, seen alone.
    pub deviations: Found,
    /// The SSE event's name.
    name: &'a str,
}

impl Payload<'_> {
    /// The text of an SSE event's data. Invalid UTF-8 is replaced, as the standard asks.
    #[must_use]
    pub fn text<'a>(event: &sse::Event<'a>) -> Cow<'a, str> {
        lossy(event.data)
    }
}

impl<'a> Payload<'a> {
    /// Reads the data of one SSE event. `name` is its `event` field, used only where the body has no `type`: servers that
    /// send no `event:` lines are common, and the body is what they all agree on.
    ///
    /// # Errors
    /// [`Invalid`] when the data is no JSON object.
    pub fn read(name: &'a str, data: &'a str) -> Result<Self, Invalid> {
        Self::read_by(name, data, Value::parse)
    }

    /// As [`Payload::read`], with an outline: see [`Value::outlined`].
    ///
    /// # Errors
    /// [`Invalid`] when the data is no JSON object.
    pub fn outlined(name: &'a str, data: &'a str, outline: &'a mut Outline) -> Result<Self, Invalid> {
        Self::read_by(name, data, |data| Value::outlined(data, outline))
    }

    fn read_by(
        name: &'a str,
        data: &'a str,
        parse: impl FnOnce(&'a str) -> Result<Value<'a>, Invalid>,
    ) -> Result<Self, Invalid> {
        let trimmed = data.trim_ascii();
        if trimmed == "[DONE]" {
            return Ok(Self::Done);
        }
        if trimmed.is_empty() || trimmed.as_bytes().first() == Some(&b':') {
            return Ok(Self::Comment);
        }
        let json = parse(data)?;
        if !json.is_object() {
            return Err(Invalid { at: data.len() - data.trim_ascii_start().len(), too_deep: false });
        }
        Ok(Self::Event(Event::read(name, json)))
    }
}

impl<'a> Event<'a> {
    fn read(name: &'a str, json: Value<'a>) -> Self {
        let mut event = Event {
            kind: Kind::Unnamed,
            json,
            sequence_number: None,
            output_index: None,
            content_index: None,
            summary_index: None,
            item_id: None,
            response: None,
            item: None,
            part: None,
            annotation: None,
            delta: None,
            whole: None,
            logprobs: None,
            usage: None,
            cost: None,
            error: None,
            deviations: Found::NONE,
            name,
        };
        for (name, value) in json.members() {
            let present = Some(value).filter(|value| !value.is_null());
            match &*name {
                "type" => event.take_type(value),
                "sequence_number" => event.sequence_number = value.as_u64(),
                "output_index" => event.output_index = value.as_u64(),
                "content_index" => event.content_index = value.as_u64(),
                "summary_index" => event.summary_index = value.as_u64(),
                "item_id" => event.item_id = present,
                "response" => event.response = present,
                "item" => event.item = present,
                "part" => event.part = present,
                "annotation" => event.annotation = present,
                "delta" => event.delta = present,
                "text" | "refusal" | "arguments" | "input" | "code" => event.whole = present.or(event.whole),
                "logprobs" => event.logprobs = present,
                "usage" => event.usage = present,
                "cost" => event.cost = present,
                "error" => event.error = present,
                _ => (),
            }
        }
        if event.kind == Kind::Unnamed {
            event.deviations = Deviation::MissingType.alone();
            event.name_by(name);
        }
        if event.kind == Kind::KeepAlive {
            // What a sign of life is like does not matter.
            event.deviations = Found::NONE;
        }
        event
    }

    /// The id of the item that it is about.
    #[must_use]
    pub fn about(&self) -> Option<Value<'a>> {
        let id = self.item_id.or_else(|| self.item.and_then(|item| item.get("id")));
        id.filter(|id| !id.is_null())
    }

    /// The event as it is handed on: its own text, with a `type` if it lacks one, and with the specification's type in the
    /// place of a synonym; but `response.reasoning_text.*`, which most servers say, stays. A bare response object becomes
    /// the `response` of the event it stands for.
    #[must_use]
    pub fn told(&self) -> Cow<'a, str> {
        let is_common = matches!(self.kind, Kind::Delta(Stream::Reasoning) | Kind::Done(Stream::Reasoning));
        let is_renamed = self.deviations.has(Deviation::Synonym) && !is_common;
        if !is_renamed && !self.deviations.has(Deviation::MissingType) {
            return Cow::Borrowed(self.json.text());
        }
        let mut kind = String::from(match self.kind {
            Kind::Unnamed if self.name.is_empty() => "message",
            Kind::Unnamed => self.name,
            _ => "response.",
        });
        kind.push_str(self.kind.name());
        if self.response == Some(self.json) {
            return Cow::Owned(Object::new().string("type", &kind).raw("response", self.json.text()).finish());
        }
        Cow::Owned(Object::replaced(self.json, &[("type", quoted(&kind))]))
    }

    fn take_type(&mut self, value: Value<'_>) {
        let Some(name) = value.as_str() else {
            self.kind = Kind::Unnamed;
            return;
        };
        self.kind = Kind::named(&name);
        let is_synonym = self.kind.is_known()
            && self.kind != Kind::Error
            && name.get("response.".len()..).is_none_or(|name| name != self.kind.name());
        self.deviations = Found::NONE
            .and_if(is_synonym, Deviation::Synonym)
            .and_if(!self.name.is_empty() && name != self.name, Deviation::EventNameMismatch);
    }

    /// An event without `type`: by the SSE event's name, else by its shape.
    fn name_by(&mut self, name: &str) {
        let is_response = self.json.says("object", "response");
        if is_response && self.response.is_none() {
            self.response = Some(self.json);
        }
        let named = Kind::named(name);
        if named.is_known() || named == Kind::KeepAlive {
            self.kind = named;
        } else if is_response {
            self.kind = match self.json.get("status").and_then(Value::as_str).as_deref() {
                Some("completed") => Kind::Completed,
                Some("failed" | "cancelled") => Kind::Failed,
                Some("incomplete") => Kind::Incomplete,
                _ => Kind::InProgress,
            };
        } else if self.error.is_some() {
            self.kind = Kind::Error;
        }
    }
}
