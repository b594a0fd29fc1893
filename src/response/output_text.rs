use crate::json::{Object, Value, write_string};
use alloc::string::String;

/// All output texts of a response, concatenated: the `output_text` parts of its `message` items, in order.
#[must_use]
pub fn output_text(response: Value<'_>) -> String {
    let mut text = String::new();
    for item in response.get("output").into_iter().flat_map(Value::elements) {
        if !is_type(item, "message") {
            continue;
        }
        for part in item.get("content").into_iter().flat_map(Value::elements) {
            if is_type(part, "output_text")
                && let Some(part) = part.get("text")
            {
                part.append_to(&mut text);
            }
        }
    }
    text
}

/// The response with `output_text` set: a convenience of the SDKs, which the specification lacks and one server sends
/// empty.
#[must_use]
pub fn with_output_text(response: Value<'_>) -> String {
    let mut text = String::new();
    write_string(&mut text, &output_text(response));
    Object::replaced(response, &[("output_text", text)])
}

fn is_type(value: Value<'_>, name: &str) -> bool {
    value.get("type").and_then(Value::as_str).is_some_and(|kind| kind == name)
}
