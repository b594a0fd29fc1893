use alloc::string::String;
use js_sys::{Array, Function};
use wasm_bindgen::{JsCast, JsValue};

use super::promise::Outcome;
use super::thrown::call;
use crate::error::{Class, Error};

/// Where a request's key comes from.
#[derive(Debug)]
pub(super) enum Credentials {
    /// The caller said nothing, and the environment neither.
    Missing,
    /// The caller said that none is to be sent.
    None,
    Key(String),
    /// Asked before each request.
    Function(Function),
    /// Something that is no key.
    Invalid,
}

impl Credentials {
    pub(super) fn from_js(value: JsValue) -> Self {
        if value.is_undefined() {
            Self::Missing
        } else if value.is_null() {
            Self::None
        } else if let Some(key) = value.as_string() {
            Self::Key(key)
        } else {
            value.dyn_into().map_or(Self::Invalid, Self::Function)
        }
    }

    /// Whether another key can be had.
    pub(super) fn are_renewed(&self) -> bool {
        matches!(self, Self::Function(_))
    }

    /// What is wrong with a key, told of the function where it comes from one.
    pub(super) fn refused(&self, error: Error) -> Error {
        match self {
            Self::Function(_) => Error::local(
                Class::OpenResponsesError,
                "invalid_api_key",
                "The function given as `apiKey` returned what is no key: it is empty, or holds a space, a line break or another \
                 character that no key has. Did it look at the status of the answer it took the key from?",
            ),
            _ => error,
        }
    }

    /// The key to send, or what is said in its place.
    pub(super) fn key(&self) -> Key {
        let error = |code, message| Err((Error::local(Class::OpenResponsesError, code, message), JsValue::UNDEFINED));
        Key::Known(match self {
            Self::None => Ok(None),
            Self::Key(key) => Ok(Some(key.clone())),
            Self::Missing => error(
                "missing_api_key",
                "There is no API key. Pass `apiKey` (a string, or a function that returns one), set INFRON_API_KEY where there \
                 is an environment, or pass null when a relay adds the key.",
            ),
            Self::Invalid => error(
                "invalid_api_key",
                "`apiKey` must be a string, a function that returns a string or a promise of one, or null.",
            ),
            Self::Function(function) => match call(function, &JsValue::UNDEFINED, &Array::new()) {
                Ok(answer) => return Key::Promised(answer),
                Err(thrown) => key_of(Err(thrown)),
            },
        })
    }
}

/// A key, or nothing when none is to be sent. An error comes with what was thrown.
pub(super) type Known = Result<Option<String>, (Error, JsValue)>;

/// What is known of a key.
#[derive(Debug)]
pub(super) enum Key {
    Known(Known),
    /// The caller's function has said so much; see [`key_of`].
    Promised(JsValue),
}

/// The key that the caller's function came to.
pub(super) fn key_of(outcome: Outcome) -> Known {
    let (message, thrown) = match outcome.map(|answer| answer.as_string()) {
        Ok(Some(key)) => return Ok(Some(key)),
        Ok(None) => ("The function given as `apiKey` must return a string, or a promise of one.", JsValue::UNDEFINED),
        // Not what it says: it may say the token.
        Err(thrown) => ("The function given as `apiKey` failed; what it threw is the cause.", thrown),
    };
    Err((Error::local(Class::OpenResponsesError, "token_function_failed", message), thrown))
}
