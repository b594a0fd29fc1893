use alloc::borrow::Cow;
use alloc::borrow::ToOwned;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use js_sys::{Array, Function};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::block_view::BlockView;
use super::credentials::Credentials;
use super::driver::Driver;
use super::thrown::describe;
use super::thrown::property;
use super::told::{CallListener, Listener, Told};
use crate::error::{Class, Error};
use crate::exchange::{Config, Exchange, Expect, Timeouts};
use crate::request::{Description, Operation, Request};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What a {@link Call} is to do. */
export interface CallOptions {
  readonly method: "GET" | "POST" | "DELETE";
  /** The API's root, such as `https://llm.onerouter.pro/v1`. */
  readonly baseURL: string;
  /** The path below the root, percent-encoded, with its leading slash; `{id}` in it stands for `id`. */
  readonly path: string;
  readonly id?: string | undefined;
  /** Query parameters of the call's own, as the text of a JSON object. */
  readonly params?: string | undefined;
  /** Names and values. */
  readonly query: readonly (readonly [string, string])[];
  /** Names and values, over the call's own; `null` removes a header. */
  readonly headers: readonly (readonly [string, string | null])[];
  /** The JSON body. */
  readonly body: string | undefined;
  /** What the body is checked for before it is sent; without it, it is sent as it is. */
  readonly operation?: "create" | "compact" | "count" | undefined;
  /** What the server is to answer with: a stream of events, a response object, other JSON, or JSON that may be missing. */
  readonly expect: "stream" | "response" | "json" | "whatever";
  /** A key, a function asked for one before each request, or `null` for none. */
  readonly apiKey: string | (() => string | Promise<string>) | null | undefined;
  /** Instead of the platform's own. */
  readonly fetch: typeof fetch | undefined;
  /** Whether the first deviation from the protocol is an error. */
  readonly strict: boolean;
  /** Whether deltas are recognised by those before them, without being read as JSON. What is told is the same. */
  readonly fastPath: boolean;
  /** How often the request may be sent again. */
  readonly maxRetries: number;
  /** Milliseconds; `Infinity` for no bound. */
  readonly timeoutHead: number;
  readonly timeoutFirstEvent: number;
  readonly timeoutIdle: number;
  readonly timeoutTotal: number;
  /** Bytes. */
  readonly maxEventBytes: number;
  readonly maxResponseBytes: number;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// What a [`Call`] is to do: see the TypeScript declaration.
    #[wasm_bindgen(typescript_type = "CallOptions")]
    #[derive(Debug)]
    pub type CallOptions;
}

/// One call to the server: sends the request, again where that helps, and says what the answer comes to, chunk by chunk.
///
/// Whoever drives it reads the body. Dropping it (`free()`, or the garbage collector) closes the connection.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Call {
    driver: Rc<Driver>,
    view: BlockView,
}

#[wasm_bindgen]
impl Call {
    /// Prepares a call; sends nothing. Options that cannot be sent are reported by `start`.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(options: &CallOptions) -> Self {
        let options = Options(options);
        let exchange = Exchange::new(options.config());
        let credentials = Credentials::from_js(options.get("apiKey"));
        let fetch = options.get("fetch").dyn_into::<Function>().ok();
        Self { driver: Driver::new(exchange, options.request(), credentials, fetch), view: BlockView::default() }
    }

    /// Sends the request.
    #[wasm_bindgen(unchecked_return_type = "CallStep")]
    pub fn start(&self, listener: CallListener) -> u32 {
        self.driver.start(Listener::from_js(listener)) as u32
    }

    /// Asks for more.
    #[wasm_bindgen(unchecked_return_type = "CallStep")]
    pub fn pull(&self) -> u32 {
        self.driver.pull() as u32
    }

    /// The address where the next chunk, of so many bytes at most, can be put. It stays until more are asked for.
    #[must_use]
    pub fn reserve(&self, length: usize) -> *const u8 {
        self.driver.reserve(length)
    }

    /// A chunk of so many bytes has been put where `reserve` said.
    #[wasm_bindgen(unchecked_return_type = "CallStep")]
    pub fn chunk(&self, length: usize) -> u32 {
        self.show(self.driver.chunk(length))
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
    #[must_use]
    pub fn error(&self) -> Option<String> {
        self.driver.error().map(|error| error.to_json())
    }

    /// What was thrown that made the call fail.
    #[wasm_bindgen(getter, unchecked_return_type = "unknown")]
    #[must_use]
    pub fn cause(&self) -> JsValue {
        self.driver.cause()
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
    #[wasm_bindgen(getter, js_name = requestID)]
    #[must_use]
    pub fn request_id(&self) -> Option<String> {
        self.driver.with_exchange(|exchange| exchange.request_id().map(str::to_owned))
    }

    /// The response so far as JSON text, with `output_text`.
    #[must_use]
    pub fn snapshot(&self) -> String {
        self.driver.with_exchange(|exchange| exchange.response().to_json())
    }

    /// What the server did against the protocol, as the text of a JSON array of `{ code, message, sequence_number }`.
    #[must_use]
    pub fn deviations(&self) -> String {
        self.driver.with_exchange(|exchange| exchange.response().deviations().to_json())
    }

    /// What the tokens of the response are and cost, as far as it is known: the text of a JSON array of `usage` and `cost`.
    #[must_use]
    pub fn accounts(&self) -> String {
        self.driver.with_exchange(|exchange| {
            let response = exchange.response();
            ["[", response.usage().unwrap_or("null"), ",", response.cost().unwrap_or("null"), "]"].concat()
        })
    }

    /// The text of an answer that is no stream.
    #[must_use]
    pub fn body(&self) -> String {
        self.driver.with_exchange(|exchange| exchange.body().to_owned())
    }

    /// The error, as the text of a JSON record, of a response that the server declared failed.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        self.driver.failure().map(|error| error.to_json())
    }
}

