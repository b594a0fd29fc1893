//! Texts: where one stands in another one, parts of them, numbers in them, and sentences made of them.
//!
//! The standard library's search is faster on long texts, in 5 KB of wasm, and its formatting takes 6 KB: here the texts are
//! short, or searched once.

use alloc::borrow::Cow;
use alloc::string::String;

use crate::scan::{behind, either};

/// The first place.
pub(crate) fn find(text: &str, what: &str) -> Option<usize> {
    let (bytes, what) = (text.as_bytes(), what.as_bytes());
    let first = *what.first()?;
    let mut at = 0;
    loop {
        at += either(bytes.get(at..)?, first, first)?;
        if behind(bytes.get(at..)?, what).is_some() {
            return Some(at);
        }
        at += 1;
    }
}

/// The last place.
pub(crate) fn rfind(text: &str, what: &str) -> Option<usize> {
    text.as_bytes().windows(what.len().max(1)).rposition(|window| window == what.as_bytes())
}

/// What stands before and behind the first place.
pub(crate) fn split<'a>(text: &'a str, what: &str) -> Option<(&'a str, &'a str)> {
    let at = find(text, what)?;
    Some((cut(text, 0, at), cut(text, at + what.len(), text.len())))
}

/// The rows of a table that is one text, without the addresses that another one has: a word, a space and what else is in the
/// line, of each.
pub(crate) struct Rows(pub(crate) &'static str);

impl Iterator for Rows {
    type Item = (&'static str, &'static str);

    #[inline(never)]
    fn next(&mut self) -> Option<Self::Item> {
        let (row, rest) = split(self.0, "\n")?;
        self.0 = rest;
        split(row, " ")
    }
}

/// Whether a word is one of several, with a space between them.
pub(crate) fn has_word(words: &str, word: &str) -> bool {
    let mut rest = words;
    while let Some((known, behind)) = split(rest, " ") {
        if known == word {
            return true;
        }
        rest = behind;
    }
    rest == word
}

/// The part of a text from one offset to another; empty where there is none.
#[inline(never)]
pub(crate) fn cut(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or_default()
}

/// The template with each `{}` replaced by the part whose turn it is.
pub(crate) fn fill(template: &str, parts: &[&str]) -> String {
    let mut text = String::with_capacity(template.len() + parts.iter().map(|part| part.len()).sum::<usize>());
    let mut rest = template;
    for part in parts {
        let (before, behind) = split(rest, "{}").unwrap_or((rest, ""));
        append(&mut text, before);
        append(&mut text, part);
        rest = behind;
    }
    append(&mut text, rest);
    text
}

/// `push_str`, compiled once.
#[inline(never)]
pub(crate) fn append(text: &mut String, more: &str) {
    text.push_str(more);
}

/// Bytes as text, with U+FFFD for what is not UTF-8, as the standards of the web have it. Borrowed where all of it is.
pub(crate) fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    let mut text = String::new();
    let mut rest = bytes;
    loop {
        match core::str::from_utf8(rest) {
            Ok(valid) if text.is_empty() => return Cow::Borrowed(valid),
            Ok(valid) => {
                append(&mut text, valid);
                return Cow::Owned(text);
            }
            Err(error) => {
                let (valid, behind) = rest.split_at_checked(error.valid_up_to()).unwrap_or_default();
                append(&mut text, core::str::from_utf8(valid).unwrap_or_default());
                text.push(char::REPLACEMENT_CHARACTER);
                rest = behind.get(error.error_len().unwrap_or(behind.len())..).unwrap_or_default();
            }
        }
    }
}

/// Whether a number begins there: a digit, or a minus.
pub(crate) fn begins_number(text: &str) -> bool {
    matches!(text.as_bytes().first(), Some(b'0'..=b'9' | b'-'))
}

/// The hexadecimal digit of the low four bits.
pub(crate) fn hex_digit(bits: u8) -> char {
    let bits = bits & 15;
    char::from(if bits < 10 { b'0' + bits } else { b'a' - 10 + bits })
}

/// A number in decimal digits.
pub(crate) fn decimal(number: u64) -> String {
    let mut digits = if number < 10 { String::new() } else { decimal(number / 10) };
    digits.push(char::from(b'0' + (number % 10) as u8));
    digits
}

/// The number that is written in nothing but decimal digits, if it is below 2^64.
pub(crate) fn whole_number(digits: &str) -> Option<u64> {
    let mut number = 0_u64;
    for byte in digits.bytes() {
        let digit = u64::from(byte.wrapping_sub(b'0'));
        if digit > 9 || number > (u64::MAX - digit) / 10 {
            return None;
        }
        number = number * 10 + digit;
    }
    (!digits.is_empty()).then_some(number)
}

/// A number such as `20` or `1.5`, to three places. `f64::from_str` reads every number there is, in 10 KB of wasm.
pub(crate) fn number(text: &str) -> Option<f64> {
    let text = text.trim_ascii();
    let (whole, fraction) = split(text, ".").unwrap_or((text, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let whole = whole_number(whole).and_then(|whole| u32::try_from(whole).ok()).unwrap_or(u32::MAX);
    let mut thousandths = 0;
    for place in 0..3 {
        let digit = fraction.as_bytes().get(place).map_or(0, |digit| digit - b'0');
        thousandths = thousandths * 10 + u32::from(digit);
    }
    Some(f64::from(whole) + f64::from(thousandths) / 1000.0)
}
