//! Deltas that are recognised by those before them: what is told is what reading them as JSON tells.
#![cfg(not(target_arch = "wasm32"))]

mod block;

use block::BlockReader;
use openresponses_wasm::event::JSON;
use openresponses_wasm::exchange::{Config, Exchange, Expect, Head, Input, Moment, Next};
use openresponses_wasm::sse::Parser;
use serde_json::{Value as Tree, json};

/// What comes of a stream: its events, how it ended, the response, what was wrong, and how many events were recognised.
#[derive(Debug, PartialEq)]
struct Outcome {
    events: Vec<String>,
    heartbeats: usize,
    end: String,
    response: String,
    deviations: String,
}

fn outcome<'a>(
    fast_path: bool,
    max_event_bytes: usize,
    chunks: impl IntoIterator<Item = &'a [u8]>,
) -> (Outcome, usize) {
    let mut exchange = Exchange::new(Config { fast_path, max_event_bytes, ..Config::new(Expect::Stream) });
    let (mut blocks, mut events, mut heartbeats, mut recognised) = (BlockReader::default(), Vec::new(), 0, 0);
    let content_type = Some("text/event-stream".to_owned());
    let mut give = |input: Input<'_>| {
        let next = exchange.handle(Moment::default(), input);
        if next == Next::Deliver {
            let block = exchange.block();
            let as_json = block.columns().iter().filter(|column| **column == JSON).count();
            recognised += block.events() - as_json.min(block.events());
            heartbeats += block.heartbeats();
            events.extend(blocks.read(block));
            exchange.handle(Moment::default(), Input::Pull)
        } else {
            next
        }
    };
    give(Input::Start);
    give(Input::Head(Head { status: 200, content_type, ..Head::default() }));
    let mut last = give(Input::Pull);
    for chunk in chunks {
        last = give(Input::Chunk(chunk));
    }
    if last == Next::Read {
        last = give(Input::End);
    }
    let response = exchange.response();
    let (response, deviations) = (response.to_json(), response.deviations().to_json());
    (Outcome { events, heartbeats, end: format!("{last:?}"), response, deviations }, recognised)
}

/// Numbers what is sent.
#[derive(Default)]
struct Numbers(u32);

impl Numbers {
    fn event(&mut self, mut event: Tree) -> (String, String) {
        event["sequence_number"] = self.0.into();
        self.0 += 1;
        (event["type"].as_str().expect("a type").to_owned(), event.to_string())
    }

    fn delta(&mut self, delta: &str) -> (String, String) {
        self.event(json!({
            "type": "response.output_text.delta", "item_id": "msg_1", "output_index": 0, "content_index": 0,
            "delta": delta, "logprobs": [], "obfuscation": "x9",
        }))
    }
}

/// How an event of that name with that data is written.
type Way = fn(&str, &str) -> String;

/// A stream with a text of as many deltas as there are ways to write them.
fn stream(ways: &[Way]) -> String {
    let mut numbers = Numbers::default();
    let mut stream = String::new();
    let mut write = |(name, data): (String, String), way: Way| stream.push_str(&way(&name, &data));
    write(numbers.event(json!({ "type": "response.created", "response": { "id": "r", "output": [] } })), plain);
    let item = json!({ "id": "msg_1", "type": "message", "content": [] });
    write(numbers.event(json!({ "type": "response.output_item.added", "output_index": 0, "item": item })), plain);
    let part = json!({ "type": "output_text", "text": "", "annotations": [] });
    let added = json!({
        "type": "response.content_part.added", "item_id": "msg_1", "output_index": 0, "content_index": 0, "part": part,
    });
    write(numbers.event(added), plain);
    for (at, way) in ways.iter().enumerate() {
        write(numbers.delta(&format!("a{at} \"é\u{1F980}\"\n")), *way);
    }
    write(numbers.event(json!({ "type": "response.incomplete", "response": { "id": "r", "output": [] } })), plain);
    stream
}

fn plain(name: &str, data: &str) -> String {
    format!("event: {name}\ndata: {data}\n\n")
}

