//! A JSON text that is still being written, read once: what each piece adds to the value is told as operations.

mod number;
mod operations;

use alloc::vec::Vec;
use core::mem::take;

use number::Number;
pub use operations::Operations;

use super::check::{Invalid, MAX_DEPTH};
use super::value::escape;
use crate::scan::plain_length;

/// Reads one JSON value piece by piece and tells what becomes of it, as operations on one growing value. After each piece
/// the value is that of the text so far, mended:
///
/// - A string is what there is of it. An escape counts when it is whole; the two of a surrogate pair are one.
/// - A number is what is valid of it: `1` of `1.` and `1e+`, and nothing of `-`. Beyond 1,024 characters it stays as it is
///   until it is whole.
/// - A literal is known by its first letter: no other begins with it.
/// - A member without a value is absent, and of several of one name the last counts, in the place of the first.
///
/// Every byte is looked at once, but for one that ends a number, and copied at most twice: into `number` too when it is part
/// of one.
///
/// ```text
///   value ──scalar──▶ after ──`,`──▶ value (array) / name (object)
///     │ `[` `{`         │ `]` `}`
///     ▼ (or empty)      ▼
///   deeper            shallower ──▶ after
/// ```
#[derive(Debug)]
pub struct PartialParser {
    state: State,
    /// What encloses the place, from the outside in: of an array, how many elements have begun.
    enclosing: Vec<Within>,
    /// Whether the string being read is a member's name.
    is_name: bool,
    /// What the digits of an escape say so far.
    unit: u32,
    /// The first half of a surrogate pair, until it is known what follows it; or 0.
    half: u32,
    /// What has arrived of the number being read.
    number: Vec<u8>,
    /// How much of `number` is a number by itself, and how much of it has been told.
    valid: usize,
    told: usize,
    /// How many bytes the pieces before had.
    offset: usize,
    error: Option<Invalid>,
    operations: Operations,
    #[cfg(test)]
    looked_at: usize,
}

/// Why a text cannot go on.
enum Stop {
    Unexpected,
    TooDeep,
}

/// What may come next.
#[derive(Debug, Clone, Copy)]
enum State {
    Value,
    ElementOrEnd,
    NameOrEnd,
    Name,
    Colon,
    /// Behind a value: a comma, the end of what encloses it, or nothing.
    After,
    String,
    /// Behind a backslash.
    Escape,
    /// So many hexadecimal digits.
    Hex(u8),
    Number(Number),
    /// The rest of a word.
    Literal(&'static [u8]),
}

#[derive(Debug, Clone, Copy)]
enum Within {
    Array(u32),
    Object,
}

/// Longer numbers are told when they are whole: telling them again with each piece would take quadratic time.
const MAX_GROWING_NUMBER: usize = 1024;

impl PartialParser {
    /// A parser that has read nothing.
    #[must_use]
    pub fn new() -> Self {
        Self {
            state: State::Value,
            enclosing: Vec::new(),
            is_name: false,
            unit: 0,
            half: 0,
            number: Vec::new(),
            valid: 0,
            told: 0,
            offset: 0,
            error: None,
            operations: Operations::default(),
            #[cfg(test)]
            looked_at: 0,
        }
    }

    /// Takes the next piece of the text, UTF-8 that is cut anywhere, and adds the operations that it comes to. They are about
    /// the place that is being written: the whole value at first. Strings stand in the operations' text, one after the other;
    /// the operand is their length in UTF-16 code units, or, beyond 2^31, a code unit that is half of a surrogate pair.
    ///
    /// | operation | operand | meaning |
    /// | --- | --- | --- |
    /// | 0 | number | from here on this element of the array is meant |
    /// | 1 | string | from here on this member of the object is meant |
    /// | 2 | string | more of the member's name |
    /// | 3 | string | the value is this string, or its beginning |
    /// | 4 | string | more of the string |
    /// | 5 | string | the value is the number that is written so; it may not be all of it |
    /// | 6 | number | the value is `null` (0), `false` (1) or `true` (2) |
    /// | 7 | 0 or 1 | the value is an object (0) or an array (1), and what is in it is meant from here on |
    /// | 8 | 0 or 1 | as many objects or arrays end, their own place is meant again, and the value there is complete |
    /// | 9 | string | the text is no JSON, for this reason; nothing follows |
    ///
    /// A number that is the whole text is complete with the white space behind it. Once the text is no JSON, pieces are
    /// ignored, and what was told before stays.
    pub fn push(&mut self, piece: &[u8]) {
        if self.error.is_none() {
            self.read(piece);
        }
        self.operations.end_text();
    }

