use crate::json::{Object, Value};
use crate::text::decimal;
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// What the output texts of a `whole` response have beyond those that are `known`, as the JSON texts of one delta event for
/// each. A text that does not begin like the known one adds nothing: it was rewritten, and only the whole tells it.
#[must_use]
pub fn missing_texts(known: Value<'_>, whole: Value<'_>) -> Vec<String> {
    let mut deltas = Vec::new();
    for (index, item) in whole.elements_of("output").enumerate() {
        let known_item = known.elements_of("output").nth(index);
        for (content_index, part) in item.elements_of("content").enumerate() {
            if !part.says("type", "output_text") {
                continue;
            }
            let known_part = known_item.and_then(|item| item.elements_of("content").nth(content_index));
            let before = known_part.map_or(Cow::Borrowed(""), text_of);
            let text = text_of(part);
            let Some(rest) = text.strip_prefix(&*before).filter(|rest| !rest.is_empty()) else { continue };
            let event = Object::new()
                .string("type", "response.output_text.delta")
                .raw("item_id", item.get("id").map_or("null", Value::text))
                .raw("output_index", &decimal(index as u64))
                .raw("content_index", &decimal(content_index as u64))
                .string("delta", rest)
                .finish();
            deltas.push(event);
        }
    }
    deltas
}

fn text_of(part: Value<'_>) -> Cow<'_, str> {
    part.get("text").and_then(Value::as_str).unwrap_or_default()
}
