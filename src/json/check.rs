use alloc::string::String;
use core::fmt;

use super::escapes::{DIGITS, ESCAPES};
use super::outline::Outline;
use crate::scan::{Lanes, WIDTH};
use crate::text::{decimal, fill};

/// How deep arrays and objects may be nested. `JSON.parse` has no such bound; a server that nests deeper is broken or
/// hostile, and every reader after us would recurse.
pub const MAX_DEPTH: usize = 512;

/// Why a text is not JSON, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invalid {
    /// The offset of the first byte that does not fit, in bytes.
    pub at: usize,
    /// Whether the text is JSON but nested deeper than [`MAX_DEPTH`].
    pub too_deep: bool,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words())
    }
}

impl Invalid {
    /// The same in a sentence's words.
    pub(super) fn words(&self) -> String {
        if self.too_deep {
            fill("JSON nested deeper than {} levels", &[&decimal(MAX_DEPTH as u64)])
        } else {
            fill("invalid JSON at byte {}", &[&decimal(self.at as u64)])
        }
    }
}

/// Checks that `text` is exactly one JSON value by the grammar of RFC 8259, white space around it allowed. What passes
/// here passes `JSON.parse`, and the other way round, but for [`MAX_DEPTH`]. What is long in it is noted in the outline.
///
/// One loop, so that depth costs no stack and what is hot stays in one function:
///
/// ```text
///   value ──scalar──▶ behind ──`,`──▶ value (array) / key (object)
///     │ `[` `{`         │ `]` `}`
///     ▼ (or empty)      ▼
///   deeper            shallower ──▶ behind; at depth 0: end
/// ```
pub(super) fn check(text: &str, outline: &mut Outline) -> Result<(), Invalid> {
    let bytes = text.as_bytes();
    let mut enclosing = Enclosing { depth: 0, objects: [0; MAX_DEPTH / 64] };
    let (mut is_key, mut is_object) = (false, false);
    let mut at = white_space(bytes, 0);
    loop {
        match byte(bytes, at) {
            b'"' => {
                let from = at;
                at = string(bytes, from)?;
                if is_key {
                    at = white_space(bytes, at);
                    if byte(bytes, at) != b':' {
                        return unexpected(at);
                    }
                    at = white_space(bytes, at + 1);
                    is_key = false;
                    continue;
                }
                outline.scalar(text, enclosing.depth, from, at);
            }
            _ if is_key => return unexpected(at),
            open @ (b'{' | b'[') => {
                if enclosing.depth == MAX_DEPTH {
                    return Err(Invalid { at, too_deep: true });
                }
                let from = at;
                at = white_space(bytes, at + 1);
                // In ASCII a closing bracket stands two behind the one that opens.
                if byte(bytes, at) == open + 2 {
                    at += 1;
                } else {
                    outline.open(text, enclosing.depth, from);
                    is_object = open == b'{';
                    is_key = is_object;
                    enclosing.enter(is_object);
                    continue;
                }
            }
            b'-' | b'0'..=b'9' => at = number(bytes, at)?,
            b't' => at = literal(bytes, at, b"true")?,
            b'f' => at = literal(bytes, at, b"false")?,
            b'n' => at = literal(bytes, at, b"null")?,
            _ => return unexpected(at),
        }
        loop {
            at = white_space(bytes, at);
            if enclosing.depth == 0 {
                return if at == bytes.len() { Ok(()) } else { unexpected(at) };
            }
            let found = byte(bytes, at);
            if found == b',' {
                at = white_space(bytes, at + 1);
                is_key = is_object;
                break;
            }
            if found != if is_object { b'}' } else { b']' } {
                return unexpected(at);
            }
            at += 1;
            enclosing.depth -= 1;
            is_object = enclosing.is_object();
            outline.close(text, enclosing.depth, at);
        }
    }
}

