//! What is sent: URL, headers, body.
#![cfg(not(target_arch = "wasm32"))]

use std::borrow::Cow;

use openresponses_wasm::error::{Class, Error};
use openresponses_wasm::request::{Description, Operation, Request};
use proptest::prelude::*;

const BASE: &str = "https://llm.onerouter.pro/v1";

fn described<'a>() -> Description<'a> {
    Description { method: "POST", base_url: BASE, path: "/responses", ..Description::default() }
}

type Pairs<'a> = &'a [(&'a str, &'a str)];

fn url(base_url: &str, query: Pairs<'_>) -> Result<String, Error> {
    let query: Vec<_> = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Request::new(Description { base_url, query: &query, ..described() }).map(|request| request.url)
}

type Headers<'a> = &'a [(&'a str, Option<&'a str>)];

fn headers(own: Headers<'_>, body: Option<&str>, stream: bool) -> Result<Vec<String>, Error> {
    let own: Vec<_> = own.iter().map(|(name, value)| ((*name).to_owned(), value.map(String::from))).collect();
    let request = Request::new(Description { headers: &own, body: body.map(Cow::Borrowed), stream, ..described() })?;
    Ok(request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect())
}

fn assert_refused<T: std::fmt::Debug>(result: Result<T, Error>, code: &str, what: &str) -> Error {
    let error = result.expect_err(what);
    assert_eq!(error.class, Class::OpenResponsesError, "{what}");
    assert_eq!(error.code.clone(), Some(format!("\"{code}\"")), "{what}");
    assert!(!error.retryable && error.api.is_none(), "{what}");
    error
}

