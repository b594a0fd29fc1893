//! What is used of JavaScript, declared here: of each function of js-sys and web-sys that takes a closure, called or not, code
//! would stay in the binary. The fewer, the smaller: most of what objects have and do is had by name, see [`property`].

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::promise::Outcome;

#[wasm_bindgen]
extern "C" {
    /// A function of the caller's or the platform's.
    #[wasm_bindgen(is_type_of = JsValue::is_function)]
    #[derive(Debug, Clone)]
    pub(super) type Function;

    /// What a call gave that may throw: `Option<Value>`, since of one that does, wasm-bindgen leaves the place for a
    /// `JsValue` taken for good. `null` is as good as nothing.
    #[derive(Debug)]
    pub(super) type Value;

    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = apply)]
    fn apply(function: &Function, this: &JsValue, arguments: &JsValue) -> Result<Option<Value>, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = get)]
    fn member(of: &JsValue, name: &str) -> Result<Option<Value>, JsValue>;

    #[wasm_bindgen(js_namespace = Array, js_name = of)]
    pub(super) fn list1(value: &JsValue) -> JsValue;

    #[wasm_bindgen(js_namespace = Array, js_name = of)]
    pub(super) fn list2(first: &JsValue, second: &JsValue) -> JsValue;

    /// An object whose properties are set by name.
    pub(super) type Record;

    #[wasm_bindgen(constructor, js_class = Object)]
    pub(super) fn new() -> Record;

    #[wasm_bindgen(js_namespace = Object, js_name = assign)]
    pub(super) fn copy_of(record: &Record, of: &JsValue) -> Record;

    #[wasm_bindgen(method, structural, indexing_setter)]
    pub(super) fn set(this: &Record, name: &str, value: &JsValue);

    /// The global object, of whatever kind: `valueOf` of every object is the object.
    #[wasm_bindgen(js_namespace = globalThis, js_name = valueOf)]
    pub(super) fn global() -> JsValue;
}

/// What a function of whatever kind gives, or throws. An object without a length is an empty list of arguments.
pub(super) fn call(function: &Function, this: &JsValue, arguments: &JsValue) -> Outcome {
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
    member(value, name).map_or(JsValue::UNDEFINED, plain)
}

/// Calls a method that takes nothing, where there is one.
pub(super) fn invoke(value: &JsValue, name: &str) -> Outcome {
    call(&property(value, name).dyn_into::<Function>()?, value, &Record::new())
}
