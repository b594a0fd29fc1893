use alloc::boxed::Box;
use alloc::rc::{Rc, Weak};
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};

use js_sys::Function;
use wasm_bindgen::JsValue;

use super::clock::{self, Timer};
use super::credentials::{Credentials, Key, Known, key_of};
use super::fetch::{self, AbortGuard, Response};
use super::promise::{Outcome, settled, soon};
use super::thrown::describe;
use super::told::{Listener, Told};
use crate::error::Error;
use crate::event::Block;
use crate::exchange::{Config, Errand, Exchange, Failure, Input, Moment, Next};
use crate::request::Request;

/// Performs what one [`Exchange`] decides.
///
/// But for the body: it is read by the one who drives the call, chunk by chunk, since a Rust future or even a Rust closure
/// per chunk costs more than the whole pipeline behind it.
///
/// Nothing is borrowed while JavaScript runs: a listener may call back in (an event handler that aborts, say).
#[derive(Debug)]
pub(super) struct Driver {
    me: Weak<Driver>,
    exchange: RefCell<Exchange>,
    request: RefCell<Result<Rc<Request>, Error>>,
    credentials: Credentials,
    fetch: Option<Function>,
    /// Counts requests; what a request of an earlier number does is of no interest any more.
    current: Cell<u32>,
    guard: RefCell<Option<AbortGuard>>,
    response: RefCell<Option<Response>>,
    timer: RefCell<Option<Timer>>,
    /// When the timer ends, on the clock of the exchange.
    armed: Cell<Option<f64>>,
    listener: RefCell<Option<Listener>>,
    /// What was thrown at us last, for the error's `cause`.
    cause: RefCell<JsValue>,
    /// What the call failed with.
    error: RefCell<Option<Error>>,
    /// The keys sent, which no error may show.
    secrets: RefCell<Vec<String>>,
    detached: Cell<bool>,
}

impl Driver {
    pub(super) fn new(
        config: Config,
        request: Result<Request, Error>,
        credentials: Credentials,
        fetch: Option<Function>,
    ) -> Rc<Self> {
        // A key that is not sent is refused by nobody.
        let renews_key = credentials.are_renewed() && request.as_ref().is_ok_and(Request::takes_key);
        let exchange = Exchange::new(Config { renews_key, ..config });
        Rc::new_cyclic(|me| Self {
            me: me.clone(),
            exchange: RefCell::new(exchange),
            request: RefCell::new(request.map(Rc::new)),
            credentials,
            fetch,
            current: Cell::new(0),
            guard: RefCell::new(None),
            response: RefCell::new(None),
            timer: RefCell::new(None),
            armed: Cell::new(None),
            listener: RefCell::new(None),
            cause: RefCell::new(JsValue::UNDEFINED),
            error: RefCell::new(None),
            secrets: RefCell::new(Vec::new()),
            detached: Cell::new(false),
        })
    }

    /// Begins; `listener` hears what is not an answer to a call of this driver.
    pub(super) fn start(&self, listener: Listener) -> Told {
        self.listener.replace(Some(listener));
        self.take(Input::Start)
    }

    pub(super) fn pull(&self) -> Told {
        self.take(Input::Pull)
    }

    pub(super) fn chunk(&self, chunk: &[u8]) -> Told {
        self.take(Input::Chunk(chunk))
    }

    pub(super) fn ended(&self) -> Told {
        self.take(Input::End)
    }

    /// The body broke: the connection did, or it cannot be read for the reason of an error.
    pub(super) fn broke(&self, thrown: JsValue, error: Option<Error>) -> Told {
        let failure = error.map_or_else(|| Failure::Connection(describe(&thrown)), Failure::Fatal);
        if !self.exchange.borrow().is_over() {
            self.cause.replace(thrown);
        }
        self.take(Input::Failed(failure))
    }

