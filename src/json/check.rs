use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::scan::plain_length;
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
/// here passes `JSON.parse`, and the other way round, but for [`MAX_DEPTH`].
pub(super) fn check(text: &str) -> Result<(), Invalid> {
    let mut reader = Reader { bytes: text.as_bytes(), at: 0 };
    match reader.document() {
        Ok(()) => Ok(()),
        Err(Stop::Unexpected) => Err(Invalid { at: reader.at, too_deep: false }),
        Err(Stop::TooDeep) => Err(Invalid { at: reader.at, too_deep: true }),
    }
}

/// Why reading has ended.
pub(super) enum Stop {
    Unexpected,
    TooDeep,
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// What encloses the place being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Array,
    Object,
}

impl Reader<'_> {
    /// Iterative, so that depth costs heap and not stack.
    ///
    /// ```text
    ///   value ──scalar──▶ after ──`,`──▶ value (array) / key (object)
    ///     │ `[` `{`         │ `]` `}`
    ///     ▼ (or empty)      ▼
    ///   deeper            shallower ──▶ after; at depth 0: end
    /// ```
    fn document(&mut self) -> Result<(), Stop> {
        let mut enclosing: Vec<Within> = Vec::new();
        self.white_space();
        loop {
            let opened = match self.peek() {
                Some(b'{') => Some((Within::Object, b'}')),
                Some(b'[') => Some((Within::Array, b']')),
                _ => None,
            };
            if let Some((within, close)) = opened {
                if enclosing.len() == MAX_DEPTH {
                    return Err(Stop::TooDeep);
                }
                self.at += 1;
                self.white_space();
                if self.peek() == Some(close) {
                    self.at += 1;
                } else {
                    enclosing.push(within);
                    if within == Within::Object {
                        self.key()?;
                    }
                    continue;
                }
            } else {
                self.scalar()?;
            }
            loop {
                self.white_space();
                let Some(within) = enclosing.last() else {
                    return if self.peek().is_none() { Ok(()) } else { Err(Stop::Unexpected) };
                };
                match (self.peek(), within) {
                    (Some(b','), Within::Array) => {
                        self.at += 1;
                        self.white_space();
                        break;
                    }
                    (Some(b','), Within::Object) => {
                        self.at += 1;
                        self.white_space();
                        self.key()?;
                        break;
                    }
                    (Some(b']'), Within::Array) | (Some(b'}'), Within::Object) => {
                        self.at += 1;
                        enclosing.pop();
                    }
                    _ => return Err(Stop::Unexpected),
                }
            }
        }
    }

    fn key(&mut self) -> Result<(), Stop> {
        self.string()?;
        self.white_space();
        self.expect(b':')?;
        self.white_space();
        Ok(())
    }

    fn scalar(&mut self) -> Result<(), Stop> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal(b"true"),
            Some(b'f') => self.literal(b"false"),
            Some(b'n') => self.literal(b"null"),
            _ => Err(Stop::Unexpected),
        }
    }

    fn string(&mut self) -> Result<(), Stop> {
        self.expect(b'"')?;
        loop {
            self.at += plain_length(self.bytes.get(self.at..).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.at += 1;
                    match self.peek() {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
                        Some(b'u') => {
                            self.at += 1;
                            for _ in 0..4 {
                                if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                                    return Err(Stop::Unexpected);
                                }
                                self.at += 1;
                            }
                        }
                        _ => return Err(Stop::Unexpected),
                    }
                }
                _ => return Err(Stop::Unexpected),
            }
        }
    }

    fn number(&mut self) -> Result<(), Stop> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Stop> {
        let from = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == from { Err(Stop::Unexpected) } else { Ok(()) }
    }

    fn literal(&mut self, word: &[u8]) -> Result<(), Stop> {
        for byte in word {
            self.expect(*byte)?;
        }
        Ok(())
    }

    fn white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Stop> {
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(Stop::Unexpected)
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }
}
