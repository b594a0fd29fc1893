use alloc::borrow::Cow;
use alloc::borrow::ToOwned;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use js_sys::{Array, Function};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::credentials::Credentials;
use super::driver::Driver;
use super::observer::{CallObserver, Observer};
use super::thrown::property;
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

/// One call to the server: sends the request, again where that helps, and reads the answer as fast as it is pulled.
///
/// Dropping it (`free()`, or the garbage collector) closes the connection.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Call {
    driver: Rc<Driver>,
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
        Self { driver: Driver::new(exchange, options.request(), credentials, fetch) }
    }

    /// Sends the request. The observer is told of the head, or of a failure.
    pub fn start(&self, observer: CallObserver) {
        self.driver.start(Observer::JavaScript(observer));
    }

    /// Reads on. The observer is told of events, of the end, or of a failure.
    pub fn pull(&self, observer: CallObserver) {
        self.driver.pull(Observer::JavaScript(observer));
    }

    /// Leaves the answer that `start` told of, its body unread, to whoever has it: freeing the call no longer ends it.
    pub fn detach(&self) {
        self.driver.detach();
    }

    /// Ends the call and closes the connection; the reason becomes the `cause` of the error that is told.
    pub fn abort(&self, reason: JsValue) {
        self.driver.abort(reason);
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

    fn request(&self) -> Result<Request, crate::error::Error> {
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
