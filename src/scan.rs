//! Search in bytes, eight at a time: byte by byte these are the dearest loops of the crate.

/// How many bytes at the start of `bytes` stand for themselves inside a JSON string: neither quote, nor backslash, nor a
/// control character.
pub(crate) fn plain_length(bytes: &[u8]) -> usize {
    let mut words = bytes.chunks_exact(8);
    let mut at = 0;
    for word in &mut words {
        let word = word_of(word);
        let special = zeros(word ^ every(b'"')) | zeros(word ^ every(b'\\')) | (word.wrapping_sub(every(0x20)) & !word);
        let special = special & every(0x80);
        if special != 0 {
            return at + first(special);
        }
        at += 8;
    }
    let rest = words.remainder();
    at + rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len())
}

/// Where the first of two bytes stands.
pub(crate) fn either(bytes: &[u8], one: u8, other: u8) -> Option<usize> {
    let mut words = bytes.chunks_exact(8);
    let mut at = 0;
    for word in &mut words {
        let word = word_of(word);
        let found = (zeros(word ^ every(one)) | zeros(word ^ every(other))) & every(0x80);
        if found != 0 {
            return Some(at + first(found));
        }
        at += 8;
    }
    let place = words.remainder().iter().position(|byte| *byte == one || *byte == other)?;
    Some(at + place)
}

/// What follows `start`, where `bytes` start with it. The comparison of the standard library goes byte by byte in wasm.
pub(crate) fn behind<'a>(bytes: &'a [u8], start: &[u8]) -> Option<&'a [u8]> {
    let (head, rest) = bytes.split_at_checked(start.len())?;
    let (mut ours, mut theirs) = (head.chunks_exact(8), start.chunks_exact(8));
    let is_same = (&mut ours).zip(&mut theirs).all(|(ours, theirs)| word_of(ours) == word_of(theirs));
    (is_same && ours.remainder().iter().eq(theirs.remainder())).then_some(rest)
}

fn word_of(bytes: &[u8]) -> u64 {
    bytes.try_into().map_or(0, u64::from_le_bytes)
}

const fn every(byte: u8) -> u64 {
    0x0101_0101_0101_0101 * byte as u64
}

/// Sets the high bit of each byte that is zero. Above the first such byte it may set others too, so that only the lowest
/// bit counts.
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(every(1)) & !word
}

fn first(bits: u64) -> usize {
    bits.trailing_zeros() as usize / 8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every byte at every place, before every other.
    #[test]
    fn words_find_what_bytes_find() {
        for byte in 0..=u8::MAX {
            for next in [b'a', b'"', b'\\', 0x1F, 0x7F, 0x80, 0xFF, b'\n'] {
                for at in 0..20 {
                    let mut bytes = [b'x'; 21];
                    bytes[at] = byte;
                    bytes[at + 1] = next;
                    let plain = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
                    assert_eq!(plain_length(&bytes), plain.unwrap_or(21), "{bytes:?}");
                    let line_end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
                    assert_eq!(either(&bytes, b'\n', b'\r'), line_end, "{bytes:?}");
                    let is_same = behind(&bytes, &[b'x'; 21]) == Some(&[]);
                    assert_eq!(is_same, bytes == [b'x'; 21], "{bytes:?}");
                }
            }
        }
    }

    #[test]
    fn a_start_longer_than_the_bytes_is_no_start() {
        assert_eq!(behind(b"ab", b"abc"), None);
        assert_eq!(behind(b"abc", b""), Some(b"abc".as_slice()));
    }
}
