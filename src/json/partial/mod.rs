//! A JSON text that is still being written, read once: what each piece adds to the value is told as operations.

mod number;
mod operations;

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use number::Number;
use operations::Operations;

use super::check::{Invalid, MAX_DEPTH};
use crate::scan::plain_length;
use crate::text::cut;

/// Reads one JSON value piece by piece and tells what becomes of it, as operations on one growing value. After each piece
/// the value is that of the text so far, mended:
///
/// - A string is what there is of it. An escape counts when it is whole; the two of a surrogate pair are one.
/// - A number is what is valid of it: `1` of `1.` and `1e+`, and nothing of `-`. Beyond 1,024 characters it stays as it is
///   until it is whole.
/// - A literal is known by its first letter: no other begins with it.
/// - A member without a value is absent, and of several of one name the last counts, in the place of the first.
///
/// Every byte is looked at once, but for one that ends a number, and copied at most twice: into `held` or `number` when
/// it is part of an escape or a number.
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
    /// An escape that is not whole, or the first half of a surrogate pair.
    held: String,
    /// What has arrived of the number being read.
    number: String,
    /// How much of `number` is a number by itself, and how much of it has been told.
    valid: usize,
    told: usize,
    /// How many bytes the pieces before had.
    offset: usize,
    error: Option<Invalid>,
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
    Array(u64),
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
            held: String::new(),
            number: String::new(),
            valid: 0,
            told: 0,
            offset: 0,
            error: None,
            #[cfg(test)]
            looked_at: 0,
        }
    }

    /// Takes the next piece of the text, cut anywhere, and gives the operations that it adds, in order, as one JSON array:
    /// each is a number with its operand behind it. They are about the place that is being written: the whole value at
    /// first.
    ///
    /// | operation | operand | meaning |
    /// | --- | --- | --- |
    /// | 0 | string or index | from here on this member of the object, or this element of the array, is meant |
    /// | 1 | string | more of the member's name |
    /// | 2 | scalar | the value is this; that of a number or a string may not be all of it |
    /// | 3 | string | more of the string |
    /// | 4 | `{}` or `[]` | the value is an object or array, and what is in it is meant from here on |
    /// | 5 | 0 or 1 | as many objects or arrays end, their own place is meant again, and the value there is complete |
    /// | 6 | string | the text is no JSON, for this reason; nothing follows |
    ///
    /// A number that is the whole text is complete with the white space behind it. Once the text is no JSON, pieces are
    /// ignored, and what was told before stays.
    pub fn push(&mut self, piece: &str) -> String {
        let mut operations = Operations::new();
        if self.error.is_none() {
            self.read(piece, &mut operations);
        }
        operations.finish()
    }

    /// Why the text is no JSON, and where in all its pieces.
    #[must_use]
    pub fn error(&self) -> Option<Invalid> {
        self.error
    }

    fn read(&mut self, piece: &str, operations: &mut Operations) {
        let mut at = 0;
        let mut stopped = None;
        while let Some(&byte) = piece.as_bytes().get(at) {
            match self.step(piece, at, byte, operations) {
                Ok(next) => at = next,
                Err(stop) => {
                    stopped = Some(stop);
                    break;
                }
            }
        }
        self.offset += at;
        if let State::Number(_) = self.state {
            self.tell_number(self.valid, operations);
        }
        if let Some(stop) = stopped {
            let error = Invalid { at: self.offset, too_deep: matches!(stop, Stop::TooDeep) };
            operations.invalid(&error);
            self.error = Some(error);
        }
    }

    /// Reads what stands at `at`, which begins with `byte`, and gives where to go on.
    fn step(&mut self, piece: &str, at: usize, byte: u8, operations: &mut Operations) -> Result<usize, Stop> {
        #[cfg(test)]
        {
            self.looked_at += 1;
        }
        match self.state {
            State::String => return self.string(piece, at, byte, operations),
            State::Escape => {
                self.held.push(char::from(byte));
                match byte {
                    b'u' => self.state = State::Hex(4),
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {
                        self.state = State::String;
                        self.tell_held(0, operations);
                    }
                    _ => return Err(Stop::Unexpected),
                }
            }
            State::Hex(left) => {
                if !byte.is_ascii_hexdigit() {
                    return Err(Stop::Unexpected);
                }
                self.held.push(char::from(byte));
                if left > 1 {
                    self.state = State::Hex(left - 1);
                } else {
                    self.state = State::String;
                    self.tell_held(self.first_half(), operations);
                }
            }
            State::Number(number) => {
                if let Some(next) = number.next(byte) {
                    self.number.push(char::from(byte));
                    self.more_of_number(next);
                } else if number.is_whole() {
                    self.tell_number(self.number.len(), operations);
                    self.complete(false, operations);
                    return Ok(at);
                } else {
                    return Err(Stop::Unexpected);
                }
            }
            State::Literal(rest) => match rest.split_first() {
                Some((expected, rest)) if *expected == byte => {
                    self.state = State::Literal(rest);
                    if rest.is_empty() {
                        self.complete(false, operations);
                    }
                }
                _ => return Err(Stop::Unexpected),
            },
            _ if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') => (),
            _ => self.between(byte, operations)?,
        }
        Ok(at + 1)
    }

    /// Reads a byte that is not inside of a scalar.
    fn between(&mut self, byte: u8, operations: &mut Operations) -> Result<(), Stop> {
        match (self.state, byte, self.enclosing.last()) {
            (State::ElementOrEnd | State::After, b']', Some(Within::Array(_)))
            | (State::NameOrEnd | State::After, b'}', Some(Within::Object)) => {
                self.enclosing.pop();
                self.complete(true, operations);
            }
            (State::After, b',', Some(Within::Array(_))) => self.state = State::Value,
            (State::After, b',', Some(Within::Object)) => self.state = State::Name,
            (State::Name | State::NameOrEnd, b'"', _) => self.begin_string(true, operations),
            (State::Colon, b':', _) => self.state = State::Value,
            (State::Value | State::ElementOrEnd, ..) => self.begin_value(byte, operations)?,
            _ => return Err(Stop::Unexpected),
        }
        Ok(())
    }

    fn begin_value(&mut self, byte: u8, operations: &mut Operations) -> Result<(), Stop> {
        if let Some(Within::Array(elements)) = self.enclosing.last_mut() {
            operations.element(*elements);
            *elements += 1;
        }
        match byte {
            b'{' => return self.open(Within::Object, State::NameOrEnd, "{}", operations),
            b'[' => return self.open(Within::Array(0), State::ElementOrEnd, "[]", operations),
            b'"' => self.begin_string(false, operations),
            b't' => self.begin_literal("true", operations),
            b'f' => self.begin_literal("false", operations),
            b'n' => self.begin_literal("null", operations),
            _ => {
                let number = Number::begin(byte).ok_or(Stop::Unexpected)?;
                self.number.clear();
                self.number.push(char::from(byte));
                (self.valid, self.told) = (0, 0);
                self.more_of_number(number);
            }
        }
        Ok(())
    }

    fn open(&mut self, within: Within, state: State, empty: &str, operations: &mut Operations) -> Result<(), Stop> {
        if self.enclosing.len() == MAX_DEPTH {
            return Err(Stop::TooDeep);
        }
        self.enclosing.push(within);
        self.state = state;
        operations.open(empty);
        Ok(())
    }

    fn begin_literal(&mut self, word: &'static str, operations: &mut Operations) {
        self.state = State::Literal(word.as_bytes().get(1..).unwrap_or_default());
        operations.scalar(word);
    }

    fn begin_string(&mut self, is_name: bool, operations: &mut Operations) {
        self.is_name = is_name;
        self.state = State::String;
        operations.begin_text(is_name);
    }

    /// Reads plain characters, as many as there are, or one that ends them.
    fn string(&mut self, piece: &str, at: usize, byte: u8, operations: &mut Operations) -> Result<usize, Stop> {
        if byte == b'\\' {
            self.held.push('\\');
            self.state = State::Escape;
            return Ok(at + 1);
        }
        self.tell_held(0, operations);
        if byte == b'"' {
            if self.is_name {
                self.state = State::Colon;
            } else {
                self.complete(false, operations);
            }
            return Ok(at + 1);
        }
        let rest = piece.get(at..).unwrap_or_default();
        let plain = plain_length(rest.as_bytes());
        #[cfg(test)]
        {
            self.looked_at += plain;
        }
        if plain == 0 {
            return Err(Stop::Unexpected);
        }
        operations.text(self.is_name, rest.get(..plain).unwrap_or_default());
        Ok(at + plain)
    }

    /// How many bytes at the end of `held`, which ends with `\uXXXX`, are the first half of a surrogate pair.
    fn first_half(&self) -> usize {
        match self.held.as_bytes() {
            [.., b'd' | b'D', b'8' | b'9' | b'a' | b'b' | b'A' | b'B', _, _] => 6,
            _ => 0,
        }
    }

    /// Tells of `held`, all but `keep` bytes at its end.
    fn tell_held(&mut self, keep: usize, operations: &mut Operations) {
        let told = self.held.len() - keep;
        if told > 0 {
            operations.text(self.is_name, self.held.get(..told).unwrap_or_default());
            self.held = cut(&self.held, told, self.held.len()).to_owned();
        }
    }

    fn more_of_number(&mut self, number: Number) {
        self.state = State::Number(number);
        if number.is_whole() && self.number.len() <= MAX_GROWING_NUMBER {
            self.valid = self.number.len();
        }
    }

    fn tell_number(&mut self, length: usize, operations: &mut Operations) {
        if length > self.told {
            self.told = length;
            operations.scalar(self.number.get(..length).unwrap_or_default());
        }
    }

    fn complete(&mut self, ends: bool, operations: &mut Operations) {
        self.state = State::After;
        operations.complete(ends);
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
        whole.push(&text);
        let mut dripped = PartialParser::new();
        for at in 0..text.len() {
            dripped.push(&text[at..=at]);
        }
        assert_eq!((whole.error(), dripped.error()), (None, None));
        // A run of plain characters looks at its first one twice, and so does the end of a number.
        assert!(whole.looked_at <= text.len() + 10, "{}", whole.looked_at);
        assert!(dripped.looked_at <= 2 * text.len(), "{}", dripped.looked_at);
    }
}
