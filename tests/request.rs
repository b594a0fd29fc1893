//! What is sent: URL, headers, body.
#![cfg(not(target_arch = "wasm32"))]

use openresponses_wasm::error::{Class, Error};
use openresponses_wasm::request::{Description, Request};

const BASE: &str = "https://llm.onerouter.pro/v1";

fn described<'a>() -> Description<'a> {
    Description { method: "POST", base_url: BASE, path: "/responses", ..Description::default() }
}

type Pairs<'a> = &'a [(&'a str, &'a str)];

fn url(base_url: &str, query: Pairs<'_>) -> Result<String, Error> {
    let query: Vec<_> = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Request::new(&Description { base_url, query: &query, ..described() }).map(|request| request.url)
}

type Headers<'a> = &'a [(&'a str, Option<&'a str>)];

fn headers(own: Headers<'_>, body: Option<&str>, stream: bool) -> Result<Vec<String>, Error> {
    let own: Vec<_> = own.iter().map(|(name, value)| ((*name).to_owned(), value.map(String::from))).collect();
    let request = Request::new(&Description { headers: &own, body, stream, ..described() })?;
    Ok(request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect())
}

fn assert_refused<T: std::fmt::Debug>(result: Result<T, Error>, code: &str, what: &str) -> Error {
    let error = result.expect_err(what);
    assert_eq!(error.class, Class::OpenResponsesError, "{what}");
    assert_eq!(error.code, Some(format!("\"{code}\"")), "{what}");
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
    let request = Request::new(&Description { body: Some(body), ..described() })?;
    assert_eq!((request.method.as_str(), request.body.as_deref()), ("POST", Some(body)));
    let request = Request::new(&Description { method: "DELETE", path: "/responses/a%2Fb", ..described() })?;
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
fn the_callers_own_authorization_is_noticed() -> Result<(), Error> {
    let has = |own: Headers<'_>| {
        let own: Vec<_> = own.iter().map(|(name, value)| ((*name).to_owned(), value.map(String::from))).collect();
        Request::new(&Description { headers: &own, ..described() }).map(|request| request.has_authorization())
    };
    assert!(!has(&[])?);
    assert!(!has(&[("Authorization", None)])?);
    assert!(!has(&[("x-authorization", Some("a"))])?);
    assert!(has(&[("AUTHORIZATION", Some("Basic a"))])?);
    Ok(())
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
