use super::length;
use super::rows::{Row, is_empty_text, is_told, kind_of, row, text_of};
use super::slots::Slots;
use super::texts::{Settled, Text};
use crate::deviation::{Deviation, Found};
use crate::event::{Delta, Event, Stream};
use crate::json::{Array, Object, Value};
use crate::text::fill;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

/// One content or summary part.
#[derive(Debug)]
pub(super) struct Part {
    snapshot: Option<String>,
    kind: Stream,
    text: Text,
    /// Which events it was streamed by, since its last snapshot.
    stream: Option<Stream>,
    annotations: Slots<String>,
    /// What was streamed of them, without the brackets.
    logprobs: String,
    /// Whether the end of its text was told, or its own.
    is_done: bool,
}

impl Part {
    pub(super) fn new(kind: Stream) -> Self {
        Self {
            snapshot: None,
            kind,
            text: Text::default(),
            stream: None,
            annotations: Slots::default(),
            logprobs: String::new(),
            is_done: false,
        }
    }

    /// A snapshot of the whole part. An empty one does not take back what was streamed.
    pub(super) fn replace(&mut self, value: Value<'_>, done: bool) -> Found {
        let kind = kind_of(value);
        let whole = value.get(row(kind).field);
        let is_told = is_told(whole);
        self.is_done |= done;
        if !is_told && self.has_text() && row(kind).field != row(self.kind).field {
            return Found::NONE.and_if(done, Deviation::EmptyDone);
        }
        if !is_told && done && self.is_told() {
            self.begin(kind);
        }
        let found = if (is_told || done) && self.text.is_streamed() {
            let found = self.text.settle(whole, Settled::Elsewhere);
            // What a part is announced with is no end to compare with.
            if done { found } else { Found::NONE }
        } else {
            Found::NONE
        };
        let is_list = |name| value.get(name).is_some_and(|list| !list.inner_elements().is_empty());
        if is_list("annotations") {
            self.annotations.truncate(0);
        }
        if is_list("logprobs") {
            self.logprobs.clear();
        }
        (self.kind, self.stream) = (kind, None);
        self.snapshot = Some(value.text().to_owned());
        found
    }

    /// Whether it has nothing but a text, which is empty.
    pub(super) fn is_blank(&self) -> bool {
        let is_text = |snapshot: &str| text_of(Value::known(snapshot)).is_some();
        !self.has_text() && self.annotations.is_empty() && self.snapshot.as_deref().is_none_or(is_text)
    }

    /// Whether it has a text, and that snapshot of it an empty one.
    pub(super) fn has_beyond(&self, part: Value<'_>) -> bool {
        is_empty_text(part) && self.has_text()
    }

    fn has_text(&self) -> bool {
        self.text.len() > 0 || (!self.text.is_streamed() && self.is_told())
    }

    /// Whether its snapshot holds a text.
    fn is_told(&self) -> bool {
        let snapshot = self.snapshot.as_deref().map(Value::known);
        snapshot.is_some_and(|snapshot| is_told(snapshot.get(row(self.kind).field)))
    }

    /// Whether an event of a text may be about the part: one text is streamed in it, and what is empty may yet be any.
    pub(super) fn takes(&self, stream: Stream) -> bool {
        self.stream == Some(stream) || self.is_blank() || (self.stream.is_none() && self.is_like(stream))
    }

    /// Whether a snapshot may be of the part. One that is announced again once it was told to its end is another one.
    pub(super) fn takes_whole(&self, value: Value<'_>, done: bool) -> bool {
        let is_over = self.is_done && self.snapshot.is_some();
        (done || !is_over) && (self.is_blank() || self.is_like(kind_of(value)))
    }

    /// Whether its text stands in the field of that one.
    pub(super) fn is_like(&self, stream: Stream) -> bool {
        row(self.kind).field == row(stream).field
    }

    pub(super) fn is_done(&self) -> bool {
        self.is_done
    }

    /// Before an event of its text. Deltas that follow a snapshot with text continue that text; an empty part is what is streamed.
    pub(super) fn begin(&mut self, stream: Stream) {
        if self.stream != Some(stream) && !self.is_like(stream) {
            *self = Self::new(stream);
        }
        self.stream = Some(stream);
        self.text.begin(self.snapshot.as_deref(), row(self.kind).field);
    }

    /// Takes a piece of its text.
    pub(super) fn append(&mut self, event: &Event<'_>, stream: Stream) -> Found {
        self.begin(stream);
        self.take_logprobs(event, false);
        Found::NONE.and_if(!self.text.append(event.delta), Deviation::InvalidDelta)
    }

    /// Takes the whole of its text.
    pub(super) fn settle(&mut self, event: &Event<'_>, stream: Stream) -> Found {
        self.begin(stream);
        self.is_done = true;
        self.take_logprobs(event, true);
        self.text.settle(event.whole, Settled::Streamed)
    }

    /// Takes a delta for a text that has begun, where [`Part::append`] would find nothing else in it.
    pub(super) fn go_on(&mut self, delta: &Delta<'_>) -> bool {
        self.stream == Some(delta.about.stream) && self.text.go_on(&delta.delta)
    }

    pub(super) fn annotate(&mut self, event: &Event<'_>, annotation: Value<'_>) {
        let next = self.annotations.next_index();
        let index = event.json.get("annotation_index").and_then(Value::as_u64).unwrap_or(next);
        annotation.text().clone_into(self.annotations.at(index, String::new));
    }

    fn take_logprobs(&mut self, event: &Event<'_>, done: bool) {
        let inner = event.logprobs.map_or("", Value::inner_elements);
        if inner.is_empty() {
            return;
        }
        if done {
            self.logprobs.clear();
        }
        if !self.logprobs.is_empty() {
            self.logprobs.push(',');
        }
        self.logprobs.push_str(inner);
    }

    pub(super) fn bytes(&self) -> usize {
        length(&self.snapshot) + self.text.len() + self.annotations.bytes(String::len) + self.logprobs.len()
    }

    pub(super) fn to_json(&self) -> String {
        let Row { field, part, .. } = row(self.kind);
        let base = self.snapshot.as_deref().unwrap_or(part);
        let mut streamed = Vec::new();
        if let Some(text) = self.text.to_json() {
            streamed.push((*field, text));
        }
        if !self.annotations.is_empty() {
            let mut list = Array::new();
            for annotation in self.annotations.iter() {
                list.push(annotation);
            }
            streamed.push(("annotations", list.finish()));
        }
        if !self.logprobs.is_empty() {
            streamed.push(("logprobs", fill("[{}]", &[&self.logprobs])));
        }
        if streamed.is_empty() { base.to_owned() } else { Object::replaced(Value::known(base), &streamed) }
    }
}
