use alloc::borrow::Cow;
use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;

use super::status::{class_of_status, is_passing};
use super::{Api, Error, Facts};
use crate::json::Value;
use crate::text::{Rows, cut, decimal, fill, find, has_word, split, whole_number};

/// How much of a body that is not JSON is quoted in a message, in characters.
const QUOTED: usize = 200;

/// The error a server sent, whatever its shape: `{"error":{message,type,param,code}}`, the same with fields missing,
/// `null` or a numeric code, `{"error":"text"}`, the same with `error_description` or `message` beside it, a flat `{message,type,param,code}`, plain text, HTML, or nothing.
///
/// `status` is the HTTP status, where the error came as one; `request_id` the one from the response's headers.
#[must_use]
pub fn api_error(status: Option<u16>, body: &str, request_id: Option<String>, retry_after_ms: Option<f64>) -> Error {
    let json = Value::parse(body.strip_prefix("\u{feff}").unwrap_or(body)).ok().filter(|json| json.is_object());
    // A flat error is told by its `message` (or `code`); everything else holds it in `error`.
    // `"error": true` beside a `message` is such a flat one.
    let says = |error: &Value<'_>| error.is_object() || error.as_str().is_some_and(|text| !text.is_empty());
    // A string in `error` is the whole of it, unless the words stand beside it: `{"error":"invalid_token","error_description":"…"}`.
    let nested = json.and_then(|json| json.get("error").filter(says));
    let is_alone = |error: &Value<'_>| error.is_object() || !json.is_some_and(explains);
    let error = nested.filter(is_alone).or(json);
    let string = |name: &str| error.and_then(|error| text_of(error, name));
    let told = error.and_then(explanation).map(Cow::into_owned);
    let message = told.unwrap_or_else(|| without_message(status, body, json.is_some()));
    // `type` of a flat error event is the event's own type, which says nothing.
    let kind = string("type").filter(|kind| kind != "error" && !kind.starts_with("response.")).map(Cow::into_owned);
    let code = error.and_then(|error| error.get("code").or_else(|| error.get("error").filter(is_code)));
    let meant = meaning(status, code, kind.as_deref(), &message);
    Error(Box::new(Facts {
        class: class_of_status(meant),
        code: code.map(|code| code.text().to_owned()),
        retryable: is_passing(meant),
        last_sequence_number: None,
        api: Some(Api {
            status,
            kind,
            param: string("param").map(Cow::into_owned),
            request_id: request_id.or_else(|| request_id_in(&message)),
            retry_after_ms,
            body: error.map(|error| error.text().to_owned()),
        }),
        message,
    }))
}

/// Whether an object says in words what is wrong.
pub(crate) fn explains(json: Value<'_>) -> bool {
    json.is_object() && explanation(json).is_some()
}

fn explanation(error: Value<'_>) -> Option<Cow<'_, str>> {
    let text = |name: &str| text_of(error, name);
    text("message")
        .or_else(|| error.as_str())
        .or_else(|| text("error_description"))
        .or_else(|| text("msg"))
        .or_else(|| text("detail"))
}

/// The member of that name, where it is a text that says something.
#[inline(never)]
fn text_of<'a>(error: Value<'a>, name: &str) -> Option<Cow<'a, str>> {
    error.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// Whether a string is a word that programs go by.
fn is_code(value: &Value<'_>) -> bool {
    let is_part = |byte: u8| byte == b'_' || byte.is_ascii_lowercase() || byte.is_ascii_digit();
    value.escaped().is_some_and(|word| !word.is_empty() && word.bytes().all(is_part))
}

fn without_message(status: Option<u16>, body: &str, is_json: bool) -> String {
    let status =
        status.map_or_else(|| String::from("an error"), |status| fill("status {}", &[&decimal(status.into())]));
    let text = body.trim_ascii();
    if text.is_empty() {
        return fill("The server answered with {} and no message.", &[&status]);
    }
    if text.as_bytes().first() == Some(&b'<') {
        let title = title(text).map(|title| fill(" titled “{}”", &[&title])).unwrap_or_default();
        return fill(
            "The server answered with {} and an HTML page{}, which no API does: a proxy or a firewall stands before it, or \
             baseURL is not the API's.",
            &[&status, &title],
        );
    }
    if is_json {
        return fill("The server answered with {} and no message that could be read; see `error`.", &[&status]);
    }
    fill("The server answered with {}: {}", &[&status, &shortened(text)])
}

