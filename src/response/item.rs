use super::length;
use super::slots::Slots;
use super::texts::{Settled, Text};
use crate::deviation::{Deviation, Found};
use crate::event::{Delta, Event, Kind, List, Stream};
use crate::json::{Array, Object, Value};
use crate::scan::is_same;
use crate::text::fill;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

/// One output item: the server's snapshot of it, and what was streamed since.
#[derive(Debug, Default)]
pub(super) struct Item {
    snapshot: Option<String>,
    /// The id it was last known by, as JSON text.
    id: Option<String>,
    /// What the item is, where no snapshot says so: that of such a text.
    inferred: Option<&'static Row>,
    content: Slots<Part>,
    summary: Slots<Part>,
    /// The text that is no part: arguments, input or code; with the name of its field.
    text: Text,
    field: &'static str,
    /// Whether events told of it, and not only response objects.
    is_touched: bool,
    is_finished: bool,
}

/// One content or summary part.
#[derive(Debug)]
struct Part {
    snapshot: Option<String>,
    kind: Stream,
    text: Text,
    annotations: Slots<String>,
    /// What was streamed of them, without the brackets.
    logprobs: String,
}

impl Item {
    /// Takes an event about this item; `is_new` where nothing was known of it.
    pub(super) fn apply(&mut self, event: &Event<'_>, is_new: bool) -> Found {
        let mut found = Found::NONE.and_if(is_new && event.kind != Kind::OutputItemAdded, Deviation::MissingItemAdded);
        self.is_touched = true;
        let is_whole = matches!(event.kind, Kind::OutputItemAdded | Kind::OutputItemDone);
        found = found.and_if(!is_whole && event.item_id.is_none(), Deviation::MissingItemId);
        let id = if is_whole { event.item.and_then(|item| item.get("id")) } else { event.item_id };
        found = found.and(self.take_id(id));
        found.and(match event.kind {
            Kind::OutputItemAdded => self.replace(event.item, false),
            Kind::OutputItemDone => {
                self.is_finished = true;
                self.replace(event.item, true)
            }
            Kind::PartAdded(list) | Kind::PartDone(list) => {
                let is_reasoning = event.part.is_some_and(|part| kind_of(part) == Stream::Reasoning);
                let kind = match list {
                    List::Summary => Stream::ReasoningSummaryText,
                    List::Content if is_reasoning => Stream::Reasoning,
                    List::Content => Stream::OutputText,
                };
                self.inferred.get_or_insert(row(kind));
                let (parts, index, found) = self.place(list, event);
                match event.part {
                    Some(part) => found.and(Part::replace(parts, index, part, event.kind == Kind::PartDone(list))),
                    None => found,
                }
            }
            Kind::OutputTextAnnotationAdded => {
                let Some(annotation) = event.annotation else { return found };
                let (part, found) = self.part(event, Stream::OutputText);
                let next = part.annotations.last_index().map_or(0, |last| last.saturating_add(1));
                let index = event.json.get("annotation_index").and_then(Value::as_u64).unwrap_or(next);
                annotation.text().clone_into(part.annotations.at(index, String::new));
                found
            }
            Kind::Delta(stream) if row(stream).list.is_some() => {
                let (part, found) = self.part(event, stream);
                part.begin();
                part.take_logprobs(event, false);
                found.and_if(!part.text.append(event.delta), Deviation::InvalidDelta)
            }
            Kind::Done(stream) if row(stream).list.is_some() => {
                let (part, found) = self.part(event, stream);
                part.begin();
                part.take_logprobs(event, true);
                found.and(part.text.settle(event.whole, Settled::Streamed))
            }
            Kind::Delta(stream) => {
                self.infer_text(stream);
                Found::NONE.and_if(!self.text.append(event.delta), Deviation::InvalidDelta)
            }
            Kind::Done(stream) => {
                self.infer_text(stream);
                self.text.settle(event.whole, Settled::Streamed)
            }
            _ => Found::NONE,
        })
    }

    /// Takes a delta for a text that has begun, where [`Item::apply`] would find nothing else in it.
    pub(super) fn append(&mut self, delta: &Delta<'_>) -> bool {
        let is_other = |id: &str| !self.id.as_ref().is_some_and(|known| is_same(id.as_bytes(), known.as_bytes()));
        let about = delta.about;
        if !self.is_touched || about.item_id.as_deref().is_some_and(is_other) {
            return false;
        }
        let row = row(about.stream);
        let text = match row.list {
            Some(List::Content) => about.content_index.and_then(|index| self.content.get_mut(index)),
            Some(List::Summary) => about.summary_index.and_then(|index| self.summary.get_mut(index)),
            None => return self.field == row.field && self.text.go_on(&delta.delta),
        };
        text.is_some_and(|part| part.text.go_on(&delta.delta))
    }

