//! What is told of a stream: its events as JavaScript gets them, and what is known at its end.

use crate::block::BlockReader;
use openresponses_wasm::exchange::{Config, Exchange, Expect, Head, Input, Moment, Next};
use openresponses_wasm::json::Value;

/// All of it that must not depend on how the events were read.
#[derive(Debug, PartialEq)]
pub(crate) struct Told {
    pub(crate) events: Vec<Event>,
    pub(crate) heartbeats: usize,
    pub(crate) end: Next,
    pub(crate) snapshot: String,
    pub(crate) deviations: String,
    pub(crate) accounts: [Option<String>; 2],
}

/// The members of an event in their order: names, and values as JavaScript has them.
pub(crate) type Event = Vec<(String, Member)>;

#[derive(Debug, PartialEq)]
pub(crate) enum Member {
    /// In UTF-16, which can hold half a surrogate pair.
    Text(Vec<u16>),
    /// As it is written.
    Other(String),
}

/// A stream that is read to its end, without deadlines.
pub(crate) const CONFIG: Config = Config { goes_on: false, max_event_bytes: 1 << 26, ..Config::new(Expect::Stream) };

/// What is told of a stream in these chunks, which recognition does not change; and how many events were recognised.
pub(crate) fn alike(config: Config, chunks: &[&[u8]], how: &str) -> (Told, usize) {
    let (recognised, count) = told(config, chunks.iter().copied());
    let (read, none) = told(Config { fast_path: false, ..config }, chunks.iter().copied());
    assert_eq!(none, 0, "nothing is recognised that must not be: {how}");
    assert_eq!(recognised, read, "{how}");
    (recognised, count)
}

/// What is told of a stream that arrives in these chunks, and how many of its events were recognised.
pub(crate) fn told<'a>(config: Config, chunks: impl IntoIterator<Item = &'a [u8]>) -> (Told, usize) {
    let mut exchange = Exchange::new(config);
    let mut blocks = BlockReader::default();
    let mut told = Told {
        events: Vec::new(),
        heartbeats: 0,
        end: Next::Wait,
        snapshot: String::new(),
        deviations: String::new(),
        accounts: [None, None],
    };
    let head = Head { status: 200, content_type: Some("text/event-stream".into()), ..Head::default() };
    let inputs = [Input::Start, Input::Head(head), Input::Pull].into_iter();
    for input in inputs.chain(chunks.into_iter().map(Input::Chunk)).chain([Input::End]) {
        let next = exchange.handle(Moment::default(), input);
        // Comments in the chunk that ends a stream are delivered only with events, and counted all the same.
        if matches!(next, Next::Deliver | Next::Finish(_)) {
            told.events.extend(blocks.read(exchange.block()).iter().map(|event| members(event)));
            told.heartbeats += exchange.block().heartbeats();
            exchange.handle(Moment::default(), Input::Pull);
        }
    }
    told.end = exchange.handle(Moment::default(), Input::Pull);
    let response = exchange.response();
    told.snapshot = response.to_json();
    told.deviations = response.deviations().to_json();
    told.accounts = [response.usage(), response.cost()].map(|account| account.map(str::to_owned));
    (told, blocks.recognised)
}

fn members(event: &str) -> Event {
    let member = |value: Value<'_>| match value.escaped() {
        Some(inner) => Member::Text(units(inner)),
        None => Member::Other(value.text().to_owned()),
    };
    Value::known(event).members().map(|(name, value)| (name.into_owned(), member(value))).collect()
}

/// What a string is that is written so between its quotes.
fn units(inner: &str) -> Vec<u16> {
    let mut units = Vec::new();
    let mut rest = inner;
    while let Some((plain, escape)) = rest.split_once('\\') {
        units.extend(plain.encode_utf16());
        let (unit, length) = match escape.as_bytes().first() {
            Some(b'u') => (u16::from_str_radix(&escape[1..5], 16).expect("four digits"), 5),
            Some(b'b') => (8, 1),
            Some(b'f') => (12, 1),
            Some(b'n') => (10, 1),
            Some(b'r') => (13, 1),
            Some(b't') => (9, 1),
            Some(byte) => (u16::from(*byte), 1),
            None => panic!("half an escape: {inner}"),
        };
        units.push(unit);
        rest = &escape[length..];
    }
    units.extend(rest.encode_utf16());
    units
}
