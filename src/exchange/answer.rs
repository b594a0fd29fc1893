use super::failures;
use super::{Config, Head};
use crate::deviation::{Deviation, Found};
use crate::error::{Api, Error, api_error, explains};
use crate::event::{Block, Event, Kind, Payload, Recogniser, Seen};
use crate::json::{Invalid, Object, Outline, Value, quoted};
use crate::response::{Response, Status};
use crate::retry::Advice;
use crate::sse;
use crate::text::{append, begins_number, decimal, fill, find, lossy, rfind, split};
use alloc::borrow::{Cow, ToOwned};
use alloc::string::String;
use alloc::vec::Vec;

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
/// The body is read as what it is, whatever was asked for and whatever the server calls it: gateways answer a stream
/// request with plain JSON and the other way round, and the caller gets what it asked for all the same.
#[derive(Debug)]
pub(super) struct Answer {
    expect: Expect,
    member: &'static str,
    strict: bool,
    max_event_bytes: usize,
    max_response_bytes: usize,
    max_events: usize,
    head: Head,
    /// Whether the content type says what the body is.
    is_told: bool,
    /// Whether that is HTML, as some frameworks say of everything where nobody says another.
    is_called_page: bool,
    /// Whether the body's first bytes have been seen, and fit.
    is_sniffed: bool,
    body: Body,
    recogniser: Recogniser,
    behind: Behind,
    /// Whether the request was for more of a response.
    goes_on: bool,
    /// Whether a response that is still worked on is asked for again.
    waits: bool,
}

/// What the end of a body comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The answer is complete.
    Complete,
    /// It is the response itself, which may not be: it is for the exchange to read.
    Unfinished,
}

/// What a stream that goes on repeats.
#[derive(Debug, Clone, Copy)]
pub(super) struct Behind {
    /// Events up to that number have been told.
    pub(super) number: Option<u64>,
    /// Whether the first one behind it must be the next: else events would be missing, or told twice. Not once that is in.
    pub(super) must_follow: bool,
}

#[derive(Debug)]
enum Body {
    Stream(sse::Parser),
    Json(Vec<u8>),
}

/// The longest beginning of [`STREAM_STARTS`].
const SNIFFED: usize = 6;

/// How streams begin, and JSON never does.
const STREAM_STARTS: [&[u8]; 5] = [b"data:", b"event:", b"id:", b"retry:", b":"];

impl Answer {
    pub(super) fn new(config: &Config, head: Head, behind: Behind, goes_on: bool) -> Self {
        let content_type = head.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
        let is_stream = find(&content_type, "event-stream").is_some();
        let is_called_page = find(&content_type, "html").is_some();
        let is_told = is_stream || find(&content_type, "json").is_some();
        let body = if is_stream || (!is_told && config.expect == Expect::Stream) {
            Body::Stream(sse::Parser::new(config.max_event_bytes))
        } else {
            Body::Json(Vec::new())
        };
        Self {
            expect: config.expect,
            member: config.member,
            strict: config.strict,
            max_event_bytes: config.max_event_bytes,
            max_response_bytes: config.max_response_bytes,
            max_events: config.max_buffered_events,
            head,
            is_told: is_told || is_called_page,
            is_called_page,
            is_sniffed: false,
            body,
            // Only of a stream that was asked for are the events told.
            recogniser: Recogniser::new(config.fast_path && config.expect == Expect::Stream),
            behind,
            goes_on,
            waits: config.goes_on,
        }
    }

