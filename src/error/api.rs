use std::borrow::Cow;

use super::status::{class_of_status, is_passing};
use super::{Api, Class, Error};
use crate::json::Value;

/// How much of a body that is not JSON is quoted in a message, in characters.
const QUOTED: usize = 200;

/// The error a server sent, whatever its shape: `{"error":{message,type,param,code}}`, the same with fields missing,
/// `null` or a numeric code, `{"error":"text"}`, a flat `{message,type,param,code}`, plain text, HTML, or nothing.
///
/// `status` is the HTTP status, where the error came as one; `request_id` the one from the response's headers.
#[must_use]
pub fn api_error(status: Option<u16>, body: &str, request_id: Option<String>, retry_after_ms: Option<f64>) -> Error {
    let json = Value::parse(body).ok().filter(|json| json.is_object());
    // A flat error is told by its `message` (or `code`); everything else holds it in `error`.
    // `"error": true` beside a `message` is such a flat one.
    let says = |error: &Value<'_>| error.is_object() || error.as_str().is_some_and(|text| !text.is_empty());
    let error = json.map(|json| json.get("error").filter(says).unwrap_or(json));
    let string =
        |name: &str| error.and_then(|error| error.get(name)).and_then(Value::as_str).filter(|text| !text.is_empty());
    let told = string("message").or_else(|| error.and_then(Value::as_str)).map(Cow::into_owned);
    let message = told.unwrap_or_else(|| without_message(status, body, json.is_some()));
    // `type` of a flat error event is the event's own type, `error`, which says nothing.
    let kind = string("type").filter(|kind| kind != "error" && kind != "response.error").map(Cow::into_owned);
    // An error inside HTTP 200 or inside a stream has its status, if any, as a number in `code`.
    let code = error.and_then(|error| error.get("code"));
    let meant = match status {
        Some(400..) => status,
        _ => code
            .and_then(Value::as_u64)
            .and_then(|code| u16::try_from(code).ok())
            .filter(|code| (400..600).contains(code)),
    };
    let class = class_by_meaning(meant, &message);
    Error {
        class,
        code: code.map(|code| code.text().to_owned()),
        retryable: is_passing(meant) && !is_deterministic(meant, &message),
        api: Some(Box::new(Api {
            status,
            kind,
            param: string("param").map(Cow::into_owned),
            request_id: request_id.or_else(|| request_id_in(&message)),
            retry_after_ms,
            body: error.map(|error| error.text().to_owned()),
        })),
        message,
    }
}

fn without_message(status: Option<u16>, body: &str, is_json: bool) -> String {
    let status = status.map_or_else(|| String::from("an error"), |status| format!("status {status}"));
    let text = body.trim();
    if text.is_empty() {
        return format!("The server answered with {status} and no message.");
    }
    if text.starts_with('<') {
        return format!(
            "The server answered with {status} and an HTML page{}, which no API does: a proxy or a firewall stands \
             before it, or baseURL is not the API's.",
            title(text).map(|title| format!(" titled “{title}”")).unwrap_or_default()
        );
    }
    if is_json {
        return format!("The server answered with {status} and no message that could be read; see `error`.");
    }
    format!("The server answered with {status}: {}", shortened(text))
}

/// Statuses that some gateways use for something else than they say, read from the text.
fn class_by_meaning(status: Option<u16>, message: &str) -> Class {
    match status {
        Some(403 | 429) if is_about_credits(message) => Class::InsufficientCreditsError,
        _ => class_of_status(status),
    }
}

/// Errors with a passing status that the same request will meet again: no credits, or a model nobody serves.
fn is_deterministic(status: Option<u16>, message: &str) -> bool {
    match status {
        Some(429) => is_about_credits(message),
        Some(503) => message.starts_with("No available providers"),
        _ => false,
    }
}

fn is_about_credits(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    ["balance", "credit", "insufficient_quota", "exceeded your current quota"].iter().any(|word| message.contains(word))
}

/// The id in a message such as `No token provided (request id: 20260619…)`.
fn request_id_in(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("(request id: ")?;
    let (id, _) = rest.split_once(')')?;
    Some(id.to_owned()).filter(|id| !id.is_empty())
}

fn title(html: &str) -> Option<String> {
    // ASCII lower-casing keeps every offset.
    let lower = html.to_ascii_lowercase();
    let from = lower.find("<title>")? + "<title>".len();
    let length = lower.get(from..)?.find("</title>")?;
    html.get(from..from + length).map(|title| shortened(title.trim())).filter(|title| !title.is_empty())
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
