use super::failures;
use super::{Config, Head};
use crate::error::{Error, api_error};
use crate::event::{Block, Event, Kind, Payload};
use crate::json::{Object, Value};
use crate::response::{Response, Status};
use crate::sse;

/// What the server is to answer with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// A stream of events.
    Stream,
    /// A response object.
    Response,
    /// Some other JSON, such as a list of models.
    Json,
    /// Some other JSON, or nothing at all, as servers answer that have nothing to say of a deletion.
    Any,
}

/// An accepted answer, while its body arrives.
///
/// The body is read as what the server says it is, not as what was asked for: gateways answer a stream request with plain
/// JSON and the other way round, and the caller gets what it asked for all the same.
#[derive(Debug)]
pub(super) struct Answer {
    expect: Expect,
    head: Head,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Stream(sse::Parser),
    Json { bytes: Vec<u8>, limit: usize },
}

impl Answer {
    pub(super) fn new(config: &Config, head: Head) -> Result<Self, Error> {
        let content_type = head.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
        let is_stream = if content_type.contains("event-stream") {
            true
        } else if content_type.contains("json") {
            false
        } else if content_type.contains("html") {
            return Err(failures::unexpected_content_type(&content_type));
        } else {
            config.expect == Expect::Stream
        };
        let body = if is_stream {
            Body::Stream(sse::Parser::new(config.max_event_bytes))
        } else {
            Body::Json { bytes: Vec::new(), limit: config.max_response_bytes }
        };
        Ok(Self { expect: config.expect, head, body })
    }

    /// Takes bytes; `Some` when the answer is complete, whatever may follow.
    pub(super) fn take(
        &mut self,
        chunk: &[u8],
        response: &mut Response,
        block: &mut Block,
    ) -> Result<Option<()>, Error> {
        let deliver = self.expect == Expect::Stream;
        match &mut self.body {
            Body::Json { bytes, limit } => {
                if bytes.len() + chunk.len() > *limit {
                    return Err(failures::response_too_large(*limit));
                }
                bytes.extend_from_slice(chunk);
                Ok(None)
            }
            Body::Stream(parser) => {
                let mut reader = Reader { deliver, response, block, end: None };
                let pushed = parser.push(chunk, |frame| reader.frame(frame));
                let end = reader.end.take();
                match (end, pushed) {
                    (Some(end), _) => end.map(Some),
                    (None, Err(too_large)) => Err(failures::event_too_large(too_large.limit)),
                    (None, Ok(())) => Ok(None),
                }
            }
        }
    }

    /// Takes the end of the body; puts a body that was no stream into `whole`.
    pub(super) fn end(&mut self, response: &mut Response, block: &mut Block, whole: &mut String) -> Result<(), Error> {
        let deliver = self.expect == Expect::Stream;
        match &mut self.body {
            Body::Stream(parser) => {
                let mut reader = Reader { deliver, response, block, end: None };
                if let Some(event) = parser.finish() {
                    reader.unterminated(&event);
                }
                match reader.end {
                    Some(end) => end,
                    None => Err(failures::truncated("no terminal event was sent", response)),
                }
            }
            Body::Json { bytes, .. } => {
                *whole = String::from_utf8(std::mem::take(bytes))
                    .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
                self.read_whole(whole, response, block)
            }
        }
    }

    /// The error of a connection that broke inside the body.
    pub(super) fn broken(&self, what: &str, response: &Response) -> Error {
        match self.body {
            Body::Stream(_) => failures::truncated(&format!("the connection broke ({what})"), response),
            Body::Json { .. } => failures::interrupted(what),
        }
    }

    fn read_whole(&self, whole: &mut String, response: &mut Response, block: &mut Block) -> Result<(), Error> {
        if self.expect == Expect::Any && whole.trim().is_empty() {
            "null".clone_into(whole);
            return Ok(());
        }
        let json = Value::parse(whole).map_err(|invalid| {
            if invalid.at >= whole.trim_end().len() {
                failures::interrupted("the body ends in the middle")
            } else {
                failures::invalid_json("The answer", invalid)
            }
        })?;
        let is_response = json.get("output").is_some() || is_response_object(json);
        if !is_response && json.get("error").is_some_and(|error| !error.is_null()) {
            let advice = self.head.advice.after_ms;
            return Err(api_error(Some(self.head.status), whole, self.head.request_id.clone(), advice));
        }
        match self.expect {
            Expect::Json | Expect::Any => (),
            Expect::Response | Expect::Stream if !json.is_object() => {
                return Err(failures::invalid_json("The answer", "it is another kind of JSON"));
            }
            Expect::Response => *response = Response::from_snapshot(json),
            Expect::Stream => {
                let event = terminal_event(json);
                if let Payload::Event(event) =
                    Payload::read("", &event).map_err(|invalid| failures::invalid_json("The answer", invalid))?
                {
                    response.apply(&event);
                    block.push(&event);
                }
            }
        }
        Ok(())
    }
}

/// Reads the frames of a stream until its end.
struct Reader<'a> {
    deliver: bool,
    response: &'a mut Response,
    block: &'a mut Block,
    /// How the stream ended. What follows is ignored: some servers send a second terminal event.
    end: Option<Result<(), Error>>,
}

impl Reader<'_> {
    fn frame(&mut self, frame: sse::Frame<'_>) {
        if self.end.is_some() {
            return;
        }
        match frame {
            sse::Frame::Comment(_) => self.heartbeat(),
            sse::Frame::Retry(_) => (),
            sse::Frame::Event(event) => {
                let text = Payload::text(&event);
                match Payload::read(&String::from_utf8_lossy(event.name), &text) {
                    Ok(Payload::Event(event)) => self.event(&event),
                    Ok(Payload::Done) => self.done(),
                    Ok(Payload::Comment) => self.heartbeat(),
                    Err(invalid) => self.end = Some(Err(failures::invalid_json("The data of an event", invalid))),
                }
            }
        }
    }

    /// The stream's last block, without its blank line: it counts only when it is whole beyond doubt.
    fn unterminated(&mut self, event: &sse::Event<'_>) {
        let text = Payload::text(event);
        match Payload::read(&String::from_utf8_lossy(event.name), &text) {
            Ok(Payload::Event(event)) if event.kind.is_terminal() => self.event(&event),
            Ok(Payload::Done) => self.done(),
            _ => (),
        }
    }

    fn event(&mut self, event: &Event<'_>) {
        self.response.apply(event);
        if event.kind == Kind::Error {
            self.end = Some(Err(api_error(None, event.json.text(), None, None)));
            return;
        }
        if self.deliver {
            self.block.push(event);
        }
        if event.kind.is_terminal() {
            self.end = Some(Ok(()));
        }
    }

    fn done(&mut self) {
        self.end = Some(if self.response.status() == Status::Open {
            Err(failures::truncated("[DONE] came without a terminal event", self.response))
        } else {
            Ok(())
        });
    }

    fn heartbeat(&mut self) {
        if self.deliver {
            self.block.push_heartbeat();
        }
    }
}

fn is_response_object(json: Value<'_>) -> bool {
    json.get("object").and_then(Value::as_str).is_some_and(|object| object == "response")
}

/// The event that would have ended a stream with this response.
fn terminal_event(response: Value<'_>) -> String {
    let kind = match response.get("status").and_then(Value::as_str).as_deref() {
        Some("failed" | "cancelled") => "response.failed",
        Some("incomplete") => "response.incomplete",
        _ => "response.completed",
    };
    Object::new().string("type", kind).raw("response", response.text()).finish()
}
