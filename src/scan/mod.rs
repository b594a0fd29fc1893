//! Search in bytes, sixteen or eight at a time: byte by byte these are the dearest loops of the crate.
//!
//! Written for `opt-level = "z"`, which the package is built with: iterators and small functions become calls there, so
//! the loops are plain and their helpers always inlined.

#[cfg(target_feature = "simd128")]
#[path = "vectors.rs"]
mod lanes;
#[cfg(not(target_feature = "simd128"))]
#[path = "words.rs"]
mod lanes;

pub(crate) use lanes::{Lanes, WIDTH, utf16_length};

/// How many bytes at the start of `bytes` stand for themselves inside a JSON string: neither quote, nor backslash, nor a
/// control character.
#[inline(always)]
pub(crate) fn plain_length(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some((lanes, behind)) = rest.split_first_chunk() {
        let special = Lanes::of(lanes).special();
        if !special.is_empty() {
            return bytes.len() - rest.len() + special.first();
        }
        rest = behind;
    }
    while let Some((byte, behind)) = rest.split_first() {
        if is_special(*byte) {
            break;
        }
        rest = behind;
    }
    bytes.len() - rest.len()
}

/// Whether a byte does not stand for itself inside a JSON string.
#[inline(always)]
pub(crate) fn is_special(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | 0..0x20)
}

/// Where the first of two bytes stands.
pub(crate) fn either(bytes: &[u8], one: u8, other: u8) -> Option<usize> {
    let mut rest = bytes;
    while let Some((lanes, behind)) = rest.split_first_chunk() {
        let found = Lanes::of(lanes).either(one, other);
        if !found.is_empty() {
            return Some(bytes.len() - rest.len() + found.first());
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
    behind_inlined(bytes, start)
}

/// The same where a call would cost more than it saves.
#[inline(always)]
pub(crate) fn behind_inlined<'a>(bytes: &'a [u8], start: &[u8]) -> Option<&'a [u8]> {
    let rest = bytes.get(start.len()..)?;
    let (mut ours, mut theirs) = (bytes, start);
    while let (Some((our, our_rest)), Some((their, their_rest))) =
        (ours.split_first_chunk::<{ 2 * WIDTH }>(), theirs.split_first_chunk::<{ 2 * WIDTH }>())
    {
        let [our, our_second] = halves(our);
        let [their, their_second] = halves(their);
        if !(our.is_same(their) & our_second.is_same(their_second)) {
            return None;
        }
        (ours, theirs) = (our_rest, their_rest);
    }
    if let (Some((our, our_rest)), Some((their, their_rest))) = (ours.split_first_chunk(), theirs.split_first_chunk()) {
        if !Lanes::of(our).is_same(Lanes::of(their)) {
            return None;
        }
        (ours, theirs) = (our_rest, their_rest);
    }
    // What is left is the end of a block, where there is a whole one.
    if let Some(before) = start.len().checked_sub(WIDTH) {
        let (our, their) = (bytes.get(before..)?.first_chunk()?, start.get(before..)?.first_chunk()?);
        return if Lanes::of(our).is_same(Lanes::of(their)) { Some(rest) } else { None };
    }
    while let (Some((our, our_rest)), Some((their, their_rest))) = (ours.split_first(), theirs.split_first()) {
        if our != their {
            return None;
        }
        (ours, theirs) = (our_rest, their_rest);
    }
    Some(rest)
}

#[inline(always)]
fn halves(bytes: &[u8; 2 * WIDTH]) -> [Lanes; 2] {
    let (halves, _) = bytes.as_chunks();
    [Lanes::of(&halves[0]), Lanes::of(&halves[1])]
}

/// Whether two texts are the same.
pub(crate) fn is_same(one: &[u8], other: &[u8]) -> bool {
    behind(one, other).is_some_and(<[u8]>::is_empty)
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
                assert_eq!(utf16_length(text.as_bytes(), text.len()), Some(text.encode_utf16().count()), "{text}");
            }
        }
    }

    #[test]
    fn a_start_longer_than_the_bytes_is_no_start() {
        assert_eq!(behind(b"ab", b"abc"), None);
        assert_eq!(behind(b"abc", b""), Some(b"abc".as_slice()));
    }
}
