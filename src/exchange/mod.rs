//! The state machine that ties request, answer, events, retries and timeouts together.
//!
//! Knows the order of things; knows no JavaScript, no future and no clock: facts come in as [`Input`], with the time and
//! the randomness beside them, and what to do next comes out as [`Next`].

mod answer;
mod deadlines;
mod failures;

use alloc::string::String;
use alloc::vec::Vec;
use answer::Answer;
pub use answer::Expect;
use deadlines::Deadlines;
pub use deadlines::Timeouts;

use crate::error::{Error, api_error};
use crate::event::Block;
use crate::response::Response;
use crate::retry::{self, Advice};

/// One call to the server, from the first request to the end of its answer.
///
/// ```text
///            Start                    Head 2xx                     Chunk: events ▶ Deliver
///   Idle ───────────▶ Sending ─────────────────────▶ Answering ◀─────────────────────────┐
///                      ▲   │                          │  │  ▲   Pull ▶ Read, Chunk: none ▶ Read
///        Timer ▶ Send  │   │ Head ≥ 300 ▶ Read        │  │  └──────────────────────────┘
///                      │   ▼                          │  │ terminal event, [DONE], End, Failed, time-out, too large
///                      │ Refused ── Chunk ▶ Read      │  ▼
///                      │   │ End                      │ Over ── Pull ▶ Finish
///                      │   ▼                          │  ▲
///                     Waiting ◀── may be sent again ──┘  │ never from Answering: what was delivered is not sent again
///                          └───── may not ───────────────┘
///
///   Abort leads from every state to Over; every other input in Over changes nothing, but for Start and
///   Pull, which are told how it ended.
/// ```
#[derive(Debug)]
pub struct Exchange {
    config: Config,
    state: State,
    attempt: u32,
    /// Of the answer that is being read, for errors inside it.
    request_id: Option<String>,
    deadlines: Deadlines,
    block: Block,
    response: Response,
    /// The body of an answer that is not a stream.
    body: String,
}

/// What the call is to be like.
#[derive(Debug, Clone, Copy)]
pub struct Config {
    /// What the server is to answer with.
    pub expect: Expect,
    /// Whether the first deviation from the protocol is an error.
    pub strict: bool,
    /// Whether deltas are recognised by those before them, without being read as JSON. What is told is the same.
    pub fast_path: bool,
    /// Whether the stream goes on where another one was cut: it does not begin with `response.created`.
    pub resumes: bool,
    /// How often the request may be sent again.
    pub max_retries: u32,
    /// How long to wait for what.
    pub timeouts: Timeouts,
    /// The largest event accepted, in bytes.
    pub max_event_bytes: usize,
    /// The largest answer accepted that is not a stream, in bytes.
    pub max_response_bytes: usize,
}

/// A fact.
#[derive(Debug)]
pub enum Input<'a> {
    /// Begin.
    Start,
    /// The head of the answer is in.
    Head(Head),
    /// The consumer wants more.
    Pull,
    /// Bytes of the body.
    Chunk(&'a [u8]),
    /// The body's end.
    End,
    /// The request or the body broke.
    Failed(Failure),
    /// The time of [`Exchange::deadline`] has come.
    Timer,
    /// The caller ends it.
    Abort,
}

/// The head of an answer.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// The HTTP status.
    pub status: u16,
    /// The `content-type` header.
    pub content_type: Option<String>,
    /// The request's id, by whichever header names it.
    pub request_id: Option<String>,
    /// What the headers say about trying again.
    pub advice: Advice,
}

/// Why a request or a body broke.
#[derive(Debug, Clone)]
pub enum Failure {
    /// The connection; with what the platform says about it.
    Connection(String),
    /// Something that sending again does not mend.
    Fatal(Error),
}

/// The time and the randomness of an input.
#[derive(Debug, Clone, Copy, Default)]
pub struct Moment {
    /// A clock that never jumps, in milliseconds.
    pub now: f64,
    /// Evenly from 0..1.
    pub entropy: f64,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// Send the request.
    Send,
    /// Drop the request that is under way, and let [`Exchange::deadline`] come.
    Back,
    /// The head is accepted: tell the consumer, and await its pull.
    Ready,
    /// Read the next chunk.
    Read,
    /// Hand [`Exchange::block`] over, and await the next pull.
    Deliver,
    /// The call is over.
    Finish(Result<(), Error>),
    /// Nothing changes.
    Wait,
}

