use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use core::cell::Cell;

use js_sys::{Array, Function};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, AbortSignal, Headers, RequestInit};

use super::clock::wall_clock_ms;
use super::promise::{Outcome, settled};
use super::thrown::{Value, call, describe, global, plain, property, text};
use crate::error::{Class, Error, redirected};
use crate::exchange::{Failure, Head};
use crate::request::Request;
use crate::retry::Advice;
use crate::text::split;

#[wasm_bindgen]
extern "C" {
    /// Whatever answers like a `Response`. Not `web_sys::Response`: polyfills, test doubles and other realms have classes of
    /// their own, and `instanceof` refuses them.
    #[derive(Debug, Clone)]
    pub(super) type Response;

    #[wasm_bindgen(method, getter, catch)]
    pub(super) fn body(this: &Response) -> Result<Option<Value>, JsValue>;

    /// `web_sys` has a type for each of the three words.
    type Redirecting;

    #[wasm_bindgen(method, setter)]
    fn set_redirect(this: &Redirecting, redirect: &str);

    /// A text, or a list of them.
    type Texts;

    #[wasm_bindgen(method)]
    fn split(this: &Texts, by: &JsValue) -> Texts;

    #[wasm_bindgen(method, catch)]
    fn map(this: &Texts, function: &JsValue, with: &JsValue) -> Result<Option<Texts>, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn join(this: &Texts, by: &JsValue) -> Result<Option<Value>, JsValue>;
}

/// A request under way. Dropping it aborts the request and closes the connection; after the body's end that does nothing.
#[derive(Debug)]
pub(super) struct AbortGuard {
    controller: Option<AbortController>,
    /// Whether dropping aborts.
    armed: Cell<bool>,
}

impl AbortGuard {
    /// Without an `AbortController` requests cannot be aborted, and all else works.
    pub(super) fn new() -> Self {
        Self { controller: AbortController::new().ok(), armed: Cell::new(true) }
    }

    pub(super) fn signal(&self) -> Option<AbortSignal> {
        self.controller.as_ref().map(AbortController::signal)
    }

    /// Lets the request live on without the guard.
    pub(super) fn disarm(&self) {
        self.armed.set(false);
    }

    pub(super) fn abort(&self) {
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }
}

impl Drop for AbortGuard {
    fn drop(&mut self) {
        if self.armed.get() {
            self.abort();
        }
    }
}

/// Why a request came to nothing, and what was thrown.
type Refusal = (Failure, JsValue);

fn invalid(message: &str, value: JsValue) -> Refusal {
    (Failure::Fatal(Error::local(Class::OpenResponsesError, "invalid_fetch", message)), value)
}

fn refused(thrown: JsValue) -> Refusal {
    (Failure::Connection(describe(&thrown)), thrown)
}

/// Sends the request with the caller's `fetch`, else the platform's; gives what it returns, to be [`answer`]ed for.
pub(super) fn send(
    fetch: Option<&Function>,
    request: &Request,
    authorization: Option<&str>,
    signal: Option<&AbortSignal>,
) -> Result<JsValue, Refusal> {
    let init = init(request, authorization, signal).map_err(refused)?;
    let arguments = Array::of2(&JsValue::from_str(&request.url), &init);
    match fetch {
        Some(fetch) => call(fetch, &JsValue::UNDEFINED, &arguments),
        None => {
            let global = global();
            let fetch = property(&global, "fetch").dyn_into::<Function>().map_err(|value| {
                invalid("There is no `fetch` in this environment: pass one in the option `fetch`.", value)
            })?;
            call(&fetch, &global, &arguments)
        }
    }
    .map_err(refused)
}

