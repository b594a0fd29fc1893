//! The Open Responses client for browsers and the edge.
//!
//! The crate is a sans-io core and a thin edge. The core turns bytes and facts into events and commands; it knows no
//! clock, no randomness, no socket and no JavaScript, so it builds and tests natively. The edge (`web`, on
//! `wasm32` only) performs what the core decides with the browser's `fetch`, streams and timers.
//!
//! | module | its one job |
//! | --- | --- |
//! | [`sse`] | bytes → SSE events, by the WHATWG rules |
//! | [`json`] | read and write JSON text in place |
//! | [`event`] | one SSE event → what it says: kind, indexes, fields; and the block of events handed to JavaScript |
//! | [`response`] | fold events into the response so far |
//! | [`media`] | from the bytes of a file to a data URL |
//! | [`deviation`] | what servers do against the protocol, by code |
//! | [`request`] | what to send: URL, headers, body |
//! | [`retry`] | whether and when to send it again |
//! | [`error`] | what went wrong, in one shape |
//! | [`exchange`] | the state machine that ties them |
//! | [`protocol`] | what goes over the wire, described once for Rust and TypeScript |
//! | `web` | the only code that knows JavaScript |
//! | `client` | for front ends in Rust: the client, typed; on `wasm32` with the feature `typed` |

#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "512"]

extern crate alloc;

pub mod deviation;
pub mod error;
pub mod event;
pub mod exchange;
pub mod json;
pub mod media;
mod pieces;
pub mod protocol;
pub mod request;
pub mod response;
pub mod retry;
mod scan;
pub mod sse;
#[cfg(all(target_arch = "wasm32", not(feature = "std")))]
mod standalone;
mod text;
#[cfg(target_arch = "wasm32")]
pub mod web;
#[cfg(all(target_arch = "wasm32", feature = "typed"))]
pub use web::typed as client;
