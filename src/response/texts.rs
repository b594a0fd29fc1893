use crate::deviation::{Deviation, Found};
use crate::event::Written;
use crate::json::{Value, says_same};
use crate::pieces::Pieces;
use crate::scan::is_same;
use crate::text::fill;
use alloc::string::String;

/// A text as it is streamed.
///
/// Kept as it is written in JSON, escapes and all: deltas are copied and never read, and the two halves of a surrogate
/// pair that a server puts into two deltas stand side by side again. As bytes,
/// so that short deltas need not be looked at.
#[derive(Debug, Default)]
pub(super) struct Text(Option<Pieces>);

/// What a whole text leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Settled {
    /// It is kept here.
    Streamed,
    /// It is kept in a snapshot, which holds it.
    Elsewhere,
}

impl Text {
    /// Before the first delta: a text continues what the snapshot holds.
    pub(super) fn begin(&mut self, snapshot: Option<&str>, field: &str) {
        self.0.get_or_insert_with(|| {
            let told = snapshot.and_then(|snapshot| Value::known(snapshot).get(field)).and_then(Value::escaped);
            Pieces::of(told.unwrap_or_default().as_bytes())
        });
    }

    /// Adds a delta; says whether it was one.
    pub(super) fn append(&mut self, delta: Option<Value<'_>>) -> bool {
        let Some(delta) = delta.and_then(Value::escaped) else { return false };
        self.0.get_or_insert_default().append(delta.as_bytes());
        true
    }

    /// Adds a delta, as it is written between its quotes in UTF-8, to a text that has begun.
    pub(super) fn go_on(&mut self, delta: &Written<'_>) -> bool {
        self.0.as_mut().map(|text| text.append_start(delta.seen, delta.length)).is_some()
    }

    /// Takes the whole, which counts unless it is empty, or no text.
    pub(super) fn settle(&mut self, whole: Option<Value<'_>>, settled: Settled) -> Found {
        let streamed = self.0.as_ref().map_or(&[][..], Pieces::bytes);
        if whole.is_some_and(|whole| !whole.is_null() && whole.escaped().is_none()) {
            return Deviation::InvalidDelta.alone();
        }
        let Some(whole) = whole.and_then(Value::escaped).filter(|whole| !whole.is_empty()) else {
            return Found::NONE.and_if(!streamed.is_empty(), Deviation::EmptyDone);
        };
        // The same text may be escaped in two ways.
        let is_same = is_same(streamed, whole.as_bytes());
        let differs = !is_same && !streamed.is_empty() && !says_same(streamed, whole.as_bytes());
        if settled == Settled::Elsewhere {
            self.0 = None;
        } else if !is_same {
            self.0 = Some(Pieces::of(whole.as_bytes()));
        }
        Found::NONE.and_if(differs, Deviation::TextDiffers)
    }

    /// Whether anything was streamed that no snapshot holds.
    pub(super) fn is_streamed(&self) -> bool {
        self.0.is_some()
    }

    /// In bytes.
    pub(super) fn len(&self) -> usize {
        self.0.as_ref().map_or(0, Pieces::len)
    }

    /// As a JSON string, where anything was streamed.
    pub(super) fn to_json(&self) -> Option<String> {
        self.written().map(|text| fill("\"{}\"", &[text]))
    }

    fn written(&self) -> Option<&str> {
        core::str::from_utf8(self.0.as_ref()?.bytes()).ok()
    }
}
