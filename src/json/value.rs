use alloc::borrow::Cow;
use alloc::string::String;
use core::ops::Range;

use super::check::{Invalid, check};
use super::escapes::{DIGITS, ESCAPES};
use super::outline::Outline;
use crate::pieces::{Pieces, Plain};
use crate::scan::{either, is_same, plain_length};
use crate::text::{lossy, whole_number};

/// One JSON value: its text, known to be valid, without white space around it.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    text: &'a str,
    outline: &'a Outline,
}

impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        is_same(self.text.as_bytes(), other.text.as_bytes())
    }
}

impl Eq for Value<'_> {}

static NO_OUTLINE: Outline = Outline::none();

impl<'a> Value<'a> {
    /// Reads one value.
    ///
    /// # Errors
    /// [`Invalid`] when `text` is anything but exactly one JSON value, or nested too deeply.
    pub fn parse(text: &'a str) -> Result<Self, Invalid> {
        check(text, &mut Outline::none())?;
        Ok(Self::known(text))
    }

    /// As [`Value::parse`]; `outline`, a new one, makes all that is read of the value later cheap, however long it is.
    ///
    /// # Errors
    /// As those of [`Value::parse`].
    pub fn outlined(text: &'a str, outline: &'a mut Outline) -> Result<Self, Invalid> {
        check(text, outline)?;
        Ok(Self::with(text, outline))
    }

    /// The value of a text that is one beyond doubt: taken from a value, made of such, or written by `JSON.stringify`. It is
    /// not read again; of other text the members and elements are wrong.
    #[must_use]
    pub fn known(text: &'a str) -> Self {
        Self::with(text, &NO_OUTLINE)
    }

    pub(super) fn with(text: &'a str, outline: &'a Outline) -> Self {
        Self { text: trim(text), outline }
    }

    pub(super) fn outline(self) -> &'a Outline {
        self.outline
    }

    /// The value's text.
    #[must_use]
    pub fn text(self) -> &'a str {
        self.text
    }

    /// Whether the value is `null`.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.text == "null"
    }

    /// Whether the value is an object.
    #[must_use]
    pub fn is_object(self) -> bool {
        self.text.as_bytes().first() == Some(&b'{')
    }

    /// Whether the value is an array.
    #[must_use]
    pub fn is_array(self) -> bool {
        self.text.as_bytes().first() == Some(&b'[')
    }

    /// The string, unescaped; nothing for other types. A lone surrogate escape becomes U+FFFD.
    #[must_use]
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        Some(unescaped(self.escaped()?))
    }

    /// Appends the string, unescaped, to `text`; does nothing for other types.
    pub fn append_to(self, text: &mut String) {
        if let Some(inner) = self.escaped() {
            text.push_str(&unescaped(inner));
        }
    }

    /// The number, when it is written as a plain non-negative integer of at most 64 bits.
    #[must_use]
    pub fn as_u64(self) -> Option<u64> {
        whole_number(self.text)
    }

    /// The boolean; nothing for other types.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.text {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// The object's members in the order of the text; none for other types.
    #[must_use]
    pub fn members(self) -> Members<'a> {
        Members { rest: self.inside(b'{'), outline: self.outline }
    }

    /// The array's elements in order; none for other types.
    #[must_use]
    pub fn elements(self) -> Elements<'a> {
        Elements { rest: self.inside(b'['), outline: self.outline }
    }

    /// The array's elements as they are written, without the brackets and without white space at their ends; nothing for
    /// other types.
    #[must_use]
    pub fn inner_elements(self) -> &'a str {
        trim(self.inside(b'['))
    }

    /// The member of that name; of several the last one, as `JSON.parse` has it.
    #[must_use]
    pub fn get(self, name: &str) -> Option<Value<'a>> {
        let mut found = None;
        for (key, value) in self.members() {
            if key == name {
                found = Some(value);
            }
        }
        found
    }

    /// Whether a string of at least so many bytes lies in the value, as far as its outline tells.
    pub(crate) fn holds_string(self, bytes: usize) -> bool {
        self.outline.holds_string(self.text, bytes)
    }

    /// Whether there is a member of that name that is not `null`.
    #[inline(never)]
    #[must_use]
    pub fn has(self, name: &str) -> bool {
        self.get(name).is_some_and(|value| !value.is_null())
    }

    /// Whether the member of that name is this string.
    #[must_use]
    pub fn says(self, name: &str, what: &str) -> bool {
        self.get(name).and_then(Value::as_str).is_some_and(|text| text == what)
    }

    /// The elements of the member of that name; none where it is no array.
    #[must_use]
    pub fn elements_of(self, name: &str) -> Elements<'a> {
        self.get(name).unwrap_or(Self { text: "", outline: self.outline }).elements()
    }

    /// The string as it is written, without its quotes; nothing for other types. Such texts can be joined: two halves of a
    /// surrogate pair, which a server may put into two strings, become one character.
    #[must_use]
    pub fn escaped(self) -> Option<&'a str> {
        strip(self.text, b'"').and_then(|rest| rest.get(..rest.len().checked_sub(1)?))
    }

    fn inside(self, open: u8) -> &'a str {
        let inside = strip(self.text, open).and_then(|rest| rest.get(..rest.len().saturating_sub(1)));
        trim_start(inside.unwrap_or_default())
    }
}