    /// Takes bytes; `Some` when the answer is complete, whatever may follow.
    pub(super) fn take(
        &mut self,
        chunk: &[u8],
        response: &mut Response,
        block: &mut Block,
    ) -> Result<Option<()>, Error> {
        if !self.is_sniffed && matches!(self.body, Body::Stream(_)) {
            let first = chunk.iter().find(|byte| !byte.is_ascii_whitespace() && !sse::BOM.contains(byte));
            self.is_sniffed = first.is_some();
            match first {
                Some(b'{' | b'[') => {
                    self.body = Body::Json(Vec::new());
                    self.mistaken(response)?;
                }
                Some(b'<') => return Err(failures::page()),
                Some(_) if self.is_called_page => self.mistaken(response)?,
                _ => (),
            }
        }
        match &mut self.body {
            Body::Json(bytes) => {
                if bytes.len() + chunk.len() > self.max_response_bytes {
                    return Err(failures::response_too_large(self.max_response_bytes));
                }
                bytes.extend_from_slice(chunk);
                if !self.is_sniffed && without_bom(bytes).len() >= SNIFFED {
                    self.is_sniffed = true;
                    if without_bom(bytes).starts_with(b"<") {
                        return Err(failures::page());
                    }
                    if is_stream(bytes) {
                        let bytes = core::mem::take(bytes);
                        self.body = Body::Stream(sse::Parser::new(self.max_event_bytes));
                        self.mistaken(response)?;
                        return self.take(&bytes, response, block);
                    }
                }
                Ok(None)
            }
            Body::Stream(parser) => {
                let Self { expect, strict, max_events, recogniser, behind, .. } = self;
                let mut reader = Reader::new(*expect, *strict, *max_events, recogniser, behind, response, block);
                let pushed = parser.feed(chunk, &mut reader);
                match (reader.end, pushed) {
                    (Some(end), _) => end.map(Some),
                    (None, Err(too_large)) => Err(failures::event_too_large(too_large.limit)),
                    (None, Ok(())) => Ok(None),
                }
            }
        }
    }

    /// Takes the end of the body; puts a body that was no stream into `whole`.
    pub(super) fn end(
        &mut self,
        response: &mut Response,
        block: &mut Block,
        whole: &mut String,
    ) -> Result<Ending, Error> {
        if matches!(self.head.status, 204 | 205) {
            return self.silence(whole);
        }
        match &mut self.body {
            Body::Stream(parser) => {
                let Self { expect, strict, max_events, recogniser, behind, .. } = self;
                let mut reader = Reader::new(*expect, *strict, *max_events, recogniser, behind, response, block);
                if let Some(event) = parser.finish() {
                    reader.unterminated(&event);
                }
                match reader.end {
                    Some(end) => end.map(|()| Ending::Complete),
                    None => Err(failures::truncated("no terminal event was sent", response)),
                }
            }
            Body::Json(bytes) => {
                let bytes = core::mem::take(bytes);
                let text = lossy(without_bom(&bytes));
                // Only what had to be replaced is not borrowed.
                if matches!(text, Cow::Owned(_)) {
                    response.deviate(Deviation::InvalidUtf8.alone(), None);
                    self.judge(response)?;
                }
                *whole = text.into_owned();
                if whole.is_empty() { self.silence(whole) } else { self.read_whole(whole, response, block) }
            }
        }
    }

    /// An answer of nothing.
    fn silence(&self, whole: &mut String) -> Result<Ending, Error> {
        if self.expect != Expect::Any {
            return Err(failures::empty_answer(self.head.status));
        }
        append(whole, "null");
        Ok(Ending::Complete)
    }

    /// The body is not what the content type says, or what was asked for where it says nothing.
    fn mistaken(&self, response: &mut Response) -> Result<(), Error> {
        if self.is_told {
            response.deviate(Deviation::WrongContentType.alone(), None);
        }
        self.judge(response)
    }

    /// In strict mode a deviation is an error.
    fn judge(&self, response: &Response) -> Result<(), Error> {
        match failures::deviation(response) {
            Some(error) if self.strict => Err(error),
            _ => Ok(()),
        }
    }

    pub(super) fn is_stream(&self) -> bool {
        matches!(self.body, Body::Stream(_))
    }

    /// The error of a connection that broke inside the body.
    pub(super) fn broken(&self, what: &str, response: &Response) -> Error {
        // Of events that were passed on, the same has been said where they broke off.
        let what = split(what, failures::REST).map_or(what, |(before, _)| before);
        match self.body {
            Body::Stream(_) => failures::truncated(&fill("the connection broke ({})", &[what]), response),
            Body::Json(_) => failures::interrupted(what),
        }
    }

