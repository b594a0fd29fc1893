//! The standard's rules of event streams, by what is told of a stream in the end: with and without recognition, and wherever
//! it is cut.
#![cfg(not(target_arch = "wasm32"))]

mod block;
mod deltas;
mod told;

use deltas::{CLOSING, delta, framed, opening};
use openresponses_wasm::exchange::Next;
use told::{CONFIG, Event, Member, Told, alike};

/// Behaviour, bytes in the midst of a stream, the deltas that they tell, how often they are a sign of life, and the codes of
/// what is mended. `X` and `Y` stand for deltas of these texts.
type Case = (&'static str, &'static str, &'static [&'static str], usize, &'static [&'static str]);

const CASES: &[Case] = &[
    ("LF ends a line", "data: X\n\n", &["x"], 0, &[]),
    ("CRLF ends a line", "data: X\r\n\r\n", &["x"], 0, &[]),
    ("CR ends a line", "data: X\r\r", &["x"], 0, &[]),
    ("line ends may be mixed", "data: X\r\n\ndata: Y\r\r\n", &["x", "y"], 0, &[]),
    ("LF CR is two line ends", "data: X\n\rdata: Y\n\r", &["x", "y"], 0, &[]),
    ("more blank lines say nothing", "\n\n\r\n\rdata: X\n\n\n\r\r\n", &["x"], 0, &[]),
    ("a byte order mark in the midst is part of a name", "\u{feff}data: X\n\ndata: Y\n\n", &["y"], 0, &[]),
    ("a space after the colon may be missing", "data:X\n\n", &["x"], 0, &[]),
    ("a second space is part of the data, and white space there", "data:  X\n\n", &["x"], 0, &[]),
    ("a tab is part of the data, and white space there", "data:\tX\t\n\n", &["x"], 0, &[]),
    ("a space before the name makes another name", " data: X\n\ndata: Y\n\n", &["y"], 0, &[]),
    ("a space behind the name makes another name", "data : X\n\ndata: Y\n\n", &["y"], 0, &[]),
    ("a name in capitals is another name", "DATA: X\n\nData: X\n\ndata: Y\n\n", &["y"], 0, &[]),
    ("a name with NUL is another name", "da\0ta: X\n\ndata: Y\n\n", &["y"], 0, &[]),
    ("a line without a colon is a field without a value", "X\ndata: Y\n\n", &["y"], 0, &[]),
    ("an unknown field is ignored", "foo: X\ndatax: X\ndata: Y\n\n", &["y"], 0, &[]),
    ("data lines are joined by LF", "data: {\ndata: REST\n\n", &["x"], 0, &[]),
    ("data lines are joined by LF whatever ends them", "data: {\rdata: REST\r\n\r\n", &["x"], 0, &[]),
    ("a text is not joined from two lines", "data: LEFT\ndata: RIGHT\n\n", &[], 0, &["invalid_json"]),
    (
        "a blank line ends an event in its middle",
        "data: {\n\ndata: REST\n\n",
        &[],
        0,
        &["invalid_json", "invalid_json"],
    ),
    ("data without a colon is an empty line of data", "data\ndata: X\ndata\n\n", &["x"], 0, &[]),
    ("an event of empty data is a sign of life", "data\n\ndata:\n\ndata: \n\n", &[], 3, &[]),
    ("an event of a line end alone is a sign of life", "data\ndata\n\n", &[], 1, &[]),
    ("data that is a comment is a sign of life", "data: : ping\n\ndata::X\n\n", &[], 2, &[]),
    ("NUL in data is no JSON", "data: \0X\n\ndata: Y\n\n", &["y"], 0, &["invalid_json"]),
    ("an event's name may tell its type", "event: response.output_text.delta\ndata: X\n\n", &["x"], 0, &[]),
    ("a name that differs does not count", "event: foo\ndata: X\n\n", &["x"], 0, &["event_name_mismatch"]),
    ("an event's name ends with it", "event: response.output_text.delta\ndata: X\n\ndata: Y\n\n", &["x", "y"], 0, &[]),
    ("the name of an event without data ends with it", "event: foo\n\ndata: X\n\n", &["x"], 0, &[]),
    ("an event without data is none", "event: foo\nid: 1\nretry: 1\n\n", &[], 0, &[]),
    ("the last of several names counts", "event: foo\nevent\ndata: X\n\n", &["x"], 0, &[]),
    ("a name may stand behind the data", "data: X\nevent: foo\n\n", &["x"], 0, &["event_name_mismatch"]),
    ("an id is ignored", "id: 7\ndata: X\n\nid\ndata: Y\n\n", &["x", "y"], 0, &[]),
    ("an id with NUL is ignored", "id: \0\ndata: X\n\n", &["x"], 0, &[]),
    ("a retry is ignored", "retry: 3000\ndata: X\n\nretry: 1\n\ndata: Y\n\n", &["x", "y"], 0, &[]),
    ("a retry that is no number is ignored", "retry: soon\ndata: X\nretry: -1\n\n", &["x"], 0, &[]),
    ("a comment is a sign of life", ": ping\n\n", &[], 1, &[]),
    ("a comment needs no blank line", ": ping\ndata: X\n\n", &["x"], 1, &[]),
    ("an empty comment is a sign of life", ":\n\n:\r\n", &[], 2, &[]),
    ("a comment in the middle of an event leaves it whole", "data: {\n: ping\ndata: REST\n\n", &["x"], 1, &[]),
    ("data in a comment is none", ":data: X\n\n: data: X\n\ndata: Y\n\n", &["y"], 2, &[]),
    ("characters of several bytes are kept whole", "data: MANY\n\n", &["é€🦀 名"], 0, &[]),
    ("characters of several bytes stand in every field", "ñ: é\nevent: 名\n: 🦀\n\ndata: X\n\n", &["x"], 1, &[]),
];