    /// What a response object says of the item. Events say more, once there are any.
    pub(super) fn seed(&mut self, item: Value<'_>) {
        if !self.is_touched {
            *self = Self::default();
            self.take_id(item.get("id"));
            self.replace(Some(item), false);
        }
    }

    /// Whether anything is known of it: an item may be announced as `null`.
    pub(super) fn is_known(&self) -> bool {
        self.snapshot.is_some() || self.inferred.is_some()
    }

    /// Whether events told of it, but not of its end.
    pub(super) fn is_open(&self) -> bool {
        self.is_touched && self.is_known() && !self.is_finished
    }

    /// Whether a response that ends may mean this item by that one.
    pub(super) fn is_same(&self, item: Value<'_>) -> bool {
        item.get("id").is_some_and(|id| self.has_id(id)) && self.is_alike(item)
    }

    /// Whether the item is of the type of that one.
    pub(super) fn is_alike(&self, item: Value<'_>) -> bool {
        let known = self.snapshot.as_deref().and_then(|snapshot| Value::known(snapshot).get("type")?.as_str());
        known.as_deref().or(self.inferred.map(|row| row.kind)).is_some_and(|known| item.says("type", known))
    }

    /// Whether more is known of the item than that snapshot of it tells: it leaves a text out, or empty.
    pub(super) fn has_beyond(&self, item: Value<'_>) -> bool {
        let is_beyond = |parts: &Slots<Part>, name: &str| {
            let mut told = item.elements_of(name);
            let is_none = told.clone().next().is_none();
            parts.iter().any(|part| {
                if is_none { !part.is_blank() } else { told.next().is_some_and(|told| part.has_beyond(told)) }
            })
        };
        let is_text_beyond = |field: &str| {
            let is_known = if self.text.is_streamed() { self.text.len() > 0 } else { self.is_told(field) };
            is_known && !is_told(item.get(field))
        };
        is_beyond(&self.content, "content")
            || is_beyond(&self.summary, "summary")
            || self.own_field().is_some_and(is_text_beyond)
    }

