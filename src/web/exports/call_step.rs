use js_sys::{Array, Function};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::super::thrown::call;
use super::super::told::Listener;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/**
 * What a {@link Call} has come to, and what the one who drives it does next:
 *
 * | | what | what to do |
 * | --- | --- | --- |
 * | 0 | nothing yet | await the listener |
 * | 1 | the head of the answer is in: `response` | `pull()`, or `detach()` |
 * | 2 | more of the body is needed | read a chunk of it, and say what came: `chunk()`, `ended()` or `broke()` |
 * | 3 | events are in the block | take them, then `pull()` |
 * | 4 | the last events are in the block | take them, then `pull()`, which is answered at once |
 * | 5 | the answer is complete | read the rest of the body, or cancel it |
 * | 6 | the call failed: `error()` | cancel the body |
 * | 7 | the request is sent again | cancel the body, and await the listener |
 * | 8 | events are in the block, and no time-out runs | take them, then read the next chunk as after 2; or `pull()` |
 */
export type CallStep = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Hears what a call comes to when nobody has asked: an answer that arrived, a time that is over. */
export type CallListener = (step: CallStep) => void;
"#;

#[wasm_bindgen]
extern "C" {
    /// Hears what a call comes to when nobody has asked: see the TypeScript declaration.
    #[wasm_bindgen(typescript_type = "CallListener")]
    #[derive(Debug)]
    pub type CallListener;
}

pub(super) fn listener(listener: CallListener) -> Listener {
    let listener: Function = listener.unchecked_into();
    Listener::new(move |told| {
        // A listener that throws has only itself to tell.
        let _thrown = call(&listener, &JsValue::UNDEFINED, &Array::of1(&JsValue::from(told as u32)));
    })
}
