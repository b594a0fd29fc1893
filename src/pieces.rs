use alloc::vec::Vec;
use core::mem::take;

use crate::scan::plain_length;

/// Bytes that grow by short pieces.
///
/// A `Vec` copies each by `memory.copy`, a call that costs more than the few bytes it copies. Here they are written word by word,
/// into room that is there already.
#[derive(Debug, Default)]
pub struct Pieces {
    /// What has been written, and zeros or what was written before.
    room: Vec<u8>,
    length: usize,
}

/// The last word may be written in part beyond its end.
const WORD: usize = 8;

/// From that length on the call is the cheaper way, in bytes.
const LONG: usize = 128;

impl Pieces {
    /// What has been written.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.room.get(..self.length).unwrap_or_default()
    }

    /// How much that is, in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether nothing has been written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Forgets what stands behind so many bytes.
    pub fn truncate(&mut self, length: usize) {
        self.length = self.length.min(length);
    }

    /// Adds a byte.
    pub fn push(&mut self, byte: u8) {
        if let Some(place) = self.more(1).first_mut() {
            *place = byte;
        }
        self.length += 1;
    }

    /// Adds a piece.
    pub fn append(&mut self, piece: &[u8]) {
        let mut room = self.more(piece.len());
        let mut rest = piece;
        if piece.len() >= LONG {
            if let Some(place) = room.get_mut(..piece.len()) {
                place.copy_from_slice(piece);
            }
            rest = &[];
        }
        while let Some((word, behind)) = rest.split_first_chunk::<WORD>() {
            let Some((place, more)) = take(&mut room).split_first_chunk_mut() else { break };
            *place = *word;
            (rest, room) = (behind, more);
        }
        while let Some((byte, behind)) = rest.split_first() {
            let Some((place, more)) = take(&mut room).split_first_mut() else { break };
            *place = *byte;
            (rest, room) = (behind, more);
        }
        self.length += piece.len();
    }

    /// Adds the start of `bytes` that stands for itself inside a JSON string; says how long it is.
    pub(crate) fn append_plain(&mut self, bytes: &[u8]) -> usize {
        let length = plain_length(bytes);
        self.append(bytes.get(..length).unwrap_or_default());
        length
    }

    /// Room for so many bytes, and for a word.
    #[inline(always)]
    fn more(&mut self, bytes: usize) -> &mut [u8] {
        let needed = self.length + bytes + WORD;
        if self.room.len() < needed {
            self.grow(needed);
        }
        self.room.get_mut(self.length..).unwrap_or_default()
    }

    #[inline(never)]
    fn grow(&mut self, needed: usize) {
        self.room.resize(needed * 2, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::{LONG, Pieces, WORD};
    use alloc::vec::Vec;

    #[test]
    fn pieces_of_any_length_stand_one_behind_the_other() {
        for first in 0..3 * WORD {
            for second in (0..3 * WORD).chain([LONG - 1, LONG, LONG + 1, 5000]) {
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
            assert_eq!(pieces.append_plain(&written), plain);
            assert_eq!(pieces.bytes(), [b'x'].repeat(plain));
        }
    }
}