/// All ways to write an event, each between two that are plain.
const WAYS: &[Way] = &[
    |name, data| format!("id: 7\nevent: {name}\ndata: {data}\n\n"),
    |name, data| format!("event: {name}\nid: 8\ndata: {data}\n\n"),
    |name, data| format!("event: {name}\ndata: {data}\nid: 9\n\n"),
    |name, data| format!(": alive\nevent: {name}\n: still\ndata: {data}\n: and\n\n"),
    |name, data| format!("retry: 5\nevent: {name}\ndata: {data}\n\n"),
    |name, data| format!("event: {name}\ndata: {}\n\n", data.replacen(',', ",\ndata:", 1)),
    |name, data| format!("event: {name}\ndata: {data}\ndata: \n\n"),
    |name, data| format!("data: {data}\nevent: {name}\n\n"),
    |_, data| format!("event: other\ndata: {data}\n\n"),
    |_, data| format!("data: {data}\n\n"),
    |name, data| format!("event:{name}\ndata:{data}\n\n"),
    |name, data| format!("event: {name}\r\ndata: {data}\r\n\r\n"),
    |name, data| format!("event: {name}\rdata: {data}\r\r"),
    |name, data| format!("event: {name}\ndata: {data}\r\n\n"),
    |name, data| format!("event: {name}\ndata: {data} \n\n"),
    |name, data| format!("\n\nevent: {name}\ndata: {data}\n\n\n\n"),
    |name, data| format!("event: {name}\n\nevent: {name}\ndata: {data}\n\n"),
    |name, data| format!("event: {name}\nevent: {name}\ndata: {data}\n\n"),
    |name, data| format!("event: {name}\nother: {name}\ndata: {data}\n\n"),
    |name, data| format!("event: {name}\ndata: {data}\nother\n\n"),
];

fn all_ways() -> String {
    stream(&WAYS.iter().flat_map(|way| [plain, *way, *way]).collect::<Vec<_>>())
}

#[test]
fn deltas_are_told_as_json_tells_them_whatever_lines_stand_beside_their_data() {
    let stream = all_ways();
    let (told, recognised) = outcome(true, Parser::DEFAULT_LIMIT, [stream.as_bytes()]);
    assert!(recognised > WAYS.len(), "{recognised}");
    assert_eq!(told, outcome(false, Parser::DEFAULT_LIMIT, [stream.as_bytes()]).0);
    assert_eq!(told.events.len(), 4 + 3 * WAYS.len());
}

#[test]
fn deltas_are_told_as_json_tells_them_wherever_the_stream_is_cut() {
    let stream = all_ways();
    let expected = outcome(false, Parser::DEFAULT_LIMIT, [stream.as_bytes()]).0;
    for at in 0..stream.len() {
        let (one, other) = stream.as_bytes().split_at(at);
        assert_eq!(outcome(true, Parser::DEFAULT_LIMIT, [one, other]).0, expected, "cut at {at}");
    }
    for size in [1, 2, 3, 7, 100, 211, 500] {
        let chunks = stream.as_bytes().chunks(size);
        assert_eq!(outcome(true, Parser::DEFAULT_LIMIT, chunks).0, expected, "in pieces of {size}");
    }
}

#[test]
fn what_stands_beside_the_data_of_the_first_delta_counts_in_the_next_ones_too() {
    for (at, way) in WAYS.iter().enumerate() {
        let stream = stream(&[*way, *way, plain, *way]);
        let (told, recognised) = outcome(true, Parser::DEFAULT_LIMIT, [stream.as_bytes()]);
        assert_eq!(told, outcome(false, Parser::DEFAULT_LIMIT, [stream.as_bytes()]).0, "way {at}");
        assert!(recognised > 0 || [5, 6, 8, 14].contains(&at), "way {at}");
    }
}

#[test]
fn deltas_are_recognised_in_every_framing() {
    let lines = stream(&[plain as Way; 10]);
    for end in ["\n", "\r\n", "\r"] {
        for space in [" ", ""] {
            let stream = lines.replace('\n', end).replace(": {", &format!(":{space}{{"));
            let (told, recognised) = outcome(true, Parser::DEFAULT_LIMIT, [stream.as_bytes()]);
            assert_eq!((recognised, told.events.len()), (9, 14), "{end:?}");
            assert_eq!(told, outcome(false, Parser::DEFAULT_LIMIT, [stream.as_bytes()]).0);
        }
    }
}

#[test]
fn a_delta_beyond_the_limit_is_refused_though_it_is_like_those_before() {
    let mut numbers = Numbers(20);
    let (name, data) = numbers.delta(&"x".repeat(500));
    let stream = stream(&[plain as Way; 3])
        .replace("event: response.incomplete", &format!("{}event: response.incomplete", plain(&name, &data)));
    for limit in [300, name.len() + data.len(), name.len() + data.len() + 6, 2_000] {
        let (told, recognised) = outcome(true, limit, [stream.as_bytes()]);
        assert_eq!(told, outcome(false, limit, [stream.as_bytes()]).0);
        assert!(recognised >= 2, "{recognised}");
    }
}
