use crate::json::{Object, Value};
use crate::text::{cut, decimal, find, rfind};
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// What a whole response has beyond what is known of it.
#[derive(Debug, Default)]
pub struct Missing {
    /// The rest of each output text, as the JSON text of a delta event.
    pub deltas: Vec<String>,
    /// Whether a text was rewritten: only the whole tells it.
    pub differs: bool,
}

/// What the output texts of a `whole` response have beyond those that are `known`: from their beginning on, or else from
/// somewhere, where that can be found.
#[must_use]
pub fn missing_texts(known: Value<'_>, whole: Value<'_>, is_from_beginning: bool) -> Missing {
    let mut missing = Missing::default();
    for (index, item) in whole.elements_of("output").enumerate() {
        let id = item.get("id").and_then(Value::escaped).filter(|id| !id.is_empty());
        let is_same = |known: &Value<'_>| id.is_some() && known.get("id").and_then(Value::escaped) == id;
        // Others may stand before it that were never streamed.
        let there = known.elements_of("output").nth(index);
        let known_item = there.filter(is_same).or_else(|| known.elements_of("output").find(is_same)).or(there);
        for (content_index, part) in item.elements_of("content").enumerate() {
            if !part.says("type", "output_text") {
                continue;
            }
            let known_part = known_item.and_then(|item| item.elements_of("content").nth(content_index));
            let before = known_part.map_or(Cow::Borrowed(""), text_of);
            let text = text_of(part);
            let Some(rest) = behind(&text, &before, is_from_beginning) else {
                missing.differs |= is_from_beginning;
                continue;
            };
            if rest.is_empty() {
                continue;
            }
            let event = Object::new()
                .string("type", "response.output_text.delta")
                .raw("item_id", item.get("id").map_or("null", Value::text))
                .raw("output_index", &decimal(index as u64))
                .raw("content_index", &decimal(content_index as u64))
                .string("delta", rest)
                .finish();
            missing.deltas.push(event);
        }
    }
    missing
}

/// What follows a part of a text: at its beginning, or where the part stands, if only once.
fn behind<'a>(text: &'a str, part: &str, is_from_beginning: bool) -> Option<&'a str> {
    if is_from_beginning {
        return text.strip_prefix(part);
    }
    let at = find(text, part)?;
    (rfind(text, part) == Some(at)).then(|| cut(text, at + part.len(), text.len()))
}

fn text_of(part: Value<'_>) -> Cow<'_, str> {
    part.get("text").and_then(Value::as_str).unwrap_or_default()
}