    /// The field of the text that is no part, where the item has one.
    fn own_field(&self) -> Option<&'static str> {
        if self.text.is_streamed() {
            return Some(self.field);
        }
        let kind = Value::known(self.snapshot.as_deref()?).get("type")?.as_str()?;
        ROWS.iter().find(|row| row.list.is_none() && row.kind == kind).map(|row| row.field)
    }

    fn is_told(&self, field: &str) -> bool {
        self.snapshot.as_deref().is_some_and(|snapshot| is_told(Value::known(snapshot).get(field)))
    }

    /// The item so far as JSON text.
    pub(super) fn to_json(&self) -> String {
        let inferred;
        let base = match &self.snapshot {
            Some(snapshot) => snapshot,
            None => {
                let id = self.id.as_deref().filter(|id| id.as_bytes().first() == Some(&b'"')).unwrap_or("\"\"");
                let Row { kind, item, .. } = self.inferred.unwrap_or(row(Stream::OutputText));
                inferred = fill(r#"{"id":{},"type":"{}"{}"#, &[id, kind, item]);
                &inferred
            }
        };
        let mut streamed = Vec::new();
        for (name, parts) in [("content", &self.content), ("summary", &self.summary)] {
            if !parts.is_empty() {
                let mut list = Array::new();
                for part in parts.iter() {
                    list.push(&part.to_json());
                }
                streamed.push((name, list.finish()));
            }
        }
        if let Some(text) = self.text.to_json() {
            streamed.push((self.field, text));
        }
        if streamed.is_empty() { base.clone() } else { Object::replaced(Value::known(base), &streamed) }
    }

    /// How large its texts and its parts are.
    pub(super) fn bytes(&self) -> usize {
        let parts = self.content.bytes(Part::bytes) + self.summary.bytes(Part::bytes);
        length(&self.snapshot) + length(&self.id) + self.text.len() + parts
    }

    pub(super) fn has_id(&self, id: Value<'_>) -> bool {
        self.id.as_deref() == Some(id.text())
    }

    /// Whether its end was told of.
    pub(super) fn is_finished(&self) -> bool {
        self.is_finished
    }

    fn take_id(&mut self, id: Option<Value<'_>>) -> Found {
        let Some(id) = id.filter(|id| !id.is_null()) else { return Found::NONE };
        let is_other = self.id.as_deref().is_some_and(|known| known != id.text());
        // An item that was never announced goes by its first id.
        if self.id.is_none() || (is_other && self.snapshot.is_some()) {
            self.id = Some(id.text().to_owned());
        }
        Found::NONE.and_if(is_other, Deviation::ChangedId)
    }

    /// A snapshot of the whole item. A final one is the server's word for everything it holds; what it leaves out or
    /// empty, the stream has told already and is kept.
    pub(super) fn replace(&mut self, item: Option<Value<'_>>, done: bool) -> Found {
        let Some(item) = item else { return Found::NONE };
        let mut found = Found::NONE;
        for (name, parts) in [("content", &mut self.content), ("summary", &mut self.summary)] {
            let mut told = 0;
            for part in item.elements_of(name) {
                found = found.and(Part::replace(parts, told, part, done));
                told += 1;
            }
            if done && told > 0 {
                parts.truncate(told);
            }
            found = found.and_if(done && told == 0 && !parts.is_empty(), Deviation::EmptyDone);
        }
        if done && let Some(field) = self.own_field() {
            let whole = item.get(field);
            if !self.text.is_streamed() && !is_told(whole) && self.is_told(field) {
                self.field = field;
                self.text.begin(self.snapshot.as_deref(), field);
            }
            if self.text.is_streamed() {
                found = found.and(self.text.settle(whole, Settled::Elsewhere));
            }
        }
        self.snapshot = Some(item.text().to_owned());
        found
    }

    /// Where an event about a part of the item belongs. One without index is about the last part, or a new one.
    fn place(&mut self, list: List, event: &Event<'_>) -> (&mut Slots<Part>, u64, Found) {
        let (parts, index) = match list {
            List::Content => (&mut self.content, event.content_index),
            List::Summary => (&mut self.summary, event.summary_index),
        };
        let last = parts.last_index();
        let place = index.unwrap_or(match (event.kind, last) {
            (Kind::PartAdded(_), Some(last)) => last.saturating_add(1),
            (_, last) => last.unwrap_or(0),
        });
        let found = Found::NONE
            .and_if(index.is_none(), Deviation::MissingPartIndex)
            .and_if(!matches!(event.kind, Kind::PartAdded(_)) && !parts.has(place), Deviation::MissingPartAdded);
        (parts, place, found)
    }

    /// The part an event about a text belongs to.
    fn part(&mut self, event: &Event<'_>, stream: Stream) -> (&mut Part, Found) {
        self.inferred.get_or_insert(row(stream));
        let (parts, place, found) = self.place(row(stream).list.unwrap_or(List::Content), event);
        (parts.at(place, || Part::new(stream)), found)
    }

    fn infer_text(&mut self, stream: Stream) {
        self.inferred.get_or_insert(row(stream));
        let field = row(stream).field;
        self.field = field;
        self.text.begin(self.snapshot.as_deref(), field);
    }
}

impl Part {
    fn new(kind: Stream) -> Self {
        Self { snapshot: None, kind, text: Text::default(), annotations: Slots::default(), logprobs: String::new() }
    }

    /// A snapshot of the whole part. An empty one does not take back what was streamed.
    fn replace(parts: &mut Slots<Self>, index: u64, value: Value<'_>, done: bool) -> Found {
        let kind = kind_of(value);
        let part = parts.at(index, || Self::new(kind));
        let whole = value.get(row(kind).field);
        let is_told = is_told(whole);
        if !is_told && part.has_text() && row(kind).field != row(part.kind).field {
            return Found::NONE.and_if(done, Deviation::EmptyDone);
        }
        if !is_told && done && part.is_told() {
            part.begin();
        }
        let found = if (is_told || done) && part.text.is_streamed() {
            let found = part.text.settle(whole, Settled::Elsewhere);
            // What a part is announced with is no end to compare with.
            if done { found } else { Found::NONE }
        } else {
            Found::NONE
        };
        let is_list = |name| value.get(name).is_some_and(|list| !list.inner_elements().is_empty());
        if is_list("annotations") {
            part.annotations.truncate(0);
        }
        if is_list("logprobs") {
            part.logprobs.clear();
        }
        part.kind = kind;
        part.snapshot = Some(value.text().to_owned());
        found
    }

