use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

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

    /// The key to send, or nothing when none is to be sent. An error comes with what was thrown.
    pub(super) async fn key(&self) -> Result<Option<String>, (Error, JsValue)> {
        let error = |code, message: String| Error::local(Class::OpenResponsesError, code, message);
        match self {
            Self::None => Ok(None),
            Self::Key(key) => Ok(Some(key.clone())),
            Self::Missing => {
                let message = "There is no API key. Pass `apiKey` (a string, or a function that returns one), set \
                               INFRON_API_KEY where there is an environment, or pass null when a relay adds the key.";
                Err((error("missing_api_key", message.into()), JsValue::UNDEFINED))
            }
            Self::Invalid => {
                let message =
                    "`apiKey` must be a string, a function that returns a string or a promise of one, or null.";
                Err((error("invalid_api_key", message.into()), JsValue::UNDEFINED))
            }
            Self::Function(function) => {
                // Not what it says: it may say the token.
                let failed = |thrown: JsValue| {
                    let message = "The function given as `apiKey` failed; what it threw is the cause.";
                    (error("token_function_failed", message.into()), thrown)
                };
                let answer = function.call0(&JsValue::UNDEFINED).map_err(failed)?;
                let answer = JsFuture::from(Promise::resolve(&answer)).await.map_err(failed)?;
                match answer.as_string() {
                    Some(key) => Ok(Some(key)),
                    None => {
                        let message = "The function given as `apiKey` must return a string, or a promise of one.";
                        Err((error("token_function_failed", message.into()), JsValue::UNDEFINED))
                    }
                }
            }
        }
    }
}