    /// What the pieces have come to since the operations were forgotten.
    #[must_use]
    pub fn operations(&self) -> &Operations {
        &self.operations
    }

    /// Forgets the operations, which have been performed.
    pub fn forget(&mut self) {
        self.operations.clear();
    }

    /// Why the text is no JSON, and where in all its pieces.
    #[must_use]
    pub fn error(&self) -> Option<Invalid> {
        self.error
    }

    /// Whether the text so far ends behind a backslash that begins an escape.
    #[must_use]
    pub fn is_escaping(&self) -> bool {
        matches!(self.state, State::Escape)
    }

    fn read(&mut self, piece: &[u8]) {
        let mut at = 0;
        let mut stopped = None;
        while let Some(&byte) = piece.get(at) {
            match self.step(piece, at, byte) {
                Ok(next) => at = next,
                Err(stop) => {
                    stopped = Some(stop);
                    break;
                }
            }
        }
        self.offset += at;
        if let State::Number(_) = self.state {
            self.tell_number(self.valid);
        }
        if let Some(stop) = stopped {
            let error = Invalid { at: self.offset, too_deep: matches!(stop, Stop::TooDeep) };
            self.operations.invalid(&error);
            self.error = Some(error);
        }
    }

    /// Reads what stands at `at`, which begins with `byte`, and gives where to go on.
    fn step(&mut self, piece: &[u8], at: usize, byte: u8) -> Result<usize, Stop> {
        #[cfg(test)]
        {
            self.looked_at += 1;
        }
        match self.state {
            State::String => return self.string(piece, at, byte),
            State::Escape if byte == b'u' => {
                self.unit = 0;
                self.state = State::Hex(4);
            }
            State::Escape => {
                let (Some(character), _) = escape(&[byte]) else { return Err(Stop::Unexpected) };
                self.state = State::String;
                self.escaped(character as u32);
            }
            State::Hex(left) => {
                let digit = char::from(byte).to_digit(16).ok_or(Stop::Unexpected)?;
                self.unit = self.unit << 4 | digit;
                self.state = State::Hex(left - 1);
                if left == 1 {
                    self.state = State::String;
                    self.escaped(self.unit);
                }
            }
            State::Number(number) => {
                if let Some(next) = number.next(byte) {
                    self.number.push(byte);
                    self.more_of_number(next);
                } else if number.is_whole() {
                    self.tell_number(self.number.len());
                    self.complete(false);
                    return Ok(at);
                } else {
                    return Err(Stop::Unexpected);
                }
            }
            State::Literal(rest) => match rest.split_first() {
                Some((expected, rest)) if *expected == byte => {
                    self.state = State::Literal(rest);
                    if rest.is_empty() {
                        self.complete(false);
                    }
                }
                _ => return Err(Stop::Unexpected),
            },
            _ if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') => (),
            _ => self.between(byte)?,
        }
        Ok(at + 1)
    }

    /// Reads a byte that is not inside of a scalar.
    fn between(&mut self, byte: u8) -> Result<(), Stop> {
        match (self.state, byte, self.enclosing.last()) {
            (State::ElementOrEnd | State::After, b']', Some(Within::Array(_)))
            | (State::NameOrEnd | State::After, b'}', Some(Within::Object)) => {
                self.enclosing.pop();
                self.complete(true);
            }
            (State::After, b',', Some(Within::Array(_))) => self.state = State::Value,
            (State::After, b',', Some(Within::Object)) => self.state = State::Name,
            (State::Name | State::NameOrEnd, b'"', _) => self.begin_string(true),
            (State::Colon, b':', _) => self.state = State::Value,
            (State::Value | State::ElementOrEnd, ..) => self.begin_value(byte)?,
            _ => return Err(Stop::Unexpected),
        }
        Ok(())
    }

