use alloc::string::String;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::json::PartialParser;

/// Reads a JSON text that is still being written, piece by piece.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct PartialJson {
    parser: PartialParser,
}

#[wasm_bindgen]
impl PartialJson {
    /// Has read nothing.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next piece, cut anywhere, and gives what it adds to the value: the operations of [`PartialParser::push`],
    /// as the text of a JSON array.
    #[must_use]
    pub fn push(&mut self, piece: &str) -> String {
        self.parser.push(piece)
    }
}
