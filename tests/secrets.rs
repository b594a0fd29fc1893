//! What no error may show, and where no key may go.
#![cfg(not(target_arch = "wasm32"))]

use std::borrow::Cow;

use openresponses_wasm::error::{Class, Error, api_error, redirected};
use openresponses_wasm::request::{Description, Operation, Request};
use proptest::prelude::*;

const KEY: &str = "sk-0123456789";

fn request(base_url: &str, sends_key: bool, header: &str) -> Result<Request, Error> {
    let headers = [(header.to_owned(), Some(format!("Bearer {KEY}")))];
    Request::new(Description {
        method: "POST",
        base_url,
        sends_key,
        path: "/responses",
        headers: if header.is_empty() { &[] } else { &headers },
        ..Description::default()
    })
}

fn code(result: Result<Request, Error>) -> Option<String> {
    result.err().and_then(|error| error.code.clone())
}

#[test]
fn no_credentials_go_over_plain_http_but_to_this_machine() {
    let insecure = Some(String::from("\"insecure_base_url\""));
    let refused = [
        "http://api.example/v1",
        "HTTP://API.example:80",
        "http://192.168.0.7:8000/v1",
        "http://0.0.0.0/v1",
        "http://[2001:db8::1]:80/v1",
        "http://[::11]/v1",
        "http://127.example/v1",
        "http://127.0.0.1.example/v1",
        "http://127.0.0.1a/v1",
        "http://localhost.example/v1",
        "http://notlocalhost/v1",
        "http://host?http://localhost",
        "  http://api.example/v1",
    ];
    for base in refused {
        for header in ["authorization", "API-Key", "x-api-key", "Cookie", "cf-aig-authorization", "x-goog-api-key"] {
            assert_eq!(code(request(base, false, header)), insecure, "{base} {header}");
        }
        assert_eq!(code(request(base, true, "")), insecure, "{base}");
        assert_eq!(code(request(base, false, "x-mine")), None, "{base}");
    }
    let allowed = [
        "https://api.example/v1",
        "HTTPS://192.168.0.7",
        "http://localhost",
        "http://LocalHost:8080/v1",
        "http://a.localhost/v1",
        "http://127.0.0.1:1/v1",
        "http://127.255.3.1",
        "http://[::1]:8080/v1",
        "http://[::1]",
        // Where that leads, only the `fetch` knows: in a page it comes as an absolute one.
        "/v1",
    ];
    for base in allowed {
        assert_eq!(code(request(base, true, "authorization")), None, "{base}");
    }
}

#[test]
fn the_refusal_names_the_host_alone_and_the_ways_out() {
    let error = request("http://Inner.example:8000/v1?key=secret-in-the-query", true, "").expect_err("http");
    assert_eq!(error.class, Class::OpenResponsesError);
    for part in ["Inner.example", "https", "apiKey: null", "Nothing was sent"] {
        assert!(
            error.message.contains(&part.to_lowercase()) || error.message.contains(part),
            "{part}: {}",
            error.message
        );
    }
    assert!(!error.message.contains("secret"), "{}", error.message);
}

#[test]
fn a_redirect_is_told_without_what_may_be_a_secret_in_it() {
    let location = "https://user:secret@other.example/v2/responses?key=secret#secret";
    let error = redirected(307, Some(location));
    assert_eq!((error.class, error.retryable), (Class::ProtocolError, false));
    assert_eq!(error.code.as_deref(), Some("\"redirected\""));
    assert!(error.message.contains("to other.example/v2/responses, where"), "{}", error.message);
    assert!(!error.message.contains("secret"), "{}", error.message);
    assert_eq!(error.api.as_ref().and_then(|api| api.status), Some(307));
    // As browsers show it.
    let opaque = redirected(0, None);
    assert!(opaque.message.starts_with("The server redirects, where"), "{}", opaque.message);
    assert_eq!(opaque.api.as_ref().and_then(|api| api.status), None);
}

