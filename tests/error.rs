//! What servers send as errors, in one shape.
#![cfg(not(target_arch = "wasm32"))]

use openresponses_wasm::error::{Class, Error, api_error, class_of_status};
use proptest::prelude::*;
use serde_json::{Value as Tree, json};

fn error(status: u16, body: &str) -> Error {
    api_error(Some(status), body, None, None)
}

/// The record that is told to the caller, without the error body.
fn record(error: &Error) -> Tree {
    let mut record: Tree = serde_json::from_str(&error.to_json()).expect("a record is JSON");
    record.as_object_mut().expect("a record is an object").remove("error");
    record
}

#[test]
fn every_shape_of_error_body_is_read() {
    #[rustfmt::skip]
    let cases = [
        (400, r#"{"error":{"message":"m","type":"invalid_request_error","param":"p","code":"c"}}"#,
            json!({ "name": "BadRequestError", "message": "m", "type": "invalid_request_error", "param": "p",
                "code": "c" })),
        (404, r#"{"error":{"message":"m","type":"not_found","param":null,"code":null}}"#,
            json!({ "name": "NotFoundError", "message": "m", "type": "not_found", "code": null })),
        (402, r#"{"error":{"code":402,"message":"m","metadata":{"a":1}},"user_id":"u"}"#,
            json!({ "name": "InsufficientCreditsError", "message": "m", "code": 402 })),
        (401, r#"{"error":{"message":"No token provided (request id: 2026x)","type":"gateway_error"}}"#,
            json!({ "name": "AuthenticationError", "message": "No token provided (request id: 2026x)",
                "type": "gateway_error", "request_id": "2026x" })),
        (400, r#"{"error":{"message":"m","type":"gateway_error","param":"","code":"invalid_text_request"}}"#,
            json!({ "name": "BadRequestError", "message": "m", "type": "gateway_error",
                "code": "invalid_text_request" })),
        (400, r#"{"error":{"message":"m","type":"BadRequestError","param":"max","code":400}}"#,
            json!({ "name": "BadRequestError", "message": "m", "type": "BadRequestError", "param": "max",
                "code": 400 })),
        (401, r#"{"error":"Unauthorized"}"#, json!({ "name": "AuthenticationError", "message": "Unauthorized" })),
        (401, r#"{"success":false,"error":"Unauthorized"}"#,
            json!({ "name": "AuthenticationError", "message": "Unauthorized" })),
        (422, r#"{"message":"m","type":"t","param":"p","code":"c"}"#,
            json!({ "name": "UnprocessableEntityError", "message": "m", "type": "t", "param": "p", "code": "c" })),
        (409, r#"{"error":null,"message":"m"}"#, json!({ "name": "ConflictError", "message": "m" })),
        (409, r#"{"error":true,"message":"m"}"#, json!({ "name": "ConflictError", "message": "m" })),
        (409, r#"{"error":"","message":"m"}"#, json!({ "name": "ConflictError", "message": "m" })),
        (401, r#"{"error":"invalid_token","error_description":"m"}"#,
            json!({ "name": "AuthenticationError", "message": "m", "code": "invalid_token" })),
        (401, r#"{"error":"Unauthorized","message":"m"}"#, json!({ "name": "AuthenticationError", "message": "m" })),
        (400, r#"{"error":"m_1","code":"c","detail":"m"}"#,
            json!({ "name": "BadRequestError", "message": "m", "code": "c" })),
        (500, r#"{"timestamp":1,"status":500,"error":"Internal Server Error","message":"m","path":"/v1/responses"}"#,
            json!({ "name": "InternalServerError", "message": "m" })),
        (404, r#"{"timestamp":1,"status":404,"error":"Not Found","path":"/v1"}"#,
            json!({ "name": "NotFoundError", "message": "Not Found" })),
        (401, r#"{"code":401,"msg":"m","data":null}"#,
            json!({ "name": "AuthenticationError", "message": "m", "code": 401 })),
        (400, r#"{"error":{"message":"m","code":""}}"#,
            json!({ "name": "BadRequestError", "message": "m", "code": "" })),
        (400, r#"{"error":{"message":"a\nb é","code":1.50}}"#,
            json!({ "name": "BadRequestError", "message": "a\nb é", "code": 1.5 })),
    ];
    for (status, body, mut expected) in cases {
        expected["status"] = json!(status);
        expected["retryable"] = json!(matches!(status, 409 | 500));
        assert_eq!(record(&error(status, body)), expected, "{body}");
    }
}

#[test]
fn errors_of_a_stream_are_read_nested_flat_and_bare() {
    #[rustfmt::skip]
    let cases = [
        (r#"{"type":"error","sequence_number":3,"error":{"type":"t","code":"c","message":"m","param":null}}"#,
            json!({ "name": "APIError", "message": "m", "type": "t", "code": "c" })),
        (r#"{"type":"error","code":"c","message":"m","param":null,"sequence_number":3}"#,
            json!({ "name": "APIError", "message": "m", "code": "c" })),
        (r#"{"type":"response.error","code":null,"message":"m"}"#,
            json!({ "name": "APIError", "message": "m", "code": null })),
        (r#"{"type":"response.error","error":{"message":"m"}}"#, json!({ "name": "APIError", "message": "m" })),
        (r#"{"error":{"message":"m","code":"c"}}"#, json!({ "name": "APIError", "message": "m", "code": "c" })),
        (r#"{"error":"m"}"#, json!({ "name": "APIError", "message": "m" })),
        (r#"{"code":"unheard_of","message":"m"}"#,
            json!({ "name": "APIError", "message": "m", "code": "unheard_of" })),
    ];
    for (body, mut expected) in cases {
        expected["retryable"] = json!(false);
        assert_eq!(record(&api_error(None, body, None, None)), expected, "{body}");
    }
}

#[test]
fn the_code_is_kept_as_it_was_sent() {
    let cases = [
        (r#""c""#, Some(r#""c""#)),
        (r#""a\u0062""#, Some(r#""a\u0062""#)),
        ("429", Some("429")),
        ("4.290e2", Some("4.290e2")),
        ("null", Some("null")),
        (r#"{ "a" : 1 }"#, Some(r#"{ "a" : 1 }"#)),
    ];
    for (sent, kept) in cases {
        let error = error(418, &format!(r#"{{"error":{{"message":"m","code": {sent} }}}}"#));
        assert_eq!(error.code.as_deref(), kept);
    }
    assert_eq!(error(418, r#"{"error":{"message":"m"}}"#).code, None);
}

#[test]
fn the_error_body_is_kept_as_it_was_sent() {
    let body = |body: &str| error(400, body).api.clone().and_then(|api| api.body);
    let whole = r#"{ "error" : { "message" : "m", "metadata": { "n": 1.0 } } }"#;
    assert_eq!(body(whole).as_deref(), Some(r#"{ "message" : "m", "metadata": { "n": 1.0 } }"#));
    assert_eq!(body(r#" {"message":"m", "x":1} "#).as_deref(), Some(r#"{"message":"m", "x":1}"#));
    assert_eq!(body(r#"{"error":"m"}"#).as_deref(), Some(r#""m""#));
    let beside = r#"{"error":"invalid_token","error_description":"m"}"#;
    assert_eq!(body(beside).as_deref(), Some(beside));
    assert_eq!(body(r#"{"error":["m"]}"#).as_deref(), Some(r#"{"error":["m"]}"#));
    for text in ["", "text", "<html>", "[1]", "\"text\"", "{"] {
        assert_eq!(body(text), None, "{text}");
    }
}

#[test]
fn the_status_tells_class_and_whether_to_retry() {
    let table = [
        (300, "APIError", false),
        (304, "APIError", false),
        (400, "BadRequestError", false),
        (401, "AuthenticationError", false),
        (402, "InsufficientCreditsError", false),
        (403, "PermissionDeniedError", false),
        (404, "NotFoundError", false),
        (405, "APIError", false),
        (408, "RequestTimeoutError", true),
        (409, "ConflictError", true),
        (413, "APIError", false),
        (418, "APIError", false),
        (422, "UnprocessableEntityError", false),
        (429, "RateLimitError", true),
        (499, "APIError", false),
        (500, "InternalServerError", true),
        (501, "InternalServerError", true),
        (502, "BadGatewayError", true),
        (503, "ServiceUnavailableError", true),
        (504, "InternalServerError", true),
        (524, "InternalServerError", true),
        (529, "InternalServerError", true),
        (599, "InternalServerError", true),
    ];
    for (status, class, retryable) in table {
        assert_eq!(class_of_status(Some(status)).name(), class, "{status}");
        for body in
            [r#"{"error":{"message":"m","code":"c"}}"#, r#"{"error":{"message":"m"}}"#, "text", "<html>", "", "{}"]
        {
            let error = error(status, body);
            let told = error.api.as_ref().and_then(|api| api.status);
            assert_eq!(
                (error.class.name(), error.retryable, told),
                (class, retryable, Some(status)),
                "{status} {body}"
            );
        }
    }
    assert_eq!(class_of_status(None), Class::APIError);
}

#[test]
fn a_numeric_code_stands_for_the_status_where_that_is_none_or_says_success() {
    let cases = [
        ("429", "RateLimitError", true),
        ("502", "BadGatewayError", true),
        ("401", "AuthenticationError", false),
        ("400", "BadRequestError", false),
        ("599", "InternalServerError", true),
        ("200", "APIError", false),
        ("399", "APIError", false),
        ("600", "APIError", false),
        ("65965", "APIError", false),
        ("-429", "APIError", false),
        ("429.5", "APIError", false),
        ("\"429\"", "RateLimitError", true),
        ("\"rate_limit_exceeded\"", "RateLimitError", true),
        ("\"unheard_of\"", "APIError", false),
        ("null", "APIError", false),
    ];
    for (code, class, retryable) in cases {
        let body = format!(r#"{{"error":{{"message":"m","code":{code}}}}}"#);
        for status in [None, Some(200)] {
            let error = api_error(status, &body, None, None);
            assert_eq!((error.class.name(), error.retryable), (class, retryable), "{status:?} {code}");
            assert_eq!(error.api.clone().and_then(|api| api.status), status);
        }
    }
    let error = error(500, r#"{"error":{"message":"m","code":429}}"#);
    assert_eq!(error.class, Class::InternalServerError, "a status that says failure wins");
}

#[test]
fn words_give_class_and_retryability_to_errors_without_a_status() {
    for (words, class, retryable) in [
        ("rate_limit_exceeded too_many_requests", "RateLimitError", true),
        ("insufficient_quota insufficient_credits payment_required", "InsufficientCreditsError", false),
        ("invalid_api_key authentication_error", "AuthenticationError", false),
        ("permission_denied content_policy_violation", "PermissionDeniedError", false),
        ("model_not_found not_found previous_response_not_found", "NotFoundError", false),
        ("invalid_request invalid_request_error invalid_prompt context_length_exceeded", "BadRequestError", false),
        ("server_error model_error internal_error", "InternalServerError", true),
        ("overloaded_error provider_overloaded", "ServiceUnavailableError", true),
        ("provider_unavailable upstream_error", "BadGatewayError", true),
        ("timeout", "RequestTimeoutError", true),
        ("server_error_of_another_kind infron_ai_error x", "APIError", false),
    ] {
        for word in words.split(' ') {
            for told in ["code", "type"] {
                let body = json!({ "error": { told: word, "message": "m" } }).to_string();
                for status in [None, Some(200)] {
                    let error = api_error(status, &body, None, None);
                    assert_eq!((error.class.name(), error.retryable), (class, retryable), "{body}");
                }
                let error = api_error(Some(418), &body, None, None);
                assert_eq!((error.class, error.retryable), (Class::APIError, false), "a status that says failure wins");
            }
        }
    }
    let both = json!({ "error": { "type": "invalid_request_error", "code": "invalid_api_key", "message": "m" } });
    assert_eq!(api_error(None, &both.to_string(), None, None).class, Class::AuthenticationError, "the code says more");
    let flat = json!({ "type": "error", "code": "rate_limit_exceeded", "message": "m" });
    assert_eq!(api_error(None, &flat.to_string(), None, None).class, Class::RateLimitError);
}

#[test]
fn words_correct_the_statuses_that_mislead() {
    for (status, word, class) in [
        (429, "insufficient_quota", Class::InsufficientCreditsError),
        (403, "insufficient_user_quota", Class::InsufficientCreditsError),
        (503, "model_not_found", Class::NotFoundError),
    ] {
        let error = error(status, &json!({ "error": { "code": word, "message": "m" } }).to_string());
        assert_eq!((error.class, error.retryable), (class, false), "{status} {word}");
        assert_eq!(error.api.clone().and_then(|api| api.status), Some(status), "the status stays as it was sent");
    }
}

#[test]
fn missing_credits_are_told_from_limits_and_bans_and_not_retried() {
    let credits = [
        "Your current credits have been used up and we are unable to process further rquests (request id: 1)",
        "Free model requires Team balance greater than $4.999999. (request id: 1)",
        "Insufficient account BALANCE",
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
    ];
    for message in credits {
        for status in [402, 403, 429] {
            let error = error(status, &json!({ "error": { "message": message } }).to_string());
            assert_eq!((error.class, error.retryable), (Class::InsufficientCreditsError, false), "{status} {message}");
        }
    }
    for (status, message, class, retryable) in [
        (403, "User banned", Class::PermissionDeniedError, false),
        (429, "Slow down", Class::RateLimitError, true),
        (429, "Rate limit: 5 requests a minute", Class::RateLimitError, true),
        (400, "max_credits is unknown", Class::BadRequestError, false),
    ] {
        let error = error(status, &json!({ "error": { "message": message } }).to_string());
        assert_eq!((error.class, error.retryable), (class, retryable), "{status} {message}");
    }
}

#[test]
fn a_load_balancer_is_no_account_balance() {
    for status in [500, 502, 503, 504] {
        for body in ["no healthy upstream at the load balancer", "<html><title>Load Balancer Error</title>"] {
            let error = error(status, body);
            assert!(error.retryable, "{status} {body}");
            assert_eq!(error.class, class_of_status(Some(status)));
        }
    }
}

#[test]
fn a_model_that_nobody_serves_is_not_asked_for_again() {
    let body = r#"{"error":{"message":"No available providers for model a/b (request id: 1)","type":"gateway_error"}}"#;
    let unserved = error(503, body);
    assert_eq!((unserved.class, unserved.retryable), (Class::NotFoundError, false));
    assert!(error(502, body).retryable, "only the status of that meaning");
    assert!(error(503, r#"{"error":{"message":"Overloaded: No available providers"}}"#).retryable);
}

#[test]
fn the_request_id_is_the_headers_or_else_the_texts() {
    let id = |header: Option<&str>, message: &str| {
        let body = json!({ "error": { "message": message } }).to_string();
        api_error(Some(500), &body, header.map(String::from), None).api.clone().and_then(|api| api.request_id)
    };
    assert_eq!(id(Some("h"), "m (request id: t)").as_deref(), Some("h"));
    assert_eq!(
        id(None, "m (request id: 20260619050355195397527JI51BrJl)").as_deref(),
        Some("20260619050355195397527JI51BrJl")
    );
    assert_eq!(id(None, "m (request id: t) and more (request id: u)").as_deref(), Some("t"));
    for message in ["m", "m (request id: )", "m (request id: t", "m request id: t"] {
        assert_eq!(id(None, message), None, "{message}");
    }
    let plain = api_error(Some(500), "m (request id: t)", None, None);
    assert_eq!(plain.api.clone().and_then(|api| api.request_id).as_deref(), Some("t"));
}

#[test]
fn bodies_that_are_not_json_are_told_in_words() {
    const UNREADABLE: &str = "The server answered with status 400 and no message that could be read; see `error`.";
    let page = |titled: &str| {
        format!(
            "The server answered with status 530 and an HTML page{titled}, which no API does: a proxy or a firewall \
             stands before it, or baseURL is not the API's."
        )
    };
    let cases = [
        (Some(502), "", "The server answered with status 502 and no message."),
        (Some(502), " \n", "The server answered with status 502 and no message."),
        (None, "", "The server answered with an error and no message."),
        (Some(502), " upstream is down\n", "The server answered with status 502: upstream is down"),
        (Some(502), "[1]", "The server answered with status 502: [1]"),
        (Some(502), "{\"error\":", "The server answered with status 502: {\"error\":"),
        (Some(400), "{}", UNREADABLE),
        (Some(400), r#"{"detail":[1]}"#, UNREADABLE),
        (Some(400), r#"{"detail":"m"}"#, "m"),
        (Some(400), "\u{feff}{\"error\":\"m\"}", "m"),
        (Some(400), r#"{"error":{"message":""}}"#, UNREADABLE),
        (Some(400), r#"{"error":{"message":7}}"#, UNREADABLE),
        (
            Some(530),
            "<!DOCTYPE html><HTML><HEAD><TITLE>\n Origin DNS error é </TITLE>",
            &page(" titled “Origin DNS error é”"),
        ),
        (Some(530), "<p>", &page("")),
        (Some(530), "<title> </title>", &page("")),
    ];
    for (status, body, message) in cases {
        assert_eq!(api_error(status, body, None, None).message, message, "{body:?}");
    }
}

#[test]
fn a_long_text_is_quoted_in_part_and_never_inside_a_character() {
    let message = error(500, &"é".repeat(1_000)).message.clone();
    assert_eq!(message, format!("The server answered with status 500: {}…", "é".repeat(200)));
    let message = error(500, &"é".repeat(200)).message.clone();
    assert_eq!(message, format!("The server answered with status 500: {}", "é".repeat(200)));
    let title = error(500, &format!("<title>{}</title>", "é".repeat(1_000))).message.clone();
    assert!(title.contains(&format!("“{}…”", "é".repeat(200))), "{title}");
}

#[test]
fn an_error_of_this_side_has_a_stable_code_and_no_server_in_it() {
    for (class, retryable) in [
        (Class::OpenResponsesError, false),
        (Class::APIConnectionError, true),
        (Class::APIConnectionTimeoutError, true),
        (Class::APIUserAbortError, false),
        (Class::StreamTruncatedError, false),
        (Class::ProtocolError, false),
    ] {
        let error = Error::local(class, "some_\"code", "it's \"over\"\n");
        let expected = json!({
            "name": class.name(), "message": "it's \"over\"\n", "code": "some_\"code", "retryable": retryable,
        });
        assert_eq!(serde_json::from_str::<Tree>(&error.to_json()).expect("JSON"), expected);
    }
}

#[test]
fn every_class_has_a_name_of_its_own() {
    let statuses = [400, 401, 402, 403, 404, 408, 409, 422, 429, 500, 502, 503];
    let mut names: Vec<_> = statuses.iter().map(|status| class_of_status(Some(*status)).name()).collect();
    let others = [
        Class::OpenResponsesError,
        Class::APIError,
        Class::APIConnectionError,
        Class::APIConnectionTimeoutError,
        Class::APIUserAbortError,
        Class::StreamTruncatedError,
        Class::ResponseFailedError,
        Class::ProtocolError,
    ];
    names.extend(others.map(Class::name));
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), statuses.len() + others.len());
    for class in others {
        assert_eq!(class.name(), format!("{class:?}"));
    }
}

#[test]
fn a_record_holds_all_that_is_known() {
    let body = r#"{"error":{"message":"m","type":"t","param":"p","code":429}}"#;
    let error = api_error(Some(429), body, Some("r".into()), Some(1_499.5));
    let expected = json!({
        "name": "RateLimitError", "message": "m", "retryable": true, "code": 429, "status": 429, "type": "t",
        "param": "p", "request_id": "r", "retry_after_ms": 1_500,
        "error": { "message": "m", "type": "t", "param": "p", "code": 429 },
    });
    assert_eq!(serde_json::from_str::<Tree>(&error.to_json()).expect("JSON"), expected);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_record_is_json_whatever_the_server_sent(
        status in proptest::option::of(0..1_000_u16),
        body in prop_oneof![
            ".*",
            "[{}\\[\\]\",:a1 ]{0,20}",
            "<(title|TITLE)>.*</(title|TITLE)>",
            r#"\{"(error|message)":(null|1|""|"\\\\n"|\{"(message|code|type)":(null|1|"x"|\[\])\}),"code":(1|"a")\}"#,
        ],
        request_id in proptest::option::of(".*"),
        retry_after_ms in proptest::option::of(0.0..1e300_f64),
    ) {
        let error = api_error(status, &body, request_id, retry_after_ms);
        prop_assert!(serde_json::from_str::<Tree>(&error.to_json()).is_ok(), "{}", error.to_json());
        prop_assert!(!error.message.is_empty());
    }
}

#[test]
fn a_load_balancer_and_a_credit_card_are_not_about_credits() {
    for (status, message, class) in [
        (403, "Forbidden by the load balancer", Class::PermissionDeniedError),
        (429, "Too many requests at the load balancer", Class::RateLimitError),
        (403, "Input flagged: contains a credit card number", Class::PermissionDeniedError),
        (403, "Your current credits have been used up", Class::InsufficientCreditsError),
        (429, "Free model requires Team balance greater than $4.99", Class::InsufficientCreditsError),
        (403, "The balancer says: no balance", Class::InsufficientCreditsError),
    ] {
        let body = format!(r#"{{"error":{{"message":"{message}"}}}}"#);
        assert_eq!(api_error(Some(status), &body, None, None).class, class, "{message}");
    }
}