    fn begin_value(&mut self, byte: u8) -> Result<(), Stop> {
        if let Some(Within::Array(elements)) = self.enclosing.last_mut() {
            self.operations.element(*elements);
            *elements += 1;
        }
        match byte {
            b'{' => return self.open(Within::Object, State::NameOrEnd),
            b'[' => return self.open(Within::Array(0), State::ElementOrEnd),
            b'"' => self.begin_string(false),
            b't' => self.begin_literal("true", 2),
            b'f' => self.begin_literal("false", 1),
            b'n' => self.begin_literal("null", 0),
            _ => {
                let number = Number::begin(byte).ok_or(Stop::Unexpected)?;
                self.number.clear();
                self.number.push(byte);
                (self.valid, self.told) = (0, 0);
                self.more_of_number(number);
            }
        }
        Ok(())
    }

    fn open(&mut self, within: Within, state: State) -> Result<(), Stop> {
        if self.enclosing.len() == MAX_DEPTH {
            return Err(Stop::TooDeep);
        }
        self.operations.open(matches!(within, Within::Array(_)));
        self.enclosing.push(within);
        self.state = state;
        Ok(())
    }

    fn begin_literal(&mut self, word: &'static str, which: u32) {
        self.state = State::Literal(word.as_bytes().get(1..).unwrap_or_default());
        self.operations.literal(which);
    }

    fn begin_string(&mut self, is_name: bool) {
        self.is_name = is_name;
        self.state = State::String;
        self.operations.begin_text(is_name);
    }

    /// Reads plain characters, as many as there are, or one that ends them.
    fn string(&mut self, piece: &[u8], at: usize, byte: u8) -> Result<usize, Stop> {
        if byte == b'\\' {
            self.state = State::Escape;
            return Ok(at + 1);
        }
        self.tell_half();
        if byte == b'"' {
            if self.is_name {
                self.state = State::Colon;
            } else {
                self.complete(false);
            }
            return Ok(at + 1);
        }
        let rest = piece.get(at..).unwrap_or_default();
        let plain = plain_length(rest);
        #[cfg(test)]
        {
            self.looked_at += plain;
        }
        if plain == 0 {
            return Err(Stop::Unexpected);
        }
        self.operations.more_text(self.is_name).append(rest.get(..plain).unwrap_or_default());
        Ok(at + plain)
    }

    /// Takes what an escape stands for. The first half of a surrogate pair is held back until it is known what follows it.
    fn escaped(&mut self, unit: u32) {
        let mut code = unit;
        if self.half != 0 && (0xDC00..0xE000).contains(&unit) {
            code = 0x10000 + ((take(&mut self.half) - 0xD800) << 10) + (unit - 0xDC00);
        }
        self.tell_half();
        match char::from_u32(code) {
            Some(character) => {
                self.operations.more_text(self.is_name).push_character(character);
            }
            None => {
                self.half = code;
                // The second half, which no other one can precede any more, stays alone.
                if code >= 0xDC00 {
                    self.tell_half();
                }
            }
        }
    }

    /// Tells of a half that stays alone.
    fn tell_half(&mut self) {
        let half = take(&mut self.half);
        if half != 0 {
            self.operations.half(self.is_name, half);
        }
    }

    fn more_of_number(&mut self, number: Number) {
        self.state = State::Number(number);
        if number.is_whole() && self.number.len() <= MAX_GROWING_NUMBER {
            self.valid = self.number.len();
        }
    }

    fn tell_number(&mut self, length: usize) {
        if length > self.told {
            self.told = length;
            self.operations.number(self.number.get(..length).unwrap_or_default());
        }
    }

    fn complete(&mut self, ends: bool) {
        self.state = State::After;
        self.operations.complete(ends);
    }
}

impl Default for PartialParser {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    /// The bytes looked at must not depend on how the text is cut.
    #[test]
    fn pieces_of_one_character_cost_no_more_looks_than_one_piece() {
        let string = format!(r#""{}\ud83d\ude00\n""#, "x".repeat(10_000));
        let number = "7".repeat(10_000);
        let text = format!(r#"{{{string}:[{string},{number},true,{{}}],"long":{string}}}"#);
        let mut whole = PartialParser::new();
        whole.push(text.as_bytes());
        let mut dripped = PartialParser::new();
        for at in 0..text.len() {
            dripped.push(&text.as_bytes()[at..=at]);
        }
        assert_eq!((whole.error(), dripped.error()), (None, None));
        // A run of plain characters looks at its first one twice, and so does the end of a number.
        assert!(whole.looked_at <= text.len() + 10, "{}", whole.looked_at);
        assert!(dripped.looked_at <= 2 * text.len(), "{}", dripped.looked_at);
    }
}
