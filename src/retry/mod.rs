//! Whether and when to send a request again.
//!
//! Knows attempts, delays and dates; knows no timers: the time and the randomness are arguments.

mod http_date;

use crate::error::Error;
use crate::text::number;

/// The longest wait a server may ask for, in milliseconds. Beyond it, waiting is the caller's decision: the error is
/// thrown at once and says how long.
pub const MAX_RETRY_AFTER_MS: f64 = 60_000.0;

/// The first step of the exponential backoff, in milliseconds.
const BASE_MS: f64 = 500.0;

/// The ceiling of the exponential backoff, in milliseconds.
const CEILING_MS: f64 = 8_000.0;

/// What a response's headers say about trying again.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Advice {
    /// `x-should-retry`: the server's own word, before every rule of ours.
    pub should_retry: Option<bool>,
    /// `retry-after-ms`, or `retry-after`, in milliseconds from now.
    pub after_ms: Option<f64>,
}

impl Advice {
    /// Reads the headers' values. `now_ms` is the wall clock, in milliseconds since 1970, for a `retry-after` that is a
    /// date (RFC 9110, section 10.2.3).
    #[must_use]
    pub fn read(
        should_retry: Option<&str>,
        retry_after_ms: Option<&str>,
        retry_after: Option<&str>,
        now_ms: f64,
    ) -> Self {
        Self {
            should_retry: match should_retry {
                Some("true") => Some(true),
                Some("false") => Some(false),
                _ => None,
            },
            after_ms: retry_after_ms.and_then(number).or_else(|| {
                let text = retry_after?;
                let until = |date: f64| (date - now_ms).max(0.0);
                number(text).map(|seconds| seconds * 1000.0).or_else(|| http_date::parse(text).map(until))
            }),
        }
    }
}

/// How long to wait before sending again, in milliseconds, or nothing when the error is to be thrown now.
///
/// `attempt` counts from 0 for the first request; `entropy` is in 0..1.
#[must_use]
pub fn delay(error: &Error, advice: Advice, attempt: u32, max_retries: u32, entropy: f64) -> Option<f64> {
    if attempt >= max_retries || !advice.should_retry.unwrap_or(error.retryable) {
        return None;
    }
    match advice.after_ms {
        Some(after) => (after <= MAX_RETRY_AFTER_MS).then_some(after),
        None => Some(backoff(attempt, entropy)),
    }
}

/// Exponential backoff with full jitter: evenly between 0 and min(8 s, 0.5 s · 2ⁿ), so that clients that failed together
/// do not come back together.
#[must_use]
pub fn backoff(attempt: u32, entropy: f64) -> f64 {
    step(attempt) * entropy
}

/// How long to wait before asking again, in milliseconds, for a response that is being worked on: from half of
/// min(8 s, 0.5 s · 2ⁿ) to the whole of it.
#[must_use]
pub fn poll_delay(polls: u32, entropy: f64) -> f64 {
    step(polls) * (1.0 + entropy) / 2.0
}

fn step(attempt: u32) -> f64 {
    let factor = 1_u32.checked_shl(attempt).unwrap_or(u32::MAX);
    (BASE_MS * f64::from(factor)).min(CEILING_MS)
}
