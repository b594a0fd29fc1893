use alloc::boxed::Box;
use alloc::string::String;
use core::cell::Cell;

use js_sys::{Array, Function};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, AbortSignal, Headers, RequestInit};

use super::clock::wall_clock_ms;
use super::page::origin;
use super::promise::{Outcome, settled};
use super::thrown::{Value, call, describe, global, plain, property};
use crate::error::{Class, Error, redirected};
use crate::exchange::{Failure, Head};
use crate::request::Request;
use crate::retry::Advice;

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

    /// Cloudflare's workers throw where one request's controller is used in another's turn, or in that of a finalizer.
    type Aborting;

    #[wasm_bindgen(method, catch)]
    fn abort(this: &Aborting) -> Result<(), JsValue>;

    type ResponseHeaders;

    #[wasm_bindgen(method, catch)]
    fn get(this: &ResponseHeaders, name: &str) -> Result<Option<Value>, JsValue>;
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

    /// What the platform does not let go of now, it ends with the request in whose turn it was begun.
    pub(super) fn abort(&self) {
        if let Some(controller) = &self.controller {
            controller.unchecked_ref::<Aborting>().abort().ok();
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
    let said = describe(&thrown);
    (if origin().is_some() { Failure::Hidden(said) } else { Failure::Connection(said) }, thrown)
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
    let headers: ResponseHeaders = property(&answer, "headers").unchecked_into();
    if let Some(error) = status.and_then(|status| redirect(&answer, status, &headers)) {
        discard(&Ok(answer));
        return Err((Failure::Fatal(error), JsValue::UNDEFINED));
    }
    match status {
        Some(status) if property(&headers, "get").is_function() => {
            Ok((answer.unchecked_into(), head(status, &headers)))
        }
        _ => Err(invalid("The function given as `fetch` must return a Response, or a promise of one.", answer)),
    }
}

/// The error of an answer that is a redirect. By the Fetch standard it is one without status and headers; outside of
/// browsers it is the server's own.
fn redirect(answer: &JsValue, status: f64, headers: &ResponseHeaders) -> Option<Error> {
    let is_opaque = status == 0.0 && property(answer, "type").as_string().as_deref() == Some("opaqueredirect");
    if !is_opaque && ![301.0, 302.0, 303.0, 307.0, 308.0].contains(&status) {
        return None;
    }
    Some(redirected(whole(status), header(headers, "location").as_deref()))
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

fn head(status: f64, headers: &ResponseHeaders) -> Head {
    let header = |name: &str| header(headers, name);
    Head {
        status: whole(status),
        content_type: header("content-type"),
        request_id: ["x-request-id", "x-infron-request-id", "request-id"].into_iter().find_map(header),
        advice: Advice::read(
            header("x-should-retry").as_deref(),
            header("retry-after-ms").as_deref(),
            header("retry-after").as_deref(),
            wall_clock_ms(),
        ),
        is_kept: header("openresponses-resume").as_deref() == Some("starting_after"),
    }
}

/// One at a time: of a double's headers, one that throws or is no text says nothing of the others.
fn header(headers: &ResponseHeaders, name: &str) -> Option<String> {
    headers.get(name).map_or(JsValue::UNDEFINED, plain).as_string()
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "statuses have three digits")]
fn whole(status: f64) -> u16 {
    status as u16
}
