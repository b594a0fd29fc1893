use super::block::low;
use super::{Event, Kind, Stream};
use crate::json::append_faithful;
use crate::pieces::{Pieces, Plain};
use crate::scan::{behind, behind_inlined, is_same, utf16_length};
use crate::sse;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// What the deltas of one text look like: learned from one of them, byte by byte, but for what changes from each to the
/// next.
///
/// ```text
/// {"type":"…","item_id":"…","output_index":0,"content_index":0,"delta":"Hel","logprobs":[],"obfuscation":"kG","sequence_number":7}
/// └──────────────────────── the same ────────────────────────────────┘ ┬ └──────── the same ────────────┘ ┬ └── the same ───┘ ┬ ┘
///                                                                    slot                               slot                 slot
/// ```
///
/// An event that fits is JSON, and the sample but for its slots, so nothing of it needs to be read. One that differs in
/// any other byte does not fit.
#[derive(Debug)]
pub(super) struct Template {
    /// The SSE event's name.
    name: Vec<u8>,
    /// The sample: all of the event as it stood in the stream, or the data alone where it may stand otherwise the next time.
    sample: Vec<u8>,
    is_whole: bool,
    /// Where the data is in it.
    data: Range<usize>,
    slots: Vec<Slot>,
    about: About,
}

/// What stands at one place of a template.
#[derive(Debug)]
struct Slot {
    what: What,
    /// Where it is in the sample.
    from: usize,
    to: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Delta,
    Obfuscation,
    SequenceNumber,
}

/// Which text the deltas belong to.
#[derive(Debug)]
pub struct About {
    /// By the event's type.
    pub stream: Stream,
    /// `output_index`
    pub output_index: u64,
    /// `content_index`
    pub content_index: Option<u64>,
    /// `summary_index`
    pub summary_index: Option<u64>,
    /// `item_id`, as JSON text
    pub item_id: Option<String>,
}

/// What a template is compared with.
#[derive(Debug, Clone, Copy)]
pub enum Seen<'a> {
    /// The bytes of a stream, from the beginning of an event on.
    Bytes(&'a [u8]),
    /// An event.
    Event(sse::Event<'a>),
}

/// A delta that fits a template.
#[derive(Debug, Clone, Copy)]
pub struct Delta<'a> {
    /// Which text it belongs to.
    pub about: &'a About,
    /// `sequence_number`
    pub sequence_number: Option<u32>,
    /// `delta`
    pub delta: Written<'a>,
    /// `obfuscation`
    pub obfuscation: Written<'a>,
}

/// A string as it is written, in UTF-8.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a> {
    /// From behind the quote that begins it on, and what follows it.
    pub seen: &'a [u8],
    /// How many bytes there are before the quote that ends it.
    pub length: usize,
    /// How long it is, in UTF-16 code units.
    pub units: u32,
    /// Whether it is nothing but ASCII.
    pub is_ascii: bool,
}

/// Members of a sample; the events of the protocol have up to ten.
const MAX_MEMBERS: usize = 16;

/// Bytes of a sample; those of real servers have some 300.
const MAX_SAMPLE: usize = 4096;

/// Digits of a sequence number that fit 32 bits beyond doubt.
const MAX_DIGITS: usize = 9;

impl Template {
    /// Learns from an event of which nothing is to be said but what it says: a delta for a text that has begun. Whatever
    /// makes it more than its slots and plain constants keeps it from being a template.
    pub(super) fn learn(sse: &sse::Event<'_>, raw: &[u8], event: &Event<'_>) -> Option<Self> {
        let Kind::Delta(stream) = event.kind else { return None };
        let text = event.json.text();
        let is_more = event.response.or(event.item).or(event.part).or(event.annotation).or(event.error).is_some()
            || event.usage.or(event.cost).is_some();
        if is_more || text.len() != sse.data.len() || text.len() > MAX_SAMPLE {
            return None;
        }
        let head = head_length(sse, raw);
        let (sample, begin) = head.map_or((sse.data, 0), |begin| (raw, begin));
        let mut names: Vec<String> = Vec::new();
        let mut slots: Vec<Slot> = Vec::new();
        for (name, value) in event.json.members() {
            if names.len() == MAX_MEMBERS || names.iter().any(|known| *known == *name) {
                return None;
            }
            let what = match &*name {
                "delta" => Some(What::Delta),
                "obfuscation" => Some(What::Obfuscation),
                "sequence_number" => Some(What::SequenceNumber),
                _ => None,
            };
            let inside = match what {
                Some(What::SequenceNumber) => digits(value.text().as_bytes()).and(Some(value.text()))?,
                Some(_) => value.escaped()?,
                // What holds something may hold anything; what holds nothing is made anew for each event.
                None if value.members().next().is_some() || value.elements().next().is_some() => return None,
                None => "",
            };
            if let Some(what) = what {
                let from = begin + inside.as_ptr().addr() - text.as_ptr().addr();
                slots.push(Slot { what, from, to: from + inside.len() });
            }
            names.push(name.into_owned());
        }
        let about = About {
            stream,
            output_index: event.output_index?,
            content_index: event.content_index,
            summary_index: event.summary_index,
            item_id: event.item_id.map(|id| id.text().to_owned()),
        };
        let has_delta = slots.iter().any(|slot| slot.what == What::Delta);
        has_delta.then(|| Self {
            name: sse.name.to_owned(),
            sample: sample.to_owned(),
            is_whole: head.is_some(),
            data: begin..begin + text.len(),
            slots,
            about,
        })
    }

