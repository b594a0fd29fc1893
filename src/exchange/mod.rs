//! The state machine that ties request, answer, events, retries and timeouts together.
//!
//! Knows the order of things; knows no JavaScript, no future and no clock: facts come in as [`Input`], with the time and
//! the randomness beside them, and what to do next comes out as [`Next`].

mod answer;
mod continuation;
mod deadlines;
mod failures;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
pub use answer::Expect;
use answer::{Answer, Ending};
use continuation::Continuation;
pub use continuation::{Again, Errand, Resumed};
pub use deadlines::Timeouts;
use deadlines::{Deadlines, Which};

use crate::error::{Error, api_error};
use crate::event::Block;
use crate::response::Response;
use crate::retry::Advice;

/// One call to the server, from the first request to the end of its answer.
///
/// ```text
///            Start                    Head 2xx                     Chunk: events ▶ Deliver
///   Idle ───────────▶ Sending ─────────────────────▶ Answering ◀─────────────────────────┐
///                      ▲   │                          │ │ │  ▲   Pull ▶ Read, Chunk: none ▶ Read
///        Timer ▶ Send  │   │ Head ≥ 300 ▶ Read        │ │ │  └──────────────────────────┘
///                      │   ▼                          │ │ │ broke behind events: Deliver ▶ Cut ── Pull ─┐
///                      │ Refused ── Chunk ▶ Read      │ │ └─────────────────────────────────────────────┤
///                      │   │ End                      │ │ terminal event, [DONE], End, too large        │
///                      │   ▼                          │ ▼                                               │
///                     Waiting ◀── goes on ────────────┘ Over ── Pull ▶ Finish                           │
///                      ▲   └───── does not ───────────▶  ▲                                              │
///                      └────────────────────────────────────────────────────────────────────────────────┘
///
///   Without deadlines, a Chunk may follow a Deliver without a Pull: see [`Exchange::awaits_pull`].
///
///   Abort leads from every state to Over; every other input in Over changes nothing, but for Start and
///   Pull, which are told how it ended.
/// ```
///
/// Whether and how a call goes on after something broke is drawn at [`Errand`].
#[derive(Debug)]
pub struct Exchange {
    config: Config,
    state: State,
    continuation: Continuation,
    /// Whether the consumer has been told of an answer: the next one goes on for it, unnoticed.
    is_open: bool,
    /// Whether any event has come: the same request must not be sent again.
    has_begun: bool,
    /// Of the answer that is being read, for errors inside it.
    request_id: Option<String>,
    advice: Advice,
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
    /// What no JSON that is asked for lacks, where it is no response: a member; or nothing is known of it, and it is "".
    pub member: &'static str,
    /// Whether the first deviation from the protocol is an error.
    pub strict: bool,
    /// Whether deltas are recognised by those before them, without being read as JSON. What is told is the same.
    pub fast_path: bool,
    /// Whether the response is one that the server keeps, asked for by its id: its stream need not begin with
    /// `response.created`.
    pub resumes: bool,
    /// The number of the event behind which such a stream is asked for.
    pub starting_after: Option<u64>,
    /// Whether a stream that breaks is gone on with, where the server keeps the response.
    pub goes_on: bool,
    /// Whether the request asks for a response that the server keeps (`background`), where the response does not tell.
    pub background: bool,
    /// Whether another key can be had when the server refuses the first one.
    pub renews_key: bool,
    /// How often the request may be sent again.
    pub max_retries: u32,
    /// How long to wait for what.
    pub timeouts: Timeouts,
    /// The largest event accepted, in bytes.
    pub max_event_bytes: usize,
    /// The largest answer accepted that is not a stream, and the largest response that a stream may come to, in bytes.
    pub max_response_bytes: usize,
    /// How many events a chunk may yield.
    pub max_buffered_events: usize,
}

