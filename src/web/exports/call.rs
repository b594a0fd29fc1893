use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::super::credentials::Credentials;
use super::super::driver::Driver;
use super::super::thrown::describe;
use super::super::told::Told;
use super::block_view::BlockView;
use super::call_step::{CallListener, listener as listener_of};
use super::options::Options;
use super::text;
use crate::error::{Class, Error};
use crate::exchange::Resumed;
use crate::json::Object;
use crate::text::{decimal, fill};

/// One call to the server: sends the request, again where that helps, and says what the answer comes to, chunk by chunk.
///
/// Whoever drives it reads the body. Dropping it (`free()`, or the garbage collector) closes the connection.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Call {
    driver: Rc<Driver>,
    /// Where chunks are put.
    room: RefCell<Vec<u8>>,
    view: BlockView,
}

#[wasm_bindgen]
impl Call {
    /// Prepares a call; sends nothing. Options that cannot be sent are reported by `start`.
    ///
    /// `options`: {@link CallOptions} as JSON text. `body`: the JSON body. `apiKey`: a key, a function asked for one before each
    /// request, or `null` for none. `fetch`: instead of the platform's own.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "string")] options: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "string | undefined")] body: &JsValue,
        #[wasm_bindgen(
            js_name = apiKey,
            unchecked_param_type = "string | (() => string | Promise<string>) | null | undefined"
        )]
        api_key: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "typeof globalThis.fetch | undefined")] fetch: JsValue,
    ) -> Self {
        let text = text(options);
        let described = Options::new(&text, body.as_string());
        let credentials = Credentials::from_js(api_key);
        let config = described.config();
        let fetch = fetch.dyn_into::<Function>().ok();
        Self {
            driver: Driver::new(config, described.request(&credentials), credentials, fetch),
            room: RefCell::new(Vec::new()),
            view: BlockView::default(),
        }
    }

    /// Sends the request.
    #[wasm_bindgen(unchecked_return_type = "CallStep")]
    pub fn start(&self, listener: CallListener) -> u32 {
        self.driver.start(listener_of(listener)) as u32
    }

    /// Asks for more.
    #[wasm_bindgen(unchecked_return_type = "CallStep")]
    pub fn pull(&self) -> u32 {
        self.driver.pull() as u32
    }

    /// The address where the next chunk, of so many bytes at most, can be put. It stays until more are asked for.
    #[must_use]
    pub fn reserve(&self, length: usize) -> *const u8 {
        let mut room = self.room.borrow_mut();
        if room.len() < length {
            *room = alloc::vec![0; length.next_power_of_two()];
        }
        room.as_ptr()
    }

    /// A chunk of so many bytes has been put where `reserve` said.
    #[wasm_bindgen(unchecked_return_type = "CallStep")]
    pub fn chunk(&self, length: usize) -> u32 {
        // Taken out first: it runs code that may be the caller's, and calls back in.
        let room = self.room.take();
        let told = self.driver.chunk(room.get(..length).unwrap_or_default());
        self.room.replace(room);
        self.show(told)
    }

    /// The body has ended.
    #[wasm_bindgen(unchecked_return_type = "CallStep")]
    pub fn ended(&self) -> u32 {
        self.show(self.driver.ended())
    }

    /// Reading the body failed with what was thrown: the connection broke (`false`), or it is no body of bytes that can be read.
    #[wasm_bindgen(unchecked_return_type = "CallStep")]
    pub fn broke(&self, thrown: JsValue, #[wasm_bindgen(js_name = isInvalid)] is_invalid: bool) -> u32 {
        let error = is_invalid.then(|| unreadable(&describe(&thrown)));
        self.driver.broke(thrown, error) as u32
    }

    /// The address of the block's description: see `EventBlock`.
    #[must_use]
    pub fn block(&self) -> *const u32 {
        self.view.address()
    }

    /// The memory that addresses are of.
    #[wasm_bindgen(unchecked_return_type = "WebAssembly.Memory")]
    #[must_use]
    pub fn memory() -> JsValue {
        wasm_bindgen::memory()
    }

    /// The answer, once its head is in.
    #[wasm_bindgen(getter, unchecked_return_type = "Response | undefined")]
    #[must_use]
    pub fn response(&self) -> JsValue {
        self.driver.response().map_or(JsValue::UNDEFINED, Into::into)
    }

    /// What the call failed with, as the text of a JSON record.
    #[wasm_bindgen(unchecked_return_type = "string | undefined")]
    #[must_use]
    pub fn error(&self) -> JsValue {
        record(self.driver.error())
    }

    /// What was thrown that made the call fail.
    #[wasm_bindgen(getter, unchecked_return_type = "unknown")]
    #[must_use]
    pub fn cause(&self) -> JsValue {
        self.driver.cause()
    }

    /// Why the request is sent again, after step 7: the text of a JSON record `{ kind, attempt, delay_ms, error }`, of which
    /// `kind` is `retry`, `renewal` (of the key), `resume` or `poll`, `attempt` how often that has been tried in vain, and
    /// `error` the record of what broke, or `null` where the server is still at work.
    #[wasm_bindgen(unchecked_return_type = "string")]
    #[must_use]
    pub fn again(&self) -> JsValue {
        let mut again = self.driver.with_exchange(|exchange| exchange.again().clone());
        if let Some(error) = &mut again.error {
            self.driver.redact(error);
        }
        JsValue::from_str(&again.to_json())
    }

    /// How the stream was gone on with the last time it broke: the text of a JSON record
    /// `{ response_id, starting_after, polled }`.
    #[wasm_bindgen(unchecked_return_type = "string")]
    #[must_use]
    pub fn resumed(&self) -> JsValue {
        self.driver.with_exchange(|exchange| {
            let (_, Resumed { starting_after, is_polled }) = exchange.resumed();
            let number = starting_after.map_or_else(|| String::from("null"), decimal);
            let record = Object::new()
                .string("response_id", &exchange.response().id().unwrap_or_default())
                .raw("starting_after", &number)
                .raw("polled", if is_polled { "true" } else { "false" })
                .finish();
            JsValue::from_str(&record)
        })
    }

    /// Leaves the answer that `start` told of, its body unread, to whoever has it: freeing the call no longer ends it.
    pub fn detach(&self) {
        self.driver.detach();
    }

    /// Ends the call and closes the connection; the reason becomes the `cause` of its error.
    #[wasm_bindgen(unchecked_return_type = "CallStep")]
    pub fn abort(&self, reason: JsValue) -> u32 {
        self.driver.abort(reason) as u32
    }

    /// The request's id, by whichever header of the answer names it. Browsers show only the headers the server exposes.
    #[wasm_bindgen(getter, js_name = requestID, unchecked_return_type = "string | undefined")]
    #[must_use]
    pub fn request_id(&self) -> JsValue {
        self.driver.with_exchange(|exchange| exchange.request_id().map_or(JsValue::UNDEFINED, JsValue::from_str))
    }

    /// The response so far as JSON text, with `output_text`.
    #[wasm_bindgen(unchecked_return_type = "string")]
    #[must_use]
    pub fn snapshot(&self) -> JsValue {
        self.driver.with_exchange(|exchange| JsValue::from_str(&exchange.response().to_json()))
    }

    /// What the server did against the protocol, as the text of a JSON array of `{ code, message, sequence_number }`.
    #[wasm_bindgen(unchecked_return_type = "string")]
    #[must_use]
    pub fn deviations(&self) -> JsValue {
        self.driver.with_exchange(|exchange| JsValue::from_str(&exchange.response().deviations().to_json()))
    }

    /// What the tokens of the response are and cost, as far as it is known: the text of a JSON array of `usage` and `cost`.
    #[wasm_bindgen(unchecked_return_type = "string")]
    #[must_use]
    pub fn accounts(&self) -> JsValue {
        self.driver.with_exchange(|exchange| {
            let response = exchange.response();
            let accounts = [response.usage().unwrap_or("null"), response.cost().unwrap_or("null")];
            JsValue::from_str(&fill("[{},{}]", &accounts))
        })
    }

    /// The text of an answer that is no stream.
    #[wasm_bindgen(unchecked_return_type = "string")]
    #[must_use]
    pub fn body(&self) -> JsValue {
        self.driver.with_exchange(|exchange| JsValue::from_str(exchange.body()))
    }

    /// The error, as the text of a JSON record, of a response that the server declared failed.
    #[wasm_bindgen(unchecked_return_type = "string | undefined")]
    #[must_use]
    pub fn failure(&self) -> JsValue {
        record(self.driver.failure())
    }
}

impl Call {
    /// A part of the text of the block, between two places in UTF-16 code units.
    pub(super) fn with_text(&self, from: usize, to: usize, read: impl FnOnce(&[u8])) {
        self.driver.with_block(|block, _, _| read(block.part(from, to)));
    }

    fn show(&self, told: Told) -> u32 {
        if matches!(told, Told::Events | Told::EventsAhead | Told::LastEvents) {
            self.driver.with_block(|block, deviations, resumed| self.view.show(block, deviations, resumed));
        }
        told as u32
    }
}

/// An error as it is told: a string made here is made once, and not copied on its way.
fn record(error: Option<Error>) -> JsValue {
    error.map_or(JsValue::UNDEFINED, |error| JsValue::from_str(&error.to_json()))
}

fn unreadable(why: &str) -> Error {
    Error::filled(Class::OpenResponsesError, "invalid_fetch", "The answer's body cannot be read: {}", &[why])
}

impl Drop for Call {
    fn drop(&mut self) {
        self.driver.abandon();
    }
}
