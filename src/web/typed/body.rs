use alloc::boxed::Box;
use alloc::rc::{Rc, Weak};
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};

use js_sys::{ArrayBuffer, Promise, Uint8Array};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};

use super::super::promise;
use super::super::thrown::{Value, plain, property};
use crate::error::{Class, Error};

#[wasm_bindgen]
extern "C" {
    type Stream;

    #[wasm_bindgen(method, catch, js_name = getReader)]
    fn get_reader(this: &Stream) -> Result<Option<Reader>, JsValue>;

    #[derive(Debug)]
    type Reader;

    #[wasm_bindgen(method, catch)]
    fn read(this: &Reader) -> Result<Option<Value>, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn cancel(this: &Reader) -> Result<Option<Value>, JsValue>;
}

/// Reads a body chunk by chunk.
///
/// Two closures serve all chunks of a body: a Rust future per chunk costs more than the whole pipeline behind it. While a
/// read is pending the body holds itself: JavaScript will call one of the closures, and must not find it freed.
#[derive(Debug)]
pub(super) struct Body {
    /// Nothing for an answer without a body.
    reader: Option<Reader>,
    on_chunk: Closure<dyn FnMut(JsValue)>,
    on_failure: Closure<dyn FnMut(JsValue)>,
    pending: RefCell<Option<Rc<Body>>>,
    progress: Cell<Progress>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Open,
    /// Nothing more will come.
    Ended,
    /// Nobody wants what may still come.
    Closed,
}

/// What a read gave.
#[derive(Debug)]
pub(super) enum Chunk {
    Bytes(Vec<u8>),
    End,
    /// Something else than bytes.
    Invalid(Error),
    /// The read failed; with what was thrown.
    Broken(JsValue),
}

impl Body {
    /// Takes the body of an answer. `tell` hears what each read gives.
    pub(super) fn new(body: Option<Value>, tell: impl Fn(Chunk) + 'static) -> Result<Rc<Self>, JsValue> {
        let reader = match body {
            Some(body) => body.unchecked_into::<Stream>().get_reader()?,
            None => None,
        };
        let tell = Rc::new(tell);
        Ok(Rc::new_cyclic(|me| Self {
            reader,
            on_chunk: settled(me, tell.clone(), |result| Chunk::from_js(&result)),
            on_failure: settled(me, tell, Chunk::Broken),
            pending: RefCell::new(None),
            progress: Cell::new(Progress::Open),
        }))
    }

    /// Reads the next chunk.
    pub(super) fn read(self: &Rc<Self>) -> Result<(), JsValue> {
        let result = match &self.reader {
            Some(reader) => plain(reader.read()?),
            None => JsValue::UNDEFINED,
        };
        self.pending.replace(Some(self.clone()));
        let _settled = Promise::resolve(&result).then2(&self.on_chunk, &self.on_failure);
        Ok(())
    }

    /// Lets the body go: nothing more is told, and what has not arrived need not come. Aborting the request is
    /// not enough, since a `fetch` of the caller's own may ignore its signal.
    pub(super) fn close(&self) {
        let progress = self.progress.replace(Progress::Closed);
        if let (Progress::Open, Some(reader)) = (progress, &self.reader)
            && let Ok(cancelled) = reader.cancel()
        {
            // A stream that is broken already rejects, which changes nothing.
            promise::settled(&plain(cancelled), Box::new(|_| ()));
        }
    }
}

/// A closure for one of the two ways in which a read settles.
fn settled(
    body: &Weak<Body>,
    tell: Rc<impl Fn(Chunk) + 'static>,
    read: impl Fn(JsValue) -> Chunk + 'static,
) -> Closure<dyn FnMut(JsValue)> {
    let body = body.clone();
    Closure::new(move |value: JsValue| {
        let Some(body) = body.upgrade() else { return };
        body.pending.replace(None);
        if body.progress.get() == Progress::Closed {
            return;
        }
        let chunk = read(value);
        if !matches!(chunk, Chunk::Bytes(_)) {
            body.progress.set(Progress::Ended);
        }
        tell(chunk);
    })
}

impl Chunk {
    /// Reads the result of a `read()`. Bytes are copied: the core keeps none, but the platform may reuse the memory.
    fn from_js(result: &JsValue) -> Self {
        if result.is_undefined() || property(result, "done").is_truthy() {
            return Self::End;
        }
        let value = property(result, "value");
        if let Some(bytes) = value.dyn_ref::<Uint8Array>() {
            return Self::Bytes(bytes.to_vec());
        }
        // A view or a buffer of another kind or of another realm.
        let buffer = property(&value, "buffer");
        let number = |name| property(&value, name).as_f64();
        if ArrayBuffer::is_view(&value)
            && let (Some(offset), Some(length)) = (number("byteOffset"), number("byteLength"))
        {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "wasm32 addresses 32 bits")]
            let view = Uint8Array::new_with_byte_offset_and_length(&buffer, offset as u32, length as u32);
            return Self::Bytes(view.to_vec());
        }
        let message = "The answer's body yields something else than bytes: a `fetch` of one's own must answer with a body of \
                       Uint8Array chunks.";
        Self::Invalid(invalid(message))
    }
}

/// The error of a `fetch` whose answer has no body of bytes.
pub(super) fn invalid(message: &str) -> Error {
    Error::local(Class::OpenResponsesError, "invalid_fetch", message)
}
