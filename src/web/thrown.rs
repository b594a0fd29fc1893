use alloc::string::String;
use js_sys::{Array, Function};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::promise::Outcome;
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

#[wasm_bindgen]
extern "C" {
    /// The global object, of whatever kind: `valueOf` of every object is the object.
    #[wasm_bindgen(js_namespace = globalThis, js_name = valueOf)]
    pub(super) fn global() -> JsValue;

    /// What a call gave that may throw: `Option<Value>`, since of one that does, wasm-bindgen leaves the place for a
    /// `JsValue` taken for good. `null` is as good as nothing.
    #[derive(Debug)]
    pub(super) type Value;

    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = get)]
    fn member(of: &JsValue, name: &JsValue) -> Result<Option<Value>, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = apply)]
    fn apply(function: &Function, this: &JsValue, arguments: &Array) -> Result<Option<Value>, JsValue>;
}

/// What a function of whatever kind gives, or throws.
pub(super) fn call(function: &Function, this: &JsValue, arguments: &Array) -> Outcome {
    apply(function, this, arguments).map(plain)
}

pub(super) fn plain(value: Option<Value>) -> JsValue {
    value.map_or(JsValue::UNDEFINED, Into::into)
}

/// A property of a value of whatever kind; `undefined` where there is none, where it is `null`, or where reading it throws.
pub(super) fn property(value: &JsValue, name: &str) -> JsValue {
    // Asking what has no members throws, which takes long.
    if !value.is_object() && !value.is_function() {
        return JsValue::UNDEFINED;
    }
    member(value, &JsValue::from_str(name)).map_or(JsValue::UNDEFINED, plain)
}
