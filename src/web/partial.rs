use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::thrown::text;
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
    #[wasm_bindgen(unchecked_return_type = "string")]
    #[must_use]
    pub fn push(&mut self, #[wasm_bindgen(unchecked_param_type = "string")] piece: &JsValue) -> JsValue {
        JsValue::from_str(&self.parser.push(&text(piece)))
    }
}
