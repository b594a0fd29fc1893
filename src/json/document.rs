use super::{Outline, Value};
use alloc::borrow::ToOwned;
use alloc::string::String;

/// A value with a text of its own.
#[derive(Debug)]
pub struct Document {
    text: String,
    /// Of the text, at the address that it keeps.
    outline: Outline,
}

impl Document {
    /// A copy of a value; as cheap to read as the value is.
    #[must_use]
    pub fn of(value: Value<'_>) -> Self {
        let text = value.text().to_owned();
        let outline = value.outline().of_copy(value.text(), &text);
        Self { text, outline }
    }

    /// The value of a text that is one beyond doubt: see [`Value::known`].
    #[must_use]
    pub fn known(text: String) -> Self {
        Self { text, outline: Outline::none() }
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> Value<'_> {
        Value::with(&self.text, &self.outline)
    }
}
