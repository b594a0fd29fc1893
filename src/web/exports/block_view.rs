use alloc::boxed::Box;
use core::cell::Cell;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::event::Block;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/**
 * How the block of a {@link Call} is described at its address: 32-bit words, of which the first six are the addresses and
 * lengths (columns in words, texts in bytes) of the three parts of the block.
 */
export type EventBlock = [
  columns: number, columnsLength: number,
  text: number, textLength: number,
  json: number, jsonLength: number,
  isASCII: number, events: number, heartbeats: number, deviations: number, timesResumed: number,
];
"#;

/// Describes a block at an address that never changes, so that JavaScript reads it without asking.
#[derive(Debug, Default)]
pub(super) struct BlockView(Box<[Cell<u32>; 11]>);

impl BlockView {
    pub(super) fn address(&self) -> *const u32 {
        self.0.as_ptr().cast()
    }

    #[allow(clippy::cast_possible_truncation, reason = "wasm32 addresses 32 bits")]
    pub(super) fn show(&self, block: &mut Block, deviations: usize, times_resumed: usize) {
        let (events, heartbeats) = (block.events(), block.heartbeats());
        let json = block.json();
        let (json, json_length) = (json.as_ptr().addr(), json.len());
        let (columns, text) = (block.columns(), block.text());
        let words = [
            columns.as_ptr().addr(),
            columns.len(),
            text.as_ptr().addr(),
            text.len(),
            json,
            json_length,
            usize::from(block.is_ascii()),
            events,
            heartbeats,
            deviations,
            times_resumed,
        ];
        for (cell, word) in self.0.iter().zip(words) {
            cell.set(word as u32);
        }
    }
}
