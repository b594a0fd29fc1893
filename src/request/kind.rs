use crate::json::Value;
use crate::text::begins_number;

/// The types of JSON, by the words users know them under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Flag,
    Number,
    List,
    Map,
}

impl Kind {
    pub(super) fn fits(self, value: Value<'_>) -> bool {
        match self {
            Self::Text => value.escaped().is_some(),
            Self::Flag => value.as_bool().is_some(),
            Self::Number => begins_number(value.text()),
            Self::List => value.is_array(),
            Self::Map => value.is_object(),
        }
    }

    /// In the singular, with its article.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Flag => "a boolean",
            Self::Number => "a number",
            Self::List => "an array",
            Self::Map => "an object",
        }
    }
}