#[derive(Debug)]
enum State {
    Idle,
    Sending,
    /// Reading the body of an error.
    Refused {
        head: Head,
        body: Vec<u8>,
    },
    Waiting,
    Answering(Answer),
    Over(Result<(), Error>),
}

/// How much of an error's body is read, in bytes; the rest says nothing more.
const ERROR_BODY_LIMIT: usize = 256 * 1024;

impl Exchange {
    /// A call that has not begun.
    #[must_use]
    pub fn new(config: Config) -> Self {
        // Only a stream has a first event.
        let first_event = if config.expect == Expect::Stream { config.timeouts.first_event } else { f64::INFINITY };
        Self {
            config,
            state: State::Idle,
            attempt: 0,
            request_id: None,
            deadlines: Deadlines::new(Timeouts { first_event, ..config.timeouts }),
            block: Block::default(),
            response: if config.resumes { Response::resumed() } else { Response::new() },
            body: String::new(),
        }
    }

    /// Takes a fact and says what to do next.
    pub fn handle(&mut self, at: Moment, input: Input<'_>) -> Next {
        if let State::Over(result) = &self.state {
            let is_asked = matches!(input, Input::Start | Input::Pull);
            return if is_asked { Next::Finish(result.clone()) } else { Next::Wait };
        }
        match input {
            Input::Start => self.start(at),
            Input::Head(head) => self.head(at, head),
            Input::Pull => self.pull(at),
            Input::Chunk(bytes) => self.chunk(at, bytes),
            Input::End => self.end(at),
            Input::Failed(failure) => self.failed(at, failure),
            Input::Timer => self.timer(at),
            Input::Abort => self.over(Err(failures::aborted())),
        }
    }

    /// When to give [`Input::Timer`] next, on the clock of [`Moment::now`]. It may move with every input.
    #[must_use]
    pub fn deadline(&self) -> Option<f64> {
        self.deadlines.next().map(|(at, _)| at)
    }

    /// Whether anything depends on the [`Moment`] of the next input: while an answer is read without deadlines, nothing does.
    #[must_use]
    pub fn is_timed(&self) -> bool {
        !matches!(self.state, State::Answering(_)) || self.deadlines.are_set()
    }

    /// The events to hand over at [`Next::Deliver`].
    #[must_use]
    pub fn block(&mut self) -> &mut Block {
        &mut self.block
    }

    /// The response so far.
    #[must_use]
    pub fn response(&self) -> &Response {
        &self.response
    }

    /// The error of a response that the server declared failed.
    #[must_use]
    pub fn failure(&self) -> Option<Error> {
        let mut error = self.response.failure()?;
        error.belongs_to(self.request_id.as_deref());
        Some(error)
    }