#[test]
fn the_path_follows_the_base_url_with_one_slash_between() {
    let cases = [
        ("https://llm.onerouter.pro/v1", "https://llm.onerouter.pro/v1/responses"),
        ("https://llm.onerouter.pro/v1/", "https://llm.onerouter.pro/v1/responses"),
        ("https://llm.onerouter.pro/v1///", "https://llm.onerouter.pro/v1/responses"),
        ("  https://llm.onerouter.pro/v1\n", "https://llm.onerouter.pro/v1/responses"),
        ("https://host", "https://host/responses"),
        ("https://host/", "https://host/responses"),
        ("HTTPS://Host/V1", "HTTPS://Host/V1/responses"),
        ("http://localhost:8080/v1", "http://localhost:8080/v1/responses"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1/responses"),
        ("https://host/a@b/v1", "https://host/a@b/v1/responses"),
        ("https://host/v1?api-version=2", "https://host/v1/responses?api-version=2"),
        ("https://host/v1/?api-version=2", "https://host/v1/responses?api-version=2"),
        ("https://host?a=/b/", "https://host/responses?a=/b/"),
        ("https://host/v1?", "https://host/v1/responses"),
        ("/v1", "/v1/responses"),
        ("/api/v1/", "/api/v1/responses"),
        ("/", "/responses"),
        ("/v1?a=b", "/v1/responses?a=b"),
    ];
    for (base, expected) in cases {
        assert_eq!(url(base, &[]).as_deref(), Ok(expected), "{base}");
    }
}

#[test]
fn query_parameters_are_encoded_and_follow_those_of_the_base_url() {
    let cases: [(&str, Pairs<'_>, &str); 6] = [
        (BASE, &[("limit", "20")], "?limit=20"),
        (BASE, &[("include[]", "a b"), ("include[]", "c&d=e")], "?include%5B%5D=a%20b&include%5B%5D=c%26d%3De"),
        (BASE, &[("q", "é🦀#?/+%:\"")], "?q=%C3%A9%F0%9F%A6%80%23%3F%2F%2B%25%3A%22"),
        (BASE, &[("azAZ09-._~", "\n\0\u{7f}")], "?azAZ09-._~=%0A%00%7F"),
        (BASE, &[("empty", ""), ("", "nameless")], "?empty=&=nameless"),
        ("https://llm.onerouter.pro/v1?a=%20b", &[("c", "d")], "?a=%20b&c=d"),
    ];
    for (base, query, expected) in cases {
        assert_eq!(url(base, query), Ok(format!("https://llm.onerouter.pro/v1/responses{expected}")), "{query:?}");
    }
}

#[test]
fn a_base_url_that_cannot_be_one_is_refused_and_never_shown() {
    let bases = [
        "",
        " ",
        "v1",
        "./v1",
        "host.secret/v1",
        "//host.secret/v1",
        "ftp://host.secret",
        "ws://host.secret",
        "file:///secret",
        "data:secret",
        "javascript:secret",
        "https:host.secret",
        "https:/host.secret",
        "https://",
        "http://",
        "https:///secret",
        "https://?secret",
        "https://user:secret@host/v1",
        "https://secret@host",
        "https://@host/secret",
        "https://host/v1#secret",
        "/v1#secret",
        "https://host/v1#",
        "https://host/secret path",
        "https://ho st/secret",
        "https://host/\tsecret",
        "https://host/\nsecret",
        "/secret path",
        "https://host/\u{0}secret",
        "https://host/\u{a0}secret",
    ];
    for base in bases {
        let error = assert_refused(url(base, &[]), "invalid_base_url", base);
        assert!(
            error.message.starts_with("baseURL ") && !error.message.contains("secret"),
            "{base}: {}",
            error.message
        );
    }
}

#[test]
fn only_accept_and_content_type_are_sent_by_default() -> Result<(), Error> {
    assert_eq!(headers(&[], None, false)?, ["accept: application/json"]);
    assert_eq!(headers(&[], None, true)?, ["accept: text/event-stream"]);
    assert_eq!(headers(&[], Some("{}"), false)?, ["accept: application/json", "content-type: application/json"]);
    assert_eq!(headers(&[], Some("{}"), true)?, ["accept: text/event-stream", "content-type: application/json"]);
    Ok(())
}

#[test]
fn method_and_body_are_sent_as_described() -> Result<(), Error> {
    let body = r#"{ "model" : "m", "unknown": 1.0 }"#;
    let request = Request::new(Description { body: Some(body.into()), ..described() })?;
    assert_eq!((request.method.as_str(), request.body.as_deref()), ("POST", Some(body)));
    let request = Request::new(Description { method: "DELETE", path: "/responses/a%2Fb", ..described() })?;
    assert_eq!((request.method.as_str(), request.body.as_deref()), ("DELETE", None));
    assert_eq!(request.url, format!("{BASE}/responses/a%2Fb"));
    Ok(())
}

#[test]
fn the_callers_headers_replace_add_and_remove_whatever_their_case() -> Result<(), Error> {
    let cases: [(Headers<'_>, &[&str]); 8] = [
        (&[("X-Title", Some("t"))], &["accept: application/json", "content-type: application/json", "x-title: t"]),
        (&[("ACCEPT", Some("*/*"))], &["content-type: application/json", "accept: */*"]),
        (&[("Content-Type", None)], &["accept: application/json"]),
        (&[("accept", None), ("Content-TYPE", None)], &[]),
        (&[("x-never-there", None)], &["accept: application/json", "content-type: application/json"]),
        (&[("accept", None), ("X-A", Some("1")), ("x-a", Some("2")), ("content-type", None)], &["x-a: 2"]),
        (&[("accept", None), ("X-A", Some("1")), ("x-a", None), ("content-type", None)], &[]),
        (&[("accept", None), ("content-type", None), ("x-a", None), ("X-A", Some(""))], &["x-a: "]),
    ];
    for (own, expected) in cases {
        assert_eq!(headers(own, Some("{}"), false)?, expected, "{own:?}");
    }
    Ok(())
}

#[test]
fn a_key_is_added_where_the_callers_headers_neither_have_an_authorization_nor_remove_it() -> Result<(), Error> {
    let takes_key = |own: Headers<'_>| {
        let own: Vec<_> = own.iter().map(|(name, value)| ((*name).to_owned(), value.map(String::from))).collect();
        let request = Request::new(Description { headers: &own, ..described() })?;
        assert_eq!(request.following(Some("resp_1"), None)?.takes_key(), request.takes_key(), "{own:?}");
        Ok(request.takes_key())
    };
    assert!(takes_key(&[])?);
    assert!(takes_key(&[("x-authorization", Some("a")), ("x-title", None)])?);
    assert!(!takes_key(&[("AUTHORIZATION", Some("Basic a"))])?);
    assert!(!takes_key(&[("Authorization", None)])?);
    assert!(!takes_key(&[("authorization", Some("Basic a")), ("Authorization", None)])?);
    Ok(())
}

#[test]
fn no_key_is_sent_over_plain_http_where_the_callers_headers_remove_it() -> Result<(), Error> {
    let asked = |headers: &[(String, Option<String>)]| {
        Request::new(Description { base_url: "http://host/v1", sends_key: true, headers, ..described() }).map(|_| ())
    };
    assert_refused(asked(&[]), "insecure_base_url", "a key");
    asked(&[(String::from("authorization"), None)])
}

#[test]
fn a_header_name_that_is_no_token_is_refused() -> Result<(), Error> {
    for name in [
        "", " ", "a b", "a:", "a\r\nb", "a\n", "é", "a\0", "(a)", "a,b", "a;b", "a@b", "a/b", "[a]", "{a}", "a\"",
        "a\t",
    ] {
        assert_refused(headers(&[(name, Some("v"))], None, false), "invalid_header", name);
        assert_refused(headers(&[(name, None)], None, false), "invalid_header", name);
    }
    assert_eq!(headers(&[("!#$%&'*+-.^_`|~09azAZ", Some("v"))], None, false)?.len(), 2);
    Ok(())
}

#[test]
fn a_header_value_that_breaks_out_is_refused_and_never_shown() -> Result<(), Error> {
    let values = [
        "secret\r\nx-evil: 1",
        "secret\n",
        "secret\r",
        "\0secret",
        "secret\u{7f}",
        "secret\u{1b}",
        "secret€",
        "秘secret",
    ];
    for value in values {
        let error = assert_refused(headers(&[("x-a", Some(value))], None, false), "invalid_header", value);
        assert!(error.message.contains("x-a") && !error.message.contains("secret"), "{}", error.message);
    }
    for value in ["", "a b", "a\tb", "é", "\u{ff}", "!~", "Basic dXNlcjpwYXNz"] {
        assert_eq!(headers(&[("accept", Some(value))], None, false)?, [format!("accept: {value}")]);
    }
    Ok(())
}

#[test]
fn a_key_becomes_a_bearer_token() {
    for key in ["sk-1", "a.b_c-d~e+f/g==", "!\"#$%&'()*"] {
        assert_eq!(Request::authorization(key), Ok(format!("Bearer {key}")));
    }
}

#[test]
fn a_key_that_no_header_may_hold_is_refused_and_never_shown() {
    let keys = [
        "",
        " ",
        " secret",
        "secret ",
        "secret\n",
        "\r\nsecret",
        "sec ret",
        "secret\t",
        "secret\0",
        "secret\u{7f}",
        "secrét",
        "secret…",
        "“secret”",
        "\u{feff}secret",
        "secret\u{200b}",
        "secret\u{a0}",
    ];
    for key in keys {
        let error = assert_refused(Request::authorization(key), "invalid_api_key", key);
        assert!(!error.message.contains("sec") && !error.to_json().contains("sec"), "{}", error.message);
    }
}

fn path(path: &str, id: Option<&str>) -> Result<String, Error> {
    let request = Request::new(Description { path, id, ..described() })?;
    Ok(request.url.strip_prefix(BASE).expect("below the root").to_owned())
}

#[test]
fn an_id_is_one_segment_of_the_path_whatever_it_holds() {
    let cases = [
        ("resp_1", "resp_1"),
        ("a/b", "a%2Fb"),
        ("../models", "..%2Fmodels"),
        ("a?b=c", "a%3Fb%3Dc"),
        ("a#b", "a%23b"),
        ("%2e%2e", "%252e%252e"),
        ("...", "..."),
        (" ", "%20"),
        ("a\\b", "a%5Cb"),
        ("ü\n", "%C3%BC%0A"),
        ("{id}", "%7Bid%7D"),
    ];
    for (id, segment) in cases {
        assert_eq!(path("/responses/{id}/cancel", Some(id)), Ok(format!("/responses/{segment}/cancel")), "{id}");
        assert_eq!(path("/responses/{id}", Some(id)), Ok(format!("/responses/{segment}")), "{id}");
    }
    assert_eq!(path("/responses", Some("unused")).as_deref(), Ok("/responses"));
}

#[test]
fn an_id_that_would_lead_elsewhere_is_refused() {
    for id in [None, Some(""), Some("."), Some("..")] {
        let error = assert_refused(path("/responses/{id}", id), "invalid_id", "an id");
        assert!(error.message.starts_with("The id must"), "{}", error.message);
    }
}

fn params(json: &str) -> Result<String, Error> {
    let query = [("own".to_owned(), "1".to_owned())];
    let request = Request::new(Description { params: Some(json), query: &query, ..described() })?;
    Ok(request.url.split_once('?').expect("a query").1.to_owned())
}

#[test]
fn parameters_become_the_query_before_the_callers_own() {
    let cases = [
        ("{}", "own=1"),
        (r#"{"stream":true,"starting_after":0}"#, "stream=true&starting_after=0&own=1"),
        (r#"{"include":["a","b c"],"after":null}"#, "include%5B%5D=a&include%5B%5D=b%20c&own=1"),
        (r#"{"limit":20,"order":"asc","mine":1.5,"x":"\u00fc\""}"#, "limit=20&order=asc&mine=1.5&x=%C3%BC%22&own=1"),
        (r#"{"include":[]}"#, "own=1"),
    ];
    for (json, expected) in cases {
        assert_eq!(params(json).as_deref(), Ok(expected), "{json}");
    }
}

#[test]
fn a_parameter_of_the_wrong_type_is_refused_by_name() {
    let cases = [
        (r#"{"stream":"yes"}"#, "stream must be a boolean"),
        (r#"{"starting_after":"5"}"#, "starting_after must be a number"),
        (r#"{"starting_after":-1}"#, "starting_after must be a whole number"),
        (r#"{"limit":1.5}"#, "limit must be a whole number"),
        (r#"{"include":"a"}"#, "include must be an array"),
        (r#"{"after":7}"#, "after must be a string"),
        (r#"{"mine":{}}"#, "mine must hold"),
        (r#"{"mine":[[1]]}"#, "mine must hold"),
        (r#"{"include":[null]}"#, "include must hold"),
        ("[]", "query must be an object"),
    ];
    for (json, said) in cases {
        let error = assert_refused(params(json), "invalid_request", json);
        assert!(error.message.contains(said), "{json}: {}", error.message);
    }
}

fn body(operation: Operation, stream: bool, json: &str) -> Result<String, Error> {
    let request = Request::new(Description { operation, stream, body: Some(json.into()), ..described() })?;
    Ok(request.body.expect("a body"))
}

#[test]
fn a_body_is_sent_as_it_was_written() {
    let bodies = [
        r#"{"model":"m","input":"i"}"#,
        r#"{"input":[],"model":"m","provider":{"sort":"price"},"user":null,"metadata":null,"temperature":1e0}"#,
        r#"{"model":"m","input":[{"role":"user","content":"null"},{"type":"vendor:x","a":[null]},{"id":"i"}]}"#,
        r#"{"model":"m","previous_response_id":"r"}"#,
        r#"{"model":"m","input":null,"conversation":{"id":"c"}}"#,
        r#"{"prompt":{"id":"p"}}"#,
        r#"{"models":["a","b"],"input":"i"}"#,
        r#"{"model":"m","input":"i","stream":false,"tools":[],"text":{"format":{"type":"text"}}}"#,
    ];
    for json in bodies {
        assert_eq!(body(Operation::Create, false, json).as_deref(), Ok(json));
    }
    assert_eq!(body(Operation::Count, false, r#"{"input":"i"}"#).as_deref(), Ok(r#"{"input":"i"}"#));
    assert_eq!(body(Operation::Compact, false, r#"{"model":"m"}"#).as_deref(), Ok(r#"{"model":"m"}"#));
    assert_eq!(body(Operation::Other, true, "anything").as_deref(), Ok("anything"));
}

#[test]
fn null_is_left_out_where_the_specification_knows_none() {
    let cases = [
        (
            r#"{"model":"m","stream":null,"input":"i","background":null,"store":null,"truncation":null,"service_tier":null,"include":null}"#,
            r#"{"model":"m","input":"i"}"#,
        ),
        (
            r#"{"model":"m","input":"i","text":{"verbosity":null,"format":null},"stream_options":{"include_obfuscation":null}}"#,
            r#"{"model":"m","input":"i","text":{"format":null},"stream_options":{}}"#,
        ),
        (
            r#"{"model":"m","input":"i","text":{"format":{"type":"json_schema","description":null,"strict":null,"schema":{"default":null}}}}"#,
            r#"{"model":"m","input":"i","text":{"format":{"type":"json_schema","strict":null,"schema":{"default":null}}}}"#,
        ),
        (
            r#"{"model":"m","input":"i","tools":[{"strict":true},{"name":"f","strict":null,"parameters":null}],"tool_choice":{"mode":null}}"#,
            r#"{"model":"m","input":"i","tools":[{"strict":true},{"name":"f","parameters":null}],"tool_choice":{}}"#,
        ),
        (
            r#"{"model":"m","input":[{"phase":null,"id":null,"content":[{"text":"null","annotations":null}]},{"a":null}]}"#,
            r#"{"model":"m","input":[{"id":null,"content":[{"text":"null"}]},{"a":null}]}"#,
        ),
        (
            r#"{"model":"m","input":"i","provider":{"stream":null},"user":null,"tools":null,"text":null}"#,
            r#"{"model":"m","input":"i","provider":{"stream":null},"user":null,"tools":null,"text":null}"#,
        ),
    ];
    for (given, sent) in cases {
        assert_eq!(body(Operation::Create, false, given).as_deref(), Ok(sent));
    }
    assert_eq!(body(Operation::Other, false, r#"{"stream":null}"#).as_deref(), Ok(r#"{"stream":null}"#));
}

#[test]
fn a_body_that_no_server_could_accept_is_refused_by_the_name_of_its_field() {
    let cases = [
        ("", "The request must be an object"),
        ("[]", "The request must be an object"),
        (r#""text""#, "The request must be an object"),
        (r#"{"input":"i"}"#, "The field model is missing"),
        (r#"{"model":null,"input":"i"}"#, "The field model is missing"),
        (r#"{"model":"","input":"i"}"#, "The field model is missing"),
        (r#"{"model":7,"input":"i"}"#, "The field model must be a string"),
        (r#"{"model":"m"}"#, "The field input is missing"),
        (r#"{"model":"m","input":null,"conversation":null}"#, "The field input is missing"),
        (r#"{"model":"m","input":7}"#, "The field input must be a string or an array"),
        (r#"{"model":"m","input":{"role":"user"}}"#, "The field input must be a string or an array"),
        (r#"{"model":"m","input":[{"id":"i"},null]}"#, "The field input[1] must be an object"),
        (r#"{"model":"m","input":["text"]}"#, "The field input[0] must be an object"),
        (r#"{"model":"m","input":[{}]}"#, "The field input[0] is empty"),
        (
            r#"{"model":"m","input":[{"role":"user","content":[{"type":"x"},{}]}]}"#,
            "The field input[0].content[1] is empty",
        ),
        (
            r#"{"model":"m","input":[{"call_id":"c","output":[null]}]}"#,
            "The field input[0].output[0] must be an object",
        ),
        (r#"{"model":"m","input":"i","stream":"yes"}"#, "The field stream must be a boolean"),
        (r#"{"model":"m","input":"i","stream":true}"#, "The field stream says something else"),
        (r#"{"model":"m","input":"i","tools":{}}"#, "The field tools must be an array"),
        (r#"{"model":"m","input":"i","metadata":[]}"#, "The field metadata must be an object"),
        (r#"{"model":"m","input":"i","temperature":"1"}"#, "The field temperature must be a number"),
        (r#"{"model":"m","input":"i","previous_response_id":1}"#, "The field previous_response_id must be a string"),
    ];
    for (json, said) in cases {
        let error = assert_refused(body(Operation::Create, false, json), "invalid_request", json);
        assert!(error.message.starts_with(said), "{json}: {}", error.message);
        assert!(error.message.ends_with("Nothing was sent."), "{}", error.message);
    }
    let streamed = body(Operation::Create, true, r#"{"model":"m","input":"i"}"#);
    assert_refused(streamed, "invalid_request", "a stream that the body does not ask for");
    assert_refused(body(Operation::Compact, false, r#"{"input":"i","prompt":{"id":"p"}}"#), "invalid_request", "model");
    let nothing = Request::new(Description { operation: Operation::Create, ..described() });
    assert_refused(nothing, "invalid_request", "no body at all");
}

proptest! {
    #[test]
    fn what_is_left_of_a_body_is_what_was_written_without_the_nulls(
        text in proptest::option::of("[a-z\"\\\\{}\\[\\],: ]{0,12}"),
        stream in any::<bool>(),
        verbosity in any::<bool>(),
    ) {
        let mut given = serde_json::json!({ "model": "m", "input": [{ "role": "user", "content": text }], "text": { "x": text } });
        let mut sent = given.clone();
        if stream {
            given["stream"] = serde_json::Value::Null;
        }
        given["text"]["verbosity"] = if verbosity { "low".into() } else { serde_json::Value::Null };
        if verbosity {
            sent["text"]["verbosity"] = "low".into();
        }
        let body = body(Operation::Create, false, &given.to_string()).expect("a good body");
        prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&body).expect("JSON"), sent);
    }
}
