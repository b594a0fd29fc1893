//! The targets of `tests/targets`, for the fuzzers.

#[path = "../../tests/block/mod.rs"]
mod block;
#[path = "../../tests/growing/mod.rs"]
mod growing;
#[path = "../../tests/standard/mod.rs"]
mod standard;
#[path = "../../tests/streams/mod.rs"]
mod streams;
#[path = "../../tests/targets/mod.rs"]
mod targets;
#[path = "../../tests/told/mod.rs"]
mod told;

/// Checks what must hold for these bytes.
///
/// # Panics
/// Where it does not, or where there is no such target.
pub fn check(target: &str, bytes: &[u8]) {
    let (_, check) = targets::TARGETS.iter().find(|(name, _)| *name == target).expect("a target");
    check(bytes);
}
