use std::rc::Weak;

use js_sys::{ArrayBuffer, Promise, Uint8Array};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};

use super::driver::Driver;
use super::thrown::property;
use crate::error::{Class, Error};

#[wasm_bindgen]
extern "C" {
    type Stream;

    #[wasm_bindgen(method, catch, js_name = getReader)]
    fn get_reader(this: &Stream) -> Result<Reader, JsValue>;

    #[derive(Debug)]
    type Reader;

    #[wasm_bindgen(method, catch)]
    fn read(this: &Reader) -> Result<JsValue, JsValue>;
}

/// Reads a body chunk by chunk.
///
/// Two closures serve all chunks of a body: a Rust future per chunk costs more than the whole pipeline behind it. They hold
/// the driver weakly, so that an abandoned call is not kept alive by the chunk it awaits.
#[derive(Debug)]
pub(super) struct Body {
    /// Nothing for an answer without a body.
    reader: Option<Reader>,
    on_chunk: Closure<dyn FnMut(JsValue)>,
    on_failure: Closure<dyn FnMut(JsValue)>,
}

/// What a read gave.
#[derive(Debug)]
pub(super) enum Chunk {
    Bytes(Vec<u8>),
    End,
}

impl Body {
    /// Takes the body of an answer.
    pub(super) fn new(body: JsValue, driver: &Weak<Driver>) -> Result<Self, JsValue> {
        let reader = if body.is_null() || body.is_undefined() {
            None
        } else {
            Some(body.unchecked_into::<Stream>().get_reader()?)
        };
        let (on_chunk, on_failure) = (driver.clone(), driver.clone());
        Ok(Self {
            reader,
            on_chunk: Closure::new(move |result: JsValue| {
                if let Some(driver) = on_chunk.upgrade() {
                    driver.on_chunk(&result);
                }
            }),
            on_failure: Closure::new(move |thrown: JsValue| {
                if let Some(driver) = on_failure.upgrade() {
                    driver.on_body_failure(thrown);
                }
            }),
        })
    }

    /// Reads the next chunk; the driver is told when it is there.
    pub(super) fn read(&self) -> Result<(), JsValue> {
        let result = match &self.reader {
            Some(reader) => reader.read()?,
            None => JsValue::UNDEFINED,
        };
        let _settled = Promise::resolve(&result).then2(&self.on_chunk, &self.on_failure);
        Ok(())
    }
}

impl Chunk {
    /// Reads the result of a `read()`. Bytes are copied: the core keeps none, but the platform may reuse the memory.
    pub(super) fn from_js(result: &JsValue) -> Result<Self, Error> {
        if result.is_undefined() || property(result, "done").is_truthy() {
            return Ok(Self::End);
        }
        let value = property(result, "value");
        if let Some(bytes) = value.dyn_ref::<Uint8Array>() {
            return Ok(Self::Bytes(bytes.to_vec()));
        }
        // A view or a buffer of another kind or of another realm.
        let buffer = property(&value, "buffer");
        let number = |name| property(&value, name).as_f64();
        if ArrayBuffer::is_view(&value)
            && let (Some(offset), Some(length)) = (number("byteOffset"), number("byteLength"))
        {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "wasm32 addresses 32 bits")]
            let view = Uint8Array::new_with_byte_offset_and_length(&buffer, offset as u32, length as u32);
            return Ok(Self::Bytes(view.to_vec()));
        }
        let message = "The answer's body yields something else than bytes: a `fetch` of one's own must answer with a body of \
                       Uint8Array chunks.";
        Err(Error::local(Class::OpenResponsesError, "invalid_fetch", message))
    }
}
