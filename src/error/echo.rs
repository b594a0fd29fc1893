use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

/// The fewest bytes that are taken for a quotation, and not for words that both happen to use.
const RUN: usize = 40;

/// A run of that length holds one whole block of the text it was taken from.
const BLOCK: usize = RUN / 2;

/// Finds what a server quotes of a text it was sent, however much of it, wherever it stands.
#[derive(Debug)]
pub(super) struct Quotations<'a> {
    quoted: &'a [u8],
    /// Where the different blocks of it end, by their hashes, with open addressing; 0 is no block.
    table: Vec<usize>,
}

impl<'a> Quotations<'a> {
    pub(super) fn of(quoted: &'a str) -> Self {
        let quoted = quoted.as_bytes();
        let room = (quoted.len() / BLOCK * 2 + 1).next_power_of_two();
        let mut quotations = Self { quoted, table: vec![0; room] };
        let mut end = BLOCK;
        while let Some(block) = quoted.get(end - BLOCK..end) {
            let slot = quotations.slot(block);
            if let Some(slot) = quotations.table.get_mut(slot) {
                *slot = end;
            }
            end += BLOCK;
        }
        quotations
    }

    /// The first quotation in a text, from `behind` on.
    pub(super) fn first(&self, text: &str, behind: usize) -> Option<Range<usize>> {
        let bytes = text.as_bytes();
        let mut at = behind;
        loop {
            let block = bytes.get(at..at + BLOCK)?;
            let (mut start, mut length) = (at, 0);
            let mut from = self.table.get(self.slot(block)).copied()?;
            if from > 0 {
                from -= BLOCK;
                while start > behind && from > 0 && bytes.get(start - 1) == self.quoted.get(from - 1) {
                    start -= 1;
                    from -= 1;
                }
                while start + length < bytes.len() && bytes.get(start + length) == self.quoted.get(from + length) {
                    length += 1;
                }
            }
            if length >= RUN {
                return Some(whole_characters(text, start..start + length));
            }
            at += 1;
        }
    }

    /// Where the table has this block, or has room for it.
    fn slot(&self, block: &[u8]) -> usize {
        // FNV-1a.
        let mut hash = 0x811c_9dc5_u32;
        for byte in block {
            hash = (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
        }
        let mut slot = hash as usize;
        loop {
            slot &= self.table.len() - 1;
            match self.table.get(slot) {
                Some(end) if *end > 0 && self.quoted.get(end - BLOCK..*end) != Some(block) => slot += 1,
                _ => return slot,
            }
        }
    }
}

/// A character that is quoted by half is left out.
fn whole_characters(text: &str, mut run: Range<usize>) -> Range<usize> {
    while !text.is_char_boundary(run.start) {
        run.start += 1;
    }
    while !text.is_char_boundary(run.end) {
        run.end -= 1;
    }
    run
}
