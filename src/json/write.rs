use super::Value;
use crate::text::append;
use alloc::string::String;
use alloc::vec;

/// Appends `text` to `out` as a JSON string, quotes included.
pub fn write_string(out: &mut String, text: &str) {
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..0x20 => "",
            _ => continue,
        };
        out.push_str(text.get(plain..at).unwrap_or_default());
        if escape.is_empty() {
            let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
            out.push_str("\\u00");
            out.push(digit(byte >> 4));
            out.push(digit(byte & 15));
        } else {
            out.push_str(escape);
        }
        plain = at + 1;
    }
    out.push_str(text.get(plain..).unwrap_or_default());
    out.push('"');
}

/// `text` as a JSON string, quotes included.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut json = String::new();
    write_string(&mut json, text);
    json
}

/// An array of elements that are JSON text already.
pub fn array<Element: AsRef<str>>(elements: impl Iterator<Item = Element>) -> String {
    let mut json = String::from("[");
    for element in elements {
        if json.len() > 1 {
            json.push(',');
        }
        append(&mut json, element.as_ref());
    }
    json.push(']');
    json
}

/// Writes an object, member by member, or another object with some members replaced.
#[derive(Debug, Default)]
pub struct Object {
    text: String,
}

impl Object {
    /// An object without members.
    #[must_use]
    pub fn new() -> Self {
        Self { text: String::from("{") }
    }

    /// Adds a member whose value is JSON text already.
    #[must_use]
    pub fn raw(mut self, name: &str, json: &str) -> Self {
        self.name(name);
        self.text.push_str(json);
        self
    }

    /// Adds a string member.
    #[must_use]
    pub fn string(mut self, name: &str, value: &str) -> Self {
        self.name(name);
        write_string(&mut self.text, value);
        self
    }

    /// The object's text.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.text.push('}');
        self.text
    }

    /// `original` with the named members replaced where they stand, or added at the end; all else unchanged, in place.
    #[must_use]
    pub fn replaced(original: Value<'_>, replacements: &[(&str, String)]) -> String {
        let mut object = Self::new();
        let mut used = vec![false; replacements.len()];
        for (name, value) in original.members() {
            match replacements.iter().position(|(replaced, _)| *replaced == name) {
                Some(which) => {
                    if let (Some((_, json)), Some(used)) = (replacements.get(which), used.get_mut(which)) {
                        // A name that stands twice is written once, as `JSON.parse` would read it.
                        if !core::mem::replace(used, true) {
                            object = object.raw(&name, json);
                        }
                    }
                }
                None => object = object.raw(&name, value.text()),
            }
        }
        for ((name, json), used) in replacements.iter().zip(used) {
            if !used {
                object = object.raw(name, json);
            }
        }
        object.finish()
    }

    fn name(&mut self, name: &str) {
        if self.text.len() > 1 {
            self.text.push(',');
        }
        write_string(&mut self.text, name);
        self.text.push(':');
    }
}
