use core::cell::Cell;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use js_sys::{Date, Function, Math};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};

use super::thrown::property;
use crate::exchange::Moment;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;

    /// One that cannot be set must not be passed over: whoever waits for it would wait for ever.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(handler: &Function, milliseconds: u32) -> JsValue;

    /// As for a controller, a platform may refuse it in the turn of another request.
    #[wasm_bindgen(catch, js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue) -> Result<(), JsValue>;

    /// Node's timers are objects.
    #[derive(Debug)]
    type NodeTimer;

    #[wasm_bindgen(method, js_name = ref)]
    fn keep(this: &NodeTimer);

    #[wasm_bindgen(method)]
    fn unref(this: &NodeTimer);
}

/// `setTimeout` takes 31 bits; a longer wait is made of several.
const LONGEST_TIMER_MS: f64 = 2_147_483_647.0;

/// This moment, on a clock that never goes back.
pub(super) fn moment() -> Moment {
    Moment { now: now(), entropy: Math::random() }
}

/// What the clock showed last, and how far it is ahead of the platform's, in milliseconds, as bits.
static LATEST: AtomicU64 = AtomicU64::new(0);
static AHEAD: AtomicU64 = AtomicU64::new(0);

/// Milliseconds. Where the platform's clock goes back or stands still, as it may in tests and in debuggers, this one stays
/// where it is until a timer has run: a deadline must not move away from the one who waits for it.
fn now() -> f64 {
    let told = performance_now();
    let latest = f64::from_bits(LATEST.load(Relaxed));
    let now = told + f64::from_bits(AHEAD.load(Relaxed));
    if now >= latest {
        LATEST.store(now.to_bits(), Relaxed);
        return now;
    }
    if !told.is_nan() {
        AHEAD.store((latest - told).to_bits(), Relaxed);
    }
    latest
}

/// A timer that has run says how late it is at least.
fn reach(moment: f64) {
    if f64::from_bits(LATEST.load(Relaxed)) < moment {
        LATEST.store(moment.to_bits(), Relaxed);
    }
}

/// The wall clock, in milliseconds since 1970.
pub(super) fn wall_clock_ms() -> f64 {
    Date::now()
}

/// A timer that runs; dropping it clears it.
#[derive(Debug)]
pub(super) struct Timer {
    id: JsValue,
    /// Whether a Node process waits for it.
    keeps_process: Cell<bool>,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls back at `deadline` or somewhat before, on the clock of [`moment`].
    pub(super) fn at(deadline: f64, callback: impl FnOnce() + 'static) -> Self {
        // Timers count whole milliseconds: the fraction would be cut off.
        let begin = now();
        let wait = (deadline - begin + 1.0).clamp(0.0, LONGEST_TIMER_MS);
        let callback = Closure::once(move || {
            reach(begin + wait);
            callback();
        });
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 31 bits")]
        let id = set_timeout(callback.as_ref().unchecked_ref(), wait as u32);
        Self { id, keeps_process: Cell::new(true), _callback: callback }
    }

    /// Whether a Node process is to stay alive for it.
    pub(super) fn keep_process(&self, keeps: bool) {
        // Elsewhere than in Node timers are numbers, or objects of another kind.
        if self.keeps_process.replace(keeps) == keeps || !property(&self.id, "unref").is_function() {
            return;
        }
        let timer: &NodeTimer = self.id.unchecked_ref();
        if keeps {
            timer.keep();
        } else {
            timer.unref();
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.id).ok();
    }
}