    /// Ends whatever is under way without telling anybody.
    pub(super) fn abandon(&self) {
        self.listener.replace(None);
        if !self.detached.get() {
            let _told = self.take(Input::Abort);
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

    /// The events to hand over at [`Told::Events`], and how many deviations there are by now.
    pub(super) fn with_block<T>(&self, read: impl FnOnce(&mut Block, usize, usize) -> T) -> T {
        let mut exchange = self.exchange.borrow_mut();
        let deviations = exchange.response().deviations().len();
        let (times_resumed, _) = exchange.resumed();
        read(exchange.block(), deviations, times_resumed)
    }

    /// The error that the call failed with. It does not show the key, though a server repeats it.
    pub(super) fn error(&self) -> Option<Error> {
        self.error.borrow().clone()
    }

    /// The answer, once its head is in.
    pub(super) fn response(&self) -> Option<Response> {
        self.response.borrow().clone()
    }

    fn take(&self, input: Input<'_>) -> Told {
        // Two calls of the platform, at each chunk: made only where something depends on the time.
        let is_timed = self.exchange.borrow().is_timed(&input);
        let at = if is_timed { clock::moment() } else { Moment::default() };
        let next = self.exchange.borrow_mut().handle(at, input);
        let is_over = self.exchange.borrow().is_over();
        if is_timed && !is_over {
            self.set_timer();
        }
        match next {
            Next::Send => self.send(),
            Next::Back => {
                self.drop_request();
                Told::Again
            }
            Next::Cut => self.take(Input::Pull),
            Next::Ready => Told::Head,
            Next::Read => Told::Read,
            Next::Deliver if is_over => Told::LastEvents,
            Next::Deliver if self.exchange.borrow().awaits_pull() => Told::Events,
            Next::Deliver => Told::EventsAhead,
            Next::Finish(result) => self.finish(result),
            Next::Wait => Told::Nothing,
        }
    }

    fn send(&self) -> Told {
        let request = match self.prepared() {
            Ok(request) => request,
            Err(error) => return self.take(Input::Failed(Failure::Fatal(error))),
        };
        self.drop_request();
        self.response.replace(None);
        self.cause.replace(JsValue::UNDEFINED);
        let number = self.current.get();
        self.guard.replace(Some(AbortGuard::new()));
        // In a turn of its own: what is on the stack of Chromium's `fetch` is kept until the answer begins, and a call that nobody
        // holds any more could not be collected.
        let key = if request.takes_key() { self.credentials.key() } else { Key::Known(Ok(None)) };
        // Held weakly: a promise may never settle, and what the caller gave us may hold it.
        let me = self.me.clone();
        let ask = move |key| {
            if let Some(me) = me.upgrade() {
                me.tell(me.ask(number, key));
            }
        };
        match key {
            Key::Known(key) => soon(Box::new(move |_| ask(key))),
            Key::Promised(key) => settled(&key, Box::new(move |outcome| ask(key_of(outcome)))),
        }
        Told::Nothing
    }

    /// The request to send next.
    fn prepared(&self) -> Result<Rc<Request>, Error> {
        let exchange = self.exchange.borrow();
        let mut request = self.request.borrow_mut();
        if exchange.errand() != Errand::Ask {
            let number = exchange.response().last_sequence_number().filter(|_| exchange.errand() == Errand::Resume);
            let id = exchange.response().id();
            *request = request.clone().and_then(|first| first.following(id.as_deref(), number)).map(Rc::new);
        }
        request.clone()
    }

    /// Sends the request of that number, now that its key is known.
    fn ask(&self, number: u32, key: Known) -> Told {
        // Ended while the key was being fetched: nothing must be sent any more.
        if self.current.get() != number {
            return Told::Nothing;
        }
        let Ok(request) = self.request.borrow().clone() else { return Told::Nothing };
        let authorization = key.and_then(|key| {
            let Some(key) = key else { return Ok(None) };
            let authorization =
                Request::authorization(&key).map_err(|error| (self.credentials.refused(error), JsValue::UNDEFINED))?;
            self.secrets.borrow_mut().push(key);
            Ok(Some(authorization))
        });
        let promise = match authorization {
            Ok(authorization) => {
                let signal = self.guard.borrow().as_ref().and_then(AbortGuard::signal);
                fetch::send(self.fetch.as_ref(), &request, authorization.as_deref(), signal.as_ref())
            }
            Err((error, thrown)) => Err((Failure::Fatal(error), thrown)),
        };
        match promise {
            Ok(promise) => {
                let me = self.me.clone();
                let answered = move |outcome: Outcome| match me.upgrade() {
                    Some(me) => me.tell(me.answered(number, outcome)),
                    None => fetch::discard(&outcome),
                };
                settled(&promise, Box::new(answered));
                Told::Nothing
            }
            Err(failure) => self.refused(number, failure),
        }
    }

    /// What the request of that number came to.
    fn answered(&self, number: u32, outcome: Outcome) -> Told {
        if self.current.get() != number {
            fetch::discard(&outcome);
            return Told::Nothing;
        }
        match fetch::answer(outcome) {
            Ok((response, head)) => {
                self.response.replace(Some(response));
                self.take(Input::Head(head))
            }
            Err(failure) => self.refused(number, failure),
        }
    }

    fn refused(&self, number: u32, (failure, thrown): (Failure, JsValue)) -> Told {
        if self.current.get() != number {
            return Told::Nothing;
        }
        self.cause.replace(thrown);
        self.take(Input::Failed(failure))
    }

    fn finish(&self, result: Result<(), Error>) -> Told {
        self.timer.replace(None);
        match result {
            Ok(()) => {
                // The rest of the answer may still be read, so that its connection can serve the next request.
                if let Some(guard) = self.guard.take() {
                    guard.disarm();
                }
                Told::End
            }
            Err(mut error) => {
                self.redact(&mut error);
                self.error.replace(Some(error));
                self.drop_request();
                Told::Failed
            }
        }
    }

    /// Takes secrets out of an error.
    pub(super) fn redact(&self, error: &mut Error) {
        if let Ok(request) = &*self.request.borrow() {
            request.redact(error, &self.secrets.borrow());
        }
    }

    /// Ends the request under way, if there is one; its late outcome is of no interest.
    fn drop_request(&self) {
        self.current.set(self.current.get().wrapping_add(1));
        // Taken out first: it runs code that may be the caller's, and calls back in.
        let guard = self.guard.take();
        if let Some(guard) = guard {
            guard.abort();
        }
    }

    /// A deadline that moves on while the timer runs is looked at when the timer ends: it moves with each chunk.
    fn set_timer(&self) {
        let Some(deadline) = self.exchange.borrow().deadline() else {
            self.armed.set(None);
            self.timer.replace(None);
            return;
        };
        if self.armed.get().is_none_or(|armed| armed > deadline) {
            let me = self.me.clone();
            let timer = Timer::at(deadline, move || {
                if let Some(me) = me.upgrade() {
                    me.armed.set(None);
                    me.tell(me.take(Input::Timer));
                }
            });
            self.armed.set(Some(deadline));
            self.timer.replace(Some(timer));
        }
        // A stream that nobody reads must not keep the process.
        if let Some(timer) = &*self.timer.borrow() {
            timer.keep_process(self.exchange.borrow().is_awaited());
        }
    }

    /// Says what a call has come to when nobody has asked.
    fn tell(&self, told: Told) {
        let listener = self.listener.borrow().clone();
        if let Some(listener) = listener
            && told != Told::Nothing
        {
            listener.hear(told);
        }
    }
}

/// What only JavaScript asks for.
#[cfg(not(feature = "typed"))]
impl Driver {
    pub(super) fn abort(&self, reason: JsValue) -> Told {
        if self.exchange.borrow().is_over() {
            return Told::Nothing;
        }
        self.cause.replace(reason);
        self.take(Input::Abort)
    }

    /// Leaves the answer, whose body is unread, to whoever has it: dropping the driver no longer ends it.
    pub(super) fn detach(&self) {
        self.detached.set(true);
        self.timer.replace(None);
        // Whoever has the answer holds the call, for the caller's signal to reach it: neither could be collected.
        self.response.replace(None);
        if let Some(guard) = &*self.guard.borrow() {
            guard.disarm();
        }
    }

    /// What was thrown that made the call fail.
    pub(super) fn cause(&self) -> JsValue {
        self.cause.borrow().clone()
    }
}
