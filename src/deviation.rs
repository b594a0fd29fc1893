//! What servers do against the protocol, and how it is mended.
//!
//! Knows the codes and their words, and keeps the list of what a response came with; knows no event and no JavaScript.
//!
//! The table is [`Deviation`]. Not listed is what needs no mending: absent `event:` lines, an absent `[DONE]`, comments,
//! gaps in the sequence, what follows the terminal event, unknown events, items, parts, fields and values, and fields
//! that a server never tells.

use crate::json::{Array, Object};
use crate::text::{Rows, decimal};
use alloc::string::String;
use alloc::vec::Vec;

/// Makes the enum and its table of codes and messages of one list.
macro_rules! deviations {
    ($($name:ident $code:literal $message:literal)*) => {
        /// What a server did against the protocol. The list is closed, its codes are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Deviation {
            $(#[doc = concat!("`", $code, "`: ", $message)] $name,)*
        }

        /// Code and message of each, in the order of [`Deviation`].
        const TABLE: &str = concat!($($code, " ", $message, "\n",)*);
    };
}

deviations! {
    InvalidJson "invalid_json" "The data of an event is no JSON object, or too deep: left out."
    InvalidUtf8 "invalid_utf8" "An event, or the JSON of an answer, is not UTF-8: U+FFFD stands for what is not."
    JoinedEvents "joined_events" "Several events without a blank line between them: taken apart."
    UnterminatedEvent "unterminated_event" "The last event without a blank line behind it: taken, as it ends the response."
    MisplacedData "misplaced_data" "The JSON of an event in the line behind its data: taken as its data."
    EventNameMismatch "event_name_mismatch" "An event's name and its type differ: the type counts."
    MissingType "missing_type" "An event without type: told from its name or shape, and added."
    Synonym "synonym" "Another name for a type of the specification: taken as that."
    MissingSequenceNumber "missing_sequence_number" "An event without sequence_number: taken as it comes."
    SequenceNotIncreasing "sequence_not_increasing" "A sequence_number not above the one before: taken as it comes."
    MissingCreated "missing_created" "A stream that does not begin with response.created: begun as it comes."
    MissingResponse "missing_response" "An event of the response without response: what was known stays."
    SparseResponse "sparse_response" "A response without fields that were told before: they are kept."
    EmptyOutput "empty_output" "A response that ends without the output told before: it is kept."
    MisplacedUsage "misplaced_usage" "The usage beside the response: put into it."
    ChangedId "changed_id" "Another id of the response or of an item: indexes count, unless it is another item."
    MissingItemId "missing_item_id" "An event about an item without item_id: indexes count."
    MissingOutputIndex "missing_output_index" "An event about an item without output_index: the item of its id is meant, else the last."
    MissingPartIndex "missing_part_index" "An event about a part without its index: the last part is meant."
    MissingItemAdded "missing_item_added" "An item that was not announced: made of what comes."
    MissingItemDone "missing_item_done" "A completed response with an unfinished item: what was streamed counts."
    MissingPartAdded "missing_part_added" "A part that was not announced: made of what comes."
    InvalidDelta "invalid_delta" "A delta, or a whole text, that is no string: left out; arguments that come no other way are kept."
    TextDiffers "text_differs" "A text that is another at its end than its deltas: the later one counts."
    EmptyDone "empty_done" "The end of a text without the text: what was streamed is kept."
    WrongContentType "wrong_content_type" "A body that is not what its content-type says: read as what it is."
    JsonForStream "json_for_stream" "JSON where a stream was asked for: told as the event that ends one."
    StreamForJson "stream_for_json" "A stream where JSON was asked for: read to its end."
}

/// How many are listed at most.
const MAX_LISTED: usize = 100;

impl Deviation {
    /// Code and message of all of them.
    pub fn table() -> impl Iterator<Item = (&'static str, &'static str)> {
        Rows(TABLE)
    }
}

/// A set of deviations: those of one event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found(u32);

impl Found {
    /// None.
    pub const NONE: Self = Self(0);

    /// This set and another one.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This set, and the deviation where that is so.
    #[must_use]
    pub const fn and_if(self, is_so: bool, deviation: Deviation) -> Self {
        if is_so { self.and(deviation.alone()) } else { self }
    }

    /// This set without those of another one.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the deviation is in it.
    #[must_use]
    pub const fn has(self, deviation: Deviation) -> bool {
        self.0 & deviation.alone().0 != 0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl Deviation {
    /// What a server does all along: it says nothing about an event that it does not say about all like it.
    pub const OF_EVERY_EVENT: Found = Self::MissingSequenceNumber
        .alone()
        .and(Self::MissingItemId.alone())
        .and(Self::Synonym.alone())
        .and(Self::EventNameMismatch.alone());

    /// The set of this one.
    #[must_use]
    pub const fn alone(self) -> Found {
        Found(1 << self as u32)
    }
}

/// What a response came with: each deviation once, with the number of the event that first had it; but events that are
/// lost are listed one by one. The list ends at 100.
#[derive(Debug, Default)]
pub struct Deviations {
    list: Vec<(usize, Option<u64>)>,
    seen: Found,
}

impl Deviations {
    /// Takes those of an event.
    pub fn take(&mut self, found: Found, sequence_number: Option<u64>) {
        let mut new = found.0 & (!self.seen.0 | Deviation::InvalidJson.alone().0);
        self.seen = self.seen.and(found);
        while new != 0 && self.list.len() < MAX_LISTED {
            self.list.push((new.trailing_zeros() as usize, sequence_number));
            new &= new - 1;
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none: the server kept the protocol.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Code, message and the sequence number of the event, of each.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &'static str, Option<u64>)> {
        self.list.iter().filter_map(|(at, number)| Rows(TABLE).nth(*at).map(|(code, message)| (code, message, *number)))
    }

    /// The list as the text of a JSON array of `{ code, message, sequence_number }`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut list = Array::new();
        for (code, message, sequence_number) in self.iter() {
            let number = sequence_number.map(decimal);
            let mut record = Object::new();
            record.string("code", code).string("message", message);
            record.raw("sequence_number", number.as_deref().unwrap_or("null"));
            list.push(&record.finish());
        }
        list.finish()
    }
}
