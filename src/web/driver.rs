use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::rc::{Rc, Weak};
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};

use js_sys::Function;
use wasm_bindgen::JsValue;

use super::body::{Body, Chunk};
use super::clock::{self, Timer};
use super::credentials::{Credentials, Key, Known, key_of};
use super::fetch::{self, AbortGuard, Response};
use super::observer::Observer;
use super::promise::{Outcome, settled};
use super::thrown::describe;
use crate::error::{Class, Error};
use crate::exchange::{Exchange, Failure, Input, Next};
use crate::request::Request;

/// How long the rest of a complete answer is awaited, in milliseconds, so that its connection can serve the next request.
const DRAIN_MS: f64 = 1_000.0;

/// How much of it is read, in bytes.
const DRAIN_BYTES: usize = 64 * 1024;

/// Performs what one [`Exchange`] decides.
///
/// Nothing is borrowed while JavaScript runs: an observer may call back in (an event handler that aborts, say).
#[derive(Debug)]
pub(super) struct Driver {
    me: Weak<Driver>,
    exchange: RefCell<Exchange>,
    request: Result<Request, Error>,
    credentials: Credentials,
    fetch: Option<Function>,
    /// Counts requests; what a request of an earlier number does is of no interest any more.
    current: Cell<u32>,
    guard: RefCell<Option<AbortGuard>>,
    response: RefCell<Option<Response>>,
    body: RefCell<Option<Rc<Body>>>,
    timer: RefCell<Option<Timer>>,
    /// Who awaits the outcome of the `start` or `pull` under way.
    observer: RefCell<Option<Observer>>,
    /// What was thrown at us last, for the error's `cause`.
    cause: RefCell<JsValue>,
    /// The keys sent, which no error may show.
    secrets: RefCell<Vec<String>>,
    /// Once the answer is complete: how much came after it.
    drained: Cell<Option<usize>>,
    /// Itself, while the rest of a complete answer is read: the call may be freed meanwhile.
    draining: RefCell<Option<Rc<Driver>>>,
    detached: Cell<bool>,
}

impl Driver {
    pub(super) fn new(
        exchange: Exchange,
        request: Result<Request, Error>,
        credentials: Credentials,
        fetch: Option<Function>,
    ) -> Rc<Self> {
        Rc::new_cyclic(|me| Self {
            me: me.clone(),
            exchange: RefCell::new(exchange),
            request,
            credentials,
            fetch,
            current: Cell::new(0),
            guard: RefCell::new(None),
            response: RefCell::new(None),
            body: RefCell::new(None),
            timer: RefCell::new(None),
            observer: RefCell::new(None),
            cause: RefCell::new(JsValue::UNDEFINED),
            secrets: RefCell::new(Vec::new()),
            drained: Cell::new(None),
            draining: RefCell::new(None),
            detached: Cell::new(false),
        })
    }

    pub(super) fn start(&self, observer: Observer) {
        self.observer.replace(Some(observer));
        self.take(Input::Start);
    }

    pub(super) fn pull(&self, observer: Observer) {
        self.observer.replace(Some(observer));
        self.take(Input::Pull);
    }

    pub(super) fn abort(&self, reason: JsValue) {
        if !self.exchange.borrow().is_over() {
            self.cause.replace(reason);
            self.take(Input::Abort);
        }
    }

    /// Ends whatever is under way without telling anybody; the rest of a complete answer may still be read.
    pub(super) fn abandon(&self) {
        self.observer.replace(None);
        if self.draining.borrow().is_none() && !self.detached.get() {
            self.take(Input::Abort);
            self.let_go();
        }
    }

    /// Leaves the answer, whose body is unread, to whoever has it: dropping the driver no longer ends it.
    pub(super) fn detach(&self) {
        self.detached.set(true);
        self.timer.replace(None);
        if let Some(guard) = &*self.guard.borrow() {
            guard.disarm();
        }
    }

    /// The error of a response that the server declared failed, without secrets.
    pub(super) fn failure(&self) -> Option<Error> {
        let mut error = self.exchange.borrow().failure()?;
        self.redact(&mut error);
        Some(error)
    }

    pub(super) fn with_exchange<T>(&self, read: impl FnOnce(&Exchange) -> T) -> T {
        read(&self.exchange.borrow())
    }