impl Config {
    /// A call that is sent once, is gone on with where that is possible, and has no bounds.
    #[must_use]
    pub const fn new(expect: Expect) -> Self {
        Self {
            expect,
            member: "",
            strict: false,
            fast_path: true,
            resumes: false,
            starting_after: None,
            goes_on: true,
            background: false,
            renews_key: false,
            max_retries: 0,
            timeouts: Timeouts::NONE,
            max_event_bytes: usize::MAX,
            max_response_bytes: usize::MAX,
            max_buffered_events: usize::MAX,
        }
    }
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
    /// Whether the headers say that the response is kept: that its stream can be had once more.
    pub is_kept: bool,
}

/// Why a request or a body broke.
#[derive(Debug, Clone)]
pub enum Failure {
    /// The connection; with what the platform says about it.
    Connection(String),
    /// The request of a page, or of a worker of one, to which a browser says little of why.
    Hidden(String),
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
    /// Send the request of [`Exchange::errand`].
    Send,
    /// Drop the request that is under way, and let [`Exchange::deadline`] come.
    Back,
    /// The head is accepted: tell the consumer, and await its pull.
    Ready,
    /// Read the next chunk.
    Read,
    /// Hand [`Exchange::block`] over, and await the next pull; or read the next chunk, where [`Exchange::awaits_pull`] says so.
    Deliver,
    /// The answer broke: give [`Input::Pull`] at once, with the [`Moment`].
    Cut,
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
    Answering(Box<Answer>),
    /// The answer broke; the events before are being taken.
    Cut(Error),
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
        let mut response = if config.resumes { Response::resumed() } else { Response::new() };
        response.limit(config.max_response_bytes);
        Self {
            config,
            state: State::Idle,
            continuation: Continuation::default(),
            is_open: false,
            has_begun: false,
            request_id: None,
            advice: Advice::default(),
            deadlines: Deadlines::new(Timeouts { first_event, ..config.timeouts }),
            block: Block::default(),
            response,
            body: String::new(),
        }
    }

    /// Takes a fact and says what to do next.
    pub fn handle(&mut self, at: Moment, input: Input<'_>) -> Next {
        if let State::Over(result) = &self.state {
            let is_asked = matches!(input, Input::Start | Input::Pull);
            return if is_asked { Next::Finish(result.clone()) } else { Next::Wait };
        }
        let is_read = matches!(input, Input::Chunk(_) | Input::End | Input::Failed(_) | Input::Pull);
        if is_read && matches!(self.state, State::Answering(_)) {
            // What was handed over has been taken.
            self.block.clear();
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

    /// Whether anything depends on the [`Moment`] of the next input. For [`Input::Chunk`] and [`Input::Pull`], while an answer is
    /// read without deadlines, nothing does.
    #[must_use]
    pub fn is_timed(&self, input: &Input<'_>) -> bool {
        let is_reading = matches!((&self.state, input), (State::Answering(_), Input::Chunk(_) | Input::Pull));
        !is_reading || self.deadlines.are_set()
    }

    /// Whether the next chunk may be read only after a pull: a pull starts the deadlines and says what an answer that broke
    /// comes to. While one is read without deadlines it changes nothing.
    #[must_use]
    pub fn awaits_pull(&self) -> bool {
        self.is_timed(&Input::Pull)
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

    /// What the request under way, or the next one, is for.
    #[must_use]
    pub fn errand(&self) -> Errand {
        self.continuation.errand()
    }

    /// Why a request is sent again, after [`Next::Back`].
    #[must_use]
    pub fn again(&self) -> &Again {
        self.continuation.again()
    }

    /// How often the stream broke and was gone on with, and how it was the last time.
    #[must_use]
    pub fn resumed(&self) -> (usize, Resumed) {
        self.continuation.resumed()
    }

    /// Whether somebody waits for what comes next, and not the other way round.
    #[must_use]
    pub fn is_awaited(&self) -> bool {
        match self.state {
            State::Sending | State::Refused { .. } | State::Waiting => true,
            State::Answering(_) => self.deadlines.is_reading(),
            State::Idle | State::Cut(_) | State::Over(_) => false,
        }
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
        self.continuation.head_arrived(head.is_kept);
        self.advice = head.advice;
        let answer = Answer::new(&self.config, head, self.behind(), self.errand() != Errand::Ask);
        self.state = State::Answering(Box::new(answer));
        if core::mem::replace(&mut self.is_open, true) {
            // What the consumer has pulled is still awaited.
            self.deadlines.reading(at.now);
            return Next::Read;
        }
        Next::Ready
    }

    fn pull(&mut self, at: Moment) -> Next {
        match &mut self.state {
            State::Answering(_) => {
                self.deadlines.reading(at.now);
                Next::Read
            }
            State::Cut(error) => {
                let error = error.clone();
                self.block.clear();
                self.broke(at, error, self.advice)
            }
            _ => Next::Wait,
        }
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
            State::Answering(answer) => match answer.end(&mut self.response, &mut self.block, &mut self.body) {
                Ok(Ending::Unfinished) => self.polled(at),
                ended => self.proceed(at, ended.map(|_| Some(()))),
            },
            _ => Next::Wait,
        }
    }

    /// After bytes: `Some` when the answer is complete.
    fn proceed(&mut self, at: Moment, result: Result<Option<()>, Error>) -> Next {
        if self.block.events() > 0 || self.response.has_begun() {
            self.deadlines.first_event_arrived();
            self.has_begun = true;
        }
        if self.block.events() > 0 {
            self.continuation.went_on();
        }
        match result {
            Ok(None) if self.block.is_empty() => {
                self.deadlines.reading(at.now);
                return Next::Read;
            }
            Ok(None) => self.deadlines.not_reading(at.now),
            Ok(Some(())) => {
                self.over(Ok(()));
            }
            Err(error) if self.block.is_empty() => {
                self.state = State::Cut(error);
                return Next::Cut;
            }
            Err(error) if self.block.events() > 0 && !self.may_go_on(&error) => {
                self.over(Err(error));
            }
            Err(error) => {
                self.deadlines.not_reading(at.now);
                self.state = State::Cut(error);
            }
        }
        // What came before the end is delivered before it.
        if self.block.is_empty() { self.handle(at, Input::Pull) } else { Next::Deliver }
    }

    fn failed(&mut self, at: Moment, failure: Failure) -> Next {
        let is_hidden = matches!(failure, Failure::Hidden(_));
        let connection = match failure {
            Failure::Fatal(error) => return self.over(Err(error)),
            Failure::Connection(message) | Failure::Hidden(message) => message,
        };
        match &self.state {
            State::Sending => self.broke(at, failures::connection(&connection, is_hidden), Advice::default()),
            // The status is known and says more than the connection's end.
            State::Refused { .. } => self.refused(at),
            State::Answering(answer) => {
                let error = answer.broken(&connection, &self.response);
                self.broke(at, error, self.advice)
            }
            _ => Next::Wait,
        }
    }

    fn timer(&mut self, at: Moment) -> Next {
        let Some((due, which)) = self.deadlines.next() else { return Next::Wait };
        if at.now < due {
            return Next::Wait;
        }
        // Where nothing has arrived, nothing would arrive twice; but an answer that is no stream was worked on to its end.
        let is_repeatable = match &self.state {
            State::Answering(answer) => answer.is_stream() && !self.has_begun,
            _ => true,
        };
        let error = failures::timeout(which, self.config.timeouts, is_repeatable);
        match (&self.state, which) {
            (State::Waiting, Which::Backoff) => {
                self.deadlines.stop_backoff();
                self.send(at)
            }
            // The status is known and says more than the time.
            (State::Refused { .. }, _) => self.refused(at),
            (_, Which::Total) => self.over(Err(error)),
            _ => self.broke(at, error, Advice::default()),
        }
    }

    fn refused(&mut self, at: Moment) -> Next {
        let State::Refused { head, body } = &mut self.state else { return Next::Wait };
        let body = answer::refusal(body);
        let error = api_error(Some(head.status), &body, head.request_id.take(), head.advice.after_ms);
        let advice = head.advice;
        self.broke(at, error, advice)
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
