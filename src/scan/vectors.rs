//! Sixteen bytes in a vector of WebAssembly.

use core::arch::wasm32::{
    i8x16_bitmask, i8x16_lt, i8x16_shuffle, i8x16_splat, u8x16, u8x16_eq, u8x16_ge, u8x16_lt, u8x16_ne, u8x16_shr,
    u8x16_splat, u8x16_sub_sat, u8x16_swizzle, u64x2, v128, v128_and, v128_any_true, v128_or, v128_xor,
};

/// How many bytes are looked at together.
pub(crate) const WIDTH: usize = 16;

/// Bytes that are looked at together.
#[derive(Clone, Copy)]
pub(crate) struct Lanes(v128);

impl Lanes {
    /// The compiler makes one load of it.
    #[inline(always)]
    pub(crate) fn of(bytes: &[u8; WIDTH]) -> Self {
        let both = u128::from_le_bytes(*bytes);
        Self(u64x2(both as u64, (both >> 64) as u64))
    }

    #[inline(always)]
    pub(crate) fn is_same(self, other: Self) -> bool {
        !v128_any_true(v128_xor(self.0, other.0))
    }

    /// Those that are one of two bytes.
    #[inline(always)]
    pub(crate) fn either(self, one: u8, other: u8) -> Marks {
        Marks::of(v128_or(u8x16_eq(self.0, u8x16_splat(one)), u8x16_eq(self.0, u8x16_splat(other))))
    }

    /// Those that do not stand for themselves inside a JSON string: quote, backslash and control characters.
    #[inline(always)]
    pub(crate) fn special(self) -> Marks {
        let quoting = v128_or(u8x16_eq(self.0, u8x16_splat(b'"')), u8x16_eq(self.0, u8x16_splat(b'\\')));
        Marks::of(v128_or(quoting, u8x16_lt(self.0, u8x16_splat(0x20))))
    }

    /// How many at the start are surely inside a JSON string, where one is special: those that stand for themselves, and whole
    /// escapes of one letter. One by one, escapes that stand close together would make the processor guess wrong at each.
    #[inline(always)]
    pub(crate) fn inside(self) -> usize {
        let backslashes = Marks::of(u8x16_eq(self.0, u8x16_splat(b'\\'))).0;
        // Of backslashes side by side each second one is escaped, and of their end what follows, by whether their number is
        // even: where they begin at an odd place, adding carries through them.
        const EVEN: u32 = 0x5555_5555;
        let following = backslashes << 1;
        let carried = (backslashes & !EVEN & !following) + backslashes;
        let escaped = (EVEN ^ carried << 1) & following;
        let unusual = escaped & !self.letters().0;
        let ends = (self.special().0 & !backslashes & !escaped) | unusual >> 1;
        (ends | 1 << WIDTH).trailing_zeros() as usize
    }

    /// Those that make an escape of one letter, where a backslash stands before: `"`, `/`, `\`, `b`, `f`, `n`, `r`, `t`. By both
    /// halves of a byte: a bit for each first half.
    #[inline(always)]
    fn letters(self) -> Marks {
        const QUOTE: u8 = 1;
        const BACKSLASH: u8 = 2;
        const B_TO_N: u8 = 4;
        const R_TO_T: u8 = 8;
        let high = u8x16(0, 0, QUOTE, 0, 0, BACKSLASH, B_TO_N, R_TO_T, 0, 0, 0, 0, 0, 0, 0, 0);
        let all = QUOTE | B_TO_N | R_TO_T;
        let low = u8x16(0, 0, all, 0, R_TO_T, 0, B_TO_N, 0, 0, 0, 0, 0, BACKSLASH, 0, B_TO_N, QUOTE);
        let high = u8x16_swizzle(high, u8x16_shr(self.0, 4));
        let low = u8x16_swizzle(low, v128_and(self.0, u8x16_splat(15)));
        Marks::of(u8x16_ne(v128_and(high, low), u8x16_splat(0)))
    }

    /// Those that are not ASCII.
    #[inline(always)]
    pub(crate) fn beyond_ascii(self) -> Marks {
        Marks::of(self.0)
    }
}

/// Some of the bytes: a bit for each.
#[derive(Clone, Copy)]
pub(crate) struct Marks(u32);

impl Marks {
    #[inline(always)]
    fn of(vector: v128) -> Self {
        Self(u32::from(i8x16_bitmask(vector)))
    }

    #[inline(always)]
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The place of the first, where there is one.
    #[inline(always)]
    pub(crate) fn first(self) -> usize {
        self.0.trailing_zeros() as usize
    }

    /// Those before a place.
    #[inline(always)]
    pub(crate) fn before(self, place: usize) -> Self {
        Self(self.0 & !(u32::MAX << place))
    }
}

