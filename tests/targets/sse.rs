//! A stream is read by the standard, however it is cut.

use crate::standard::{every_cut, oracle, parsed};
use openresponses_wasm::sse::Parser;

pub(crate) fn check(stream: &[u8]) {
    // The oracle decodes the whole, so that what is cut by a field's end is replaced in another way.
    if stream.len() > 400 || std::str::from_utf8(stream).is_err() {
        return;
    }
    let (seen, left) = oracle(stream);
    for chunks in every_cut(stream) {
        assert_eq!(parsed(chunks, Parser::DEFAULT_LIMIT), (seen.clone(), Ok(left.clone())));
    }
}
