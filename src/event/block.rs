use super::repetitions::Shortened;
use super::{Delta, Event};
use crate::pieces::Pieces;
use alloc::string::String;
use alloc::vec::Vec;

/// The events one chunk of the stream yields, handed to JavaScript in one go.
///
/// A call across the boundary per event would cost more than parsing it. A delta that was recognised is a row of numbers
/// and a piece of a text; all other events are the elements of one JSON array, which one `JSON.parse` reads. Every text in
/// it has been checked, so that two broken payloads can never pair up into valid JSON.
///
/// The numbers say what comes next:
///
/// | number | what | what follows it |
/// | --- | --- | --- |
/// | `JSON` | the next element of the array | |
/// | `REPETITIONS` | the next element is about long strings of the one behind it: see below | |
/// | `SAMPLE + t` | that element is what the deltas of template `t` look like | |
/// | `t` | a delta by template `t` | UTF-16 lengths of delta and obfuscation in the text, `sequence_number` |
///
/// Repetitions are arrays of a number and of the names and indexes that lead to a string in the event. By `n` an empty one stands
/// there in the place of string `n` of those told before; by `-1 - n` it is string `n` from now on.
#[derive(Debug, Default)]
pub struct Block {
    columns: Columns,
    /// Deltas and obfuscations, unescaped, one after the other, in UTF-8.
    text: Pieces,
    /// How much of it is of deltas that were added.
    text_length: usize,
    is_beyond_ascii: bool,
    /// A place in the text, in UTF-16 code units and in bytes.
    place: (usize, usize),
    json: String,
    /// Whether the array has its closing bracket.
    is_closed: bool,
    events: usize,
    heartbeats: usize,
}

/// In the columns: an event that is told as JSON.
pub const JSON: u32 = 0x100;

/// In the columns: strings of the JSON that follows have been told before, or are told again.
pub const REPETITIONS: u32 = 0x101;

/// In the columns: the JSON before is a sample.
pub const SAMPLE: u32 = 0x200;

impl Block {
    /// Adds an event.
    pub fn push(&mut self, event: &Event<'_>) {
        self.push_json(&event.told());
    }

    /// Adds an event that is JSON text already known to be valid.
    pub fn push_json(&mut self, json: &str) {
        self.push_element(json);
        self.columns.push([JSON]);
        self.events += 1;
    }

    fn push_element(&mut self, json: &str) {
        if core::mem::take(&mut self.is_closed) {
            self.json.pop();
        }
        self.json.push(if self.json.is_empty() { '[' } else { ',' });
        self.json.push_str(json);
    }

    /// Adds an event without the strings that have been told before.
    pub(super) fn push_shortened(&mut self, event: &Shortened<'_>) {
        self.push_element(&event.strings);
        self.columns.push([REPETITIONS]);
        self.push_json(&event.json);
    }

    /// Where the strings of the next delta are put: the delta itself, and the obfuscation behind it.
    pub(super) fn next_text(&mut self) -> &mut Pieces {
        self.text.truncate(self.text_length);
        &mut self.text
    }

    /// Adds a delta that fits the template of that number, and whose strings have been put there.
    pub(super) fn push_delta(&mut self, template: usize, delta: &Delta<'_>) {
        let Delta { delta, obfuscation, sequence_number, .. } = delta;
        self.columns.push([low(template), delta.units, obfuscation.units, sequence_number.unwrap_or_default()]);
        self.text_length = self.text.len();
        self.is_beyond_ascii |= !(delta.is_ascii && obfuscation.is_ascii);
        self.events += 1;
    }

    /// Says that the event added last is what the deltas of a template look like.
    pub(super) fn mark_sample(&mut self, template: usize) {
        self.columns.push([SAMPLE + low(template)]);
    }

    /// Counts a comment: the server is alive.
    pub fn push_heartbeat(&mut self) {
        self.heartbeats += 1;
    }

    /// How many events the block holds.
    #[must_use]
    pub fn events(&self) -> usize {
        self.events
    }

    /// How many comments the server sent.
    #[must_use]
    pub fn heartbeats(&self) -> usize {
        self.heartbeats
    }

    /// Whether there is nothing to hand over.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events == 0 && self.heartbeats == 0
    }

    /// What comes after what: see the table.
    #[must_use]
    pub fn columns(&self) -> &[u32] {
        self.columns.words()
    }

    /// The strings of the recognised deltas, in UTF-8.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        self.text.bytes().get(..self.text_length).unwrap_or_default()
    }

    /// A part of the text, between two places in UTF-16 code units. Parts in the order of the text cost no more than itself.
    pub fn part(&mut self, from: usize, to: usize) -> &[u8] {
        if self.is_ascii() {
            return self.text.bytes().get(from..to).unwrap_or_default();
        }
        let known = if self.place.0 <= from { self.place } else { (0, 0) };
        let bytes = self.text.bytes();
        self.place = further(bytes, known, from);
        let (_, end) = further(bytes, self.place, to);
        bytes.get(self.place.1..end).unwrap_or_default()
    }

    /// Whether the text is known to be nothing but ASCII.
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        !self.is_beyond_ascii
    }

    /// The other events as the text of one JSON array; empty where there are none.
    pub fn json(&mut self) -> &str {
        if !self.is_closed && !self.json.is_empty() {
            self.json.push(']');
            self.is_closed = true;
        }
        &self.json
    }

    /// Empties the block, keeping its memory for the next chunk.
    pub fn clear(&mut self) {
        self.columns.clear();
        self.text_length = 0;
        self.json.clear();
        (self.is_closed, self.is_beyond_ascii) = (false, false);
        self.place = (0, 0);
        (self.events, self.heartbeats) = (0, 0);
    }
}

/// From a place in a text of UTF-8, in UTF-16 code units and in bytes, to one behind it.
fn further(text: &[u8], from: (usize, usize), to: usize) -> (usize, usize) {
    let (mut units, mut at) = from;
    while let Some(byte) = text.get(at) {
        let is_continued = byte & 0xC0 == 0x80;
        if units >= to && !is_continued {
            break;
        }
        units += usize::from(!is_continued) + usize::from(*byte >= 0xF0);
        at += 1;
    }
    (units, at)
}

/// Sizes in wasm have 32 bits.
pub(super) fn low(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Numbers that grow by a few. A `Vec` copies them by `memory.copy`, a call that costs more than what it copies.
#[derive(Debug, Default)]
struct Columns {
    /// What has been written, and zeros or what was written before.
    room: Vec<u32>,
    length: usize,
}

impl Columns {
    #[inline(always)]
    fn push<const N: usize>(&mut self, words: [u32; N]) {
        let end = self.length + N;
        if self.room.len() < end {
            self.grow(end);
        }
        if let Some(place) = self.room.get_mut(self.length..).and_then(<[u32]>::first_chunk_mut) {
            *place = words;
        }
        self.length = end;
    }

    #[inline(never)]
    fn grow(&mut self, needed: usize) {
        self.room.resize(needed * 2, 0);
    }

    fn words(&self) -> &[u32] {
        self.room.get(..self.length).unwrap_or_default()
    }

    fn clear(&mut self) {
        self.length = 0;
    }
}
