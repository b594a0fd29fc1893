//! The edge against a `fetch` of the test's making: what it sends, what it tells, and that nothing JavaScript throws at it
//! makes it panic.

use js_sys::{Array, JSON, Promise, Reflect};
use openresponses_wasm::json::Value;
use openresponses_wasm::web::{Call, MediaEncoder, default_file_name, is_data_url};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen(inline_js = r#"
/** Options around a fake `fetch`: the body of a function of `url`, `init` and `seen`, where it may leave notes. */
export function optionsWith(source, more) {
  const seen = { requests: [] };
  const answer = new (Object.getPrototypeOf(async function () {}).constructor)("url", "init", "seen", source);
  const fetch = function (url, init) {
    seen.requests.push({ url, method: init.method, headers: Object.fromEntries(init.headers), body: init.body ?? null });
    seen.signal = init.signal;
    seen.this = this;
    return answer(url, init, seen);
  };
  return {
    method: "POST", baseURL: "https://api.example/v1", path: "/responses", query: [], headers: [], body: "{}",
    expect: "stream", apiKey: "key-of-the-test", fetch, maxRetries: 0,
    head: Infinity, firstEvent: Infinity, idle: Infinity, total: Infinity,
    maxEventBytes: 1e6, maxResponseBytes: 1e6, seen,
    ...new Function("seen", `return (${more});`)(seen),
  };
}

/** What a call is made of. */
export function parts({ body, apiKey, fetch, seen, ...options }) {
  return [JSON.stringify(options), body, apiKey, fetch];
}

/** Drives a call as the facade does, and tells what comes of each `start` and `pull`. */
export class Drive {
  constructor(call, memory) {
    this.call = call;
    this.memory = memory;
    this.told = () => {};
  }
  start() { return this.ask(() => this.call.start((step) => this.take(step))); }
  pull() { return this.ask(() => this.call.pull()); }
  abort(reason) { this.take(this.call.abort(reason)); }
  ask(begin) {
    return new Promise((resolve) => {
      this.told = resolve;
      this.take(begin());
    });
  }
  take(step) {
    const { call } = this;
    if (step === 1) this.told({ told: "head", status: call.response.status });
    if (step === 2) this.read();
    if ([3, 4, 8].includes(step)) this.told(this.block());
    if (step === 5) this.told({ told: "end" });
    if (step === 6) {
      const retryHeader = call.response?.headers?.get?.("retry-after") ?? null;
      this.told({ told: "fail", ...JSON.parse(call.error()), cause: describe(call.cause), retryHeader });
    }
    if (step === 7) this.reader = undefined;
  }
  read() {
    if (!this.call.response.body) return this.take(this.call.ended());
    this.reader ??= this.call.response.body.getReader();
    const { reader } = this;
    reader.read().then(({ done, value }) => {
      if (this.reader !== reader) return;
      if (done) return this.take(this.call.ended());
      new Uint8Array(this.memory.buffer, this.call.reserve(value.length), value.length).set(value);
      this.take(this.call.chunk(value.length));
    }, (error) => this.take(this.call.broke(error, false)));
  }
  block() {
    const [, , , , address, length, , events, heartbeats] = new Uint32Array(this.memory.buffer, this.call.block(), 10);
    const json = new TextDecoder().decode(new Uint8Array(this.memory.buffer, address, length));
    return { told: "events", events: JSON.parse(json || "[]"), count: events, heartbeats };
  }
  snapshot() { return this.call.snapshot(); }
  body() { return this.call.body(); }
  requestID() { return this.call.requestID; }
  free() { this.call.free(); }
}

function describe(cause) {
  try { return typeof cause === "object" && cause !== null ? `object` : `${typeof cause}:${String(cause)}`; }
  catch { return "unprintable"; }
}
"#)]
extern "C" {
    #[wasm_bindgen(js_name = optionsWith)]
    fn options_with(source: &str, more: &str) -> JsValue;

    fn parts(options: &JsValue) -> Array;

    type Drive;
    #[wasm_bindgen(constructor)]
    fn new(call: Call, memory: JsValue) -> Drive;
    #[wasm_bindgen(method)]
    fn start(this: &Drive) -> Promise;
    #[wasm_bindgen(method)]
    fn pull(this: &Drive) -> Promise;
    #[wasm_bindgen(method)]
    fn abort(this: &Drive, reason: JsValue);
    #[wasm_bindgen(method)]
    fn snapshot(this: &Drive) -> String;
    #[wasm_bindgen(method)]
    fn body(this: &Drive) -> String;
    #[wasm_bindgen(method, js_name = requestID)]
    fn request_id(this: &Drive) -> Option<String>;
    #[wasm_bindgen(method)]
    fn free(this: &Drive);
}

/// A stream of two events and a comment, each in a chunk of its own.
const STREAM: &str = r#"
  const pieces = [": hi\n\n", 'data: {"type":"response.output_text.delta","output_index":0,"delta":"Hé"}\n\n',
    'data: {"type":"response.completed","response":{"status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"Hé"}]}]}}\n\n'];
  const body = new ReadableStream({ pull(c) {
    const piece = pieces.shift();
    piece === undefined ? c.close() : c.enqueue(new TextEncoder().encode(piece));
  } });
  return new Response(body, { headers: { "content-type": "text/event-stream", "x-request-id": "req_1" } });
"#;

/// An endless stream that notes when it is cancelled or aborted.
const ENDLESS: &str = r#"
  const body = new ReadableStream({
    start(c) { c.enqueue(new TextEncoder().encode('data: {"type":"response.created","response":{}}\n\n')); },
    cancel() { seen.cancelled = true; },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
"#;

struct Setup {
    options: JsValue,
    call: Drive,
}

fn setup(fetch: &str, more: &str) -> Setup {
    setup_of(options_with(fetch, more))
}

/// What came of it, as JSON text.
async fn outcome(asked: Promise) -> String {
    let outcome = JsFuture::from(asked).await.expect("never rejects");
    JSON::stringify(&outcome).expect("plain data").into()
}

async fn start(setup: &Setup) -> String {
    outcome(setup.call.start()).await
}

async fn pull(setup: &Setup) -> String {
    outcome(setup.call.pull()).await
}

fn field(json: &str, name: &str) -> String {
    let value = Value::parse(json).expect("JSON").get(name);
    value.map_or_else(String::new, |value| value.as_str().map_or(value.text().to_owned(), Into::into))
}

/// What the fake `fetch` has seen, as JSON text.
fn seen(setup: &Setup, expression: &str) -> String {
    let seen = Reflect::get(&setup.options, &"seen".into()).expect("an object");
    let read = js_sys::Function::new_with_args("seen", &format!("return JSON.stringify({expression}) ?? 'undefined'"));
    read.call1(&JsValue::UNDEFINED, &seen).expect("readable").as_string().expect("a string")
}

#[wasm_bindgen_test]
async fn a_stream_is_told_chunk_by_chunk_and_its_end_at_last() {
    let setup = setup(STREAM, "{}");
    assert_eq!(field(&start(&setup).await, "status"), "200");
    let comment = pull(&setup).await;
    assert_eq!((field(&comment, "count").as_str(), field(&comment, "heartbeats").as_str()), ("0", "1"));
    let delta = pull(&setup).await;
    assert!(delta.contains(r#""delta":"Hé""#), "{delta}");
    let completed = pull(&setup).await;
    assert!(completed.contains("response.completed"), "{completed}");
    assert_eq!(field(&pull(&setup).await, "told"), "end");
    assert_eq!(field(&pull(&setup).await, "told"), "end", "asked again, it says so again");
    assert_eq!(field(&setup.call.snapshot(), "output_text"), "Hé");
    assert_eq!(setup.call.request_id().as_deref(), Some("req_1"));
}

#[wasm_bindgen_test]
async fn the_request_has_the_key_and_three_headers_and_an_unbound_fetch_is_called_without_this() {
    let setup = setup(STREAM, r#"{ query: [["a b", "ü&"]], body: '{"model":"m"}' }"#);
    start(&setup).await;
    assert_eq!(
        seen(&setup, "seen.requests"),
        r#"[{"url":"https://api.example/v1/responses?a%20b=%C3%BC%26","method":"POST","headers":{"accept":"text/event-stream","authorization":"Bearer key-of-the-test","content-type":"application/json"},"body":"{\"model\":\"m\"}"}]"#
    );
    assert_eq!(seen(&setup, "seen.this === undefined"), "true");
}

#[wasm_bindgen_test]
async fn a_refusal_is_told_with_the_servers_words_and_headers() {
    let body = r#"return new Response('{"error":{"message":"No token provided (request id: r-7)","type":"t","code":7}}', { status: 401, headers: { "retry-after": "3" } });"#;
    let error = start(&setup(body, "{}")).await;
    for (name, value) in [
        ("name", "AuthenticationError"),
        ("status", "401"),
        ("code", "7"),
        ("type", "t"),
        ("request_id", "r-7"),
        ("retry_after_ms", "3000"),
        ("retryHeader", "3"),
    ] {
        assert_eq!(field(&error, name), value, "{name} in {error}");
    }
}

#[wasm_bindgen_test]
async fn a_request_is_sent_again_where_that_helps() {
    let fetch = r#"
      if (seen.requests.length < 3) return new Response("{}", { status: 503, headers: { "retry-after-ms": "1" } });
    "#;
    let setup = setup(&format!("{fetch}{STREAM}"), "{ maxRetries: 2 }");
    assert_eq!(field(&start(&setup).await, "told"), "head");
    assert_eq!(seen(&setup, "seen.requests.length"), "3");
}

#[wasm_bindgen_test]
async fn whatever_fetch_throws_becomes_an_error_that_keeps_it_as_its_cause() {
    let things = [
        ("new TypeError('Failed to fetch')", "object"),
        ("'user left'", "string:user left"),
        ("undefined", "undefined:undefined"),
        ("null", "object:null"),
        ("42", "number:42"),
        ("Symbol('s')", "symbol:Symbol(s)"),
        ("new Proxy({}, { get() { throw new Error('no'); }, getPrototypeOf() { throw new Error('no'); } })", "object"),
        ("(() => { const e = new Error('a'); e.cause = e; return e; })()", "object"),
        ("Object.create(null)", "object"),
    ];
    for (thing, cause) in things {
        for how in ["throw", "await 0; throw", "return Promise.reject"] {
            let error = start(&setup(&format!("{how} ({thing});"), "{}")).await;
            assert_eq!(field(&error, "name"), "APIConnectionError", "{how} {thing}: {error}");
            assert_eq!(field(&error, "code"), "connection_failed", "{how} {thing}");
            // `null` is an object to `typeof`, and printed apart from others.
            let told = field(&error, "cause");
            assert!(told == cause || (thing == "null" && told == "object:null"), "{how} {thing}: {told}");
        }
    }
    let error = start(&setup("throw 0;", "{ fetch: () => { throw 'at once'; } }")).await;
    assert_eq!(field(&error, "cause"), "string:at once");
}

#[wasm_bindgen_test]
async fn the_reason_in_a_cause_is_in_the_message() {
    let fetch = "throw new TypeError('fetch failed', { cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }) });";
    let error = start(&setup(fetch, "{}")).await;
    let message = field(&error, "message");
    assert!(message.contains("fetch failed: connect: ECONNREFUSED"), "{message}");
}

#[wasm_bindgen_test]
async fn a_fetch_that_answers_with_something_else_is_told_so() {
    for garbage in ["return undefined;", "return null;", "return 'text';", "return {};", "return { status: 200 };"] {
        let error = start(&setup(garbage, "{}")).await;
        assert_eq!(field(&error, "code"), "invalid_fetch", "{garbage}: {error}");
    }
}

#[wasm_bindgen_test]
async fn aborting_closes_the_connection_and_the_reason_is_the_cause() {
    let setup = setup(ENDLESS, "{}");
    start(&setup).await;
    pull(&setup).await;
    let awaited = setup.call.pull();
    setup.call.abort(JsValue::from_str("enough"));
    let error = outcome(awaited).await;
    assert_eq!(field(&error, "name"), "APIUserAbortError");
    assert_eq!(field(&error, "cause"), "string:enough");
    assert_eq!(seen(&setup, "seen.signal.aborted"), "true");
    assert_eq!(field(&pull(&setup).await, "code"), "aborted");
}

#[wasm_bindgen_test]
async fn dropping_a_call_closes_the_connection() {
    let Setup { options, call } = setup(ENDLESS, "{}");
    outcome(call.start()).await;
    let probe = setup_of(options);
    assert_eq!(seen(&probe, "seen.signal.aborted"), "false");
    call.free();
    assert_eq!(seen(&probe, "seen.signal.aborted"), "true");
}

fn call_of(options: &JsValue) -> Call {
    let parts = parts(options);
    Call::new(&parts.get(0), &parts.get(1), parts.get(2), parts.get(3))
}

fn setup_of(options: JsValue) -> Setup {
    let call = call_of(&options);
    Setup { options, call: Drive::new(call, Call::memory()) }
}

#[wasm_bindgen_test]
async fn an_abort_while_the_key_is_fetched_sends_nothing() {
    let setup = setup(STREAM, "{ apiKey: () => new Promise((resolve) => { seen.give = resolve; }) }");
    let started = setup.call.start();
    JsFuture::from(Promise::resolve(&JsValue::UNDEFINED)).await.expect("resolves");
    setup.call.abort(JsValue::UNDEFINED);
    assert_eq!(field(&outcome(started).await, "code"), "aborted");
    seen(&setup, "seen.give('late')");
    for _ in 0..5 {
        JsFuture::from(Promise::resolve(&JsValue::UNDEFINED)).await.expect("resolves");
    }
    assert_eq!(seen(&setup, "seen.requests.length"), "0");
}

#[wasm_bindgen_test]
async fn a_key_comes_from_a_string_or_a_function_and_anything_else_is_refused_before_sending() {
    let cases = [
        ("() => 'from-a-function'", ""),
        ("async () => 'from-a-promise'", ""),
        ("null", ""),
        ("undefined", "missing_api_key"),
        ("() => { throw new Error('vault is shut'); }", "token_function_failed"),
        ("async () => { throw undefined; }", "token_function_failed"),
        ("() => 42", "token_function_failed"),
        ("() => 'two\\nlines'", "invalid_api_key"),
        ("''", "invalid_api_key"),
        ("{}", "invalid_api_key"),
    ];
    for (key, code) in cases {
        let setup = setup(STREAM, &format!("{{ apiKey: {key} }}"));
        let outcome = start(&setup).await;
        assert_eq!(field(&outcome, "code"), code, "{key}: {outcome}");
        assert_eq!(seen(&setup, "seen.requests.length"), if code.is_empty() { "1" } else { "0" }, "{key}");
    }
    let none = setup(STREAM, "{ apiKey: null }");
    start(&none).await;
    assert_eq!(seen(&none, "'authorization' in seen.requests[0].headers"), "false");
}

#[wasm_bindgen_test]
async fn a_key_that_a_server_repeats_is_not_in_the_error() {
    let fetch =
        "return new Response('{\"error\":{\"message\":\"Incorrect API key: key-of-the-test\"}}', { status: 401 });";
    let error = start(&setup(fetch, "{}")).await;
    assert!(!error.contains("key-of-the-test"), "{error}");
    assert!(error.contains("[redacted]"), "{error}");
}

#[wasm_bindgen_test]
async fn a_server_that_never_answers_is_given_up_in_time() {
    let setup = setup("return new Promise(() => {});", "{ head: 20 }");
    let error = start(&setup).await;
    assert_eq!(field(&error, "name"), "APIConnectionTimeoutError");
    assert_eq!(field(&error, "code"), "timeout_head");
    assert_eq!(seen(&setup, "seen.signal.aborted"), "true");
}

#[wasm_bindgen_test]
async fn a_stream_that_falls_silent_is_given_up_in_time() {
    let setup = setup(ENDLESS, "{ idle: 20 }");
    start(&setup).await;
    pull(&setup).await;
    assert_eq!(field(&pull(&setup).await, "code"), "timeout_idle");
}

#[wasm_bindgen_test]
async fn a_listener_that_throws_does_no_harm() {
    let options = options_with(STREAM, "{}");
    let call = call_of(&options);
    let throwing = js_sys::eval("(() => { throw new Error('mine'); })").expect("a function");
    call.start(throwing.unchecked_into());
    turn(20).await;
    assert_eq!(field(&outcome(Drive::new(call, Call::memory()).pull()).await, "heartbeats"), "1");
}

#[wasm_bindgen_test]
async fn a_listener_may_call_back_in() {
    let options = options_with(STREAM, "{}");
    let call = call_of(&options);
    let begin =
        js_sys::Function::new_with_args("call", "call.start(() => { call.abort('from within'); }); return call;");
    let call = begin.call1(&JsValue::UNDEFINED, &call.into()).expect("the call");
    turn(10).await;
    let pull = js_sys::Function::new_with_args("call", "return [call.pull(), call.cause].join()");
    let told = pull.call1(&JsValue::UNDEFINED, &call).expect("told").as_string();
    assert_eq!(told.as_deref(), Some("6,from within"));
}

#[wasm_bindgen_test]
async fn what_comes_late_from_a_request_that_was_given_up_changes_nothing() {
    let fetch = r#"
      if (seen.requests.length === 1) {
        seen.first = new ReadableStream({ start(c) { seen.late = c; } });
        return new Response(seen.first, { status: 503, headers: { "retry-after-ms": "1" } });
      }
      setTimeout(() => { try { seen.late.close(); } catch {} }, 5);
    "#;
    let setup = setup(&format!("{fetch}{STREAM}"), "{ maxRetries: 1, head: 20 }");
    assert_eq!(field(&start(&setup).await, "told"), "head");
    turn(10).await;
    assert_eq!(field(&pull(&setup).await, "heartbeats"), "1");
    assert!(pull(&setup).await.contains("Hé"));
}

#[wasm_bindgen_test]
async fn a_request_is_written_from_what_the_options_say_and_checked() {
    let more = r#"{
      method: "POST", path: "/responses/{id}/x", id: "a/b", params: '{"limit":2,"include":["c"]}', query: [["own", "1"]],
      body: '{"model":"m","stream":null}', operation: "compact", expect: "whatever",
    }"#;
    let setup = setup("return new Response(null, { status: 204 });", more);
    assert_eq!(field(&start(&setup).await, "status"), "204");
    assert_eq!(field(&pull(&setup).await, "told"), "end");
    assert_eq!(setup.call.body(), "null");
    assert_eq!(
        seen(&setup, "[seen.requests[0].url, seen.requests[0].body]"),
        r#"["https://api.example/v1/responses/a%2Fb/x?limit=2&include%5B%5D=c&own=1","{\"model\":\"m\"}"]"#
    );
}

#[wasm_bindgen_test]
async fn a_request_that_no_server_could_accept_is_told_at_the_start_and_not_sent() {
    let wrong = [
        (r#"{ path: "/responses/{id}" }"#, "invalid_id"),
        (r#"{ path: "/responses/{id}", id: ".." }"#, "invalid_id"),
        (r#"{ path: "/responses/{id}", id: 7 }"#, "invalid_id"),
        (r#"{ params: '{"limit":"2"}' }"#, "invalid_request"),
        (r#"{ operation: "create" }"#, "invalid_request"),
        (r#"{ operation: "create", body: undefined }"#, "invalid_request"),
        (r#"{ operation: "create", body: '{"model":"m","input":"i"}', expect: "stream" }"#, "invalid_request"),
    ];
    for (more, code) in wrong {
        let setup = setup(STREAM, more);
        assert_eq!(field(&start(&setup).await, "code"), code, "{more}");
        assert_eq!(seen(&setup, "seen.requests.length"), "0", "{more}");
    }
}

#[wasm_bindgen_test]
fn a_file_is_encoded_piece_by_piece() {
    let png = b"\x89PNG\r\n\x1a\n";
    let (none, empty) = (&JsValue::UNDEFINED, &JsValue::from_str(""));
    let mut encoder = MediaEncoder::new(&"image".into(), 10.0, png, none, empty, none).expect("an image");
    for piece in [&png[..], b"a", b"b"] {
        encoder.push(piece).expect("in room");
    }
    assert_eq!(encoder.finish(), "data:image/png;base64,iVBORw0KGgphYg==");
    for (kind, size) in [("image", 1e9), ("image", f64::INFINITY), ("picture", 8.0), ("video", 8.0)] {
        let thrown = MediaEncoder::new(&kind.into(), size, png, none, none, none).expect_err(kind);
        let record = thrown.as_string().expect("a record");
        assert_eq!(field(&record, "name"), "OpenResponsesError");
    }
    assert_eq!(is_data_url(&"file".into(), &"data:,".into(), 6.0), Ok(true));
    assert_eq!(is_data_url(&"file".into(), &"https://a.example".into(), 17.0), Ok(false));
    assert!(is_data_url(&"file".into(), &"a".into(), 1.0).is_err());
    assert_eq!(default_file_name(&"data:application/pdf;base64,".into()), "file.pdf");
}

async fn turn(milliseconds: u32) {
    let wait =
        js_sys::eval(&format!("new Promise((resolve) => setTimeout(resolve, {milliseconds}))")).expect("a promise");
    JsFuture::from(wait.unchecked_into::<Promise>()).await.expect("resolves");
}