/// The members of an object: names, unescaped, and values.
#[derive(Debug, Clone)]
pub struct Members<'a> {
    /// What is left of the text between the braces, from the next name on.
    rest: &'a str,
    outline: &'a Outline,
}

impl<'a> Iterator for Members<'a> {
    type Item = (Cow<'a, str>, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let name = take_name(&mut self.rest)?;
        self.rest = trim_start(strip(self.rest, b':')?);
        let value = take_value(&mut self.rest, self.outline)?;
        skip_comma(&mut self.rest);
        Some((name, value))
    }
}

/// The elements of an array.
#[derive(Debug, Clone)]
pub struct Elements<'a> {
    /// What is left of the text between the brackets, from the next element on.
    rest: &'a str,
    outline: &'a Outline,
}

impl<'a> Iterator for Elements<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let value = take_value(&mut self.rest, self.outline)?;
        skip_comma(&mut self.rest);
        Some(value)
    }
}

/// All strings of a valid JSON text, names too, wherever they stand: their places, quotes included, and what they say.
#[derive(Debug, Clone)]
pub struct Strings<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Strings<'a> {
    /// The strings of `text`.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        Self { text, at: 0 }
    }
}

impl Iterator for Strings<'_> {
    type Item = (Range<usize>, String);

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.text.as_bytes();
        let start = self.at + bytes.get(self.at..)?.iter().position(|byte| *byte == b'"')?;
        (self.at, _) = string_end(self.text, start);
        let mut string = String::new();
        Value::known(self.text.get(start..self.at)?).append_to(&mut string);
        Some((start..self.at, string))
    }
}

/// Cuts the name at the start of `rest` off, and the white space behind it. Names are short and seldom escaped: looking for
/// them in the outline, and for their escapes, would take more time than they do.
fn take_name<'a>(rest: &mut &'a str) -> Option<Cow<'a, str>> {
    let (end, is_plain) = string_end(rest, 0);
    let (name, behind) = rest.split_at_checked(end)?;
    *rest = trim_start(behind);
    let name = Value::known(name).escaped()?;
    Some(if is_plain { Cow::Borrowed(name) } else { unescaped(name) })
}

/// Cuts the value at the start of `rest` off, and the white space behind it. The text is known to be valid, so finding a
/// value's end takes no grammar: count brackets outside strings.
fn take_value<'a>(rest: &mut &'a str, outline: &'a Outline) -> Option<Value<'a>> {
    let noted = match rest.as_bytes().first()? {
        b'{' | b'[' | b'"' => outline.length(rest),
        _ => None,
    };
    let end = match noted {
        Some(length) => length,
        None => value_end(rest)?,
    };
    let (text, behind) = rest.split_at_checked(end)?;
    *rest = trim_start(behind);
    Some(Value { text, outline })
}

