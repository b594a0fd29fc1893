use alloc::boxed::Box;

use js_sys::Array;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};

use super::thrown::property;

#[wasm_bindgen]
extern "C" {
    type Promise;

    #[wasm_bindgen(static_method_of = Promise, js_name = allSettled)]
    fn all_settled(values: &Array) -> Promise;

    #[wasm_bindgen(method)]
    fn then(this: &Promise, settled: &JsValue, thrown: &JsValue) -> Promise;

    type Rejected;

    /// As it is: `null` can be thrown too.
    #[wasm_bindgen(method, getter)]
    fn reason(this: &Rejected) -> JsValue;
}

/// What a promise came to: its value, or what was thrown.
pub(super) type Outcome = Result<JsValue, JsValue>;

/// Tells what a promise, or whatever else `await` takes, comes to. Nobody is told of it as unhandled.
///
/// Not a future: those bring a queue, wakers and a state machine each, 8 KB in all.
pub(super) fn settled(value: &JsValue, tell: Box<dyn FnOnce(Outcome)>) {
    all_settled(&Array::of1(value), tell);
}

/// Calls back in a turn of its own.
pub(super) fn soon(tell: Box<dyn FnOnce(Outcome)>) {
    all_settled(&Array::new(), tell);
}

/// Of one value, or of none.
fn all_settled(values: &Array, tell: Box<dyn FnOnce(Outcome)>) {
    // What it holds it lets go of when it is called, and else, since a promise may never settle, when it is collected.
    let tell = Closure::once(move |outcomes: JsValue| {
        let outcomes = match outcomes.dyn_into::<Array>() {
            Ok(outcomes) => outcomes,
            // The promise is none that can be waited for: its `then` throws, say.
            Err(thrown) => return tell(Err(thrown)),
        };
        let outcome = outcomes.get(0);
        let is_rejected = property(&outcome, "status") == "rejected";
        let outcome: Rejected = outcome.unchecked_into();
        tell(if is_rejected { Err(outcome.reason()) } else { Ok(property(&outcome, "value")) });
    });
    let tell = tell.into_js_value();
    let _settled = Promise::all_settled(values).then(&tell, &tell);
}
