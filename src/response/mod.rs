//! Fold events into the response so far.
//!
//! Knows the life of items and parts; knows no transport and no JavaScript. Accumulation is keyed by `output_index`
//! (and content or summary index), not by id: some servers send another id with every event. Only where several items have one
//! index, or none, ids and kinds tell them apart.

mod item;
mod kept;
mod missing;
mod output_text;
mod part;
mod places;
mod rows;
mod slots;
mod texts;

pub use missing::{Missing, missing_texts};
pub use output_text::{output_text, with_output_text};

use crate::deviation::{Deviation, Deviations, Found};
use crate::error::{Class, Error, api_error};
use crate::event::{Delta, Event, Kind};
use crate::json::{Array, Document, Object, Value, quoted, write_string};
use crate::text::{begins_number, cut, fill};
use alloc::borrow::{Cow, ToOwned};
use alloc::string::String;
use alloc::vec::Vec;
use item::Item;
use kept::Kept;
use slots::Slots;

/// Among how many items at the end an id is looked for: enough for calls that are written at once, and a bound on the work.
const LATEST: usize = 32;

/// The response, as far as its events tell.
///
/// Snapshots the server sends are kept as their own text; only what the events changed is written anew when the whole is
/// asked for. Nothing is parsed twice and no field is lost, known or not.
#[derive(Debug, Default)]
pub struct Response {
    /// The last response object a server sent, with the fields of [`FIELDS`] that it omits from those before.
    snapshot: Option<Document>,
    /// Whether it tells of usage, and of any output.
    has_usage: bool,
    has_output: bool,
    /// Its id, as JSON text.
    id: Option<String>,
    /// Which of [`FIELDS`] were told: a bit for each.
    told: u32,
    items: Slots<Item>,
    status: Status,
    /// The status that the terminal event implies, where its response does not tell one.
    implied_status: Option<&'static str>,
    /// The error that `response.failed` tells beside its response, as JSON text: a member, or the whole event.
    error: Option<String>,
    /// What the tokens are and cost, as JSON text, wherever a server puts it.
    usage: Option<String>,
    cost: Option<String>,
    is_usage_beside: bool,
    /// Of the last event that had one, which says whether the next one's is in order.
    latest_number: Option<u64>,
    highest_number: Option<u64>,
    has_begun: bool,
    /// Events before the first one are known to be missing: the stream was resumed.
    is_resumed: bool,
    deviations: Deviations,
    kept: Kept,
}

/// How far the response has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Status {
    /// No terminal event yet.
    #[default]
    Open,
    /// `response.completed`
    Completed,
    /// `response.failed`
    Failed,
    /// `response.incomplete`
    Incomplete,
}

/// The fields of a response by the specification, but for `output`, which is told in other ways too. Where a later
/// snapshot omits one of them, the value told before stands; one that a server never tells is not made up.
static FIELDS: [&str; 30] = [
    "id",
    "object",
    "created_at",
    "completed_at",
    "status",
    "incomplete_details",
    "model",
    "previous_response_id",
    "instructions",
    "error",
    "tools",
    "tool_choice",
    "truncation",
    "parallel_tool_calls",
    "text",
    "top_p",
    "presence_penalty",
    "frequency_penalty",
    "top_logprobs",
    "temperature",
    "reasoning",
    "usage",
    "max_output_tokens",
    "max_tool_calls",
    "store",
    "background",
    "service_tier",
    "metadata",
    "safety_identifier",
    "prompt_cache_key",
];

/// What is not told of a stream that was resumed: the events before are known to be missing.
const OF_THE_BEGINNING: Found = Deviation::MissingCreated
    .alone()
    .and(Deviation::MissingItemAdded.alone())
    .and(Deviation::MissingPartAdded.alone())
    .and(Deviation::TextDiffers.alone())
    .and(Deviation::EmptyDone.alone());

/// What a response object tells, gathered in one walk over it.
struct Told<'a> {
    /// Which of [`FIELDS`]: a bit for each.
    fields: u32,
    id: Option<Value<'a>>,
    output: Option<Value<'a>>,
    usage: Option<Value<'a>>,
    cost: Option<Value<'a>>,
}

