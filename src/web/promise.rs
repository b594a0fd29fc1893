use alloc::boxed::Box;

use js_sys::{Array, Function};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    type Promise;

    #[wasm_bindgen(static_method_of = Promise)]
    fn all(values: &Array) -> Promise;

    #[wasm_bindgen(method)]
    fn then(this: &Promise, fulfilled: &JsValue, rejected: &JsValue) -> Promise;
}

/// What a promise came to: its value, or what was thrown.
pub(super) type Outcome = Result<JsValue, JsValue>;

/// Tells what a promise, or whatever else `await` takes, comes to. Nobody is told of it as unhandled.
///
/// Not a future: those bring a queue, wakers and a state machine each, 8 KB in all.
pub(super) fn settled(value: &JsValue, tell: Box<dyn FnOnce(Outcome)>) {
    all(&Array::of1(value), tell);
}

/// Calls back in a turn of its own.
pub(super) fn soon(tell: Box<dyn FnOnce(Outcome)>) {
    all(&Array::new(), tell);
}

/// Of one value, or of none. Not `allSettled`, which not every platform has.
fn all(values: &Array, tell: Box<dyn FnOnce(Outcome)>) {
    // What it holds it lets go of when it is called, and else, since a promise may never settle, when it is collected.
    let tell = Closure::once(move |values: JsValue, thrown: JsValue| {
        tell(values.dyn_into::<Array>().map(|values| values.get(0)).map_err(|_| thrown));
    });
    let tell: Function = tell.into_js_value().unchecked_into();
    // Called so, it has what was thrown behind what is no array; whatever was thrown may be one.
    let rejected = tell.bind1(&JsValue::UNDEFINED, &JsValue::UNDEFINED);
    let _settled = Promise::all(values).then(&tell, &rejected);
}
