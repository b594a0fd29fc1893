//! Eight bytes as one number.

/// How many bytes are looked at together.
pub(crate) const WIDTH: usize = 8;

/// Bytes that are looked at together.
#[derive(Clone, Copy)]
pub(crate) struct Lanes(u64);

/// A bit of each byte: the highest.
const HIGH: u64 = every(0x80);

impl Lanes {
    #[inline(always)]
    pub(crate) fn of(bytes: &[u8; WIDTH]) -> Self {
        Self(u64::from_le_bytes(*bytes))
    }

    #[inline(always)]
    pub(crate) fn is_same(self, other: Self) -> bool {
        self.0 == other.0
    }

    /// Those that are one of two bytes.
    #[inline(always)]
    pub(crate) fn either(self, one: u8, other: u8) -> Marks {
        Marks(zeros(self.0 ^ every(one)) | zeros(self.0 ^ every(other)))
    }

    /// Those that do not stand for themselves inside a JSON string: quote, backslash and control characters.
    #[inline(always)]
    pub(crate) fn special(self) -> Marks {
        let quoting = zeros(self.0 ^ every(b'"')) | zeros(self.0 ^ every(b'\\'));
        Marks(quoting | zeros(self.0 & every(0xE0)))
    }

    /// How many at the start are surely inside a JSON string, where one is special: at least those before that.
    #[inline(always)]
    pub(crate) fn inside(self) -> usize {
        self.special().first()
    }

    /// Those that are not ASCII.
    #[inline(always)]
    pub(crate) fn beyond_ascii(self) -> Marks {
        Marks(self.0 & HIGH)
    }
}

/// Some of the bytes, by the highest bit of each.
#[derive(Clone, Copy)]
pub(crate) struct Marks(u64);

impl Marks {
    #[inline(always)]
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The place of the first, where there is one.
    #[inline(always)]
    pub(crate) fn first(self) -> usize {
        self.0.trailing_zeros() as usize / 8
    }

    /// Those before a place.
    #[inline(always)]
    pub(crate) fn before(self, place: usize) -> Self {
        Self(self.0 & !(u64::MAX << (place % WIDTH * 8)))
    }
}

/// How many UTF-16 code units the text has that is the first `length` of these bytes: one for each byte but those that continue
/// a character, and another one for each that begins one of four bytes. Nothing where it is no UTF-8.
pub(crate) fn utf16_length(bytes: &[u8], length: usize) -> Option<usize> {
    let text = core::str::from_utf8(bytes.get(..length)?).ok()?;
    let mut units = length;
    for byte in text.as_bytes() {
        units = units + usize::from(*byte >= 0xF0) - usize::from(byte & 0xC0 == 0x80);
    }
    Some(units)
}

#[inline(always)]
const fn every(byte: u8) -> u64 {
    0x0101_0101_0101_0101 * byte as u64
}

/// Sets the highest bit of each byte that is zero.
#[inline(always)]
fn zeros(word: u64) -> u64 {
    !((word & !HIGH).wrapping_add(!HIGH) | word) & HIGH
}