impl<'a> Told<'a> {
    fn by(response: Value<'a>) -> Self {
        let mut told = Self { fields: 0, id: None, output: None, usage: None, cost: None };
        for (name, value) in response.members() {
            told.fields |= place(&name).map_or(0, |at| 1 << at);
            match &*name {
                "id" => told.id = Some(value),
                "output" => told.output = Some(value),
                "usage" => told.usage = Some(value).filter(|value| !value.is_null()),
                "cost" => told.cost = Some(value).filter(|value| !value.is_null()),
                _ => (),
            }
        }
        told
    }
}

/// Which of [`FIELDS`] it is.
fn place(name: &str) -> Option<usize> {
    FIELDS.iter().position(|field| *field == name)
}

impl Response {
    /// A response of which nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A response of which events have been told to somebody else.
    #[must_use]
    pub fn resumed() -> Self {
        Self { is_resumed: true, ..Self::default() }
    }

    /// A response that arrived whole.
    #[must_use]
    pub fn from_snapshot(snapshot: Value<'_>) -> Self {
        let mut response = Self::default();
        response.arrive(snapshot);
        response
    }

    /// Bounds what is kept, in bytes.
    pub fn limit(&mut self, bytes: usize) {
        self.kept.limit(bytes);
    }

    /// The bound on what is kept, where it is exceeded.
    #[must_use]
    pub fn excess(&mut self) -> Option<usize> {
        if self.kept.is_in_doubt(0) {
            self.kept.count(self.bytes());
        }
        self.kept.excess()
    }

    /// Takes a response that arrives whole.
    pub fn arrive(&mut self, snapshot: Value<'_>) {
        // A status that is not told is told by an error.
        let has_failed = snapshot.has("error") && !snapshot.has("status");
        if has_failed {
            self.status = Status::Failed;
        }
        self.take_snapshot(snapshot, &Told::by(snapshot), has_failed.then(|| Kind::Failed.name()));
    }

    /// Takes the next event; says what is wrong with it, whether or not that is listed already.
    pub fn apply(&mut self, event: &Event<'_>) -> Found {
        let found = event.deviations.and(self.fold(event));
        self.kept.add(event.json.text().len());
        // What an error is like does not matter beside what it says.
        if !found.is_empty() && event.kind != Kind::Error {
            self.deviate(found, event.sequence_number);
        }
        found
    }

    /// Takes the next event, a delta for a text that has begun, as [`Response::apply`] does. Where more is to be said of it
    /// than what the delta is, nothing changes and the answer is no.
    pub fn append(&mut self, delta: &Delta<'_>) -> bool {
        let sequence_number = delta.sequence_number.map(u64::from);
        let is_not_above = sequence_number.is_some() && sequence_number <= self.latest_number;
        let is_told = !is_not_above && !self.kept.is_in_doubt(delta.delta.length);
        let is_appended =
            is_told && self.items.get_mut(delta.about.output_index).is_some_and(|item| item.append(delta));
        if is_appended {
            self.kept.add(delta.delta.length);
            self.number(sequence_number);
        }
        is_appended
    }

    /// How large the texts are that the response is made of, in bytes.
    fn bytes(&self) -> usize {
        let texts = [&self.id, &self.error, &self.usage, &self.cost];
        let snapshot = self.snapshot.as_ref().map_or(0, |snapshot| snapshot.value().text().len());
        snapshot + texts.into_iter().map(length).sum::<usize>() + self.items.bytes(Item::bytes)
    }

    /// Takes an event that tells of a whole response, and of which nothing is to be said but that.
    pub fn end(&mut self, event: &Event<'_>) {
        self.state(event, event.kind);
    }

    /// Lists what was mended in an event, or in the answer as a whole.
    pub fn deviate(&mut self, found: Found, sequence_number: Option<u64>) {
        let ignored = if self.is_resumed { OF_THE_BEGINNING } else { Found::NONE };
        self.deviations.take(found.without(ignored), sequence_number);
    }

    /// What the server did against the protocol.
    #[must_use]
    pub fn deviations(&self) -> &Deviations {
        &self.deviations
    }

