//! What is recognised is told as JSON tells it.

use crate::streams::{cut, stream};
use crate::told::{CONFIG, alike};
use openresponses_wasm::exchange::Config;

/// The first byte says how the rest is meant: as choices that make a stream, or as a stream.
pub(crate) fn check(bytes: &[u8]) {
    let Some((&how, rest)) = bytes.split_first() else { return };
    let made;
    let stream = if how & 1 == 0 {
        made = stream(rest.get(..250).unwrap_or(rest));
        &made
    } else {
        rest
    };
    let config = Config { strict: how & 2 != 0, resumes: how & 4 != 0, ..CONFIG };
    let (whole, _) = alike(config, &[stream], "whole");
    let lengths = [how >> 3, 200 - how / 2, 3];
    let (pieces, _) = alike(config, &cut(stream, &lengths), "in pieces");
    assert_eq!(pieces, whole);
}