/// The status that says what the error is. An error inside HTTP 200 or inside a stream has it, if at all, as a number in
/// `code`, or in words; and some gateways use a status for something else than it says: missing credits come as 403 and
/// as 429, a model that nobody serves as 503.
fn meaning(status: Option<u16>, code: Option<Value<'_>>, kind: Option<&str>, message: &str) -> Option<u16> {
    let number = |text: &str| u16::try_from(whole_number(text)?).ok();
    let word = |word: &str| Rows(WORDS).find(|(_, words)| has_word(words, word)).and_then(|(status, _)| number(status));
    let in_words = code.and_then(Value::as_str).and_then(|code| word(&code)).or_else(|| kind.and_then(word));
    let numeric = || code.and_then(Value::escaped).or(code.map(Value::text)).and_then(number);
    let told = match status {
        Some(400..) => status,
        _ => numeric().filter(|code| (400..600).contains(code)).or(in_words),
    };
    match told {
        Some(403 | 429) if in_words == Some(402) || is_about_credits(message) => Some(402),
        Some(503) if in_words == Some(404) || message.starts_with("No available providers") => Some(404),
        told => told,
    }
}

/// Codes and types of errors, by the status that means the same.
const WORDS: &str = "\
429 rate_limit_exceeded rate_limit_error rate_limited too_many_requests RateLimitError
402 insufficient_quota insufficient_credits insufficient_user_quota insufficient_balance payment_required billing_hard_limit_reached billing_error quota_exceeded
401 invalid_api_key authentication_error authentication unauthorized invalid_token missing_api_key AuthenticationError
403 permission_denied permission_error forbidden access_denied content_policy_violation PermissionDeniedError
404 model_not_found not_found not_found_error previous_response_not_found NotFoundError
400 invalid_request invalid_request_error invalid_prompt invalid_value context_length_exceeded string_too_long unsupported_parameter unsupported_value missing_required_parameter BadRequestError
422 unprocessable unprocessable_entity
409 conflict conflict_error
408 timeout request_timeout timeout_error
500 server_error internal_server_error internal_error model_error api_error server InternalServerError
502 bad_gateway upstream_error provider_error provider_unavailable
503 service_unavailable overloaded overloaded_error server_overloaded provider_overloaded engine_overloaded slow_down
";

/// By words; a load balancer and a credit card are about something else.
fn is_about_credits(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    let has = |word: &str| find(&message, word).is_some();
    let is_meant = |word: &str, otherwise: &str| {
        let mut rest = message.as_str();
        while let Some((_, behind)) = split(rest, word) {
            if !behind.starts_with(otherwise) {
                return true;
            }
            rest = behind;
        }
        false
    };
    is_meant("balance", "r")
        || is_meant("credit", " card")
        || has("insufficient_quota")
        || has("exceeded your current quota")
}

/// The id in a message such as `No token provided (request id: 20260619…)`.
fn request_id_in(message: &str) -> Option<String> {
    let (_, rest) = split(message, "(request id: ")?;
    let (id, _) = split(rest, ")")?;
    Some(id.to_owned()).filter(|id| !id.is_empty())
}

fn title(html: &str) -> Option<String> {
    // ASCII lower-casing keeps every offset.
    let lower = html.to_ascii_lowercase();
    let from = find(&lower, "<title>")? + "<title>".len();
    let length = find(lower.get(from..)?, "</title>")?;
    html.get(from..from + length).map(|title| shortened(title.trim_ascii())).filter(|title| !title.is_empty())
}

pub(crate) fn shortened(text: &str) -> String {
    let mut characters = 0;
    for (at, byte) in text.bytes().enumerate() {
        // Every byte of a character but its first has these two bits.
        characters += usize::from(byte & 0xc0 != 0x80);
        if characters > QUOTED {
            return fill("{}…", &[cut(text, 0, at)]);
        }
    }
    text.to_owned()
}
