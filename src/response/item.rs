use super::part::Part;
use super::rows::{Family, Row, family_of, is_empty_text, is_told, kind_of, list_of, own_text_of, row, text_of};
use super::slots::Slots;
use super::texts::{Settled, Text};
use super::{LATEST, length};
use crate::deviation::{Deviation, Found};
use crate::event::{Delta, Event, Kind, List, Stream};
use crate::json::{Array, Object, Value, quoted};
use crate::scan::is_same;
use crate::text::fill;
use alloc::borrow::{Cow, ToOwned};
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
    /// What kinds of text it has, by what was first known of it; nothing where that is of no known type.
    family: Option<Family>,
    content: Slots<Part>,
    summary: Slots<Part>,
    /// The text that is no part: arguments, input or code; and which one is streamed.
    text: Text,
    stream: Option<Stream>,
    /// Whether events told of it, and not only response objects.
    is_touched: bool,
    is_finished: bool,
    /// Whether several events without an index had its id, so that ids do not change.
    is_steady: bool,
}

impl Item {
    /// Takes an event about this item; `is_new` where nothing was known of it.
    pub(super) fn apply(&mut self, event: &Event<'_>, is_new: bool) -> Found {
        let mut found = Found::NONE.and_if(is_new && event.kind != Kind::OutputItemAdded, Deviation::MissingItemAdded);
        self.is_touched = true;
        let is_whole = matches!(event.kind, Kind::OutputItemAdded | Kind::OutputItemDone);
        found = found.and_if(!is_whole && event.item_id.is_none(), Deviation::MissingItemId);
        let id = if is_whole { event.item.and_then(|item| item.get("id")) } else { event.item_id };
        self.is_steady |= event.output_index.is_none() && id.is_some_and(|id| self.has_id(id));
        found = found.and(self.take_id(id));
        found.and(match event.kind {
            Kind::OutputItemAdded => self.replace(event.item, false),
            Kind::OutputItemDone => {
                self.is_finished = true;
                self.replace(event.item, true)
            }
            Kind::PartAdded(list) | Kind::PartDone(list) => {
                match stream_of(list, event.part) {
                    Some(stream) => self.infer(stream),
                    // What else has a part of its own kind is left open.
                    None => drop(self.inferred.get_or_insert(row(Stream::OutputText))),
                }
                self.replace_part(list, event)
            }
            Kind::OutputTextAnnotationAdded => {
                let Some(annotation) = event.annotation else { return found };
                self.infer(Stream::OutputText);
                let (part, found) =
                    self.part(event, List::Content, Stream::OutputText, &|part| part.is_like(Stream::OutputText));
                part.annotate(event, annotation);
                found
            }
            Kind::Delta(stream) if let Some(list) = list_of(stream) => {
                self.infer(stream);
                // Behind a text that was told to its end, what has no index is another one.
                let is_next = self.parts(list, event).1.is_none();
                let (part, found) =
                    self.part(event, list, stream, &|part| part.takes(stream) && !(is_next && part.is_done()));
                found.and(part.append(event, stream))
            }
            Kind::Done(stream) if let Some(list) = list_of(stream) => {
                self.infer(stream);
                let (part, found) = self.part(event, list, stream, &|part| part.takes(stream));
                found.and(part.settle(event, stream))
            }
            Kind::Delta(stream) => {
                self.infer_text(stream);
                Found::NONE.and_if(!self.text.append(event.delta), Deviation::InvalidDelta)
            }
            Kind::Done(stream) => {
                self.infer_text(stream);
                self.take_name(event);
                self.settle(event.whole)
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
        let part = match list_of(about.stream) {
            Some(List::Content) => about.content_index.and_then(|index| self.content.get_mut(index)),
            Some(List::Summary) => about.summary_index.and_then(|index| self.summary.get_mut(index)),
            None => return self.stream == Some(about.stream) && self.text.go_on(&delta.delta),
        };
        part.is_some_and(|part| part.go_on(delta))
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

    /// Whether an event may be about the item, by what it tells; `is_named` where its id or its index says so.
    pub(super) fn takes(&self, event: &Event<'_>, is_named: bool) -> bool {
        let is_of = |told: Family| {
            // A message may have parts of reasoning.
            let is_part = is_named && told == Family::Reasoning && self.snapshot.is_some();
            self.family.is_none_or(|family| family == told || (is_part && family == Family::Message))
        };
        match event.kind {
            Kind::OutputItemAdded | Kind::OutputItemDone => {
                !event.item.is_some_and(|item| self.is_another(item, event.kind))
            }
            Kind::Delta(stream) | Kind::Done(stream) => is_of(row(stream).family),
            Kind::PartAdded(list) | Kind::PartDone(list) if self.snapshot.is_none() => {
                stream_of(list, event.part).is_none_or(|stream| is_of(row(stream).family))
            }
            _ => true,
        }
    }

    /// Whether a whole item is another one than this, which stands where it is told: what was finished does not begin again, and
    /// with another id comes another type, another call, or what is announced behind more of this than that it is there.
    fn is_another(&self, item: Value<'_>, kind: Kind) -> bool {
        let snapshot = self.snapshot.as_deref().map(Value::known);
        let calls = snapshot.and_then(call_id).zip(call_id(item));
        let is_other_id = self.has_other_id(item.get("id"));
        let is_other = calls.map_or(is_other_id, |(known, told)| known != told);
        let is_same_id = item.get("id").is_some_and(|id| is_told(Some(id)) && self.has_id(id));
        let is_other_type = match snapshot.map(|snapshot| snapshot.get("type")) {
            Some(known) => known.zip(item.get("type")).is_some_and(|(known, told)| known.text() != told.text()),
            None => self.family.zip(family_of(item)).is_some_and(|(known, told)| known != told),
        };
        let is_added = kind == Kind::OutputItemAdded;
        self.is_touched
            && if self.is_finished {
                is_other || is_other_type || (is_added && !is_same_id)
            } else {
                // Ids of items that were not announced may change with every event, and with every announcement.
                let has_begun = || {
                    calls.is_some() || self.stream.is_some() || !(self.content.is_empty() && self.summary.is_empty())
                };
                (is_other_type && !is_same_id) || (is_added && is_other && snapshot.is_some() && has_begun())
            }
    }

    /// Whether an event that does not name the item is about one behind it: this one is finished, or has an id that it keeps.
    pub(super) fn is_past(&self, event: &Event<'_>) -> bool {
        let is_other_id = self.has_other_id(event.about());
        let is_behind = event.output_index.is_none();
        let is_another = is_behind && is_other_id && self.is_steady;
        match event.kind {
            Kind::OutputItemAdded => is_behind,
            Kind::OutputItemDone => is_behind && self.is_finished || is_another,
            Kind::Delta(_) | Kind::PartAdded(_) => self.is_finished && (is_behind || is_other_id) || is_another,
            Kind::Done(_) | Kind::PartDone(_) => self.is_finished && is_other_id || is_another,
            _ => is_another,
        }
    }

    /// Whether an event that does not name the item may go on with it, though there is another one behind it, or a call.
    pub(super) fn may_go_on(&self, event: &Event<'_>, is_behind_call: bool) -> bool {
        let may_be_late = match event.kind {
            // What is told in turns are texts and reasoning.
            Kind::Delta(stream) => list_of(stream).is_some() && !is_behind_call && event.item_id.is_none(),
            Kind::Done(_) | Kind::PartDone(_) | Kind::OutputTextAnnotationAdded => true,
            _ => false,
        };
        may_be_late && !self.is_past(event) && !(self.is_steady && self.has_other_id(event.about()))
    }

    pub(super) fn is_call(&self) -> bool {
        self.family == Some(Family::Call)
    }

    /// Whether a response that ends may mean this item by that one.
    pub(super) fn is_same(&self, item: Value<'_>) -> bool {
        item.get("id").is_some_and(|id| self.has_id(id)) && self.is_alike(item)
    }

    /// Whether the item is of the type of that one.
    pub(super) fn is_alike(&self, item: Value<'_>) -> bool {
        let known = self.snapshot_like(item).and_then(|snapshot| snapshot.get("type")?.as_str());
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
        let is_text_beyond = |stream| {
            let field = row(stream).field;
            !is_told(item.get(field)) && if self.text.is_streamed() { self.text.len() > 0 } else { self.is_told(field) }
        };
        is_beyond(&self.content, "content")
            || is_beyond(&self.summary, "summary")
            || self.own_text(self.snapshot_like(item)).is_some_and(is_text_beyond)
    }

    /// The text that is no part, where the item has one.
    fn own_text(&self, snapshot: Option<Value<'_>>) -> Option<Stream> {
        self.stream.or_else(|| own_text_of(snapshot?))
    }

    /// The snapshot; as the item itself where that has the same text, and the outline that the snapshot has not.
    fn snapshot_like<'a>(&'a self, item: Value<'a>) -> Option<Value<'a>> {
        let snapshot = self.snapshot.as_deref()?;
        let is_item = is_same(snapshot.as_bytes(), item.text().as_bytes());
        Some(if is_item { item } else { Value::known(snapshot) })
    }

    fn is_told(&self, field: &str) -> bool {
        self.snapshot.as_deref().is_some_and(|snapshot| is_told(Value::known(snapshot).get(field)))
    }

    /// The item so far as JSON text.
    pub(super) fn to_json(&self) -> String {
        let base = self.base();
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
        if let Some((text, stream)) = self.text.to_json().zip(self.stream) {
            streamed.push((row(stream).field, text));
        }
        if streamed.is_empty() { base.into_owned() } else { Object::replaced(Value::known(&base), &streamed) }
    }

    /// What is known of it but for what was streamed.
    fn base(&self) -> Cow<'_, str> {
        if let Some(snapshot) = &self.snapshot {
            return Cow::Borrowed(snapshot);
        }
        let id = self.id.as_deref().filter(|id| id.as_bytes().first() == Some(&b'"')).unwrap_or("\"\"");
        let Row { kind, item, .. } = self.inferred.unwrap_or(row(Stream::OutputText));
        Cow::Owned(fill(r#"{"id":{},"type":"{}"{}"#, &[id, kind, item]))
    }

    /// How large its texts and its parts are.
    pub(super) fn bytes(&self) -> usize {
        let parts = self.content.bytes(Part::bytes) + self.summary.bytes(Part::bytes);
        length(&self.snapshot) + length(&self.id) + self.text.len() + parts
    }

    pub(super) fn has_id(&self, id: Value<'_>) -> bool {
        self.id.as_deref() == Some(id.text())
    }

    fn has_other_id(&self, id: Option<Value<'_>>) -> bool {
        id.filter(|id| !id.is_null()).zip(self.id.as_deref()).is_some_and(|(id, known)| id.text() != known)
    }

    fn take_id(&mut self, id: Option<Value<'_>>) -> Found {
        let Some(id) = id.filter(|id| !id.is_null()) else { return Found::NONE };
        let is_other = self.has_other_id(Some(id));
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
            if done && parts.is_shared() {
                let places: Vec<usize> = parts.places().collect();
                parts.arrange(&places);
            }
            let mut told = 0;
            for part in item.elements_of(name) {
                found = found.and(parts.at(told, || Part::new(kind_of(part))).replace(part, done));
                told += 1;
            }
            if done && told > 0 {
                parts.truncate(told);
            }
            found = found.and_if(done && told == 0 && !parts.is_empty(), Deviation::EmptyDone);
        }
        if done && let Some(stream) = self.own_text(self.snapshot_like(item)) {
            let whole = item.get(row(stream).field);
            if !is_told(whole) && self.is_told(row(stream).field) {
                self.begin(stream);
            }
            if self.text.is_streamed() {
                found = found.and(self.text.settle(whole, Settled::Elsewhere));
            }
        }
        if !self.is_known() {
            self.family = family_of(item);
        }
        self.snapshot = Some(item.text().to_owned());
        found
    }

    /// The parts that an event may be about, and the index in them that it tells.
    fn parts(&mut self, list: List, event: &Event<'_>) -> (&mut Slots<Part>, Option<u64>) {
        match list {
            List::Content => (&mut self.content, event.content_index),
            List::Summary => (&mut self.summary, event.summary_index),
        }
    }

    /// The latest part that fits an event about a text: of those at its index, or of all. There may be none yet.
    fn part(
        &mut self,
        event: &Event<'_>,
        list: List,
        stream: Stream,
        fits: &dyn Fn(&Part) -> bool,
    ) -> (&mut Part, Found) {
        let (parts, index) = self.parts(list, event);
        let known = parts.latest(index, LATEST, fits);
        let place = known.unwrap_or_else(|| parts.put(index.unwrap_or(parts.next_index()), Part::new(stream)));
        let found = Found::NONE
            .and_if(index.is_none(), Deviation::MissingPartIndex)
            .and_if(known.is_none(), Deviation::MissingPartAdded);
        (parts.thing(place), found)
    }

    /// Takes a part as a whole. One that is announced without an index is a new one.
    fn replace_part(&mut self, list: List, event: &Event<'_>) -> Found {
        let done = matches!(event.kind, Kind::PartDone(_));
        let (parts, index) = self.parts(list, event);
        let found = Found::NONE.and_if(index.is_none(), Deviation::MissingPartIndex);
        let Some(value) = event.part else { return found };
        let fits = |part: &Part| part.takes_whole(value, done);
        let known = match index {
            Some(index) if !done => parts.place(index).filter(|place| parts.get(*place).is_some_and(fits)),
            None if !done => None,
            _ => parts.latest(index, LATEST, &fits),
        };
        if known.is_none() && done && !parts.is_empty() && is_empty_text(value) {
            return found.and(Deviation::EmptyDone.alone());
        }
        let place = known.unwrap_or_else(|| parts.put(index.unwrap_or(parts.next_index()), Part::new(kind_of(value))));
        found.and_if(done && known.is_none(), Deviation::MissingPartAdded).and(parts.thing(place).replace(value, done))
    }

    /// The name of a call that was not announced stands beside its arguments.
    fn take_name(&mut self, event: &Event<'_>) {
        let name = event.json.get("name").filter(|name| is_told(Some(*name)));
        if let Some(name) = name.filter(|_| self.snapshot.is_none()) {
            self.snapshot = Some(Object::replaced(Value::known(&self.base()), &[("name", name.text().to_owned())]));
        }
    }

    /// Takes the whole of the text that is no part. Arguments that are no text are kept as JSON, where there are no others.
    fn settle(&mut self, whole: Option<Value<'_>>) -> Found {
        let json = whole.filter(|whole| whole.is_object() && self.text.len() == 0).map(|whole| quoted(whole.text()));
        let found = self.text.settle(whole, Settled::Streamed);
        let kept = json.map_or(Found::NONE, |json| self.text.settle(Some(Value::known(&json)), Settled::Streamed));
        found.and(kept)
    }

    /// What the item is, where nothing has said so yet.
    fn infer(&mut self, stream: Stream) {
        if !self.is_known() {
            self.family = Some(row(stream).family);
            self.inferred = Some(row(stream));
        }
    }

    fn infer_text(&mut self, stream: Stream) {
        self.infer(stream);
        self.begin(stream);
    }

    /// Deltas that follow a snapshot with text continue that text.
    fn begin(&mut self, stream: Stream) {
        self.stream = Some(stream);
        self.text.begin(self.snapshot.as_deref(), row(stream).field);
    }
}

/// The text of the part that an event tells of, by a list or a type that is known.
fn stream_of(list: List, part: Option<Value<'_>>) -> Option<Stream> {
    match list {
        List::Summary => Some(Stream::ReasoningSummaryText),
        List::Content => part.and_then(text_of),
    }
}

/// The call that an item tells of, as JSON text.
fn call_id(item: Value<'_>) -> Option<&str> {
    item.get("call_id").filter(|id| is_told(Some(*id))).map(Value::text)
}
