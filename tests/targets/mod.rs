//! What must hold for any bytes: the fuzz targets. The fuzzers of `fuzz/` call them, and so does the replay of what they
//! have found.

mod event;
mod exchange;
mod json;
mod partial;
mod response;
mod sse;

/// A target's name, and what panics where something does not hold.
pub(crate) type Target = (&'static str, fn(&[u8]));

pub(crate) const TARGETS: [Target; 6] = [
    ("event", event::check),
    ("exchange", exchange::check),
    ("json", json::check),
    ("partial", partial::check),
    ("response", response::check),
    ("sse", sse::check),
];