impl Call {
    fn show(&self, told: Told) -> u32 {
        if matches!(told, Told::Events | Told::LastEvents) {
            self.driver.with_block(|block, deviations| self.view.show(block, deviations));
        }
        told as u32
    }
}

fn unreadable(why: &str) -> Error {
    Error::filled(Class::OpenResponsesError, "invalid_fetch", "The answer's body cannot be read: {}", &[why])
}

impl Drop for Call {
    fn drop(&mut self) {
        self.driver.abandon();
    }
}

/// Reads options by name.
struct Options<'a>(&'a CallOptions);

impl Options<'_> {
    fn get(&self, name: &str) -> JsValue {
        property(self.0, name)
    }

    fn text(&self, name: &str) -> String {
        self.get(name).as_string().unwrap_or_default()
    }

    /// Without a number there is no bound.
    fn number(&self, name: &str) -> f64 {
        self.get(name).as_f64().filter(|number| !number.is_nan()).unwrap_or(f64::INFINITY)
    }

    fn expect(&self) -> Expect {
        match self.text("expect").as_str() {
            "stream" => Expect::Stream,
            "response" => Expect::Response,
            "whatever" => Expect::Any,
            _ => Expect::Json,
        }
    }

    fn operation(&self) -> Operation {
        match self.text("operation").as_str() {
            "create" => Operation::Create,
            "compact" => Operation::Compact,
            "count" => Operation::Count,
            _ => Operation::Other,
        }
    }

    fn pairs(&self, name: &str) -> Vec<(String, Option<String>)> {
        let pairs = self.get(name).dyn_into::<Array>().unwrap_or_default();
        let text = |pair: &JsValue, index: u32| pair.dyn_ref::<Array>().and_then(|pair| pair.get(index).as_string());
        pairs.iter().filter_map(|pair| Some((text(&pair, 0)?, text(&pair, 1)))).collect()
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, which is meant")]
    fn config(&self) -> Config {
        Config {
            expect: self.expect(),
            strict: self.get("strict").is_truthy(),
            fast_path: self.get("fastPath").is_truthy(),
            // A stream that is asked for anew goes on behind what was told.
            resumes: self.text("method") == "GET",
            max_retries: self.number("maxRetries") as u32,
            timeouts: Timeouts {
                head: self.number("timeoutHead"),
                first_event: self.number("timeoutFirstEvent"),
                idle: self.number("timeoutIdle"),
                total: self.number("timeoutTotal"),
            },
            max_event_bytes: self.number("maxEventBytes") as usize,
            max_response_bytes: self.number("maxResponseBytes") as usize,
        }
    }

    fn request(&self) -> Result<Request, Error> {
        let query: Vec<(String, String)> =
            self.pairs("query").into_iter().map(|(name, value)| (name, value.unwrap_or_default())).collect();
        Request::new(Description {
            method: &self.text("method"),
            base_url: &self.text("baseURL"),
            path: &self.text("path"),
            id: self.get("id").as_string().as_deref(),
            params: self.get("params").as_string().as_deref(),
            query: &query,
            headers: &self.pairs("headers"),
            body: self.get("body").as_string().map(Cow::Owned),
            operation: self.operation(),
            stream: self.expect() == Expect::Stream,
        })
    }
}