    /// The request's id, by whichever header of the answer names it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The body of an answer that is not a stream, once it is whole.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// Whether the call is over, though its end may not have been handed over yet.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.state, State::Over(_))
    }

    /// Whether the call is over and went well.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        matches!(self.state, State::Over(Ok(())))
    }

    fn start(&mut self, at: Moment) -> Next {
        if !matches!(self.state, State::Idle) {
            return Next::Wait;
        }
        self.deadlines.start_total(at.now);
        self.send(at)
    }

    fn send(&mut self, at: Moment) -> Next {
        self.state = State::Sending;
        self.deadlines.start_head(at.now);
        Next::Send
    }

    fn head(&mut self, at: Moment, head: Head) -> Next {
        if !matches!(self.state, State::Sending) {
            return Next::Wait;
        }
        self.deadlines.head_arrived();
        if !(200..300).contains(&head.status) {
            // A body that never ends must not keep the error from its caller.
            self.deadlines.start_head(at.now);
            self.state = State::Refused { head, body: Vec::new() };
            return Next::Read;
        }
        self.request_id.clone_from(&head.request_id);
        match Answer::new(&self.config, head) {
            Ok(answer) => {
                self.state = State::Answering(answer);
                Next::Ready
            }
            Err(error) => self.over(Err(error)),
        }
    }

    fn pull(&mut self, at: Moment) -> Next {
        if !matches!(self.state, State::Answering(_)) {
            return Next::Wait;
        }
        self.block.clear();
        self.deadlines.reading(at.now);
        Next::Read
    }

    fn chunk(&mut self, at: Moment, bytes: &[u8]) -> Next {
        match &mut self.state {
            State::Refused { body, .. } => {
                let room = ERROR_BODY_LIMIT.saturating_sub(body.len());
                body.extend_from_slice(bytes.get(..room.min(bytes.len())).unwrap_or_default());
                if body.len() == ERROR_BODY_LIMIT { self.refused(at) } else { Next::Read }
            }
            State::Answering(answer) => {
                let result = answer.take(bytes, &mut self.response, &mut self.block);
                self.proceed(at, result)
            }
            _ => Next::Wait,
        }
    }

    fn end(&mut self, at: Moment) -> Next {
        match &mut self.state {
            State::Refused { .. } => self.refused(at),
            State::Answering(answer) => {
                let result = answer.end(&mut self.response, &mut self.block, &mut self.body);
                self.proceed(at, result.map(Some))
            }
            _ => Next::Wait,
        }
    }

    /// After bytes: `Some` when the answer is complete.
    fn proceed(&mut self, at: Moment, result: Result<Option<()>, Error>) -> Next {
        if let Some(result) = result.transpose() {
            self.over(result);
            // What came before the end is delivered before it.
            return if self.block.events() > 0 { Next::Deliver } else { self.handle(at, Input::Pull) };
        }
        if self.block.is_empty() {
            self.deadlines.reading(at.now);
            return Next::Read;
        }
        if self.block.events() > 0 {
            self.deadlines.first_event_arrived();
        }
        self.deadlines.not_reading();
        Next::Deliver
    }

    fn failed(&mut self, at: Moment, failure: Failure) -> Next {
        let connection = match failure {
            Failure::Fatal(error) => return self.over(Err(error)),
            Failure::Connection(message) => message,
        };
        match &self.state {
            State::Sending => self.again_or_over(at, failures::connection(&connection), Advice::default()),
            // The status is known and says more than the connection's end.
            State::Refused { .. } => self.refused(at),
            State::Answering(answer) => {
                let error = answer.broken(&connection, &self.response);
                self.over(Err(error))
            }
            _ => Next::Wait,
        }
    }

    fn timer(&mut self, at: Moment) -> Next {
        let Some((due, which)) = self.deadlines.next() else { return Next::Wait };
        if at.now < due {
            return Next::Wait;
        }
        match (&self.state, which) {
            (State::Waiting, deadlines::Which::Backoff) => {
                self.attempt += 1;
                self.deadlines.stop_backoff();
                self.send(at)
            }
            (State::Refused { .. }, deadlines::Which::Head) => self.refused(at),
            (State::Sending, deadlines::Which::Head) => {
                let error = failures::timeout(which, self.config.timeouts);
                self.again_or_over(at, error, Advice::default())
            }
            _ => self.over(Err(failures::timeout(which, self.config.timeouts))),
        }
    }

    fn refused(&mut self, at: Moment) -> Next {
        let State::Refused { head, body } = &mut self.state else { return Next::Wait };
        let body = answer::refusal(body);
        let error = api_error(Some(head.status), &body, head.request_id.take(), head.advice.after_ms);
        let advice = head.advice;
        self.again_or_over(at, error, advice)
    }

    fn again_or_over(&mut self, at: Moment, error: Error, advice: Advice) -> Next {
        match retry::delay(&error, advice, self.attempt, self.config.max_retries, at.entropy) {
            // A wait beyond the total would end in a time-out that hides the error.
            Some(delay) if self.deadlines.is_before_total(at.now + delay) => {
                self.state = State::Waiting;
                self.deadlines.start_backoff(at.now + delay);
                Next::Back
            }
            _ => self.over(Err(error)),
        }
    }

    fn over(&mut self, mut result: Result<(), Error>) -> Next {
        if let Err(error) = &mut result {
            error.belongs_to(self.request_id.as_deref());
        }
        self.deadlines.stop();
        self.state = State::Over(result.clone());
        Next::Finish(result)
    }
}
