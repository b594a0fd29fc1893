//! JSON that is still being written is what mending and parsing it anew gives, however it is cut.

use crate::growing::{Live, mended, pushed};
use serde_json::value::RawValue;

pub(crate) fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // What the reference cannot read: depth, numbers beyond `f64`, halves of surrogate pairs.
    let is_beyond = |text: &str| text.contains("\\ud") || text.contains("\\uD") || has_large_exponent(text);
    if text.len() > 120 || is_beyond(text) {
        return;
    }
    let mut dripped = Live::default();
    for (at, character) in text.char_indices() {
        let end = at + character.len_utf8();
        dripped.push(&text[at..end]);
        if dripped.parser.error().is_none() {
            assert_eq!(dripped.tree(), mended(&text[..end]), "{:?}", &text[..end]);
        }
    }
    let whole = pushed([text]);
    assert_eq!((whole.tree(), whole.parser.error()), (dripped.tree(), dripped.parser.error()), "{text:?}");
    let ended = pushed([text, " "]);
    // A member may have the empty name, and then its path is that of the whole.
    let is_complete = ended.path.is_empty() && ended.completed.last().is_some_and(|last| last.starts_with('='));
    let is_json = serde_json::from_str::<Box<RawValue>>(text).is_ok();
    assert_eq!(is_complete && ended.invalid.is_none(), is_json, "{text:?}");
}

/// Three digits and more.
fn has_large_exponent(text: &str) -> bool {
    text.split(['e', 'E']).skip(1).any(|rest| {
        let digits = rest.strip_prefix(['+', '-']).unwrap_or(rest);
        digits.bytes().take_while(u8::is_ascii_digit).count() > 2
    })
}
