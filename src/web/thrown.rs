use alloc::string::String;
use wasm_bindgen::JsValue;

use super::platform::{global, property};
use crate::text::{fill, find};

/// How deep the chain of causes is followed. It may be a circle.
const DEPTH: usize = 4;

/// What a thrown value says of itself: its message and those of its causes, in one line. Nothing for a value that says
/// nothing; Node's `fetch failed`, for one, has the reason in its cause.
pub(super) fn describe(thrown: &JsValue) -> String {
    if let Some(text) = thrown.as_string() {
        return text;
    }
    let mut said = String::new();
    let mut value = thrown.clone();
    for _ in 0..DEPTH {
        for name in ["message", "code"] {
            let text = property(&value, name).as_string().filter(|text| !text.is_empty());
            if let Some(text) = text.filter(|text| find(&said, text).is_none()) {
                said = fill(if said.is_empty() { "{}{}" } else { "{}: {}" }, &[&said, &text]);
            }
        }
        value = property(&value, "cause");
    }
    said
}

/// A string that was given; empty for what is none. Strings are taken and given as values: the code that wasm-bindgen
/// writes for `&str` and `String`, in every function that has one, is larger.
pub(super) fn text(value: &JsValue) -> String {
    value.as_string().unwrap_or_default()
}

/// The origin of the page or worker, where there is one.
pub(super) fn origin() -> Option<String> {
    property(&property(&global(), "location"), "origin").as_string()
}
