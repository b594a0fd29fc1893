//! Search in bytes, eight at a time: byte by byte these are the dearest loops of the crate.
//!
//! Written for `opt-level = "z"`, which the package is built with: iterators and small functions become calls there, so
//! the loops are plain and their helpers always inlined.

/// How many bytes at the start of `bytes` stand for themselves inside a JSON string: neither quote, nor backslash, nor a
/// control character.
#[inline(always)]
pub(crate) fn plain_length(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some((word, behind)) = rest.split_first_chunk() {
        let word = u64::from_le_bytes(*word);
        let quotes = zeros(word ^ every(b'"'));
        let backslashes = zeros(word ^ every(b'\\'));
        let controls = word.wrapping_sub(every(0x20)) & !word;
        let special = (quotes | backslashes | controls) & every(0x80);
        if special != 0 {
            return bytes.len() - rest.len() + first(special);
        }
        rest = behind;
    }
    while let Some((byte, behind)) = rest.split_first() {
        if matches!(byte, b'"' | b'\\' | 0..0x20) {
            break;
        }
        rest = behind;
    }
    bytes.len() - rest.len()
}

/// How many UTF-16 code units a text in UTF-8 has: one for each byte but those that continue a character, and another one for
/// each that begins one of four bytes.
pub(crate) fn utf16_length(text: &[u8]) -> usize {
    let mut units = text.len();
    let mut rest = text;
    while let Some((word, behind)) = rest.split_first_chunk() {
        let word = u64::from_le_bytes(*word);
        let high = word & every(0x80);
        if high != 0 {
            let continuing = high & !(word << 1);
            let four = high & word << 1 & word << 2 & word << 3;
            units = units + four.count_ones() as usize - continuing.count_ones() as usize;
        }
        rest = behind;
    }
    for byte in rest {
        units = units + usize::from(*byte >= 0xF0) - usize::from(byte & 0xC0 == 0x80);
    }
    units
}

/// Where the first of two bytes stands.
pub(crate) fn either(bytes: &[u8], one: u8, other: u8) -> Option<usize> {
    let mut rest = bytes;
    while let Some((word, behind)) = rest.split_first_chunk() {
        let word = u64::from_le_bytes(*word);
        let found = (zeros(word ^ every(one)) | zeros(word ^ every(other))) & every(0x80);
        if found != 0 {
            return Some(bytes.len() - rest.len() + first(found));
        }
        rest = behind;
    }
    while let Some((byte, behind)) = rest.split_first() {
        if *byte == one || *byte == other {
            return Some(bytes.len() - rest.len());
        }
        rest = behind;
    }
    None
}

/// What follows `start`, where `bytes` start with it. The comparison of the standard library goes byte by byte in wasm.
pub(crate) fn behind<'a>(bytes: &'a [u8], start: &[u8]) -> Option<&'a [u8]> {
    let (mut ours, rest) = bytes.split_at_checked(start.len())?;
    let mut theirs = start;
    while let (Some((our, our_rest)), Some((their, their_rest))) =
        (ours.split_first_chunk::<16>(), theirs.split_first_chunk::<16>())
    {
        if u128::from_le_bytes(*our) != u128::from_le_bytes(*their) {
            return None;
        }
        (ours, theirs) = (our_rest, their_rest);
    }
    while let (Some((our, our_rest)), Some((their, their_rest))) = (ours.split_first(), theirs.split_first()) {
        if our != their {
            return None;
        }
        (ours, theirs) = (our_rest, their_rest);
    }
    Some(rest)
}

/// Whether two texts are the same.
pub(crate) fn is_same(one: &[u8], other: &[u8]) -> bool {
    behind(one, other).is_some_and(<[u8]>::is_empty)
}

#[inline(always)]
const fn every(byte: u8) -> u64 {
    0x0101_0101_0101_0101 * byte as u64
}

/// Sets the high bit of each byte that is zero. Above the first such byte it may set others too, so that only the lowest
/// bit counts.
#[inline(always)]
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(every(1)) & !word
}

#[inline(always)]
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
                    let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
                    assert_eq!(either(&bytes, b'\n', b'\r'), end, "{bytes:?}");
                    let is_same = behind(&bytes, &[b'x'; 21]) == Some(&[]);
                    assert_eq!(is_same, bytes == [b'x'; 21], "{bytes:?}");
                }
            }
        }
    }

    #[test]
    fn code_units_are_counted_as_they_are_decoded() {
        for text in
            ["", "ascii", "é", "日本語のテキスト", "a😀b", "😀😀😀😀", "\u{10FFFF}é\u{800}\u{FFFF}", "12345678é"]
        {
            for before in 0..10 {
                let text = ["x".repeat(before).as_str(), text].concat();
                assert_eq!(utf16_length(text.as_bytes()), text.encode_utf16().count(), "{text}");
            }
        }
    }

    #[test]
    fn a_start_longer_than_the_bytes_is_no_start() {
        assert_eq!(behind(b"ab", b"abc"), None);
        assert_eq!(behind(b"abc", b""), Some(b"abc".as_slice()));
    }
}