/// What is left of what a server says to a request with that body, key and headers.
fn told(message: &str, body: &str, headers: &[(&str, &str)]) -> (String, String) {
    let own: Vec<_> = headers.iter().map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned()))).collect();
    let request = Request::new(Description {
        base_url: "https://api.example/v1?key=in-the-query",
        path: "/responses",
        headers: &own,
        body: Some(Cow::Borrowed(body)),
        operation: Operation::Other,
        ..Description::default()
    })
    .expect("a request");
    let said = serde_json::json!({ "error": { "message": message, "echo": [message, { message: 1 }] } });
    let mut error = api_error(Some(400), &said.to_string(), None, None);
    request.redact(&mut error, &[KEY.to_owned()]);
    (error.message.clone(), error.api.clone().and_then(|api| api.body).unwrap_or_default())
}

#[test]
fn keys_cookies_and_queries_are_taken_out_of_what_a_server_says() {
    let headers =
        [("x-api-key", "other-key-1"), ("cookie", "session=abcdef; theme=dark-blue"), ("x-mine", "my-header")];
    let said = format!("{KEY} {KEY}{KEY} other-key-1 session=abcdef theme=dark-blue key=in-the-query my-header");
    let (message, body) = told(&said, "{}", &headers);
    assert_eq!(message, "[redacted] [redacted][redacted] [redacted] [redacted] [redacted] [redacted] my-header");
    for secret in [KEY, "other-key", "session", "dark-blue", "in-the-query"] {
        assert!(!body.contains(secret), "{secret}: {body}");
    }
    // A stand-in that is a part of what it is replaced by.
    assert_eq!(told("a redacted thing", "{}", &[("x-token", "redacted")]).0, "a [redacted] thing");
}

const TEXT: &str = "Dear doctor, since last week I have had a pain in the left side, here: “ö”.\n\"And\" more of it.";

#[test]
fn what_a_server_quotes_of_a_payload_is_taken_out_wherever_and_however_much() {
    let body = serde_json::json!({ "model": "m", "input": [{ "type": "message", "content": [{ "text": TEXT }] }] });
    let said = [
        (TEXT.to_owned(), "[redacted]"),
        (format!("wrong: '{TEXT}' at 3, {TEXT}"), "wrong: '[redacted]' at 3, [redacted]"),
        (format!("{}…", &TEXT[..60]), "[redacted]…"),
        (format!("…{}!", &TEXT[30..74]), "…[redacted]!"),
        // Words that anybody uses stay.
        ("since last week I have had".to_owned(), "since last week I have had"),
    ];
    for (said, expected) in said {
        let (message, error) = told(&said, &body.to_string(), &[]);
        assert_eq!(message, expected);
        assert!(serde_json::from_str::<serde_json::Value>(&error).is_ok(), "{error}");
        assert!(!error.contains("a pain in the left"), "{error}");
    }
    let whole = told(&body.to_string(), &body.to_string(), &[]);
    assert!(!whole.0.contains("a pain in the left") && whole.0.contains("\"model\""), "{}", whole.0);
}

#[test]
fn what_a_message_has_to_name_stays() {
    let name = "a-model-of-a-name-that-is-much-longer-than-forty-characters";
    let body = serde_json::json!({ "model": name, "models": [name], "previous_response_id": name, "input": [{ "call_id": name }] });
    let said = format!("No model {name}, response {name} or call {name}.");
    assert_eq!(told(&said, &body.to_string(), &[]).0, said);
}

proptest! {
    /// However a quotation is cut out, and whatever surrounds it: less than a run of it is left, and what is not of it stays.
    #[test]
    fn no_run_of_a_payload_survives(
        texts in prop::collection::vec("[ab é]{40,200}|[a-z0-9 ]{40,120}", 1..4),
        picked in any::<prop::sample::Index>(), from in any::<prop::sample::Index>(), before in "[A-Z]{0,9}", behind in "[A-Z]{0,9}",
    ) {
        let text = picked.get(&texts);
        let from = (0..=from.index(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let quoted = &text[from..];
        let body = serde_json::json!({ "input": texts }).to_string();
        let (message, _) = told(&format!("{before}{quoted}{behind}"), &body, &[]);
        prop_assert!(message.starts_with(&before) && message.ends_with(&behind), "{message}");
        if quoted.len() >= 40 {
            prop_assert!(!message.contains(quoted), "{message}");
            prop_assert!(message.contains("[redacted]"), "{message}");
        } else {
            prop_assert_eq!(message, format!("{before}{quoted}{behind}"));
        }
    }
}