    fn fold(&mut self, event: &Event<'_>) -> Found {
        let Event { kind, sequence_number, .. } = *event;
        if let Some(usage) = event.usage {
            self.usage = Some(usage.text().to_owned());
            self.is_usage_beside = true;
        }
        if let Some(cost) = event.cost {
            self.cost = Some(cost.text().to_owned());
        }
        if !kind.is_known() {
            self.number(sequence_number);
            return Found::NONE;
        }
        let is_not_above = sequence_number.is_some() && sequence_number <= self.latest_number;
        let found = Found::NONE
            .and_if(sequence_number.is_none(), Deviation::MissingSequenceNumber)
            .and_if(is_not_above, Deviation::SequenceNotIncreasing)
            .and_if(!self.has_begun && kind != Kind::Created, Deviation::MissingCreated);
        self.number(sequence_number);
        self.has_begun |= kind != Kind::Error;
        found.and(match kind {
            Kind::Error => Found::NONE,
            kind if kind.is_state() => self.state(event, kind),
            _ => self.item(event),
        })
    }

    fn number(&mut self, sequence_number: Option<u64>) {
        self.latest_number = sequence_number.or(self.latest_number);
        self.highest_number = self.highest_number.max(sequence_number);
    }

    /// An event of the response as a whole.
    fn state(&mut self, event: &Event<'_>, kind: Kind) -> Found {
        self.status = match kind {
            Kind::Completed => Status::Completed,
            Kind::Failed => Status::Failed,
            Kind::Incomplete => Status::Incomplete,
            _ => self.status,
        };
        if kind == Kind::Failed {
            let flat = || Some(event.json).filter(|event| event.has("message"));
            self.error = event.error.or_else(flat).map(|error| error.text().to_owned());
        }
        let implied = kind.is_terminal().then(|| kind.name());
        match event.response.filter(|response| response.is_object()) {
            Some(response) => {
                let told = Told::by(response);
                if implied.is_none() {
                    self.seed(told.output);
                }
                self.take_snapshot(response, &told, implied)
            }
            None => {
                self.implied_status = implied;
                Deviation::MissingResponse.alone()
            }
        }
        .and_if(kind == Kind::Completed && self.items.iter().any(Item::is_open), Deviation::MissingItemDone)
    }

    /// The output of a response that goes on: it tells of items that no event has told of.
    fn seed(&mut self, output: Option<Value<'_>>) {
        if self.items.is_shared() {
            // Its places are not those of the events.
            return;
        }
        for (index, item) in output.unwrap_or(Value::known("[]")).elements().enumerate() {
            self.items.at(index as u64, Item::default).seed(item);
        }
    }

    /// A response object. It counts for all it tells; what it omits of [`FIELDS`], an earlier one may have told.
    fn take_snapshot(&mut self, response: Value<'_>, told: &Told<'_>, implied: Option<&'static str>) -> Found {
        let Told { fields, id, output, usage, cost } = *told;
        let mut found = Found::NONE;
        if let Some(usage) = usage {
            self.usage = Some(usage.text().to_owned());
        }
        let inside = || usage?.get("cost").filter(|cost| !cost.is_null());
        if let Some(cost) = cost.or_else(inside) {
            self.cost = Some(cost.text().to_owned());
        }
        let is_told = |name: &str| place(name).is_none_or(|at| fields & 1 << at != 0);
        let mut kept = String::new();
        if let Some(id) = id {
            found = found.and_if(self.id.as_deref().is_some_and(|known| known != id.text()), Deviation::ChangedId);
            self.id = Some(id.text().to_owned());
        }
        let is_sparse = self.told & !fields != 0;
        self.told |= fields;
        let earlier = self.snapshot.as_ref().filter(|_| is_sparse).map_or(Value::known("{}"), Document::value);
        for (name, value) in earlier.members() {
            if is_told(&name) {
                continue;
            }
            found = found.and(Deviation::SparseResponse.alone());
            // Of its end, the terminal event tells.
            if implied.is_none() || name != "status" {
                kept.push(',');
                write_string(&mut kept, &name);
                kept.push(':');
                kept.push_str(value.text());
            }
        }
        let is_empty = output.is_none_or(|output| output.inner_elements().is_empty());
        let is_lossy = implied.is_some() && self.complete(output);
        let is_streamed = self.items.iter().any(Item::is_known);
        let is_ended = matches!(self.status, Status::Completed | Status::Incomplete);
        found = found
            .and_if(is_ended && (is_lossy || (is_empty && is_streamed)), Deviation::EmptyOutput)
            .and_if(implied.is_some() && usage.is_none() && self.is_usage_beside, Deviation::MisplacedUsage);
        self.implied_status = implied.filter(|_| !is_told("status"));
        self.has_usage = if is_told("usage") { usage.is_some() } else { self.has_usage };
        self.has_output = !is_empty && !is_lossy;
        self.snapshot = Some(if kept.is_empty() {
            Document::of(response)
        } else {
            // A member that stands twice counts as it stands last.
            let inner = cut(response.text(), 0, response.text().len() - 1);
            let comma = usize::from(response.members().next().is_none());
            Document::known(fill("{}{}}", &[inner, cut(&kept, comma, kept.len())]))
        });
        found
    }