    fn read_whole(&self, whole: &mut str, response: &mut Response, block: &mut Block) -> Result<Ending, Error> {
        let json = Value::parse(whole).map_err(|invalid| {
            if invalid.at >= whole.trim_ascii_end().len() {
                failures::interrupted("the body ends in the middle")
            } else {
                unreadable(invalid)
            }
        })?;
        if self.is_called_page {
            self.mistaken(response)?;
        }
        let is_response = is_response(json, self.goes_on);
        let is_taken = match self.expect {
            Expect::Response | Expect::Stream => is_response,
            Expect::Json if !self.member.is_empty() => json.has(self.member) && (is_response || !is_refusal(json)),
            Expect::Json => is_response || !(is_refusal(json) || says_nothing(json)),
            Expect::Any => is_response || !is_refusal(json),
        };
        if !is_taken {
            return Err(self.refused(json));
        }
        match self.expect {
            Expect::Json | Expect::Any => (),
            _ if self.goes_on => return Ok(Ending::Unfinished),
            Expect::Response => response.arrive(json),
            Expect::Stream if self.waits && is_worked_on(json) => {
                response.arrive(json);
                response.deviate(Deviation::JsonForStream.alone(), None);
                self.judge(response)?;
                return Ok(Ending::Unfinished);
            }
            Expect::Stream => {
                let event = ending(json);
                if let Payload::Event(event) = Payload::read("", &event).map_err(unreadable)? {
                    response.end(&event);
                    response.deviate(Deviation::JsonForStream.alone(), None);
                    self.judge(response)?;
                    block.push(&event);
                }
            }
        }
        Ok(Ending::Complete)
    }

    /// The error of JSON that is not what was asked for: what the server says of it, where it says something.
    fn refused(&self, json: Value<'_>) -> Error {
        let Head { status, request_id, advice, .. } = &self.head;
        if explains(json) || is_refusal(json) {
            return api_error(Some(*status), json.text(), request_id.clone(), advice.after_ms);
        }
        let mut error = failures::unexpected_answer(json);
        error.api = Some(Api { status: Some(*status), body: Some(json.text().to_owned()), ..Api::default() });
        error
    }
}

/// Reads the frames of a stream until its end.
struct Reader<'a> {
    expect: Expect,
    strict: bool,
    max_events: usize,
    recogniser: &'a mut Recogniser,
    behind: &'a mut Behind,
    response: &'a mut Response,
    block: &'a mut Block,
    /// How the stream ended. What follows is ignored: some servers send a second terminal event.
    end: Option<Result<(), Error>>,
}

impl<'a> Reader<'a> {
    fn new(
        expect: Expect,
        strict: bool,
        max_events: usize,
        recogniser: &'a mut Recogniser,
        behind: &'a mut Behind,
        response: &'a mut Response,
        block: &'a mut Block,
    ) -> Self {
        Self { expect, strict, max_events, recogniser, behind, response, block, end: None }
    }

    fn recognise_seen(&mut self, seen: Seen<'_>) -> usize {
        // What is one too many is refused where it is read.
        if self.behind.number.is_some() || self.block.events() >= self.max_events {
            return 0;
        }
        self.recogniser.recognise(seen, self.block, |delta| self.response.append(delta))
    }

    /// An event that has to be read as JSON.
    fn read(&mut self, sse: &sse::Event<'_>, raw: &[u8]) {
        let text = Payload::text(sse);
        // Only what had to be replaced is not borrowed.
        let found = Found::NONE.and_if(matches!(text, Cow::Owned(_)), Deviation::InvalidUtf8);
        let mut outline = Outline::new();
        let name = lossy(sse.name);
        match Payload::outlined(&name, &text, &mut outline) {
            Ok(Payload::Event(event)) => {
                let is_ordinary = self.event(&event, found);
                if is_ordinary {
                    self.recogniser.learn(sse, raw, &event, self.block);
                }
            }
            Ok(Payload::Done) => self.done(),
            Ok(Payload::Comment) => self.heartbeat(),
            Err(invalid) if invalid.too_deep => self.end = Some(Err(unreadable(invalid))),
            Err(_) => self.mend(&name, &text, false),
        }
    }

