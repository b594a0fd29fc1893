use gloo_timers::callback::Timeout;
use js_sys::{Date, Math};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::exchange::Moment;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// `setTimeout` takes 31 bits; a longer wait is made of several.
const LONGEST_TIMER_MS: f64 = 2_147_483_647.0;

/// This moment, on a clock that never jumps.
pub(super) fn moment() -> Moment {
    Moment { now: performance_now(), entropy: Math::random() }
}

/// The wall clock, in milliseconds since 1970.
pub(super) fn wall_clock_ms() -> f64 {
    Date::now()
}

/// Calls back at `deadline` or somewhat before, on the clock of [`moment`]. Dropping the timer clears it.
pub(super) fn at(deadline: f64, callback: impl FnOnce() + 'static) -> Timeout {
    let wait = (deadline - performance_now()).ceil().clamp(0.0, LONGEST_TIMER_MS);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 31 bits")]
    Timeout::new(wait as u32, callback)
}