    /// Whether it has nothing but a text, which is empty.
    fn is_blank(&self) -> bool {
        let is_text = |snapshot: &str| text_of(Value::known(snapshot)).is_some();
        !self.has_text() && self.snapshot.as_deref().is_none_or(is_text)
    }

    /// Whether it has a text, and that snapshot of it an empty one.
    fn has_beyond(&self, part: Value<'_>) -> bool {
        self.has_text() && text_of(part).is_some_and(|kind| !is_told(part.get(row(kind).field)))
    }

    fn has_text(&self) -> bool {
        self.text.len() > 0 || (!self.text.is_streamed() && self.is_told())
    }

    /// Whether its snapshot holds a text.
    fn is_told(&self) -> bool {
        let snapshot = self.snapshot.as_deref().map(Value::known);
        snapshot.is_some_and(|snapshot| is_told(snapshot.get(row(self.kind).field)))
    }

    /// Deltas that follow a snapshot with text continue that text.
    fn begin(&mut self) {
        self.text.begin(self.snapshot.as_deref(), row(self.kind).field);
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

    fn bytes(&self) -> usize {
        length(&self.snapshot) + self.text.len() + self.annotations.bytes(String::len) + self.logprobs.len()
    }

    fn to_json(&self) -> String {
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

/// What belongs to a text that is streamed.
#[derive(Debug)]
struct Row {
    /// The member that holds it, of its part or its item.
    field: &'static str,
    /// Where its part stands; nothing for a text that is no part.
    list: Option<List>,
    /// Its part, while nothing of it is known.
    part: &'static str,
    /// The type of its item.
    kind: &'static str,
    /// Its item, while nothing of it is known, behind id and type.
    item: &'static str,
}

const MESSAGE: &str = r#","status":"in_progress","role":"assistant","content":[]}"#;
const REASONING: &str = r#","summary":[]}"#;

/// In the order of [`Stream`].
static ROWS: [Row; 8] = [
    Row {
        field: "text",
        list: Some(List::Content),
        part: r#"{"type":"output_text","text":"","annotations":[]}"#,
        kind: "message",
        item: MESSAGE,
    },
    Row {
        field: "refusal",
        list: Some(List::Content),
        part: r#"{"type":"refusal","refusal":""}"#,
        kind: "message",
        item: MESSAGE,
    },
    Row {
        field: "text",
        list: Some(List::Content),
        part: r#"{"type":"reasoning_text","text":""}"#,
        kind: "reasoning",
        item: REASONING,
    },
    Row {
        field: "text",
        list: Some(List::Summary),
        part: r#"{"type":"summary_text","text":""}"#,
        kind: "reasoning",
        item: REASONING,
    },
    Row {
        field: "arguments",
        list: None,
        part: "",
        kind: "function_call",
        item: r#","status":"in_progress","call_id":"","name":"","arguments":""}"#,
    },
    Row {
        field: "arguments",
        list: None,
        part: "",
        kind: "mcp_call",
        item: r#","status":"in_progress","server_label":"","name":"","arguments":""}"#,
    },
    Row {
        field: "input",
        list: None,
        part: "",
        kind: "custom_tool_call",
        item: r#","status":"in_progress","call_id":"","name":"","input":""}"#,
    },
    Row {
        field: "code",
        list: None,
        part: "",
        kind: "code_interpreter_call",
        item: r#","status":"in_progress","container_id":"","code":"","outputs":null}"#,
    },
];

fn row(stream: Stream) -> &'static Row {
    &ROWS[stream as usize]
}

/// The text that a part holds.
fn kind_of(part: Value<'_>) -> Stream {
    text_of(part).unwrap_or(Stream::OutputText)
}

/// The text that a part holds, by a type that is known.
fn text_of(part: Value<'_>) -> Option<Stream> {
    match part.get("type").and_then(Value::as_str).as_deref() {
        Some("output_text") => Some(Stream::OutputText),
        Some("refusal") => Some(Stream::Refusal),
        Some("reasoning_text") => Some(Stream::Reasoning),
        Some("summary_text") => Some(Stream::ReasoningSummaryText),
        _ => None,
    }
}

/// Whether a text is there, and not empty.
fn is_told(text: Option<Value<'_>>) -> bool {
    text.and_then(Value::escaped).is_some_and(|text| !text.is_empty())
}