    /// The stream's last block, without its blank line: what ends it counts only when it is whole beyond doubt.
    fn unterminated(&mut self, event: &sse::Event<'_>) {
        let (name, text) = (lossy(event.name), Payload::text(event));
        match Payload::read(&name, &text) {
            Ok(Payload::Event(event)) if event.kind.is_terminal() => {
                self.event(&event, Deviation::UnterminatedEvent.alone());
            }
            Ok(Payload::Done) => self.done(),
            Ok(_) => (),
            Err(_) => self.mend(&name, &text, true),
        }
    }

    /// Data that is no JSON object. Relays that forget blank lines join events, each of them in a line of its own; when something
    /// breaks in the middle of an event they append the error to it; and the error of an event of that name may be mere words.
    ///
    /// At the end of a stream the last line may be cut, and what stands behind a line that is no JSON may be a part of an event of
    /// several lines: only what ends the stream is known to be an event.
    fn mend(&mut self, name: &str, text: &str, is_cut: bool) {
        let mut lost = None;
        let mut rest = text;
        while !rest.is_empty() && self.end.is_none() {
            let from = rest;
            let (line, behind) = split(rest, "\n").unwrap_or((rest, ""));
            rest = behind;
            let is_doubtful = is_cut && (lost.is_some() || rest.is_empty());
            match Payload::read("", line) {
                Ok(Payload::Event(event))
                    if event.kind.is_terminal() || (event.kind != Kind::Unnamed && !is_doubtful) =>
                {
                    let is_last = is_cut && event.kind.is_terminal();
                    self.event(&event, Deviation::JoinedEvents.alone().and_if(is_last, Deviation::UnterminatedEvent));
                }
                Ok(Payload::Done) => self.done(),
                Ok(Payload::Comment) => (),
                _ => match appended_error(line) {
                    Some(error) => self.end = Some(Err(error)),
                    None => lost = lost.or(Some(from)),
                },
            }
        }
        let Some(lost) = lost.filter(|_| self.end.is_none()) else { return };
        if Kind::named(name) == Kind::Error && !(is_cut && lost.starts_with('{')) {
            self.end = Some(Err(error_in_words(lost)));
        } else if !is_cut {
            self.response.deviate(Deviation::InvalidJson.alone(), None);
            self.judge();
        }
    }

    /// A line without `data:` before it: an error is meant all the same, and so is an event whose `data:` is in the line before.
    fn stray(&mut self, line: &[u8], is_data: bool) {
        match Payload::read("", &lossy(line)) {
            Ok(Payload::Event(event)) if is_data || event.kind == Kind::Error => {
                self.event(&event, Deviation::MisplacedData.alone());
            }
            _ => (),
        }
    }

    /// Whether it was told, and nothing is to be said of it that is not to be said of the next one like it.
    fn event(&mut self, event: &Event<'_>, found: Found) -> bool {
        if event.kind == Kind::KeepAlive {
            self.heartbeat();
        }
        if event.kind != Kind::Error && self.is_repeated(event) {
            return false;
        }
        let is_content = !matches!(event.kind, Kind::Error | Kind::KeepAlive);
        let found = found.and_if(self.expect != Expect::Stream, Deviation::StreamForJson);
        if is_content && !found.is_empty() {
            self.response.deviate(found, event.sequence_number);
        }
        let applied = self.response.apply(event);
        if event.kind == Kind::Error {
            self.end = Some(Err(error_event(event.json)));
        }
        if !is_content {
            return false;
        }
        if let Some(limit) = self.response.excess() {
            self.end = Some(Err(failures::response_too_large(limit)));
            return false;
        }
        if self.judge() {
            return false;
        }
        if self.expect == Expect::Stream {
            if self.block.events() >= self.max_events {
                self.end = Some(Err(failures::too_many_events(self.max_events)));
                return false;
            }
            self.recogniser.push(event, self.block);
        }
        if event.kind.is_terminal() {
            self.end = Some(self.ended());
        }
        found.and(applied).without(Deviation::OF_EVERY_EVENT).is_empty()
    }

