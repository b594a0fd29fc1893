//! Calls that are told as scripts.
//!
//! A line of a script is an input and what must come of it, as in `head 200 sse > ready`.
//!
//! | input | |
//! | --- | --- |
//! | `start`, `pull`, `end`, `timer`, `abort` | |
//! | `head 429 json after=2000 should=false id=q kept=true` | status, content type (`-` for none), advice, request id, whether the response is kept |
//! | `chunk created text:Hi : [DONE]` | bytes: whole events by name; `:` is a comment |
//! | `chunk completed/1`, `chunk completed/2` | the first and the second half of an event |
//! | `chunk text:Hi@3` | the same with a sequence number |
//! | `chunk completed…` | an event without its last blank line |
//! | `raw data: {"a"\n\n` | bytes as they stand, `\n` is a line feed |
//! | `broken reset by peer` | the connection broke |
//! | `fatal` | something broke that sending again does not mend |
//!
//! Before an input, `+250` lets so many milliseconds pass. What comes of it is `send` (`resume 3` behind event 3, `poll`), `back 250` (the milliseconds
//! until the deadline), `ready`, `read`, `deliver created text:Hi` (`♥` for each comment), `finish`, `throw` with the
//! error's class and code, or `wait`. `deadline > 100` and `deadline > none` look at the time left.
#![allow(dead_code, reason = "no test uses all of it")]

use crate::block::BlockReader;
use openresponses_wasm::error::{Class, Error};
use openresponses_wasm::exchange::{Config, Errand, Exchange, Expect, Failure, Head, Input, Moment, Next, Timeouts};
use serde_json::{Value as Tree, json};

/// A call that is being played: half of the possible jitter, on a clock that starts anywhere.
pub(crate) struct Call {
    pub(crate) exchange: Exchange,
    pub(crate) now: f64,
    pub(crate) last: Next,
    pub(crate) blocks: BlockReader,
}

impl Call {
    pub(crate) fn new(config: Config) -> Self {
        Self { exchange: Exchange::new(config), now: 5_000.0, last: Next::Wait, blocks: BlockReader::default() }
    }

    pub(crate) fn give(&mut self, input: Input<'_>) -> String {
        let next = self.exchange.handle(Moment { now: self.now, entropy: 0.5 }, input);
        let told = match &next {
            Next::Send => match self.exchange.errand() {
                Errand::Ask => "send".into(),
                Errand::Resume => format!("resume {}", self.exchange.response().last_sequence_number().unwrap_or(999)),
                Errand::Poll => "poll".into(),
            },
            Next::Back => format!("back {}", self.deadline()),
            Next::Cut => return self.give(Input::Pull),
            Next::Ready => "ready".into(),
            Next::Read => "read".into(),
            Next::Deliver => format!("deliver{}", self.delivered()),
            Next::Finish(Ok(())) => "finish".into(),
            Next::Finish(Err(error)) => {
                let code = error.code.as_deref().unwrap_or("-").trim_matches('"');
                format!("throw {} {code}", error.class.name())
            }
            Next::Wait => "wait".into(),
        };
        self.last = next;
        told
    }

    pub(crate) fn deadline(&self) -> String {
        self.exchange.deadline().map_or("none".into(), |at| (at - self.now).to_string())
    }

    pub(crate) fn delivered(&mut self) -> String {
        let block = self.exchange.block();
        let events = self.blocks.read(block).into_iter().map(|event| -> Tree { event.parse().expect("JSON") });
        let names = events.map(|event| match event["type"].as_str() {
            Some("response.output_text.delta") => format!(" text:{}", event["delta"].as_str().unwrap_or_default()),
            Some(name) => format!(" {}", name.trim_start_matches("response.")),
            None => format!(" {event}"),
        });
        names.collect::<String>() + &" ♥".repeat(block.heartbeats())
    }

    /// What the block holds, as it is.
    pub(crate) fn block(&mut self) -> (Vec<u32>, Vec<u8>, String) {
        let block = self.exchange.block();
        (block.columns().to_vec(), block.text().to_vec(), block.json().to_owned())
    }

    /// Takes an input, as scripts write it.
    pub(crate) fn take(&mut self, input: &str) -> String {
        let (word, rest) = input.split_once(' ').unwrap_or((input, ""));
        match word {
            "start" => self.give(Input::Start),
            "pull" => self.give(Input::Pull),
            "end" => self.give(Input::End),
            "timer" => self.give(Input::Timer),
            "abort" => self.give(Input::Abort),
            "head" => self.give(Input::Head(head(rest))),
            "chunk" => self.give(Input::Chunk(&rest.split(' ').flat_map(bytes).collect::<Vec<u8>>())),
            "raw" => self.give(Input::Chunk(rest.replace("\\n", "\n").as_bytes())),
            "broken" => self.give(Input::Failed(Failure::Connection(rest.into()))),
            "hidden" => self.give(Input::Failed(Failure::Hidden(rest.into()))),
            "fatal" => self.give(Input::Failed(Failure::Fatal(fatal()))),
            other => panic!("no such input: {other}"),
        }
    }

