//! Fold events into the response so far.
//!
//! Knows the life of items and parts; knows no transport and no JavaScript. Accumulation is keyed by `output_index`
//! (and content or summary index), never by id: some servers send another id with every event.

mod item;
mod output_text;
mod slots;

pub use output_text::{output_text, with_output_text};

use crate::error::{Class, Error, api_error};
use crate::event::{Event, Kind};
use crate::json::{Object, Value};
use item::Item;
use slots::Slots;

/// The response, as far as its events tell.
///
/// Snapshots the server sends are kept as their own text; only what the events changed is written anew when the whole is
/// asked for. Nothing is parsed twice and no field is lost, known or not.
#[derive(Debug, Default)]
pub struct Response {
    /// The text of the last response object a server sent.
    snapshot: Option<String>,
    items: Slots<Item>,
    status: Status,
    /// The error that `response.failed` holds beside its response, as JSON text.
    error: Option<String>,
    last_sequence_number: Option<u64>,
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

impl Response {
    /// A response of which nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A response that arrived whole.
    #[must_use]
    pub fn from_snapshot(snapshot: Value<'_>) -> Self {
        Self { snapshot: Some(snapshot.text().to_owned()), ..Self::default() }
    }

    /// Takes the next event.
    pub fn apply(&mut self, event: &Event<'_>) {
        if event.sequence_number.is_some() {
            self.last_sequence_number = event.sequence_number;
        }
        self.status = match event.kind {
            Kind::Completed => Status::Completed,
            Kind::Failed => Status::Failed,
            Kind::Incomplete => Status::Incomplete,
            _ => self.status,
        };
        if event.kind == Kind::Failed {
            self.error = event.error.map(|error| error.text().to_owned());
        }
        match event.kind {
            Kind::Created | Kind::Queued | Kind::InProgress | Kind::Completed | Kind::Failed | Kind::Incomplete => {
                if let Some(response) = event.response {
                    self.snapshot = Some(response.text().to_owned());
                }
            }
            kind if kind.is_known() && kind != Kind::Error => self.item(event).apply(event),
            _ => (),
        }
    }

    /// How far the response has come.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// The `sequence_number` of the last event that had one.
    #[must_use]
    pub fn last_sequence_number(&self) -> Option<u64> {
        self.last_sequence_number
    }

    /// The response so far as JSON text, with `output_text` beside the server's own fields.
    ///
    /// The output of a terminal event is the server's last word and stands as it is; where it is missing or empty, and
    /// until then, the output is what was streamed.
    #[must_use]
    pub fn to_json(&self) -> String {
        let snapshot = self.snapshot.as_deref().and_then(|text| Value::parse(text).ok());
        let mut items = self.items.iter().filter(|item| item.is_known()).peekable();
        let base = match snapshot {
            Some(base) if items.peek().is_none() || self.has_final_output(base) => return with_output_text(base),
            base => base.map_or("{}", Value::text),
        };
        let mut output = String::from("[");
        for item in items {
            if output.len() > 1 {
                output.push(',');
            }
            output.push_str(&item.to_json());
        }
        output.push(']');
        let whole = Value::parse(base).map(|base| Object::replaced(base, &[("output", output)])).unwrap_or_default();
        // An item may be nested so deeply that the response around it is beyond what is read: it stands as it is.
        let with_text = Value::parse(&whole).ok().map(with_output_text);
        with_text.unwrap_or(whole)
    }

    /// The error of a response that the server declared failed.
    #[must_use]
    pub fn failure(&self) -> Option<Error> {
        let snapshot = self.snapshot.as_deref().and_then(|text| Value::parse(text).ok());
        let status = snapshot.and_then(|snapshot| snapshot.get("status")).and_then(Value::as_str);
        if self.status != Status::Failed && status.as_deref() != Some("failed") {
            return None;
        }
        let error = snapshot.and_then(|snapshot| snapshot.get("error")).filter(|error| !error.is_null());
        let error = error.map(Value::text).or(self.error.as_deref());
        let error = error.unwrap_or(r#"{"message":"The server declared the response failed and did not say why."}"#);
        let body = Object::new().raw("error", error).finish();
        Some(Error { class: Class::ResponseFailedError, ..api_error(None, &body, None, None) })
    }

    fn has_final_output(&self, snapshot: Value<'_>) -> bool {
        self.status != Status::Open && snapshot.get("output").is_some_and(|output| output.elements().next().is_some())
    }

    /// The item an event is about. An event without an index is about the item that is being written: the last one.
    fn item(&mut self, event: &Event<'_>) -> &mut Item {
        let last = self.items.last_index();
        let index = event.output_index.unwrap_or(match (event.kind, last) {
            (Kind::OutputItemAdded, Some(last)) => last.saturating_add(1),
            (_, last) => last.unwrap_or(0),
        });
        self.items.at(index, Item::default)
    }
}