/// What encloses the place being read: a bit for each level, set where it is an object.
struct Enclosing {
    depth: usize,
    objects: [u64; MAX_DEPTH / 64],
}

impl Enclosing {
    #[inline(always)]
    fn enter(&mut self, is_object: bool) {
        let bit = 1 << (self.depth % 64);
        let word = &mut self.objects[self.depth / 64 % (MAX_DEPTH / 64)];
        *word = if is_object { *word | bit } else { *word & !bit };
        self.depth += 1;
    }

    /// Of the innermost.
    #[inline(always)]
    fn is_object(&self) -> bool {
        let at = self.depth.wrapping_sub(1);
        self.objects[at / 64 % (MAX_DEPTH / 64)] >> (at % 64) & 1 != 0
    }
}

#[inline(always)]
fn unexpected<T>(at: usize) -> Result<T, Invalid> {
    Err(Invalid { at, too_deep: false })
}

/// Behind the end there are zeros, which fit nowhere.
#[inline(always)]
fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or_default()
}

#[inline(always)]
fn white_space(bytes: &[u8], mut at: usize) -> usize {
    while matches!(byte(bytes, at), b' ' | b'\t' | b'\n' | b'\r') {
        at += 1;
    }
    at
}

/// Where the string ends whose quote stands at `from`.
#[inline(always)]
fn string(bytes: &[u8], from: usize) -> Result<usize, Invalid> {
    let mut at = from + 1;
    while let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let lanes = Lanes::of(block);
        let special = lanes.special();
        if special.is_empty() {
            at += WIDTH;
            continue;
        }
        let mut length = special.first();
        if byte(block, length) == b'\\' {
            length = lanes.inside();
        }
        at += length;
        if length < WIDTH {
            if byte(bytes, at) == b'"' {
                return Ok(at + 1);
            }
            at = escape(bytes, at)?;
            // Characters that are written by their numbers stand side by side.
            while byte(bytes, at) == b'\\' {
                at = escape(bytes, at)?;
            }
        }
    }
    loop {
        match byte(bytes, at) {
            b'"' => return Ok(at + 1),
            b'\\' => at = escape(bytes, at)?,
            0..0x20 => return unexpected(at),
            _ => at += 1,
        }
    }
}

/// Where the escape ends that begins there.
#[inline(always)]
fn escape(bytes: &[u8], at: usize) -> Result<usize, Invalid> {
    if byte(bytes, at) != b'\\' {
        return unexpected(at);
    }
    match ESCAPES[usize::from(byte(bytes, at + 1))] {
        0 => unexpected(at + 1),
        b'u' => {
            for digit in at + 2..at + 6 {
                if DIGITS[usize::from(byte(bytes, digit))] == u8::MAX {
                    return unexpected(digit);
                }
            }
            Ok(at + 6)
        }
        _ => Ok(at + 2),
    }
}

fn number(bytes: &[u8], mut at: usize) -> Result<usize, Invalid> {
    if byte(bytes, at) == b'-' {
        at += 1;
    }
    at = if byte(bytes, at) == b'0' { at + 1 } else { digits(bytes, at)? };
    if byte(bytes, at) == b'.' {
        at = digits(bytes, at + 1)?;
    }
    if matches!(byte(bytes, at), b'e' | b'E') {
        at += 1;
        if matches!(byte(bytes, at), b'+' | b'-') {
            at += 1;
        }
        at = digits(bytes, at)?;
    }
    Ok(at)
}

fn digits(bytes: &[u8], from: usize) -> Result<usize, Invalid> {
    let mut at = from;
    while byte(bytes, at).is_ascii_digit() {
        at += 1;
    }
    if at == from { unexpected(at) } else { Ok(at) }
}

fn literal(bytes: &[u8], mut at: usize, word: &[u8]) -> Result<usize, Invalid> {
    for expected in word {
        if byte(bytes, at) != *expected {
            return unexpected(at);
        }
        at += 1;
    }
    Ok(at)
}