    /// The delta of an event that fits, and how many bytes of what was seen the event has. What its strings say is added to
    /// `text`, the delta first.
    #[inline(always)]
    pub(super) fn fit<'a>(&'a self, seen: Seen<'a>, text: &mut Pieces) -> Option<(Delta<'a>, usize)> {
        let (bytes, mut from, to) = match seen {
            Seen::Bytes(bytes) if self.is_whole => (bytes, 0, self.sample.len()),
            Seen::Event(event) if is_same(event.name, &self.name) => (event.data, self.data.start, self.data.end),
            _ => return None,
        };
        let begin = text.len();
        let mut is_in_order = true;
        let (mut delta, mut obfuscation, mut sequence_number) = (Written::NONE, Written::NONE, None);
        let mut rest = bytes;
        for slot in &self.slots {
            rest = behind_inlined(rest, self.sample.get(from..slot.from)?)?;
            match slot.what {
                What::Delta => {
                    is_in_order = text.len() == begin;
                    delta = Written::take(&mut rest, text)?;
                }
                What::Obfuscation => obfuscation = Written::take(&mut rest, text)?,
                What::SequenceNumber => {
                    let (number, length) = digits(rest)?;
                    sequence_number = Some(number);
                    rest = rest.get(length..)?;
                }
            }
            from = slot.to;
        }
        rest = behind_inlined(rest, self.sample.get(from..to)?)?;
        if matches!(seen, Seen::Event(_)) && !rest.is_empty() {
            return None;
        }
        if !is_in_order {
            text.truncate(begin);
            append_faithful(delta.seen, text);
            append_faithful(obfuscation.seen, text);
        }
        Some((Delta { about: &self.about, sequence_number, delta, obfuscation }, bytes.len() - rest.len()))
    }
}

impl<'a> Written<'a> {
    /// What is not there.
    const NONE: Self = Self { seen: &[], length: 0, units: 0, is_ascii: true };

    /// Takes the inside of a string whose quote has been read, up to the one that ends it. What it says is added to `text`.
    #[inline(always)]
    fn take(rest: &mut &'a [u8], text: &mut Pieces) -> Option<Self> {
        let (seen, begin) = (*rest, text.len());
        let Plain { length, is_ascii } = append_faithful(seen, text);
        let behind = seen.get(length..)?;
        // A comparison of two options would be a call.
        let [b'"', ..] = behind else { return None };
        *rest = behind;
        let bytes = text.len() - begin;
        let units = if is_ascii { bytes } else { utf16_length(text.from(begin), bytes)? };
        Some(Self { seen, length, units: low(units), is_ascii })
    }
}

/// How many bytes stand before the data of an event, where all of it is known and is nothing but its name, one line of
/// data and line ends: what else there may be in an event has a meaning of its own.
fn head_length(sse: &sse::Event<'_>, raw: &[u8]) -> Option<usize> {
    let length = sse.data.as_ptr().addr().checked_sub(raw.as_ptr().addr())?;
    let tail = raw.get(length + sse.data.len()..)?;
    let mut head = raw.get(..length)?;
    if !sse.name.is_empty() {
        head = behind(head, b"event:")?;
        head = behind(behind(head, b" ").unwrap_or(head), sse.name)?;
        while let Some(rest) = behind(head, b"\n").or_else(|| behind(head, b"\r")) {
            head = rest;
        }
    }
    let is_plain = matches!(head, b"data:" | b"data: ") && tail.iter().all(|byte| matches!(byte, b'\n' | b'\r'));
    is_plain.then_some(length)
}

/// A plain integer at the start, and how many digits it has. What follows it in a sample ends it in every event that fits.
fn digits(bytes: &[u8]) -> Option<(u32, usize)> {
    let (mut number, mut length) = (0, 0);
    while let Some(digit @ b'0'..=b'9') = bytes.get(length) {
        if length == MAX_DIGITS || (length > 0 && number == 0) {
            return None;
        }
        number = number * 10 + u32::from(digit - b'0');
        length += 1;
    }
    (length > 0).then_some((number, length))
}