/// The answer that a request came to, and its head as far as the core reads it.
pub(super) fn answer(outcome: Outcome) -> Result<(Response, Head), Refusal> {
    let answer = outcome.map_err(refused)?;
    let status = property(&answer, "status").as_f64();
    let headers = property(&answer, "headers");
    if let Some(error) = status.and_then(|status| redirect(&answer, status, &headers)) {
        discard(&Ok(answer));
        return Err((Failure::Fatal(error), JsValue::UNDEFINED));
    }
    let get = property(&headers, "get");
    match status {
        Some(status) if get.is_function() => Ok((answer.unchecked_into(), head(status, &headers, &get))),
        _ => Err(invalid("The function given as `fetch` must return a Response, or a promise of one.", answer)),
    }
}

/// The error of an answer that is a redirect. By the Fetch standard it is one without status and headers; outside of
/// browsers it is the server's own.
fn redirect(answer: &JsValue, status: f64, headers: &JsValue) -> Option<Error> {
    let is_opaque = status == 0.0 && property(answer, "type").as_string().as_deref() == Some("opaqueredirect");
    if !is_opaque && ![301.0, 302.0, 303.0, 307.0, 308.0].contains(&status) {
        return None;
    }
    let location = values("location", headers, &property(headers, "get"));
    Some(redirected(whole(status), Some(location.as_str()).filter(|location| !location.is_empty())))
}

/// Lets an answer go that came too late, from a `fetch` that ignores its signal.
pub(super) fn discard(outcome: &Outcome) {
    let body = outcome.as_ref().map_or(JsValue::UNDEFINED, |answer| property(answer, "body"));
    if let Ok(cancel) = property(&body, "cancel").dyn_into::<Function>()
        && let Ok(cancelled) = call(&cancel, &body, &Array::new())
    {
        // A body that somebody reads cannot be cancelled, which changes nothing.
        settled(&cancelled, Box::new(|_| ()));
    }
}

fn init(request: &Request, authorization: Option<&str>, signal: Option<&AbortSignal>) -> Result<RequestInit, JsValue> {
    let headers = Headers::new()?;
    for (name, value) in &request.headers {
        headers.set(name, value)?;
    }
    if let Some(authorization) = authorization {
        headers.set("authorization", authorization)?;
    }
    let init = RequestInit::new();
    init.set_method(&request.method);
    init.set_headers(&headers);
    init.set_signal(signal);
    // Following would take payload and headers to whatever server is named. Not `error`, which workerd does not know.
    init.unchecked_ref::<Redirecting>().set_redirect("manual");
    if let Some(body) = &request.body {
        init.set_body(&JsValue::from_str(body));
    }
    Ok(init)
}

/// What the head of an answer is read for: see [`head`].
const HEADERS: &str = "content-type\nx-request-id\nx-infron-request-id\nrequest-id\nx-should-retry\nretry-after-ms\n\
                       retry-after\nopenresponses-resume";

fn head(status: f64, headers: &JsValue, get: &JsValue) -> Head {
    let values = values(HEADERS, headers, get);
    let mut rest = values.as_str();
    let mut next = || {
        let (value, others) = split(rest, "\n").unwrap_or((rest, ""));
        rest = others;
        Some(value).filter(|value| !value.is_empty())
    };
    let content_type = next().map(ToOwned::to_owned);
    let (id, infron_id, plain_id) = (next(), next(), next());
    Head {
        status: whole(status),
        content_type,
        request_id: id.or(infron_id).or(plain_id).map(ToOwned::to_owned),
        advice: Advice::read(next(), next(), next(), wall_clock_ms()),
        is_kept: next() == Some("starting_after"),
    }
}

/// The values of headers, a line each, as their names are; it is empty for a header that is not there. Asked for in one call, with
/// one text either way.
fn values(names: &str, headers: &JsValue, get: &JsValue) -> String {
    let names: Texts = JsValue::from_str(names).unchecked_into();
    let line_break = JsValue::from_str("\n");
    let Ok(Some(values)) = names.split(&line_break).map(get, headers) else { return String::new() };
    text(&values.join(&line_break).map_or(JsValue::UNDEFINED, plain))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "statuses have three digits")]
fn whole(status: f64) -> u16 {
    status as u16
}
