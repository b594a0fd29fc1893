//! What the client uses of JavaScript itself.
//!
//! Declared here and not taken from js-sys and web-sys: of each function of theirs that takes a closure, called or not, code
//! stays in the binary, 5 KB in all.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(is_type_of = JsValue::is_function)]
    #[derive(Debug, Clone)]
    pub(crate) type Function;

    #[wasm_bindgen(method, catch, js_name = call)]
    pub(crate) fn call0(this: &Function, context: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = call)]
    pub(crate) fn call1(this: &Function, context: &JsValue, argument: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = call)]
    pub(crate) fn call2(
        this: &Function,
        context: &JsValue,
        first: &JsValue,
        second: &JsValue,
    ) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    pub(super) type Object;

    #[wasm_bindgen(constructor)]
    pub(super) fn new() -> Object;

    #[wasm_bindgen(static_method_of = Object)]
    pub(super) fn assign(target: &JsValue, source: &JsValue) -> JsValue;

    #[wasm_bindgen(js_namespace = Array, js_name = of)]
    pub(super) fn list_of(value: &JsValue) -> JsValue;

    /// A property of an object of whatever kind.
    #[wasm_bindgen(catch, js_namespace = Reflect)]
    pub(super) fn get(object: &JsValue, name: &str) -> Result<JsValue, JsValue>;

    /// Milliseconds since 1970.
    #[wasm_bindgen(js_namespace = Date)]
    pub(super) fn now() -> f64;

    /// Evenly from 0..1.
    #[wasm_bindgen(js_namespace = Math)]
    pub(super) fn random() -> f64;
}
