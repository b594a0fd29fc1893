use super::Value;
use crate::text::{append, cut, hex_digit};
use alloc::string::String;

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
        append(out, cut(text, plain, at));
        if escape.is_empty() {
            append(out, "\\u00");
            out.push(hex_digit(byte >> 4));
            out.push(hex_digit(byte));
        } else {
            append(out, escape);
        }
        plain = at + 1;
    }
    append(out, cut(text, plain, text.len()));
    out.push('"');
}

/// `text` as a JSON string, quotes included.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut json = String::new();
    write_string(&mut json, text);
    json
}

/// Writes an array, element by element.
#[derive(Debug)]
pub struct Array {
    text: String,
}

impl Array {
    /// An array without elements.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "an array of no text is no array")]
    pub fn new() -> Self {
        Self { text: String::from("[") }
    }

    /// Adds an element that is JSON text already.
    pub fn push(&mut self, json: &str) {
        if self.text.len() > 1 {
            self.text.push(',');
        }
        append(&mut self.text, json);
    }

    /// The array's text.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.text.push(']');
        self.text
    }
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
    pub fn raw(&mut self, name: &str, json: &str) -> &mut Self {
        self.name(name);
        append(&mut self.text, json);
        self
    }

    /// Adds a string member.
    pub fn string(&mut self, name: &str, value: &str) -> &mut Self {
        self.name(name);
        write_string(&mut self.text, value);
        self
    }

    /// The object's text, taken out of the writer.
    #[must_use]
    pub fn finish(&mut self) -> String {
        self.text.push('}');
        core::mem::take(&mut self.text)
    }

    /// An object with the named members replaced where they stand, or added at the end; all else as it is written, what stands
    /// between the members too.
    #[must_use]
    pub fn replaced(original: Value<'_>, replacements: &[(&str, String)]) -> String {
        let mut object = Self { text: String::new() };
        // A bit for each.
        let mut used = 0_u32;
        let text = if original.members().next().is_some() { original.text() } else { "{}" };
        let mut copied = 0;
        for (name, value) in original.members() {
            // Wherever the name stands twice: as `JSON.parse` reads it, the last one counts.
            if let Some(which) = replacements.iter().position(|(replaced, _)| *replaced == name) {
                used |= 1 << which;
                let from = value.text().as_ptr().addr() - text.as_ptr().addr();
                append(&mut object.text, cut(text, copied, from));
                append(&mut object.text, &replacements[which].1);
                copied = from + value.text().len();
            }
        }
        append(&mut object.text, cut(text, copied, text.len() - 1));
        for (which, (name, json)) in replacements.iter().enumerate() {
            if used & 1 << which == 0 {
                object.raw(name, json);
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