    /// Where a terminal output leaves texts out, or empty, that were told before: takes its items as the end of those, which keeps
    /// the texts, and says so.
    fn complete(&mut self, output: Option<Value<'_>>) -> bool {
        let output = output.unwrap_or(Value::known("[]"));
        let known: Vec<usize> = self.items.places().collect();
        if known.is_empty() {
            return false;
        }
        // Servers whose ids change have others here too.
        let is_paired = known.len() == output.elements().count();
        let (mut next, mut is_lossy, mut places) = (0, false, Vec::new());
        for (at, item) in output.elements().enumerate() {
            let is_at = |at: &usize, fits: fn(&Item, Value<'_>) -> bool| {
                known.get(*at).and_then(|place| self.items.get(*place)).is_some_and(|known| fits(known, item))
            };
            let same = (next..next + LATEST).find(|at| is_at(at, Item::is_same));
            let found = same.or_else(|| Some(at).filter(|at| is_paired && *at >= next && is_at(at, Item::is_alike)));
            is_lossy |= found.is_some_and(|at| is_at(&at, Item::has_beyond));
            next = found.map_or(next, |at| at + 1);
            places.push(found.and_then(|at| known.get(at)).copied());
        }
        if is_lossy {
            let items = output.elements().zip(places).map(|(item, place)| {
                let place = place.unwrap_or_else(|| self.items.push(Item::default()));
                self.items.thing(place).replace(Some(item), true);
                place
            });
            let places: Vec<usize> = items.collect();
            self.items.arrange(&places);
        }
        is_lossy
    }

