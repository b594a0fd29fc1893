use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::super::told::Told;
use super::ask::response;
use super::running::Running;
use crate::error::{Class, Error};
use crate::protocol::{Response, StreamEvent};

/// A response as it arrives: its events, in order, unknown ones included.
///
/// The one who polls sets the pace: while nobody does, nothing is read and the server is held back. Dropping the stream
/// closes the connection.
#[derive(Debug)]
#[must_use = "nothing is sent before the stream is polled"]
pub struct EventStream {
    running: Running,
    events: VecDeque<StreamEvent>,
    phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing has been sent.
    Idle,
    /// The driver owes an answer.
    Asked,
    /// What was told has been taken.
    Answered,
    Over,
}

impl EventStream {
    pub(super) fn new(running: Running) -> Self {
        Self { running, events: VecDeque::new(), phase: Phase::Idle }
    }

    /// The response so far.
    ///
    /// # Errors
    /// None in practice: what has been read has been checked.
    pub fn snapshot(&self) -> Result<Response, Error> {
        self.running.with_exchange(|exchange| response(&exchange.response().to_json()))
    }

    /// The error of a response that the server declared failed. As in JavaScript, that ends the stream like any other end.
    #[must_use]
    pub fn failure(&self) -> Option<Error> {
        self.running.failure()
    }

    /// The request's id, by whichever header of the answer names it. Browsers show only the headers the server exposes.
    #[must_use]
    pub fn request_id(&self) -> Option<String> {
        self.running.with_exchange(|exchange| exchange.request_id().map(str::to_owned))
    }
}

impl Stream for EventStream {
    type Item = Result<StreamEvent, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Poll::Ready(Some(Ok(event)));
            }
            match self.phase {
                Phase::Idle => {
                    self.phase = Phase::Asked;
                    self.running.start();
                }
                Phase::Answered => {
                    self.phase = Phase::Asked;
                    self.running.pull();
                }
                Phase::Over => return Poll::Ready(None),
                Phase::Asked => match ready!(self.running.poll(context)) {
                    Told::Events | Told::EventsAhead | Told::LastEvents => {
                        match serde_json::from_str(&events(&self.running)) {
                            Ok(events) => {
                                self.events = events;
                                self.phase = Phase::Answered;
                            }
                            Err(error) => {
                                self.phase = Phase::Over;
                                let message = format!("An event cannot be read: {error}");
                                let error = Error::local(Class::ProtocolError, "invalid_json", &message);
                                return Poll::Ready(Some(Err(error)));
                            }
                        }
                    }
                    Told::End => self.phase = Phase::Over,
                    Told::Failed => {
                        self.phase = Phase::Over;
                        return Poll::Ready(Some(Err(self.running.error())));
                    }
                    _ => self.phase = Phase::Answered,
                },
            }
        }
    }
}

/// The events of a chunk, which may have held comments only.
fn events(running: &Running) -> String {
    let events = running.events();
    if events.is_empty() { String::from("[]") } else { events }
}
