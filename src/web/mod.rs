//! The only code that knows JavaScript: it performs what [`crate::exchange`] decides, with the platform's `fetch`, streams
//! and timers, and tells JavaScript what came of it.
//!
//! Knows no policy: what to send, whether to send it again and what an answer means is the core's to say. Needs no
//! `window`, so that pages, workers, service workers and servers are one to it. A value that JavaScript throws at it, of
//! whatever kind, becomes an error and never a panic.

mod clock;
mod credentials;
mod driver;
#[cfg(not(feature = "typed"))]
mod exports;
mod fetch;
mod page;
mod promise;
mod thrown;
mod told;
#[cfg(feature = "typed")]
pub mod typed;

#[cfg(not(feature = "typed"))]
pub use exports::*;
