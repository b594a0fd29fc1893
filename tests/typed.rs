//! The client for front ends in Rust, in a page, against a `fetch` of the test's making.
#![cfg(target_arch = "wasm32")]

use std::future::poll_fn;
use std::task::Poll;

use futures_util::StreamExt;
use js_sys::{Function, JSON, Promise};
use openresponses_wasm::client::{ApiKey, Client, ClientOptions, EventStream, from_js, to_js};
use openresponses_wasm::error::{Class, Error};
use openresponses_wasm::protocol::{
    CreateResponse, Field, InputItem, InputItemListParams, InputTokensCountParams, OutputItem, Response,
    ResponseCompactParams, ResponseIncludable, ResponseStatus, RetrieveResponse, StreamEvent, UserMessageParam,
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(inline_js = r#"
/** A fake `fetch`: the body of a function of `url`, `init` and `seen`, where it leaves notes. */
export function fetchOf(source, seen) {
  const answer = new (Object.getPrototypeOf(async function () {}).constructor)("url", "init", "seen", source);
  return function (url, init) {
    (seen.requests ??= []).push({ url, method: init.method, headers: Object.fromEntries(init.headers), body: init.body ?? null });
    seen.signal = init.signal;
    return answer(url, init, seen);
  };
}
"#)]
extern "C" {
    #[wasm_bindgen(js_name = fetchOf)]
    fn fetch_of(source: &str, seen: &JsValue) -> Function;
}

const STREAM: &str = r#"
  const pieces = [": hi\n\n",
    'data: {"type":"response.created","response":{"id":"r","object":"response","status":"in_progress","output":[]}}\n\ndata: {"type":"acme:ping","note":1}\n\n',
    'data: {"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"Hé"}\n\n',
    'data: {"type":"response.completed","response":{"id":"r","object":"response","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"Hé"}]}]}}\n\n'];
  const body = new ReadableStream({ pull(c) {
    const piece = pieces.shift();
    piece === undefined ? c.close() : c.enqueue(new TextEncoder().encode(piece));
  } }, { highWaterMark: 0 });
  seen.pieces = pieces;
  return new Response(body, { headers: { "content-type": "text/event-stream", "x-request-id": "req_1" } });
"#;

const ENDLESS: &str = r#"
  const body = new ReadableStream({
    start(c) { c.enqueue(new TextEncoder().encode('data: {"type":"response.created","response":{}}\n\n')); },
    cancel() { seen.cancelled = true; },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
"#;

/// A response in the background, whose first stream breaks in the middle of an event; what is asked for behind that is
/// what its `rest` gives.
fn breaking(rest: &str) -> String {
    const BREAKING: &str = r#"
      const frame = (event) => new TextEncoder().encode(`data: ${JSON.stringify(event)}\n\n`);
      const delta = (sequence_number, delta) =>
        frame({ type: "response.output_text.delta", sequence_number, output_index: 0, content_index: 0, delta });
      const response = (status, ...texts) => ({ id: "r", object: "response", status, output: texts.map((text) =>
        ({ type: "message", id: "m", role: "assistant", status, content: [{ type: "output_text", text, annotations: [] }] })) });
      const completed = (sequence_number, text) =>
        frame({ type: "response.completed", sequence_number, response: response("completed", text) });
      const answer = (pieces, broken) => new Response(new ReadableStream({ pull(c) {
        const piece = pieces.shift();
        if (piece !== undefined) c.enqueue(piece);
        else if (broken) c.error(new TypeError("network error"));
        else c.close();
      } }, { highWaterMark: 0 }), { headers: { "content-type": "text/event-stream" } });
      if (init.method === "POST") {
        const created = { type: "response.created", sequence_number: 0, response: response("in_progress") };
        return answer([frame(created), delta(1, "A"), delta(2, "B").slice(0, 40)], true);
      }
    "#;
    [BREAKING, rest].concat()
}

struct Setup {
    client: Client,
    seen: JsValue,
}

fn setup(fetch: &str) -> Setup {
    setup_with(fetch, ApiKey::Literal("key-of-the-test".into()), true)
}

fn setup_with(fetch: &str, api_key: ApiKey, dangerously_allow_browser: bool) -> Setup {
    setup_of(fetch, |options| {
        options.api_key = api_key;
        options.dangerously_allow_browser = dangerously_allow_browser;
    })
}

fn setup_of(fetch: &str, change: impl FnOnce(&mut ClientOptions)) -> Setup {
    let seen: JsValue = js_sys::Object::new().into();
    let mut options = ClientOptions {
        base_url: "https://api.example/v1".into(),
        max_retries: 0,
        fetch: Some(fetch_of(fetch, &seen)),
        ..ClientOptions::default()
    };
    change(&mut options);
    Setup { client: Client::new(options), seen }
}

/// What the fake `fetch` has seen, as JSON text.
fn seen(setup: &Setup, expression: &str) -> String {
    let read = Function::new_with_args("seen", &format!("return JSON.stringify({expression}) ?? 'undefined'"));
    read.call1(&JsValue::UNDEFINED, &setup.seen).expect("readable").as_string().expect("a string")
}

fn request() -> CreateResponse {
    CreateResponse::new().model("m").input(vec![InputItem::from(UserMessageParam::new("Hello"))]).with("top_k", 4)
}

async fn turn() {
    JsFuture::from(Promise::resolve(&JsValue::UNDEFINED)).await.expect("resolves");
}

#[wasm_bindgen_test]
async fn a_stream_gives_typed_events_and_a_snapshot() {
    let setup = setup(STREAM);
    let mut stream = setup.client.responses().stream(&request());
    assert_eq!(seen(&setup, "seen.requests"), "undefined", "nothing is sent before it is polled");
    let first = stream.next().await.expect("an event").expect("no error");
    assert!(matches!(first, StreamEvent::Created(event) if event.response.id.get().is_some_and(|id| id == "r")));
    let second = stream.next().await.expect("an event").expect("no error");
    assert!(matches!(second, StreamEvent::Unknown(event) if event.kind() == Some("acme:ping")));
    assert_eq!(seen(&setup, "seen.pieces.length"), "2", "nothing is read that nobody asked for");
    let third = stream.next().await.expect("an event").expect("no error");
    assert!(matches!(third, StreamEvent::OutputTextDelta(event) if event.delta == "Hé"));
    assert_eq!(stream.snapshot().expect("a response").output_text(), "Hé");
    assert!(matches!(stream.next().await, Some(Ok(StreamEvent::Completed(_)))));
    assert!(stream.next().await.is_none());
    assert!(stream.next().await.is_none(), "asked again, it says so again");
    assert_eq!(stream.request_id().as_deref(), Some("req_1"));
    assert_eq!(
        seen(&setup, "seen.requests"),
        r#"[{"url":"https://api.example/v1/responses","method":"POST","headers":{"accept":"text/event-stream","authorization":"Bearer key-of-the-test","content-type":"application/json"},"body":"{\"model\":\"m\",\"input\":[{\"type\":\"message\",\"role\":\"user\",\"content\":\"Hello\"}],\"top_k\":4,\"stream\":true}"}]"#
    );
}

#[wasm_bindgen_test]
async fn a_response_is_typed_and_what_is_unknown_is_kept() {
    let fetch = r#"return Response.json({ id: "r", object: "response", status: "completed", acme: [1], output: [
      { type: "acme:dream" }, { type: "message", id: "m", role: "assistant", status: "completed", content: [{ type: "output_text", text: "a", annotations: [] }] },
    ] });"#;
    let setup = setup(fetch);
    let response = setup.client.responses().create(&request().with("stream", true)).await.expect("a response");
    assert_eq!(response.output_text(), "a");
    assert!(matches!(response.output.get().expect("output")[0], OutputItem::Unknown(_)));
    assert_eq!(response.extra.keys().collect::<Vec<_>>(), ["acme"]);
    assert_eq!(
        seen(&setup, "JSON.parse(seen.requests[0].body).stream"),
        "undefined",
        "the method says whether it streams"
    );
}

#[wasm_bindgen_test]
async fn other_operations_are_typed() {
    let fetch = r#"return url.endsWith("/models") ? Response.json({ data: [{ id: "m" }] })
      : Response.json({ id: "c", object: "response.compaction", output: [{ type: "compaction", id: "i", encrypted_content: "x" }] });"#;
    let setup = setup(fetch);
    let models = setup.client.models().list().await.expect("models");
    assert_eq!(models.data[0].id, "m");
    let params = ResponseCompactParams::new("m").input("Hello");
    let compacted = setup.client.responses().compact(&params).await.expect("compacted");
    assert!(matches!(compacted.output.get().expect("output")[0], OutputItem::Compaction(_)));
    let wrong = self::setup("return Response.json([]);").client.models().list().await.expect_err("no list");
    assert_eq!((wrong.class, wrong.code.as_deref()), (Class::ProtocolError, Some("\"unexpected_answer\"")));
}

#[wasm_bindgen_test]
async fn what_the_server_keeps_is_asked_for_by_its_id() {
    let fetch = r#"
      if (url.includes("/models/")) return Response.json({ id: "a/m" });
      if (url.includes("/input_items")) return Response.json({ object: "list", data: [{ type: "message", role: "user", content: "Hi" }], has_more: false });
      if (url.endsWith("/input_tokens")) return Response.json({ object: "response.input_tokens", input_tokens: 7 });
      if (init.method === "DELETE") return url.endsWith("silent") ? new Response(null, { status: 204 }) : Response.json({ id: "r", deleted: false });
      return Response.json({ id: "r", object: "response", status: url.endsWith("cancel") ? "cancelled" : "completed", output: [] });
    "#;
    let setup = setup(fetch);
    let responses = setup.client.responses();
    let include = vec![ResponseIncludable::OutputTextLogprobs];
    let kept = responses.retrieve("r/1", &RetrieveResponse::new().include(include).with("stream", true)).await;
    assert_eq!(kept.expect("a response").status, Field::Is(ResponseStatus::Completed));
    let cancelled = responses.cancel("r").await.expect("a response");
    assert_eq!(cancelled.status, Field::Is(ResponseStatus::Cancelled));
    let items = responses.input_items().list("r", &InputItemListParams::new().limit(2)).await.expect("items");
    assert!(matches!(items.data.get().expect("items")[0], InputItem::UserMessage(_)));
    let count = responses.input_tokens().count(&InputTokensCountParams::new().model("m").input("Hi")).await;
    assert_eq!(count.expect("a count").input_tokens, Field::Is(7));
    assert_eq!(responses.delete("r").await.expect("an answer").deleted, Field::Is(false));
    let silent = responses.delete("silent").await.expect("an answer");
    assert_eq!((silent.id, silent.deleted), (Field::Is("silent".into()), Field::Is(true)));
    assert_eq!(setup.client.models().retrieve("a/m").await.expect("a model").id, "a/m");
    assert_eq!(
        seen(&setup, "seen.requests.map(({ method, url, body }) => [method, url.slice(22), body])"),
        r#"[["GET","/responses/r%2F1?include%5B%5D=message.output_text.logprobs",null],["POST","/responses/r/cancel",null],["GET","/responses/r/input_items?limit=2",null],["POST","/responses/input_tokens","{\"model\":\"m\",\"input\":\"Hi\"}"],["DELETE","/responses/r",null],["DELETE","/responses/silent",null],["GET","/models/a%2Fm",null]]"#
    );
    assert_eq!(responses.cancel("").await.expect_err("no id").code.as_deref(), Some("\"invalid_id\""));
}

#[wasm_bindgen_test]
async fn the_stream_of_a_response_that_the_server_keeps_goes_on_behind_a_number() {
    let fetch = r#"
      const broken = url.includes("=4");
      const event = (sequence_number, event) => `data: ${JSON.stringify({ sequence_number, ...event })}\n\n`;
      const delta = (n, delta) => event(n, { type: "response.output_text.delta", output_index: 0, content_index: 0, delta });
      const end = event(7, { type: "response.completed", response: { id: "r", object: "response", status: "completed", output: [] } });
      const body = broken ? delta(5, "A") : delta(6, "B") + end;
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    "#;
    let setup = setup(fetch);
    let params = RetrieveResponse::new().starting_after(4);
    let (texts, end) = read(setup.client.responses().retrieve_stream("r", &params)).await;
    assert_eq!(texts, ["A", "B"]);
    end.expect("a response");
    let asked = "seen.requests.map(({ method, url }) => [method, url.slice(22)])";
    assert_eq!(
        seen(&setup, asked),
        r#"[["GET","/responses/r?starting_after=4&stream=true"],["GET","/responses/r?stream=true&starting_after=5"]]"#
    );
}

#[wasm_bindgen_test]
async fn the_failure_of_a_response_holds_no_key() {
    let fetch = r#"return new Response(`data: ${JSON.stringify({ type: "response.failed", response: { id: "r", object: "response",
      status: "failed", error: { code: "server_error", message: "Refused key-of-the-test" } } })}\n\n`,
      { headers: { "content-type": "text/event-stream" } });"#;
    let setup = setup(fetch);
    let mut stream = setup.client.responses().stream(&request());
    while let Some(event) = stream.next().await {
        event.expect("an event");
    }
    assert_eq!(stream.failure().expect("a failure").message, "Refused [redacted]");
}

#[wasm_bindgen_test]
async fn dropping_the_stream_or_the_future_aborts() {
    let setup = setup(ENDLESS);
    {
        let mut stream = setup.client.responses().stream(&request());
        assert!(matches!(stream.next().await, Some(Ok(StreamEvent::Created(_)))));
        assert_eq!(seen(&setup, "seen.signal.aborted"), "false");
    }
    assert_eq!(seen(&setup, "seen.signal.aborted"), "true");
    turn().await;
    assert_eq!(seen(&setup, "seen.cancelled"), "true");

    let setup = self::setup("return new Promise(() => {});");
    let responses = setup.client.responses();
    let request = request();
    let mut future = Box::pin(responses.create(&request));
    poll_fn(|context| {
        assert!(future.as_mut().poll(context).is_pending());
        Poll::Ready(())
    })
    .await;
    while seen(&setup, "seen.signal") == "undefined" {
        turn().await;
    }
    assert_eq!(seen(&setup, "seen.signal.aborted"), "false");
    drop(future);
    assert_eq!(seen(&setup, "seen.signal.aborted"), "true");
}

#[wasm_bindgen_test]
async fn errors_are_the_same_as_in_javascript_and_hold_no_key() {
    let refused = setup(
        r#"return new Response('{"error":{"message":"Incorrect API key: key-of-the-test","code":"k"}}', { status: 401 });"#,
    );
    let error = refused.client.responses().create(&request()).await.expect_err("refused");
    assert_eq!((error.class, error.api.as_ref().and_then(|api| api.status)), (Class::AuthenticationError, Some(401)));
    assert!(!format!("{error:?} {error}").contains("key-of-the-test"), "{error:?}");
    assert!(error.message.contains("[redacted]"));

    let cut = setup(&STREAM.replace("response.completed", "response.in_progress"));
    let mut stream = cut.client.responses().stream(&request());
    let error = loop {
        match stream.next().await.expect("an error before the end") {
            Ok(_) => (),
            Err(error) => break error,
        }
    };
    assert_eq!(error.class, Class::StreamTruncatedError);
    assert!(stream.next().await.is_none());
}

/// The texts of a stream that is read to its end, and with what that came, without an error.
async fn texts(setup: &Setup, request: &CreateResponse) -> (Vec<String>, Result<Response, Error>) {
    read(setup.client.responses().stream(request)).await
}

async fn read(mut stream: EventStream) -> (Vec<String>, Result<Response, Error>) {
    let mut texts = Vec::new();
    while let Some(event) = stream.next().await {
        match event {
            Ok(StreamEvent::OutputTextDelta(event)) => texts.push(event.delta),
            Ok(_) => (),
            Err(error) => return (texts, Err(error)),
        }
    }
    (texts, stream.snapshot())
}

const ASKED_FOR: &str = "seen.requests.map(({ method, url, body }) => `${method} ${url.slice(22)}${body ? '' : '!'}`)";

#[wasm_bindgen_test]
async fn a_stream_that_breaks_goes_on_with_the_next_event() {
    let setup =
        setup(&breaking(r#"return answer([delta(1, "A"), delta(2, "B"), delta(3, "C"), completed(4, "ABC")]);"#));
    let (texts, end) = texts(&setup, &request().background(true)).await;
    assert_eq!(texts, ["A", "B", "C"]);
    assert_eq!(end.expect("a response").output_text(), "ABC");
    assert_eq!(seen(&setup, ASKED_FOR), r#"["POST /responses","GET /responses/r?stream=true&starting_after=1!"]"#);
}

#[wasm_bindgen_test]
async fn a_stream_that_the_server_has_no_more_ends_with_what_is_missing() {
    let rest = r#"return Response.json(...(url.includes("stream") ? [{}, { status: 404 }] : [response("completed", "ABC")]));"#;
    let setup = setup(&breaking(rest));
    let (texts, end) = texts(&setup, &request().background(true)).await;
    assert_eq!(texts, ["A", "BC"]);
    assert_eq!(end.expect("a response").output_text(), "ABC");
    assert_eq!(seen(&setup, "seen.requests.at(-1).url"), r#""https://api.example/v1/responses/r""#);
}

#[wasm_bindgen_test]
async fn a_stream_that_breaks_is_truncated_where_the_server_keeps_nothing_or_it_is_not_to_go_on() {
    for (request, resume) in [(request(), true), (request().background(true), false)] {
        let setup = setup_of(&breaking("throw 'asked again';"), |options| options.resume = resume);
        let (texts, end) = texts(&setup, &request).await;
        assert_eq!(texts, ["A"]);
        let error = end.expect_err("an error");
        assert_eq!((error.class, error.last_sequence_number), (Class::StreamTruncatedError, Some(1)));
        assert_eq!(seen(&setup, ASKED_FOR), r#"["POST /responses"]"#);
    }
}

#[wasm_bindgen_test]
async fn a_literal_key_in_a_page_is_refused() {
    let setup = setup_with(STREAM, ApiKey::Literal("key-of-the-test".into()), false);
    let error = setup.client.responses().create(&request()).await.expect_err("refused");
    assert_eq!(error.code.as_deref(), Some("\"browser_key_refused\""));
    assert_eq!(seen(&setup, "seen.requests"), "undefined");
    let function = Function::new_no_args("return Promise.resolve('token')");
    let setup = setup_with(STREAM, ApiKey::Function(function), false);
    setup.client.responses().create(&request()).await.expect("a response");
    assert_eq!(seen(&setup, "seen.requests[0].headers.authorization"), "\"Bearer token\"");
}

#[wasm_bindgen_test]
fn rust_values_and_javascript_values_are_the_same() {
    for json in [
        r#"{"id":"r","object":"response","created_at":1764000000,"status":"dreaming","output":[{"type":"acme:dream","z":1,"a":[null,0.5]},{"type":"message","id":"m","content":[]}],"usage":null,"temperature":0.25,"zeta":{"b":1,"a":2}}"#,
        r#"{"id":"r","metadata":{"b":"1","a":"2"}}"#,
    ] {
        let javascript = JSON::parse(json).expect("JSON");
        let rust: Response = from_js(javascript.clone()).expect("a response");
        assert_eq!(rust, serde_json_read(json));
        let again = JSON::stringify(&to_js(&rust).expect("a value")).expect("JSON");
        assert_eq!(String::from(again), json);
    }
    assert!(from_js::<Response>(JsValue::from_str("no response")).is_err());
}

fn serde_json_read(json: &str) -> Response {
    serde_json::from_str(json).expect("a response")
}
