use alloc::vec::Vec;

use super::super::check::Invalid;
use crate::pieces::Pieces;
use crate::scan::utf16_length;

/// Operations, each with its operand, in order: see [`super::PartialParser::push`].
#[derive(Debug, Default)]
pub struct Operations {
    columns: Vec<u32>,
    text: Pieces,
    is_beyond_ascii: bool,
    /// Where in the text the string begins whose length is not told yet.
    begun: Option<usize>,
}

/// In the place of a length: the operand is one half of a surrogate pair, which the text cannot hold.
const HALF: u32 = 0x8000_0000;

impl Operations {
    /// Pairs of numbers: an operation, and its operand.
    #[must_use]
    pub fn columns(&self) -> &[u32] {
        &self.columns
    }

    /// The strings among the operands, one after the other, in UTF-8.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        self.text.bytes()
    }

    /// Whether the text is nothing but ASCII.
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        !self.is_beyond_ascii
    }

    pub(super) fn clear(&mut self) {
        self.columns.clear();
        self.text.truncate(0);
        self.is_beyond_ascii = false;
    }

    pub(super) fn element(&mut self, index: u32) {
        self.add(0, index);
    }

    pub(super) fn begin_text(&mut self, is_name: bool) {
        self.begin(if is_name { 1 } else { 3 });
    }

    /// Where more of the string goes that was begun last, in this piece or in one before.
    pub(super) fn more_text(&mut self, is_name: bool) -> &mut Pieces {
        if self.begun.is_none() {
            self.begin(if is_name { 2 } else { 4 });
        }
        &mut self.text
    }

    pub(super) fn half(&mut self, is_name: bool, unit: u32) {
        self.add(if is_name { 2 } else { 4 }, HALF | unit);
    }

    pub(super) fn number(&mut self, digits: &[u8]) {
        self.begin(5);
        self.text.append(digits);
    }

    pub(super) fn literal(&mut self, which: u32) {
        self.add(6, which);
    }

    pub(super) fn open(&mut self, is_array: bool) {
        self.add(7, u32::from(is_array));
    }

    pub(super) fn complete(&mut self, ends: bool) {
        self.add(8, u32::from(ends));
    }

    pub(super) fn invalid(&mut self, error: &Invalid) {
        self.begin(9);
        self.text.append(error.words().as_bytes());
    }

    /// Tells the length of the string that was written last.
    pub(super) fn end_text(&mut self) {
        if let Some(begun) = self.begun.take() {
            let length = self.text.len() - begun;
            // It is made of texts and characters.
            let units = utf16_length(self.text.from(begun), length).unwrap_or(length);
            self.is_beyond_ascii |= units < length;
            if let Some(operand) = self.columns.last_mut() {
                *operand = units as u32;
            }
        }
    }

    fn begin(&mut self, operation: u32) {
        self.add(operation, 0);
        self.begun = Some(self.text.len());
    }

    fn add(&mut self, operation: u32, operand: u32) {
        self.end_text();
        self.columns.extend_from_slice(&[operation, operand]);
    }
}