    /// How a stream ended that ended well: where other JSON was asked for, it is none.
    #[inline(never)]
    fn ended(&self) -> Result<(), Error> {
        match self.expect {
            Expect::Stream | Expect::Response => Ok(()),
            Expect::Json | Expect::Any => Err(self.response.failure().unwrap_or_else(failures::stream_for_json)),
        }
    }

    /// Whether the event is one of another response.
    fn is_of_another(&self, event: &Event<'_>) -> bool {
        let id = event.response.and_then(|response| response.get("id")).and_then(Value::as_str);
        id.is_some() && id != self.response.id()
    }

    /// Whether the event has been told before the stream broke.
    fn is_repeated(&mut self, event: &Event<'_>) -> bool {
        let Behind { number: last, must_follow } = *self.behind;
        if last.is_none() && !must_follow {
            return false;
        }
        // An event without a number never does, not even behind the highest number there is; and none behind one without.
        let follows = last.is_some() && event.sequence_number.and_then(|number| number.checked_sub(1)) == last;
        match event.sequence_number {
            // Nothing is lower than no number.
            Some(number) if Some(number) <= last && !(must_follow && self.is_of_another(event)) => return true,
            None if !event.kind.is_known() => return true,
            _ if must_follow && (!follows || self.is_of_another(event)) => {
                self.end = Some(Err(failures::gap(self.response)));
                return true;
            }
            _ => *self.behind = Behind { number: None, must_follow: false },
        }
        false
    }

    /// In strict mode a deviation is an error.
    fn judge(&mut self) -> bool {
        if self.strict
            && let Some(error) = failures::deviation(self.response)
        {
            self.end = Some(Err(error));
            return true;
        }
        false
    }

    fn done(&mut self) {
        self.end = Some(if self.response.status() == Status::Open {
            Err(failures::truncated("[DONE] came without a terminal event", self.response))
        } else {
            Ok(())
        });
    }

    fn heartbeat(&mut self) {
        if self.expect == Expect::Stream {
            self.block.push_heartbeat();
        }
    }
}

impl sse::Sink for Reader<'_> {
    fn frame(&mut self, frame: sse::Frame<'_>, raw: &[u8]) {
        if self.end.is_some() {
            return;
        }
        match frame {
            sse::Frame::Comment(_) => self.heartbeat(),
            sse::Frame::Retry(_) => (),
            sse::Frame::Stray { line, is_data } => self.stray(line, is_data),
            sse::Frame::Event(event) => {
                if self.recognise_seen(Seen::Event(event)) == 0 {
                    self.read(&event, raw);
                }
            }
        }
    }

    fn recognise(&mut self, bytes: &[u8]) -> usize {
        if self.end.is_some() { 0 } else { self.recognise_seen(Seen::Bytes(bytes)) }
    }
}

/// The error in the body of a refusal: as it is, or the one that an event stream in its place ends with.
pub(super) fn refusal(body: &[u8]) -> String {
    if is_stream(body) {
        let (mut response, mut block) = (Response::new(), Block::default());
        let (mut recogniser, mut behind) = (Recogniser::new(false), Behind { number: None, must_follow: false });
        let mut reader =
            Reader::new(Expect::Stream, false, usize::MAX, &mut recogniser, &mut behind, &mut response, &mut block);
        let mut parser = sse::Parser::new(sse::Parser::DEFAULT_LIMIT);
        let _within_its_limit = parser.feed(body, &mut reader);
        if let Some(event) = parser.finish() {
            reader.unterminated(&event);
        }
        let told = reader.end.and_then(Result::err).or_else(|| response.failure());
        if let Some(error) = told.as_ref().and_then(|error| error.api.as_ref()?.body.as_deref()) {
            return Object::new().raw("error", error).finish();
        }
    }
    lossy(body).into_owned()
}

