//! Sixteen bytes in a vector of WebAssembly.

use core::arch::wasm32::{
    i8x16_bitmask, u8x16_eq, u8x16_lt, u8x16_splat, u64x2, v128, v128_any_true, v128_or, v128_xor,
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

    /// Those from a place on.
    #[inline(always)]
    pub(crate) fn from(self, place: usize) -> Self {
        Self(self.0 & u32::MAX << place)
    }
}
