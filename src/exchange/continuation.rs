//! Whether and how a call goes on after something broke.

use super::answer::{self, Behind};
use super::{Exchange, Expect, Moment, Next, State, failures};
use crate::deviation::Deviation;
use crate::error::{Class, Error};
use crate::event::Payload;
use crate::json::{Object, Value};
use crate::response::missing_texts;
use crate::retry::{self, Advice, MAX_RETRY_AFTER_MS};
use crate::text::decimal;
use alloc::string::String;

/// What a request is for.
///
/// ```text
///   Ask ◀── nothing has come yet, and the error may pass
///    │
///    │ the stream broke behind events, and the server keeps the response
///    ▼
///   Resume ◀── broke behind more events; or nothing has come, and the error may pass
///    │
///    │ refused, tried often enough, other events than the next ones; or Ask, where events have no numbers, or a kept
///    │ response none any more; not where the server asks for a wait that is too long: the call ends with what broke the stream
///    ▼
///   Poll ◀── still at work; or the error may pass
///    │
///    └─▶ done: what is missing is told │ a stream: it goes on, if with the next events
///      │ refused, tried often enough: the call ends with what broke the stream
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Errand {
    /// What the caller asks for.
    #[default]
    Ask,
    /// The rest of the stream, behind the last event that came.
    Resume,
    /// The response, as it is by then.
    Poll,
}

/// Why a request is sent again.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Again {
    /// What the next request is for.
    pub errand: Errand,
    /// Whether it is sent for the sake of another key.
    pub is_renewal: bool,
    /// How often the next request has been sent in vain.
    pub attempt: u32,
    /// How long is waited before, in milliseconds.
    pub delay: f64,
    /// What broke; nothing where the server is still at work.
    pub error: Option<Error>,
}

impl Again {
    /// As the text of a JSON record: `{ kind, attempt, delay_ms, error }`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let kind = match self.errand {
            _ if self.is_renewal => "renewal",
            Errand::Ask => "retry",
            Errand::Resume => "resume",
            Errand::Poll => "poll",
        };
        let mut record = Object::new();
        record.string("kind", kind).raw("attempt", &decimal(self.attempt.into()));
        record.raw("delay_ms", &decimal(crate::error::whole(self.delay)));
        if let Some(error) = &self.error {
            record.raw("error", &error.to_json());
        }
        record.finish()
    }
}

/// How a stream that broke was gone on with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resumed {
    /// The highest number of the events before.
    pub starting_after: Option<u64>,
    /// Whether the stream could not be had any more: the rest came as a whole.
    pub is_polled: bool,
}

/// How far a call has come that goes on.
#[derive(Debug, Default)]
pub(super) struct Continuation {
    errand: Errand,
    attempt: u32,
    polls: u32,
    is_renewed: bool,
    /// Whether a head said that the response is kept.
    is_kept: bool,
    /// What broke the stream, until it has been gone on with.
    cut: Option<Error>,
    /// What the server said of it in a stream, which may have been about the stream only.
    told: Option<Error>,
    again: Again,
    times_resumed: usize,
    resumed: Resumed,
}

impl Continuation {
    pub(super) fn errand(&self) -> Errand {
        self.errand
    }

    pub(super) fn again(&self) -> &Again {
        &self.again
    }

    pub(super) fn resumed(&self) -> (usize, Resumed) {
        (self.times_resumed, self.resumed)
    }

    pub(super) fn head_arrived(&mut self, is_kept: bool) {
        self.is_kept |= is_kept;
    }

    /// Events have come.
    pub(super) fn went_on(&mut self) {
        if self.cut.take().is_some() {
            self.attempt = 0;
            self.times_resumed += 1;
        }
    }
}

impl Exchange {
    /// What the next answer repeats, where it is a stream, as the answer to a poll may be too.
    pub(super) fn behind(&self) -> Behind {
        let number = if self.has_begun { self.response.last_sequence_number() } else { self.config.starting_after };
        Behind { number, must_follow: self.has_begun }
    }

    /// Whether a stream that broke behind events can be gone on with.
    pub(super) fn may_go_on(&self, error: &Error) -> bool {
        let is_kept = || self.continuation.is_kept || self.response.is_background().unwrap_or(self.config.background);
        let has_id = || self.response.id().is_some_and(|id| !matches!(&*id, "" | "." | ".."));
        is_break(error) && self.resumes() && (self.config.resumes || (has_id() && is_kept()))
    }