/// The offset behind the value that begins the text.
fn value_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = 0;
    loop {
        match bytes.get(at)? {
            b'"' => {
                (at, _) = string_end(text, at);
                if depth == 0 {
                    return Some(at);
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ if depth == 0 => return Some(scalar_end(bytes, at)),
            _ => (),
        }
        at += 1;
    }
}

/// The offset behind the closing quote of the string that opens at `from`, and whether nothing in it is escaped.
fn string_end(text: &str, from: usize) -> (usize, bool) {
    let bytes = text.as_bytes();
    let mut at = from + 1;
    let mut is_plain = true;
    while let Some(rest) = bytes.get(at..) {
        at += plain_length(rest);
        match bytes.get(at) {
            Some(b'"') => return (at + 1, is_plain),
            // Whatever is escaped, its first byte is no end.
            Some(_) => at += 2,
            None => break,
        }
        is_plain = false;
    }
    (text.len(), is_plain)
}

fn scalar_end(bytes: &[u8], from: usize) -> usize {
    let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter().position(ends).map_or(bytes.len(), |length| from + length)
}

fn skip_comma(rest: &mut &str) {
    *rest = trim_start(strip(rest, b',').unwrap_or(rest));
}

/// What follows an ASCII character, where the text begins with it.
fn strip(text: &str, character: u8) -> Option<&str> {
    if text.as_bytes().first() == Some(&character) { text.get(1..) } else { None }
}

fn trim_start(text: &str) -> &str {
    // There is seldom any white space.
    if text.as_bytes().first().is_some_and(|byte| *byte <= b' ') { text.trim_ascii_start() } else { text }
}

fn trim(text: &str) -> &str {
    trim_start(text).trim_ascii_end()
}

/// What a string is that is written so between its quotes.
#[must_use]
pub fn unescaped(inner: &str) -> Cow<'_, str> {
    if either(inner.as_bytes(), b'\\', b'\\').is_some() {
        let mut text = Pieces::default();
        unescape(inner.as_bytes(), &mut text);
        Cow::Owned(lossy(text.bytes()).into_owned())
    } else {
        Cow::Borrowed(inner)
    }
}

/// Whether two strings are the same that are written so between their quotes, in UTF-8.
pub(crate) fn says_same(one: &[u8], other: &[u8]) -> bool {
    let [one, other] = [one, other].map(|inner| {
        let mut text = Pieces::default();
        unescape(inner, &mut text);
        text
    });
    is_same(one.bytes(), other.bytes())
}

/// Appends to `text` what a string is that is written so between its quotes, both in UTF-8. Half a surrogate pair, and what is no
/// JSON, becomes U+FFFD.
fn unescape(inner: &[u8], text: &mut Pieces) {
    let mut rest = inner;
    loop {
        rest = rest.get(append_faithful(rest, text).length..).unwrap_or_default();
        let Some((byte, behind)) = rest.split_first() else { return };
        text.push_character(char::REPLACEMENT_CHARACTER);
        let more = if *byte == b'\\' { escape(behind).1 } else { 0 };
        rest = behind.get(more..).unwrap_or_default();
    }
}

/// Appends to `text` what a string is that is written so behind its opening quote, both in UTF-8, up to where it ends, or where it
/// is no JSON, or half a surrogate pair.
pub(crate) fn append_faithful(written: &[u8], text: &mut Pieces) -> Plain {
    let (mut at, mut is_ascii) = (0, true);
    loop {
        let plain = text.append_plain(written.get(at..).unwrap_or_default());
        at += plain.length;
        is_ascii &= plain.is_ascii;
        let begin = at;
        // One is often behind another.
        while let Some((b'\\', behind)) = written.get(at..).and_then(<[u8]>::split_first) {
            let (Some(character), length) = escape(behind) else { return Plain { length: at, is_ascii } };
            is_ascii &= character.is_ascii();
            text.push_character(character);
            at += 1 + length;
        }
        if at == begin {
            return Plain { length: at, is_ascii };
        }
    }
}

/// Reads what follows a backslash: the character, if it is one, and how many bytes it took.
#[inline(always)]
pub(super) fn escape(bytes: &[u8]) -> (Option<char>, usize) {
    match ESCAPES[usize::from(bytes.first().copied().unwrap_or_default())] {
        0 => (None, 0),
        b'u' => unicode_escape(bytes),
        character => (Some(char::from(character)), 1),
    }
}

/// Reads `uXXXX`, or `uXXXX\uXXXX` for a surrogate pair.
#[inline(always)]
fn unicode_escape(bytes: &[u8]) -> (Option<char>, usize) {
    let Some(first) = hex(bytes, 1) else { return (None, 1) };
    if (0xD800..0xDC00).contains(&first)
        && let Some([b'\\', b'u']) = bytes.get(5..7)
        && let Some(second @ 0xDC00..0xE000) = hex(bytes, 7)
    {
        let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return (char::from_u32(code), 11);
    }
    (char::from_u32(first), 5)
}

#[inline(always)]
fn hex(bytes: &[u8], at: usize) -> Option<u32> {
    let [a, b, c, d] = *bytes.get(at..)?.first_chunk()?;
    let digit = |byte: u8| u32::from(DIGITS[usize::from(byte)]);
    let (a, b, c, d) = (digit(a), digit(b), digit(c), digit(d));
    if (a | b | c | d) < 16 { Some(a << 12 | b << 8 | c << 4 | d) } else { None }
}
