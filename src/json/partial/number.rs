/// How far a number has come.
///
/// ```text
///   ──`-`──▶ Minus ──`0`──▶ Zero ─────┬──`.`──▶ Point ──▶ Fraction ──┐
///     │        └──`1`–`9`─▶ Integer ──┤                              │
///     └──▶ (as behind Minus)          └──`e`──▶ Exponent ◀───────────┘
///                                               └──`+` `-`──▶ Sign ──▶ Power
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    Minus,
    Zero,
    Integer,
    Point,
    Fraction,
    Exponent,
    Sign,
    Power,
}

impl Number {
    pub(super) fn begin(byte: u8) -> Option<Self> {
        if byte == b'-' { Some(Self::Minus) } else { Self::Minus.next(byte) }
    }

    /// What it is with one byte more; nothing where the byte is none of it.
    pub(super) fn next(self, byte: u8) -> Option<Self> {
        Some(match (self, byte) {
            (Self::Minus, b'0') => Self::Zero,
            (Self::Minus | Self::Integer, b'0'..=b'9') => Self::Integer,
            (Self::Zero | Self::Integer, b'.') => Self::Point,
            (Self::Point | Self::Fraction, b'0'..=b'9') => Self::Fraction,
            (Self::Zero | Self::Integer | Self::Fraction, b'e' | b'E') => Self::Exponent,
            (Self::Exponent, b'+' | b'-') => Self::Sign,
            (Self::Exponent | Self::Sign | Self::Power, b'0'..=b'9') => Self::Power,
            _ => return None,
        })
    }

    /// Whether it is a number as it stands.
    pub(super) fn is_whole(self) -> bool {
        matches!(self, Self::Zero | Self::Integer | Self::Fraction | Self::Power)
    }
}
