use super::{Event, Kind};
use crate::json::Value;
use crate::scan::is_same;
use crate::text::{append, cut, decimal};
use alloc::borrow::{Cow, ToOwned};
use alloc::string::String;
use alloc::vec::Vec;

/// The long strings of a stream, most of which it tells several times: a text in three events of its end and in the whole
/// response, the instructions in every response object.
///
/// Read as JSON once, such a string is put into later events where it stands, in which an empty one is left in its place:
/// unescaping it again would cost more than all that is done with its deltas.
#[derive(Debug, Default)]
pub(super) struct Repetitions {
    /// As they are written, quotes included.
    known: Vec<String>,
    /// How long they are together.
    bytes: usize,
}

/// An event without the strings that have been told before.
#[derive(Debug)]
pub(super) struct Shortened<'a> {
    /// How many values more may be looked into.
    looks: usize,
    /// How much of the event's text has been copied, or left out.
    seen: usize,
    whole: &'a str,
    pub(super) json: String,
    /// What strings those are, and which are new: see [`super::REPETITIONS`].
    pub(super) strings: String,
}

/// Bytes. Of shorter ones nothing is won that can be measured.
const LONG: usize = 8 * 1024;

/// How long the known strings may be together, in bytes, and how many there may be.
const MAX_BYTES: usize = 1024 * 1024;
const MAX_KNOWN: usize = 32;

/// How many values of an event are looked into, and each is looked for once more: no object may make that quadratic.
const MAX_LOOKS: usize = 128;

impl Repetitions {
    /// The event as it is told by what was told before; nothing where that makes no difference.
    pub(super) fn shorten<'a>(&mut self, event: &Event<'a>) -> Option<Shortened<'a>> {
        let whole = event.json.text();
        // Deltas are parts of what is told as a whole later.
        if whole.len() < LONG || matches!(event.kind, Kind::Delta(_)) {
            return None;
        }
        let mut shortened = Shortened { looks: MAX_LOOKS, seen: 0, whole, json: String::new(), strings: String::new() };
        self.look(event.json, &mut String::new(), &mut shortened);
        if shortened.strings.is_empty() {
            return None;
        }
        append(&mut shortened.strings, "]");
        append(&mut shortened.json, cut(whole, shortened.seen, whole.len()));
        Some(shortened)
    }

    /// Looks for long strings in a value, to which `path` leads.
    fn look(&mut self, value: Value<'_>, path: &mut String, shortened: &mut Shortened<'_>) {
        if value.escaped().is_some() {
            self.take(value.text(), path, shortened);
        }
        if !value.holds_string(LONG) || shortened.looks == 0 {
            return;
        }
        shortened.looks -= 1;
        let is_long = |value: Value<'_>| value.text().len() >= LONG;
        let length = path.len();
        for (index, element) in value.elements().enumerate() {
            if is_long(element) {
                append(path, ",");
                append(path, &decimal(index as u64));
                self.look(element, path, shortened);
                path.truncate(length);
            }
        }
        for (name, member) in value.members() {
            // An escaped name may be none that a path can hold, and of several members of one name the last one counts.
            if is_long(member)
                && shortened.looks > 0
                && let Cow::Borrowed(name) = name
            {
                shortened.looks -= 1;
                if value.get(name).is_some_and(|last| core::ptr::eq(last.text(), member.text())) {
                    append(path, ",\"");
                    append(path, name);
                    append(path, "\"");
                    self.look(member, path, shortened);
                    path.truncate(length);
                }
            }
        }
    }

    fn take(&mut self, string: &str, path: &str, shortened: &mut Shortened<'_>) {
        let is_string = |known: &String| known.len() == string.len() && is_same(known.as_bytes(), string.as_bytes());
        let known = self.known.iter().position(is_string);
        if known.is_none() && (self.known.len() == MAX_KNOWN || self.bytes + string.len() > MAX_BYTES) {
            return;
        }
        let strings = &mut shortened.strings;
        append(strings, if strings.is_empty() { "[[" } else { ",[" });
        match known {
            Some(place) => {
                append(strings, &decimal(place as u64));
                let from = string.as_ptr().addr() - shortened.whole.as_ptr().addr();
                append(&mut shortened.json, cut(shortened.whole, shortened.seen, from));
                append(&mut shortened.json, "\"\"");
                shortened.seen = from + string.len();
            }
            None => {
                append(strings, "-");
                append(strings, &decimal(self.known.len() as u64 + 1));
                self.bytes += string.len();
                self.known.push(string.to_owned());
            }
        }
        append(strings, path);
        append(strings, "]");
    }
}
