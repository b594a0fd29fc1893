use alloc::boxed::Box;
use core::cell::Cell;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::call::Call;
use super::text;
use crate::json::PartialParser;
use crate::pieces::Pieces;
use crate::text::lossy;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/**
 * How the operations of a {@link PartialJson} are described at their address, in 32-bit words: the addresses and lengths of
 * its columns (in words) and of their text (in bytes, UTF-8).
 *
 * The columns are pairs of an operation and its operand. Operations are about the place that is being written: the whole
 * value at first. A string is told by its length in the text, in UTF-16 code units, one behind the other; beyond 2^31 it is
 * the code unit in the low 16 bits, which is half of a surrogate pair.
 *
 * | operation | operand | meaning |
 * | --- | --- | --- |
 * | 0 | number | from here on this element of the array is meant |
 * | 1 | string | from here on this member of the object is meant |
 * | 2 | string | more of the member's name |
 * | 3 | string | the value is this string, or its beginning |
 * | 4 | string | more of the string |
 * | 5 | string | the value is the number that is written so; it may not be all of it |
 * | 6 | number | the value is `null` (0), `false` (1) or `true` (2) |
 * | 7 | 0 or 1 | the value is an object (0) or an array (1), and what is in it is meant from here on |
 * | 8 | 0 or 1 | as many objects or arrays end, their own place is meant again, and the value there is complete |
 * | 9 | string | the text is no JSON, for this reason; nothing follows |
 */
export type PartialOperations = [
  columns: number, columnsLength: number,
  text: number, textLength: number,
  isASCII: number,
  /** Whether the pieces so far end behind a backslash that begins an escape. */
  isEscaping: number,
];
"#;

/// Reads a JSON text that is still being written, piece by piece.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct PartialJson {
    parser: PartialParser,
    read: Pieces,
    /// Describes the operations at an address that never changes.
    view: Box<[Cell<u32>; 6]>,
}

#[wasm_bindgen]
impl PartialJson {
    /// Has read nothing.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next piece, of whole characters. What it adds to the value stands where `operations` says: behind what the pieces
    /// before have added, if `isMore`, and alone otherwise.
    pub fn push(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "string")] piece: &JsValue,
        #[wasm_bindgen(js_name = isMore)] is_more: bool,
    ) {
        self.take(text(piece).as_bytes(), is_more);
    }

    /// As `push`, with a part of the text of the call's block, between two places in UTF-16 code units.
    pub fn feed(&mut self, call: &Call, from: usize, to: usize, #[wasm_bindgen(js_name = isMore)] is_more: bool) {
        call.with_text(from, to, |piece| self.take(piece, is_more));
    }

    /// The address where the operations are described: see `PartialOperations`.
    #[must_use]
    pub fn operations(&self) -> *const u32 {
        self.view.as_ptr().cast()
    }

    /// All pieces so far.
    #[wasm_bindgen(unchecked_return_type = "string")]
    #[must_use]
    pub fn text(&self) -> JsValue {
        JsValue::from_str(&lossy(self.read.bytes()))
    }
}

impl PartialJson {
    #[allow(clippy::cast_possible_truncation, reason = "wasm32 addresses 32 bits")]
    fn take(&mut self, piece: &[u8], is_more: bool) {
        if !is_more {
            self.parser.forget();
        }
        self.read.append(piece);
        self.parser.push(piece);
        let operations = self.parser.operations();
        let (columns, text) = (operations.columns(), operations.text());
        let words = [
            columns.as_ptr().addr(),
            columns.len(),
            text.as_ptr().addr(),
            text.len(),
            usize::from(operations.is_ascii()),
            usize::from(self.parser.is_escaping()),
        ];
        for (cell, word) in self.view.iter().zip(words) {
            cell.set(word as u32);
        }
    }
}