/// The error an event tells of, with what the headers in it say.
fn error_event(event: Value<'_>) -> Error {
    let mut error = api_error(None, event.text(), None, None);
    let headers = event.get("error").and_then(|error| error.get("headers")).or_else(|| event.get("headers"));
    if let (Some(headers), Some(api)) = (headers, &mut error.api) {
        let header = |name: &str| {
            let (_, value) = headers.members().find(|(header, _)| header.eq_ignore_ascii_case(name))?;
            value.as_str().or_else(|| Some(value.text().into()))
        };
        // A date would need a clock.
        let seconds = header("retry-after").filter(|text| begins_number(text));
        api.retry_after_ms = Advice::read(None, header("retry-after-ms").as_deref(), seconds.as_deref(), 0.0).after_ms;
        if api.request_id.is_none() {
            api.request_id = header("x-request-id").map(Into::into);
        }
    }
    error
}

/// The error that an event tells in words, and not in JSON.
fn error_in_words(words: &str) -> Error {
    let mut error = api_error(None, words, None, None);
    if let Some(api) = &mut error.api {
        api.body = Some(quoted(words));
    }
    error
}

/// The error object at the end of a text that is no JSON.
fn appended_error(text: &str) -> Option<Error> {
    let at = rfind(text, r#"{"type":"error""#).or_else(|| rfind(text, r#"{"error":"#))?;
    match Payload::read("", text.get(at..)?) {
        Ok(Payload::Event(event)) if event.kind == Kind::Error => Some(error_event(event.json)),
        _ => None,
    }
}

/// The error of a text that is no JSON, or more of it than is read.
fn unreadable(invalid: Invalid) -> Error {
    if invalid.too_deep {
        failures::nested_too_deep()
    } else {
        failures::invalid_json(&fill("invalid JSON at byte {}", &[&decimal(invalid.at as u64)]))
    }
}

fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(&sse::BOM).unwrap_or(bytes).trim_ascii()
}

/// Whether a body begins as event streams do.
fn is_stream(bytes: &[u8]) -> bool {
    let bytes = without_bom(bytes);
    STREAM_STARTS.iter().any(|start| bytes.starts_with(start))
}

/// Whether it is a response, by what all servers say of one. Where one is known to be asked for by its id, its status is enough.
fn is_response(json: Value<'_>, is_known: bool) -> bool {
    let has_status = || json.get("status").and_then(Value::escaped).is_some();
    json.says("object", "response")
        || json.get("output").is_some_and(Value::is_array)
        || ((is_known || (json.has("id") && !json.has("object"))) && has_status())
}

/// Whether it is an error, as gateways send them with HTTP 200 too.
fn is_refusal(json: Value<'_>) -> bool {
    let has_failed = || json.get("success").is_some_and(|success| success.text() == "false");
    json.has("error") || json.says("object", "error") || has_failed()
}

/// Whether JSON is nothing that can be asked for: no object and no list, or no more than words.
fn says_nothing(json: Value<'_>) -> bool {
    let is_empty = || json.members().next().is_none();
    let says_what = || json.has("id") || json.has("object") || json.has("data");
    !json.is_array() && (is_empty() || (explains(json) && !says_what()))
}

/// Whether the server has not finished a response yet.
pub(super) fn is_worked_on(response: Value<'_>) -> bool {
    let status = response.get("status").and_then(Value::as_str);
    matches!(status.as_deref(), Some("queued" | "in_progress" | "cancelling"))
}

/// The event that tells of a whole response as the last one of a stream does.
pub(super) fn ending(response: Value<'_>) -> String {
    let kind = match response.get("status").and_then(Value::as_str).as_deref() {
        Some("failed" | "cancelled") => "response.failed",
        Some("incomplete") => "response.incomplete",
        Some("queued") => "response.queued",
        Some("in_progress") => "response.in_progress",
        None if response.has("error") => "response.failed",
        None | Some("completed") => "response.completed",
        // Whatever it means, it does not say that the response is whole.
        Some(_) => "response.incomplete",
    };
    Object::new().string("type", kind).raw("response", response.text()).finish()
}