    /// An answer broke, or a request came to none.
    pub(super) fn broke(&mut self, at: Moment, mut error: Error, mut advice: Advice) -> Next {
        let status = error.api.as_ref().and_then(|api| api.status);
        let is_renewal = status == Some(401)
            && self.config.renews_key
            && advice.should_retry != Some(false)
            && !self.continuation.is_renewed;
        if is_renewal {
            self.continuation.is_renewed = true;
            return self.send_again(at, 0.0, Some(error), true);
        }
        if self.has_begun && self.continuation.cut.is_none() {
            return if self.may_go_on(&error) { self.cut(at, error) } else { self.over(Err(error)) };
        }
        error.retryable |= self.continuation.cut.is_some() && is_break(&error);
        advice.after_ms = advice.after_ms.or(error.api.as_ref().and_then(|api| api.retry_after_ms));
        let Continuation { errand, attempt, .. } = self.continuation;
        if let Some(delay) = retry::delay(&error, advice, attempt, self.config.max_retries, at.entropy) {
            self.continuation.attempt += 1;
            return self.send_again(at, delay, Some(error), false);
        }
        match (errand, self.continuation.cut.clone()) {
            // The server keeps the response, and its stream no more; or no more of that, and the response is asked for.
            (Errand::Ask, _) if self.config.resumes && self.resumes() && (status == Some(400) || is_empty(&error)) => {
                self.continuation.cut = Some(error.clone());
                self.go_on(at, Errand::Poll, error, None)
            }
            (Errand::Resume, _) => {
                self.continuation.told = Some(error.clone()).filter(|error| error.api.is_some() && status.is_none());
                self.go_on(at, Errand::Poll, error, advice.after_ms)
            }
            (Errand::Poll, Some(_)) => self.not_resumed(&error),
            _ => self.over(Err(error)),
        }
    }

    /// A response arrived whole that was to go on as a stream.
    pub(super) fn polled(&mut self, at: Moment) -> Next {
        let whole = core::mem::take(&mut self.body);
        let response = Value::known(&whole);
        if answer::is_worked_on(response) {
            let delay = retry::poll_delay(self.continuation.polls, at.entropy);
            self.continuation.polls += 1;
            self.continuation.attempt = 0;
            self.continuation.errand = Errand::Poll;
            return self.send_again(at, delay, None, false);
        }
        let known = self.response.to_json();
        let missing = missing_texts(Value::known(&known), response, self.config.starting_after.is_none());
        for event in &missing.deltas {
            self.block.push_json(event);
        }
        if missing.differs {
            self.response.deviate(Deviation::TextDiffers.alone(), None);
        }
        if let Ok(Payload::Event(event)) = Payload::read("", &answer::ending(response)) {
            self.response.end(&event);
            self.block.push(&event);
        }
        self.continuation.resumed.is_polled = true;
        self.continuation.went_on();
        self.over(Ok(()));
        Next::Deliver
    }

    fn resumes(&self) -> bool {
        self.config.goes_on && self.config.expect == Expect::Stream
    }

    fn cut(&mut self, at: Moment, error: Error) -> Next {
        let starting_after = self.response.last_sequence_number();
        self.continuation.resumed = Resumed { starting_after, is_polled: false };
        self.continuation.cut = Some(error.clone());
        self.go_on(at, if starting_after.is_some() { Errand::Resume } else { Errand::Poll }, error, None)
    }

    fn go_on(&mut self, at: Moment, errand: Errand, why: Error, after_ms: Option<f64>) -> Next {
        let delay = after_ms.unwrap_or_else(|| retry::backoff(0, at.entropy));
        if delay > MAX_RETRY_AFTER_MS {
            return self.not_resumed(&why);
        }
        self.continuation.errand = errand;
        self.continuation.attempt = 0;
        self.send_again(at, delay, Some(why), false)
    }

    fn not_resumed(&mut self, why: &Error) -> Next {
        let Continuation { told, cut, .. } = &mut self.continuation;
        let cut = cut.take().map(|cut| failures::not_resumed(cut, why));
        let error = told.take().or(cut).unwrap_or_else(|| why.clone());
        self.over(Err(error))
    }

    fn send_again(&mut self, at: Moment, delay: f64, error: Option<Error>, is_renewal: bool) -> Next {
        if let Some(error) = &error
            && !self.deadlines.is_before_total(at.now + delay)
        {
            // A wait beyond the total would end in a time-out that hides the error.
            let error = self.continuation.cut.take().unwrap_or_else(|| error.clone());
            return self.over(Err(error));
        }
        self.state = State::Waiting;
        self.deadlines.start_backoff(at.now + delay);
        let Continuation { errand, attempt, .. } = self.continuation;
        self.continuation.again = Again { errand, is_renewal, attempt, delay, error };
        Next::Back
    }
}

/// Whether nothing came that says anything.
fn is_empty(error: &Error) -> bool {
    error.class == Class::StreamTruncatedError || error.code.as_deref() == Some(r#""empty_answer""#)
}

/// Whether it is the connection that broke, or fell silent, and not the server's word.
fn is_break(error: &Error) -> bool {
    matches!(error.class, Class::StreamTruncatedError | Class::APIConnectionTimeoutError)
}
