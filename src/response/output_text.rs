use crate::json::{Object, Value, unescaped};
use crate::text::cut;
use alloc::string::String;

/// All output texts of a response, concatenated: the `output_text` parts of its `message` items, in order.
#[must_use]
pub fn output_text(response: Value<'_>) -> String {
    let json = output_text_json(response);
    unescaped(cut(&json, 1, json.len() - 1)).into_owned()
}

/// The same as JSON text: joined as they are written, so that nothing is unescaped to be escaped again.
fn output_text_json(response: Value<'_>) -> String {
    let mut text = String::from("\"");
    for item in response.elements_of("output") {
        if !item.says("type", "message") {
            continue;
        }
        for part in item.elements_of("content") {
            if part.says("type", "output_text")
                && let Some(part) = part.get("text").and_then(Value::escaped)
            {
                text.push_str(part);
            }
        }
    }
    text.push('"');
    text
}

/// The response with `output_text` set: a convenience of the SDKs, which the specification lacks and one server sends
/// empty.
#[must_use]
pub fn with_output_text(response: Value<'_>) -> String {
    Object::replaced(response, &[("output_text", output_text_json(response))])
}