    /// The error that the call ended with. It does not show the key, though a server repeats it.
    #[cfg(feature = "typed")]
    pub(super) fn error(&self) -> Option<Error> {
        let end = self.exchange.borrow_mut().handle(clock::moment(), Input::Pull);
        let Next::Finish(Err(mut error)) = end else { return None };
        self.redact(&mut error);
        Some(error)
    }

    /// A read of the body is settled.
    fn on_chunk(&self, chunk: Chunk) {
        if self.exchange.borrow().is_over() {
            return self.drain(&chunk);
        }
        match chunk {
            Chunk::Bytes(bytes) => self.take(Input::Chunk(&bytes)),
            Chunk::End => self.take(Input::End),
            Chunk::Invalid(error) => self.take(Input::Failed(Failure::Fatal(error))),
            Chunk::Broken(thrown) => {
                let what = describe(&thrown);
                self.cause.replace(thrown);
                self.take(Input::Failed(Failure::Connection(what)));
            }
        }
    }

    fn take(&self, input: Input<'_>) {
        let next = self.exchange.borrow_mut().handle(clock::moment(), input);
        if !self.exchange.borrow().is_over() {
            self.set_timer();
        }
        match next {
            Next::Send => self.send(),
            Next::Back => self.drop_request(),
            Next::Ready => self.tell(|observer| {
                observer.head(self.response.borrow().as_ref().map_or(&JsValue::UNDEFINED, AsRef::as_ref))
            }),
            Next::Read => self.read(),
            Next::Deliver => self.deliver(),
            Next::Finish(result) => self.finish(result),
            Next::Wait => (),
        }
    }

    fn send(&self) {
        let request = match &self.request {
            Ok(request) => request,
            Err(error) => return self.take(Input::Failed(Failure::Fatal(error.clone()))),
        };
        let Some(me) = self.me.upgrade() else { return };
        self.drop_request();
        self.response.replace(None);
        self.cause.replace(JsValue::UNDEFINED);
        let number = self.current.get();
        self.guard.replace(Some(AbortGuard::new()));
        if request.has_authorization() {
            return self.ask(number, Ok(None));
        }
        match self.credentials.key() {
            Key::Known(key) => self.ask(number, key),
            Key::Promised(key) => settled(&key, Box::new(move |outcome| me.ask(number, key_of(outcome)))),
        }
    }

    /// Sends the request of that number, now that its key is known.
    fn ask(&self, number: u32, key: Known) {
        // Ended while the key was being fetched: nothing must be sent any more.
        let (Ok(request), Some(me)) = (&self.request, self.me.upgrade().filter(|_| self.current.get() == number))
        else {
            return;
        };
        let authorization = key.and_then(|key| {
            let Some(key) = key else { return Ok(None) };
            let authorization = Request::authorization(&key).map_err(|error| (error, JsValue::UNDEFINED))?;
            self.secrets.borrow_mut().push(key);
            Ok(Some(authorization))
        });
        let promise = match authorization {
            Ok(authorization) => {
                let signal = self.guard.borrow().as_ref().and_then(AbortGuard::signal);
                fetch::send(self.fetch.as_ref(), request, authorization.as_deref(), signal.as_ref())
            }
            Err((error, thrown)) => Err((Failure::Fatal(error), thrown)),
        };
        match promise {
            Ok(promise) => settled(&promise, Box::new(move |outcome| me.answered(number, outcome))),
            Err(failure) => self.refused(number, failure),
        }
    }

    /// What the request of that number came to.
    fn answered(&self, number: u32, outcome: Outcome) {
        if self.current.get() != number {
            if let Ok(answer) = &outcome {
                fetch::discard(answer);
            }
            return;
        }
        match fetch::answer(outcome) {
            Ok(response) => {
                let head = fetch::head(&response);
                self.response.replace(Some(response));
                self.take(Input::Head(head));
            }
            Err(failure) => self.refused(number, failure),
        }
    }

    fn refused(&self, number: u32, (failure, thrown): (Failure, JsValue)) {
        if self.current.get() == number {
            self.cause.replace(thrown);
            self.take(Input::Failed(failure));
        }
    }

    fn read(&self) {
        let body = match self.body() {
            Ok(body) => body,
            Err(thrown) => {
                let message = "The answer's body cannot be read: {}";
                let error = Error::filled(Class::OpenResponsesError, "invalid_fetch", message, &[&describe(&thrown)]);
                self.cause.replace(thrown);
                return self.take(Input::Failed(Failure::Fatal(error)));
            }
        };
        if let Err(thrown) = body.read() {
            self.on_chunk(Chunk::Broken(thrown));
        }
    }