    pub(crate) fn play(&mut self, script: &str) {
        for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (given, expected) = line.rsplit_once(" > ").expect("input > output");
            let (later, given) = match given.strip_prefix('+').and_then(|given| given.split_once(' ')) {
                Some((later, given)) => (later.parse().expect("milliseconds"), given),
                None => (0.0, given),
            };
            self.now += later;
            let came = if given == "deadline" { self.deadline() } else { self.take(given) };
            assert_eq!(came, expected, "at `{line}` of\n{script}");
        }
    }

    pub(crate) fn snapshot(&self) -> Tree {
        serde_json::from_str(&self.exchange.response().to_json()).expect("JSON")
    }

    pub(crate) fn error(&self) -> &Error {
        match &self.last {
            Next::Finish(Err(error)) => error,
            other => panic!("no error but {other:?}"),
        }
    }
}

pub(crate) fn fatal() -> Error {
    Error::local(Class::OpenResponsesError, "invalid_fetch", "m")
}

pub(crate) fn head(text: &str) -> Head {
    let mut head = Head::default();
    let mut words = text.split(' ');
    head.status = words.next().and_then(|status| status.parse().ok()).expect("a status");
    head.content_type = match words.next() {
        Some("sse") => Some("text/event-stream; charset=utf-8".into()),
        Some("json") => Some("application/json".into()),
        Some("html") => Some("Text/HTML; charset=utf-8".into()),
        Some("-") | None => None,
        Some(other) => Some(other.into()),
    };
    for word in words {
        match word.split_once('=') {
            Some(("after", ms)) => head.advice.after_ms = ms.parse().ok(),
            Some(("should", should)) => head.advice.should_retry = should.parse().ok(),
            Some(("kept", kept)) => head.is_kept = kept == "true",
            Some(("id", id)) => head.request_id = Some(id.into()),
            _ => panic!("no such part of a head: {word}"),
        }
    }
    head
}

pub(crate) fn finished(status: &str) -> String {
    let output = r#"[{"type":"message","content":[{"type":"output_text","text":"Hi"}]}]"#;
    format!(r#"{{"type":"response.{status}","response":{{"id":"r","status":"{status}","output":{output}}}}}"#)
}

pub(crate) fn bytes(name: &str) -> Vec<u8> {
    if let Some((name, number)) = name.rsplit_once('@') {
        let event = String::from_utf8(bytes(name)).expect("text");
        let mut event: Tree = serde_json::from_str(event.trim_start_matches("data:").trim()).expect("JSON");
        event["sequence_number"] = number.parse::<u64>().expect("a number").into();
        return format!("data: {event}\n\n").into_bytes();
    }
    if let Some(name) = name.strip_suffix('…') {
        let whole = bytes(name);
        return whole.strip_suffix(b"\n\n").expect("an event").to_vec();
    }
    if let Some((name, half)) = name.rsplit_once('/') {
        let whole = bytes(name);
        let (front, back) = whole.split_at(whole.len() / 2);
        return if half == "1" { front } else { back }.to_vec();
    }
    let data = match name {
        "" => return Vec::new(),
        ":" => return b": ping\n\n".to_vec(),
        "[DONE]" => name.into(),
        "created" => {
            let response = r#"{"id":"r","status":"in_progress","output":[]}"#;
            format!(r#"{{"type":"response.created","sequence_number":0,"response":{response}}}"#)
        }
        "background" => {
            let response = r#"{"id":"r","status":"queued","background":true,"output":[]}"#;
            format!(r#"{{"type":"response.created","sequence_number":0,"response":{response}}}"#)
        }
        "completed" | "failed" | "incomplete" => finished(name),
        "empty" => r#"{"type":"response.completed","response":{"id":"r","output":[]}}"#.into(),
        "acme:x" => r#"{"type":"acme:x","sequence_number":7}"#.into(),
        name => match name.split_once(':') {
            Some(("text", delta)) => json!({ "type": "response.output_text.delta", "delta": delta }).to_string(),
            _ => panic!("no such event: {name}"),
        },
    };
    format!("data: {data}\n\n").into_bytes()
}

/// A stream that is asked for once.
pub(crate) fn once() -> Config {
    Config { max_retries: 0, ..stream() }
}

/// A stream with a bound on the head, as by default, and room for one retry after the first.
pub(crate) fn stream() -> Config {
    Config {
        max_retries: 2,
        timeouts: Timeouts { head: 1_000.0, ..Timeouts::NONE },
        max_event_bytes: 1_000,
        max_response_bytes: 100_000,
        ..Config::new(Expect::Stream)
    }
}

pub(crate) fn whole() -> Config {
    Config { expect: Expect::Response, max_response_bytes: 1_000, ..stream() }
}

pub(crate) fn timed(timeouts: Timeouts) -> Config {
    Config { timeouts, ..stream() }
}

pub(crate) fn played(config: Config, script: &str) -> Call {
    let mut call = Call::new(config);
    call.play(script);
    call
}

/// A call whose answer has been accepted and is awaited.
pub(crate) fn reading(config: Config, content_type: &str, script: &str) -> Call {
    let mut call = Call::new(config);
    call.play("start > send");
    call.play(&format!("head 200 {content_type} > ready"));
    call.play("pull > read");
    call.play(script);
    call
}
