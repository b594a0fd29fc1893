use alloc::borrow::ToOwned;
use alloc::vec::Vec;
use core::mem::take;

use crate::scan::{Lanes, WIDTH, is_special};

/// Bytes that grow by short pieces.
///
/// A `Vec` copies each by `memory.copy`, a call that costs more than the few bytes it copies. Here they are written in blocks,
/// into room that is there already.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    /// What has been written, and zeros or what was written before.
    room: Vec<u8>,
    length: usize,
}

/// The last block may be written in part beyond its end.
const BLOCK: usize = 16;

/// From that length on the call is the cheaper way, in bytes.
const LONG: usize = 128;

/// What was written of a JSON string.
pub(crate) struct Plain {
    /// How many bytes.
    pub(crate) length: usize,
    pub(crate) is_ascii: bool,
}

impl Pieces {
    /// A copy of these.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self { room: bytes.to_owned(), length: bytes.len() }
    }

    /// What has been written.
    #[must_use]
    pub(crate) fn bytes(&self) -> &[u8] {
        self.room.get(..self.length).unwrap_or_default()
    }

    /// What has been written from there on, and a block of whatever behind it.
    pub(crate) fn from(&mut self, begin: usize) -> &[u8] {
        self.more(0);
        self.room.get(begin..).unwrap_or_default()
    }

    /// How much that is, in bytes.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// Forgets what stands behind so many bytes.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.length = self.length.min(length);
    }

    /// Adds a piece.
    pub(crate) fn append(&mut self, piece: &[u8]) {
        self.append_start(piece, piece.len());
    }

    /// Adds the first `length` of these bytes. The more there are behind it, the better.
    pub(crate) fn append_start(&mut self, bytes: &[u8], length: usize) {
        let mut room = self.more(length);
        let mut at = 0;
        if length >= LONG
            && let (Some(place), Some(piece)) = (room.get_mut(..length), bytes.get(..length))
        {
            place.copy_from_slice(piece);
            at = length;
        }
        let mut rest = bytes;
        while at < length {
            let Some((block, behind)) = rest.split_first_chunk::<BLOCK>() else { break };
            let Some((place, more)) = take(&mut room).split_first_chunk_mut() else { break };
            *place = *block;
            (rest, room) = (behind, more);
            at += BLOCK;
        }
        while at < length {
            let Some((byte, behind)) = rest.split_first() else { break };
            let Some((place, more)) = take(&mut room).split_first_mut() else { break };
            *place = *byte;
            (rest, room) = (behind, more);
            at += 1;
        }
        self.length += length;
    }

    /// Adds the start of `bytes` that stands for itself inside a JSON string.
    #[inline(always)]
    pub(crate) fn append_plain(&mut self, bytes: &[u8]) -> Plain {
        let mut rest = bytes;
        let mut is_ascii = true;
        while let Some((block, behind)) = rest.split_first_chunk::<WIDTH>() {
            if let Some(place) = self.more(0).first_chunk_mut() {
                *place = *block;
            }
            let lanes = Lanes::of(block);
            let special = lanes.special();
            if !special.is_empty() {
                let length = special.first();
                is_ascii &= lanes.beyond_ascii().before(length).is_empty();
                self.length += length;
                return Plain { length: bytes.len() - rest.len() + length, is_ascii };
            }
            is_ascii &= lanes.beyond_ascii().is_empty();
            self.length += WIDTH;
            rest = behind;
        }
        while let Some((byte, behind)) = rest.split_first() {
            if is_special(*byte) {
                break;
            }
            is_ascii &= byte.is_ascii();
            self.push(*byte);
            rest = behind;
        }
        Plain { length: bytes.len() - rest.len(), is_ascii }
    }

    /// Adds a character in UTF-8.
    #[inline(always)]
    pub(crate) fn push_character(&mut self, character: char) {
        let code = u32::from(character);
        let last = |shift: u32| 0x80 | (code >> shift & 0x3F);
        // In the order of the bytes in memory, the first is the lowest.
        let (bytes, length) = if code < 0x80 {
            (code, 1)
        } else if code < 0x800 {
            (0xC0 | code >> 6 | last(0) << 8, 2)
        } else if code < 0x10000 {
            (0xE0 | code >> 12 | last(6) << 8 | last(0) << 16, 3)
        } else {
            (0xF0 | code >> 18 | last(12) << 8 | last(6) << 16 | last(0) << 24, 4)
        };
        if let Some(place) = self.more(0).first_chunk_mut() {
            *place = bytes.to_le_bytes();
        }
        self.length += length;
    }

    #[inline(always)]
    fn push(&mut self, byte: u8) {
        if let Some(place) = self.more(1).first_mut() {
            *place = byte;
        }
        self.length += 1;
    }

    /// Room for so many bytes, and for a block.
    #[inline(always)]
    fn more(&mut self, bytes: usize) -> &mut [u8] {
        let needed = self.length + bytes + BLOCK;
        if self.room.len() < needed {
            self.grow(needed);
        }
        self.room.get_mut(self.length..).unwrap_or_default()
    }

    #[inline(never)]
    fn grow(&mut self, needed: usize) {
        self.room.resize(needed.max(self.room.len() * 2), 0);
    }
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, LONG, Pieces};
    use alloc::vec::Vec;

    #[test]
    fn pieces_of_any_length_stand_one_behind_the_other() {
        for first in 0..3 * BLOCK {
            for second in (0..3 * BLOCK).chain([LONG - 1, LONG, LONG + 1, 5000]) {
                let (one, other) = ([b'a'].repeat(first), [b'b'].repeat(second));
                let mut pieces = Pieces::default();
                pieces.append(&one);
                pieces.append(&other);
                pieces.push(b'c');
                assert_eq!(pieces.bytes(), [one, other, Vec::from(b"c")].concat(), "{first}, {second}");
                assert_eq!(pieces.len(), first + second + 1);
            }
        }
    }

    #[test]
    fn what_was_cut_off_is_written_over() {
        let mut pieces = Pieces::default();
        pieces.append(b"a long piece of text");
        pieces.truncate(2);
        pieces.append(b"other");
        pieces.truncate(100);
        assert_eq!(pieces.bytes(), b"a other");
    }

    #[test]
    fn the_plain_start_ends_where_an_escape_begins() {
        for plain in 0..40 {
            let mut pieces = Pieces::default();
            let written = [[b'x'].repeat(plain), Vec::from(b"\\n and more")].concat();
            assert_eq!(pieces.append_plain(&written).length, plain);
            assert_eq!(pieces.bytes(), [b'x'].repeat(plain));
        }
    }
}
