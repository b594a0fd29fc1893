use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::text;
use crate::error::{Class, Error};
use crate::media::{self, Address, DataUrl, Kind, Source};

/// Makes the `data:` URL of a file from its bytes, piece by piece.
#[wasm_bindgen]
#[derive(Debug)]
pub struct MediaEncoder {
    url: DataUrl,
}

#[wasm_bindgen]
impl MediaEncoder {
    /// Begins with what is known of the file: what the part is to be (`image`, `file` or `video`), its size in bytes, its
    /// first bytes, the media type that the caller insists on, the one that came with it, and its name.
    ///
    /// # Errors
    /// The text of a JSON record, as those of a [`Call`](super::Call).
    #[wasm_bindgen(constructor)]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, which is meant")]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "string")] kind: &JsValue,
        size: f64,
        head: &[u8],
        #[wasm_bindgen(unchecked_param_type = "string | undefined")] media_type: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "string | undefined")] declared: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "string | undefined")] name: &JsValue,
    ) -> Result<Self, JsValue> {
        let (media_type, declared, name) = (media_type.as_string(), declared.as_string(), name.as_string());
        let source = Source {
            kind: kind_of(kind).map_err(thrown)?,
            size: size as u64,
            head,
            media_type: media_type.as_deref(),
            declared: declared.as_deref(),
            name: name.as_deref(),
        };
        let url = DataUrl::new(&source).map_err(thrown)?;
        Ok(Self { url })
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// The text of a JSON record.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), JsValue> {
        self.url.push(bytes).map_err(thrown)
    }

    /// The whole URL; nothing comes behind it.
    #[wasm_bindgen(unchecked_return_type = "string")]
    #[must_use]
    pub fn finish(&mut self) -> JsValue {
        JsValue::from_str(&self.url.finish())
    }
}

/// Whether a string given as a source is a `data:` URL, by its first characters and its length; otherwise it is an address.
///
/// # Errors
/// The text of a JSON record, when it is neither or too long.
#[wasm_bindgen(js_name = isDataUrl)]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, which is meant")]
pub fn is_data_url(
    #[wasm_bindgen(unchecked_param_type = "string")] kind: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] head: &JsValue,
    length: f64,
) -> Result<bool, JsValue> {
    let address = kind_of(kind).and_then(|kind| media::address(kind, &text(head), length as u64));
    address.map(|address| address == Address::Data).map_err(thrown)
}

/// The name for a file that has none, by the beginning of its `data:` URL.
#[wasm_bindgen(js_name = defaultFileName, unchecked_return_type = "string")]
#[must_use]
pub fn default_file_name(#[wasm_bindgen(unchecked_param_type = "string")] data_url: &JsValue) -> JsValue {
    JsValue::from_str(&media::default_name(&text(data_url)))
}

fn kind_of(name: &JsValue) -> Result<Kind, Error> {
    match text(name).as_str() {
        "image" => Ok(Kind::Image),
        "file" => Ok(Kind::File),
        "video" => Ok(Kind::Video),
        _ => Err(Error::local(Class::OpenResponsesError, "invalid_media", "A part is of an image, a file or a video.")),
    }
}

#[allow(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn thrown(error: Error) -> JsValue {
    JsValue::from_str(&error.to_json())
}
