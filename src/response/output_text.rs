use crate::json::{Object, Value, write_string};
use alloc::string::String;

/// All output texts of a response, concatenated: the `output_text` parts of its `message` items, in order.
#[must_use]
pub fn output_text(response: Value<'_>) -> String {
    let mut text = String::new();
    for item in response.elements_of("output") {
        if !item.says("type", "message") {
            continue;
        }
        for part in item.elements_of("content") {
            if part.says("type", "output_text")
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