    /// How far the response has come.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// Whether an event of the protocol has come, other than an error.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.has_begun
    }

    /// The response's id.
    #[must_use]
    pub fn id(&self) -> Option<Cow<'_, str>> {
        Value::known(self.id.as_deref()?).as_str()
    }

    /// Whether the server works on it in the background, and so keeps it; nothing where it does not tell.
    #[must_use]
    pub fn is_background(&self) -> Option<bool> {
        self.snapshot.as_ref()?.value().get("background")?.as_bool()
    }

    /// The highest `sequence_number` of the events so far. Where a server's numbers fall, a stream that goes on behind a lower one
    /// would tell events twice, and break in the same place for ever.
    #[must_use]
    pub fn last_sequence_number(&self) -> Option<u64> {
        self.highest_number
    }

    /// The tokens used, as JSON text: `usage` of the response, or of an event beside it, whichever came last.
    #[must_use]
    pub fn usage(&self) -> Option<&str> {
        self.usage.as_deref()
    }

    /// What the response costs, as the JSON text of a number: `cost` of its usage, of the response, or of an event beside
    /// it, whichever came last.
    #[must_use]
    pub fn cost(&self) -> Option<&str> {
        let inside = || Value::known(self.usage()?).get("cost").map(Value::text);
        self.cost.as_deref().or_else(inside).filter(|cost| begins_number(cost))
    }

    /// The response so far as JSON text, with `output_text` beside the server's own fields.
    ///
    /// The output of a terminal event is the server's last word and stands as it is; where it is missing or empty, and
    /// until then, the output is what was streamed.
    #[must_use]
    pub fn to_json(&self) -> String {
        let base = self.snapshot.as_ref().map_or(Value::known("{}"), Document::value);
        let mut replaced = Vec::new();
        if let Some(status) = self.implied_status {
            replaced.push(("status", quoted(status)));
        }
        if let Some(usage) = self.usage.as_ref().filter(|_| !self.has_usage) {
            replaced.push(("usage", usage.clone()));
        }
        if (self.status == Status::Open && !self.items.is_empty()) || !self.has_output {
            let mut output = Array::new();
            for item in self.items.iter() {
                if item.is_known() {
                    output.push(&item.to_json());
                }
            }
            replaced.push(("output", output.finish()));
        }
        // Where a server tells of no output at all, its text is all there is.
        let is_told = base.get("output").is_none() && base.get("output_text").and_then(Value::escaped).is_some();
        let complete = if is_told && !self.items.iter().any(Item::is_known) { keep } else { with_output_text };
        if replaced.is_empty() {
            return complete(base);
        }
        complete(Value::known(&Object::replaced(base, &replaced)))
    }

    /// The error of a response that the server declared failed.
    #[must_use]
    pub fn failure(&self) -> Option<Error> {
        let snapshot = self.snapshot.as_ref().map(Document::value);
        let says = |status: &str| snapshot.is_some_and(|snapshot| snapshot.says("status", status));
        if self.status != Status::Failed && !says("failed") {
            return None;
        }
        let error = snapshot.and_then(|snapshot| snapshot.get("error")).filter(|error| !error.is_null());
        let error = error.map(Value::text).or(self.error.as_deref());
        let error = error.unwrap_or(if says("cancelled") {
            r#"{"message":"The response was cancelled."}"#
        } else {
            r#"{"message":"The server declared the response failed and did not say why."}"#
        });
        let body = Object::new().raw("error", error).finish();
        let mut error = api_error(None, &body, None, None);
        error.class = Class::ResponseFailedError;
        Some(error)
    }

    /// An event about an item.
    fn item(&mut self, event: &Event<'_>) -> Found {
        let known = self.item_of(event);
        let index = event.output_index.unwrap_or_else(|| self.items.next_index());
        // Where there is another item already, that has another id.
        let is_shared = known.is_none()
            && event.output_index.is_some()
            && self.items.place(index).is_some()
            && event.about().is_some();
        let place = known.unwrap_or_else(|| self.items.put(index, Item::default()));
        let item = self.items.thing(place);
        item.apply(event, known.is_none())
            .and_if(event.output_index.is_none(), Deviation::MissingOutputIndex)
            .and_if(is_shared, Deviation::ChangedId)
    }

    /// The place of the item that an event is about, if there is one: the one of its id, else the newest at its index, else the
    /// last. Where that is of another kind, an event without an id may go on with one before it.
    fn item_of(&self, event: &Event<'_>) -> Option<usize> {
        let (index, id) = (event.output_index, event.about());
        let by_id = |id| self.items.latest(index, LATEST, &|item| item.has_id(id) && item.takes(event, true));
        let newest = index.map_or_else(|| self.items.last(), |index| self.items.place(index));
        let is_newest = |item: &Item| item.takes(event, index.is_some()) && !item.is_past(event);
        let before = || {
            let is_behind_call = newest.and_then(|place| self.items.get(place)).is_some_and(Item::is_call);
            let may_go_on = |item: &Item| item.takes(event, false) && item.may_go_on(event, is_behind_call);
            self.items.latest(index, LATEST, &may_go_on)
        };
        id.and_then(by_id)
            .or_else(|| newest.filter(|place| self.items.get(*place).is_some_and(is_newest)))
            .or_else(before)
    }
}

fn keep(response: Value<'_>) -> String {
    response.text().to_owned()
}

fn length(text: &Option<String>) -> usize {
    text.as_ref().map_or(0, String::len)
}