/// Behaviour, how a stream begins, the signs of life in it.
const BEGINNINGS: &[(&str, &str, usize)] = &[
    ("with an event", "", 0),
    ("with a byte order mark", "\u{feff}", 0),
    ("with a byte order mark and a comment", "\u{feff}: ping\r\n\r\n", 1),
    ("with blank lines", "\r\n\n\r", 0),
    ("with a time to wait", "retry: 3000\n\n", 0),
];

/// Behaviour, how a stream ends, the deltas told before, the code of the error that it ends in, and the codes of what is
/// mended. `END` stands for the terminal event.
type Ending = (&'static str, &'static str, &'static [&'static str], Option<&'static str>, &'static [&'static str]);

const ENDINGS: &[Ending] = &[
    ("an event that no blank line ends is none", "data: X\n", &[], Some("stream_truncated"), &[]),
    ("an event whose line does not end is none", "data: X", &[], Some("stream_truncated"), &[]),
    ("a CR ends the last line", "data: X\r\r", &["x"], Some("stream_truncated"), &[]),
    ("half a terminal event is none", "data: {", &[], Some("stream_truncated"), &[]),
    ("the terminal event ends the stream", "data: END\n\n", &[], None, &[]),
    ("a CR ends the terminal event", "data: END\r\n\r", &[], None, &[]),
    ("a terminal event that no blank line ends is taken", "data: END\n", &[], None, &["unterminated_event"]),
    ("a terminal event whose line does not end is taken", "data: END", &[], None, &["unterminated_event"]),
    ("what follows the terminal event is not read", "data: END\n\ndata: X\n\ndata: {\n\n", &[], None, &[]),
    (
        "[DONE] before the terminal event ends the stream",
        "data: [DONE]\n\ndata: END\n\n",
        &[],
        Some("stream_truncated"),
        &[],
    ),
];

fn written(bytes: &str) -> String {
    let x = delta(0, 9, "x");
    let (left, right) = x.split_once("kG9").expect("a text in it");
    let words = [
        ("MANY", delta(0, 9, "é€🦀 名")),
        ("REST", x.replacen('{', "", 1)),
        ("LEFT", format!("{left}k")),
        ("RIGHT", format!("G9{right}")),
        ("END", CLOSING.to_owned()),
        ("X", x.clone()),
        ("Y", delta(0, 10, "y")),
    ];
    words.iter().fold(bytes.to_owned(), |text, (word, event)| text.replace(word, event))
}

/// What is told of a stream, however it is cut there and near, and byte by byte.
fn told_alike(stream: &str, there: std::ops::Range<usize>, how: &str) -> Told {
    let bytes = stream.as_bytes();
    let (whole, _) = alike(CONFIG, &[bytes], how);
    let (dripped, _) = alike(CONFIG, &bytes.chunks(1).collect::<Vec<_>>(), how);
    assert_eq!(dripped, whole, "{how}: byte by byte");
    for at in there.start.saturating_sub(4)..(there.end + 4).min(bytes.len()) {
        let (front, back) = bytes.split_at(at);
        let (cut, _) = alike(CONFIG, &[front, &[], back], how);
        assert_eq!(cut, whole, "{how}: cut at {at}");
    }
    whole
}

/// The texts of the deltas.
fn deltas_of(events: &[Event]) -> Vec<String> {
    let text = |event: &Event| match event.iter().find(|(name, _)| name == "delta") {
        Some((_, Member::Text(units))) => Some(String::from_utf16_lossy(units)),
        _ => None,
    };
    events.iter().filter_map(text).collect()
}

/// The codes of what is mended, but for what the terminal event leaves out.
fn codes(told: &Told) -> Vec<&str> {
    let codes = told.deviations.split(r#""code":""#).skip(1).filter_map(|rest| rest.split('"').next());
    codes.filter(|code| !["empty_output", "missing_item_done"].contains(code)).collect()
}

#[test]
fn every_rule_holds_in_the_midst_of_a_stream_wherever_it_is_cut() {
    let mut events = opening(1);
    events.extend([delta(0, 1, "Hel"), delta(0, 2, "lo ")]);
    let front = framed(&events);
    let back = framed(&[delta(0, 80, "wor"), delta(0, 81, "ld"), CLOSING.to_owned()]);
    for (behaviour, bytes, deltas, heartbeats, deviations) in CASES {
        let middle = written(bytes);
        let told = told_alike(&format!("{front}{middle}{back}"), front.len()..front.len() + middle.len(), behaviour);
        let expected = [&["Hel", "lo "], *deltas, &["wor", "ld"]].concat();
        assert_eq!(deltas_of(&told.events), expected, "{behaviour}");
        assert_eq!(told.heartbeats, *heartbeats, "{behaviour}");
        assert_eq!(codes(&told), *deviations, "{behaviour}");
        assert_eq!(told.end, Next::Finish(Ok(())), "{behaviour}");
    }
}

#[test]
fn a_stream_may_begin_in_many_ways() {
    let mut events = opening(1);
    events.extend([delta(0, 1, "a"), CLOSING.to_owned()]);
    for (behaviour, beginning, heartbeats) in BEGINNINGS {
        let stream = format!("{beginning}{}", framed(&events));
        let told = told_alike(&stream, 0..beginning.len(), behaviour);
        assert_eq!((deltas_of(&told.events), told.heartbeats), (vec!["a".to_owned()], *heartbeats), "{behaviour}");
        assert_eq!((codes(&told), &told.end), (vec![], &Next::Finish(Ok(()))), "{behaviour}");
    }
}

#[test]
fn a_stream_may_end_in_many_ways() {
    let mut events = opening(1);
    events.extend([delta(0, 1, "Hel"), delta(0, 2, "lo ")]);
    let front = framed(&events);
    for (behaviour, bytes, deltas, error, deviations) in ENDINGS {
        let ending = written(bytes);
        let stream = format!("{front}{ending}");
        let told = told_alike(&stream, front.len()..stream.len(), behaviour);
        assert_eq!(deltas_of(&told.events), [&["Hel", "lo "], *deltas].concat(), "{behaviour}");
        assert_eq!(codes(&told), *deviations, "{behaviour}");
        let code = match &told.end {
            Next::Finish(Err(error)) => error.code.as_deref().map(|code| code.trim_matches('"')),
            Next::Finish(Ok(())) => None,
            other => panic!("{behaviour}: {other:?}"),
        };
        assert_eq!(code, *error, "{behaviour}");
    }
}

#[test]
fn a_huge_line_is_one_event_however_it_is_cut() {
    let text = "é€🦀 long ".repeat(20_000);
    let mut events = opening(1);
    events.extend([delta(0, 1, "Hel"), delta(0, 2, &text), delta(0, 3, &text), CLOSING.to_owned()]);
    for stream in [framed(&events), framed(&events).replace('\n', "\r\n")] {
        let (whole, _) = alike(CONFIG, &[stream.as_bytes()], "whole");
        assert_eq!(deltas_of(&whole.events), ["Hel", &text, &text]);
        for length in [7, 1_021, 4_096, 65_537] {
            let chunks: Vec<_> = stream.as_bytes().chunks(length).collect();
            assert_eq!(alike(CONFIG, &chunks, "in pieces").0, whole, "chunks of {length}");
        }
    }
}