/// How many UTF-16 code units the text has that is the first `length` of these bytes: one for each byte but those that continue
/// a character, and another one for each that begins one of four bytes. Nothing where it is no UTF-8. Faster where a block of
/// whatever stands behind.
///
/// What is wrong in UTF-8 shows in two bytes side by side, but for how many continue a character: John Keiser and Daniel Lemire,
/// "Validating UTF-8 in less than one instruction per byte", 2020.
pub(crate) fn utf16_length(bytes: &[u8], length: usize) -> Option<usize> {
    let places = u8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    let (mut units, mut at) = (length, 0);
    let (mut wrong, mut before) = (u8x16_splat(0), u8x16_splat(0));
    // To a zero behind the end, since that ends each character.
    while at <= length {
        let block = match bytes.get(at..).and_then(<[u8]>::first_chunk) {
            Some(block) => Lanes::of(block).0,
            None => Lanes::of(&last(bytes.get(at..).unwrap_or_default())).0,
        };
        let left = (length - at).min(WIDTH) as u8;
        let block = v128_and(block, u8x16_lt(places, u8x16_splat(left)));
        wrong = v128_or(wrong, wrong_in(block, before));
        let continuing = i8x16_bitmask(i8x16_lt(block, i8x16_splat(-64)));
        let four = i8x16_bitmask(u8x16_ge(block, u8x16_splat(0xF0)));
        units = units + four.count_ones() as usize - continuing.count_ones() as usize;
        before = block;
        at += WIDTH;
    }
    if v128_any_true(wrong) { None } else { Some(units) }
}

#[cold]
fn last(bytes: &[u8]) -> [u8; WIDTH] {
    let mut block = [0; WIDTH];
    for (place, byte) in block.iter_mut().zip(bytes) {
        *place = *byte;
    }
    block
}

/// What is wrong in a block of UTF-8, behind another one: zeros where nothing is.
#[inline(always)]
fn wrong_in(block: v128, before: v128) -> v128 {
    let one_before = i8x16_shuffle::<15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30>(before, block);
    let two_before = i8x16_shuffle::<14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29>(before, block);
    let three_before = i8x16_shuffle::<13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28>(before, block);
    // Continues nothing, is not continued, written too long, a surrogate, beyond the last character; the highest bit: continues
    // what continues.
    const SHORT: u8 = 1;
    const LONG: u8 = 1 << 1;
    const OVERLONG_3: u8 = 1 << 2;
    const LARGE: u8 = 1 << 3;
    const SURROGATE: u8 = 1 << 4;
    const OVERLONG_2: u8 = 1 << 5;
    const LARGER_OR_OVERLONG_4: u8 = 1 << 6;
    const TWO: u8 = 1 << 7;
    const ANY: u8 = SHORT | LONG | TWO;
    const ABOVE: u8 = ANY | LARGE | LARGER_OR_OVERLONG_4;
    const THIRD: u8 = LONG | OVERLONG_2 | TWO;
    let first_high = u8x16_swizzle(
        u8x16(
            LONG,
            LONG,
            LONG,
            LONG,
            LONG,
            LONG,
            LONG,
            LONG,
            TWO,
            TWO,
            TWO,
            TWO,
            SHORT | OVERLONG_2,
            SHORT,
            SHORT | OVERLONG_3 | SURROGATE,
            SHORT | LARGE | LARGER_OR_OVERLONG_4,
        ),
        u8x16_shr(one_before, 4),
    );
    let first_low = u8x16_swizzle(
        u8x16(
            ANY | OVERLONG_3 | OVERLONG_2 | LARGER_OR_OVERLONG_4,
            ANY | OVERLONG_2,
            ANY,
            ANY,
            ANY | LARGE,
            ABOVE,
            ABOVE,
            ABOVE,
            ABOVE,
            ABOVE,
            ABOVE,
            ABOVE,
            ABOVE,
            ABOVE | SURROGATE,
            ABOVE,
            ABOVE,
        ),
        v128_and(one_before, u8x16_splat(15)),
    );
    let second_high = u8x16_swizzle(
        u8x16(
            SHORT,
            SHORT,
            SHORT,
            SHORT,
            SHORT,
            SHORT,
            SHORT,
            SHORT,
            THIRD | OVERLONG_3 | LARGER_OR_OVERLONG_4,
            THIRD | OVERLONG_3 | LARGE,
            THIRD | SURROGATE | LARGE,
            THIRD | SURROGATE | LARGE,
            SHORT,
            SHORT,
            SHORT,
            SHORT,
        ),
        u8x16_shr(block, 4),
    );
    let pairs = v128_and(v128_and(first_high, first_low), second_high);
    let third = u8x16_sub_sat(two_before, u8x16_splat(0xE0 - 0x80));
    let fourth = u8x16_sub_sat(three_before, u8x16_splat(0xF0 - 0x80));
    v128_xor(v128_and(v128_or(third, fourth), u8x16_splat(0x80)), pairs)
}
