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
    for (index, item) in listed(whole, "output") {
        let known_item = listed(known, "output").find(|(at, _)| *at == index).map(|(_, item)| item);
        for (content_index, part) in listed(item, "content") {
            if part.get("type").and_then(Value::as_str).as_deref() != Some("output_text") {
                continue;
            }
            let known_part = known_item.and_then(|item| listed(item, "content").find(|(at, _)| *at == content_index));
            let before = known_part.map_or(Cow::Borrowed(""), |(_, part)| text_of(part));
            let text = text_of(part);
            let Some(rest) = text.strip_prefix(&*before).filter(|rest| !rest.is_empty()) else { continue };
            let event = Object::new()
                .string("type", "response.output_text.delta")
                .raw("item_id", item.get("id").map_or("null", Value::text))
                .raw("output_index", &decimal(index))
                .raw("content_index", &decimal(content_index))
                .string("delta", rest);
            deltas.push(event.finish());
        }
    }
    deltas
}

fn listed<'a>(value: Value<'a>, name: &str) -> impl Iterator<Item = (u64, Value<'a>)> {
    (0..).zip(value.get(name).into_iter().flat_map(Value::elements))
}

fn text_of(part: Value<'_>) -> Cow<'_, str> {
    part.get("text").and_then(Value::as_str).unwrap_or_default()
}