    /// The body's reader, taken at the first read: who never reads leaves the body to the caller.
    fn body(&self) -> Result<Rc<Body>, JsValue> {
        if let Some(body) = &*self.body.borrow() {
            return Ok(body.clone());
        }
        let stream = self.response.borrow().as_ref().map_or(Ok(JsValue::NULL), Response::body)?;
        let me = self.me.clone();
        let tell = move |chunk| {
            if let Some(me) = me.upgrade() {
                me.on_chunk(chunk);
            }
        };
        let body = Body::new(stream, tell)?;
        self.body.replace(Some(body.clone()));
        Ok(body)
    }

    fn deliver(&self) {
        let (json, events, heartbeats, deviations) = {
            let exchange = self.exchange.borrow();
            let block = exchange.block();
            let deviations = exchange.response().deviations().len();
            (block.to_json_array(), block.events(), block.heartbeats(), deviations)
        };
        if self.exchange.borrow().is_over() {
            self.settle();
        }
        let is_last = self.exchange.borrow().is_over();
        self.tell(|observer| observer.events(&json, events, heartbeats, deviations, is_last));
    }

    fn finish(&self, result: Result<(), Error>) {
        self.settle();
        match result {
            Ok(()) => self.tell(Observer::end),
            Err(mut error) => {
                self.redact(&mut error);
                let record = error.to_json();
                let cause = self.cause.borrow().clone();
                let headers = self.response.borrow().as_ref().and_then(|response| response.headers().ok());
                let headers = headers.unwrap_or(JsValue::UNDEFINED);
                self.tell(|observer| observer.fail(&record, &cause, &headers));
            }
        }
    }

    fn redact(&self, error: &mut Error) {
        let mut secrets = self.secrets.borrow().clone();
        // A key that the caller wrote into a header of its own.
        let own = self.request.iter().flat_map(|request| request.credentials());
        secrets.extend(own.map(str::to_owned));
        error.redact(&secrets);
    }

    /// The call is over: an answer that is complete is read to its end, any other is dropped.
    fn settle(&self) {
        if self.drained.get().is_some() {
            return;
        }
        if self.body.borrow().is_none() || !self.exchange.borrow().is_complete() {
            return self.let_go();
        }
        let me = self.me.clone();
        let give_up = move || {
            if let Some(me) = me.upgrade() {
                me.let_go();
            }
        };
        self.timer.replace(Some(Timer::at(clock::moment().now + DRAIN_MS, give_up)));
        self.draining.replace(self.me.upgrade());
        self.drain(&Chunk::Bytes(Vec::new()));
    }

    fn drain(&self, chunk: &Chunk) {
        let Chunk::Bytes(bytes) = chunk else { return self.let_go() };
        let drained = self.drained.get().unwrap_or(0) + bytes.len();
        self.drained.set(Some(drained));
        let body = self.body.borrow().clone().filter(|_| drained < DRAIN_BYTES);
        if body.is_none_or(|body| body.read().is_err()) {
            self.let_go();
        }
    }

    fn let_go(&self) {
        self.timer.replace(None);
        self.drop_request();
        // Last: it may be what keeps the driver alive.
        let _me = self.draining.replace(None);
    }

    /// Ends the request under way, if there is one; its late outcome is of no interest.
    fn drop_request(&self) {
        self.current.set(self.current.get().wrapping_add(1));
        // Taken out first: both run code that may be the caller's, and call back in.
        let (body, guard) = (self.body.replace(None), self.guard.replace(None));
        if let Some(body) = body {
            body.close();
        }
        if let Some(guard) = guard {
            guard.abort();
        }
    }

    fn set_timer(&self) {
        let deadline = self.exchange.borrow().deadline();
        let timer = deadline.map(|deadline| {
            let me = self.me.clone();
            Timer::at(deadline, move || {
                if let Some(me) = me.upgrade() {
                    me.take(Input::Timer);
                }
            })
        });
        self.timer.replace(timer);
    }

    fn tell(&self, say: impl FnOnce(&Observer) -> Result<(), JsValue>) {
        let observer = self.observer.replace(None);
        if let Some(observer) = observer {
            // An observer that throws has only itself to tell.
            let _thrown = say(&observer);
        }
    }
}
