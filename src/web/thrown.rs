use alloc::borrow::ToOwned;
use alloc::string::String;
use js_sys::{Array, Function};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::promise::Outcome;
use crate::text::{cut, fill, find};

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

/// The base URL where relative ones of a page, whose `<base>` may name another machine, or of a worker lead to by `fetch`: as
/// one that holds for a check of it, too. In pages of another scheme, such as an application's own, it is left as it is.
#[inline(never)]
pub(super) fn absolute(base_url: &str) -> String {
    let base = base_url.trim_ascii();
    let is_relative = base.starts_with('/') && !base.starts_with("//");
    let origin = if is_relative { origin().filter(|origin| origin.starts_with("http")) } else { None };
    fill("{}{}", &[&origin.unwrap_or_default(), base])
}

/// The origin to which relative addresses of the page or worker belong, where there is one.
#[inline(never)]
pub(super) fn origin() -> Option<String> {
    let global = global();
    let text = |of: &str, name: &str| property(&property(&global, of), name).as_string();
    let address = text("document", "baseURI").or_else(|| text("location", "href"))?;
    // Of a worker that was made of a `Blob`: what follows is of its maker's origin.
    let address = address.strip_prefix("blob:").unwrap_or(&address);
    let path = address.bytes().enumerate().filter(|&(_, byte)| byte == b'/').nth(2);
    Some(cut(address, 0, path.map_or(address.len(), |(at, _)| at)).to_owned())
}
