//! The SSE parser against the standard's algorithm, at every cut of the stream.
#![cfg(not(target_arch = "wasm32"))]

mod standard;

use openresponses_wasm::sse::{Parser, TooLarge};
use proptest::prelude::*;
use standard::{every_cut, oracle, parsed};

/// Behaviour, stream, what it says, and what is left at its end.
type Case = (&'static str, &'static [u8], &'static [&'static str], Option<&'static str>);

const CASES: &[Case] = &[
    ("LF ends a line", b"data: a\n\ndata: b\n\n", &["|a|", "|b|"], None),
    ("CR ends a line", b"data: a\r\rdata: b\r\r", &["|a|", "|b|"], None),
    ("CRLF ends a line", b"data: a\r\n\r\ndata: b\r\n\r\n", &["|a|", "|b|"], None),
    ("line ends may be mixed", b"data: a\r\n\ndata: b\r\r\ndata: c\n\rdata\n\n", &["|a|", "|b|", "|c|", "||"], None),
    ("LF CR is two line ends", b"data: a\n\rdata: b\n\r", &["|a|", "|b|"], None),
    ("CR CR LF is two line ends", b"data: a\r\r\ndata: b\r\r\n", &["|a|", "|b|"], None),
    ("a leading byte order mark is no part of the first line", b"\xEF\xBB\xBFdata: a\n\n", &["|a|"], None),
    ("a byte order mark is dropped once", b"\xEF\xBB\xBF\xEF\xBB\xBFdata: a\n\ndata: b\n\n", &["|b|"], None),
    ("a byte order mark later on is text", b"data: a\n\n\xEF\xBB\xBFdata: b\n\n", &["|a|"], None),
    ("the beginning of a byte order mark is none", b"\xEF\xBBdata: a\ndata: b\n\n", &["|b|"], None),
    ("another beginning of a byte order mark is none", b"\xEFdata: a\n\ndata: b\n\n", &["|b|"], None),
    ("a byte order mark cut off by a line end is none", b"\xEF\xBB\ndata: b\n\n", &["|b|"], None),
    ("a byte order mark alone says nothing", b"\xEF\xBB\xBF", &[], None),
    ("half a byte order mark alone says nothing", b"\xEF\xBB", &[], None),
    ("an empty stream says nothing", b"", &[], None),
    ("data lines are joined by LF", b"data: a\r\ndata: b\rdata:\ndata: c\n\n", &["|a\nb\n\nc|"], None),
    ("a line with a colon in front is a comment", b": a\n:\n::\n:data: a\n\n", &[": a", ":", "::", ":data: a"], None),
    ("a comment inside an event leaves it whole", b"data: a\n: ping\ndata: b\n\n", &[": ping", "|a\nb|"], None),
    ("data without a colon is an empty line", b"data\ndata\n\n", &["|\n|"], None),
    ("one space after the colon is dropped", b"data:  a\n\ndata:a\n\ndata: a \n\n", &["| a|", "|a|", "|a |"], None),
    ("a tab after the colon is part of the value", b"data:\ta\n\ndata: \ta\n\n", &["|\ta|", "|\ta|"], None),
    ("a space before the colon is part of the name", b"data : a\n\n data: a\n\ndata: b\n\n", &["|b|"], None),
    ("a colon in a value is part of it", b"data: a: b:c\n\ndata::d\n\n", &["|a: b:c|", "|:d|"], None),
    ("an event without data is none", b"event: a\nid: 1\n\ndata: b\n\n", &["|b|1"], None),
    ("an event with empty data is one", b"data\n\ndata:\n\ndata: \n\n", &["||", "||", "||"], None),
    ("an event's name ends with it", b"event: a\ndata: 1\n\ndata: 2\n\n", &["a|1|", "|2|"], None),
    ("the name of an event without data ends with it", b"event: a\n\ndata: 2\n\n", &["|2|"], None),
    ("the last of several names counts", b"event: a\nevent: b\ndata: 1\n\n", &["b|1|"], None),
    ("an empty name is none", b"event: a\nevent\ndata: 1\n\n", &["|1|"], None),
    ("an id stays until the next", b"id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n", &["|a|1", "|b|1", "|c|"], None),
    ("an id with NUL is ignored", b"id: 1\n\nid: 2\x003\ndata: a\n\n", &["|a|1"], None),
    ("a retry of digits is one", b"retry: 3000\nretry:007\n\n", &["retry 3000", "retry 7"], None),
    (
        "a retry of anything else is none",
        b"retry: 3s\nretry: -1\nretry: +1\nretry: 1.5\nretry\nretry:  1\nretry:\xD9\xA3\nretry: 99999999999999999999\n",
        &[],
        None,
    ),
    ("unknown fields are ignored", b"foo: 1\ndatax: 2\nDATA: 3\nEvent: 4\ndata: 5\n\n", &["|5|"], None),
    (
        "a line that begins with a brace is told as what it is, and no part of an event",
        b"{\"a\": 1}\ndata: b\n {c}\r\n\n",
        &["stray {\"a\": 1}", "stray  {c}", "|b|"],
        None,
    ),
    (
        "behind an empty line of data it is that data",
        b"data:\n {a}\n\ndata\n\n{b}\ndata: \n\t{c}\ndata: d\ndata\n{e}\n\n",
        &["stray data  {a}", "||", "stray {b}", "stray data \t{c}", "stray {e}", "|d\n|"],
        None,
    ),
    ("at the end it is data", b"data: a\n\n{b}", &["|a|"], Some("|{b}|")),
    ("NUL in data is kept", b"data: a\x00b\n\n", &["|a\0b|"], None),
    (
        "text of several bytes a character is kept whole",
        "data: é€🦀\nevent: 名\nid: ñ\n\n".as_bytes(),
        &["名|é€🦀|ñ"],
        None,
    ),
    ("invalid UTF-8 is replaced", b"data: \xFFa\xF0\x9F\xA6\ndata: \x80\n\n", &["|\u{FFFD}a\u{FFFD}\n\u{FFFD}|"], None),
    ("blank lines alone say nothing", b"\n\n\r\n\r\r\n", &[], None),
    ("an unterminated block is left to the end", b"data: a\n\nevent: e\nid: 7\ndata: b\n", &["|a|"], Some("e|b|7")),
    ("an unterminated line is left to the end", b"data: a\n\nevent: e\ndata: b", &["|a|"], Some("e|b|")),
    ("an unterminated second line is left to the end", b"data: a\r\ndata: b", &[], Some("|a\nb|")),
    ("an unterminated block without data is nothing", b"data: a\n\nevent: e\nid: 7", &["|a|"], None),
    ("an unterminated comment is nothing", b"data: a\n\n: ping", &["|a|"], None),
    ("a terminated block leaves nothing", b"data: a\r\n\r", &["|a|"], None),
];

#[test]
fn the_oracle_says_what_the_standard_says() {
    for (behaviour, stream, said, left) in CASES {
        let said = said.iter().map(ToString::to_string).collect();
        assert_eq!(oracle(stream), (said, left.map(String::from)), "{behaviour}");
    }
}

#[test]
fn every_case_is_read_as_the_standard_says_at_every_cut() {
    for (behaviour, stream, ..) in CASES {
        let (seen, left) = oracle(stream);
        for chunks in every_cut(stream) {
            assert_eq!(
                parsed(chunks.iter().copied(), Parser::DEFAULT_LIMIT),
                (seen.clone(), Ok(left.clone())),
                "{behaviour}: {chunks:?}"
            );
        }
    }
}

/// Bytes as they stand in event streams, and some that do not.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let words: Vec<&[u8]> = vec![
        b"\n",
        b"\n",
        b"\n\n",
        b"\r",
        b"\r\n",
        b"\r\n\r\n",
        b":",
        b": ",
        b" ",
        b"\t",
        b"\0",
        b"data",
        b"data:",
        b"data: ",
        b"event",
        b"event: ",
        b"id",
        b"id: ",
        b"retry",
        b"retry: ",
        b"7",
        b"a",
        b"\xEF\xBB\xBF",
        b"\xEF\xBB",
        b"\xBF",
        b"\xF0\x9F",
        "é".as_bytes(),
        "🦀".as_bytes(),
        b"\xFF",
    ];
    let word = prop_oneof![
        20 => prop::sample::select(words).prop_map(<[u8]>::to_vec),
        1 => any::<u8>().prop_map(|byte| vec![byte]),
    ];
    prop::collection::vec(word, 0..60).prop_map(|words| words.concat())
}

/// The stream, cut at the given places.
fn cut<'a>(stream: &'a [u8], places: &[prop::sample::Index]) -> Vec<&'a [u8]> {
    let mut places: Vec<usize> = places.iter().map(|place| place.index(stream.len() + 1)).collect();
    places.sort_unstable();
    let mut chunks = Vec::new();
    let mut rest = stream;
    for (before, place) in std::iter::once(&0).chain(&places).zip(&places) {
        let (chunk, behind) = rest.split_at(place - before);
        chunks.push(chunk);
        rest = behind;
    }
    chunks.push(rest);
    chunks
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_cut_anywhere_are_read_as_the_standard_says(
        stream in stream(),
        places in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let (seen, left) = oracle(&stream);
        let chunks = cut(&stream, &places);
        prop_assert_eq!(chunks.concat(), stream.clone());
        prop_assert_eq!(parsed(chunks, Parser::DEFAULT_LIMIT), (seen, Ok(left)));
    }

    #[test]
    fn the_limit_falls_on_the_same_event_however_the_stream_is_cut(
        stream in stream(),
        places in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        limit in 0..40_usize,
    ) {
        let whole = parsed([stream.as_slice()], limit);
        prop_assert_eq!(parsed(cut(&stream, &places), limit), whole.clone());
        prop_assert_eq!(parsed(stream.chunks(1), limit), whole);
    }
}

/// A stream of which the second event needs a limit of exactly so many bytes: its name, its data before the last line,
/// and that line.
const LIMITED: &[(&str, &[u8], usize)] = &[
    ("one line", b"data: a\n\ndata: 0123456789\n\ndata: b\n\n", 16),
    ("one line that ends with CRLF", b"data: a\r\n\r\ndata: 0123456789\r\n\r\ndata: b\r\n\r\n", 16),
    ("a name and a line", b"data: a\n\nevent: name\ndata: 0123456789\n\ndata: b\n\n", 20),
    ("a line and a name", b"data: a\n\ndata: 0123456789\nevent: name\n\ndata: b\n\n", 21),
    ("several lines", b"data: a\n\ndata: 0123456789\ndata: 0123456789\n\ndata: b\n\n", 26),
    ("a field that is ignored", b"data: a\n\nignored: 0123456789\n\ndata: b\n\n", 19),
    ("an id", b"data: a\n\nid: 0123456789\nid\n\ndata: b\n\n", 14),
    ("a comment", b"data: a\n\n:0123456789\n\ndata: b\n\n", 11),
];

#[test]
fn an_event_exactly_at_the_limit_passes_and_one_byte_more_does_not() {
    for (what, stream, limit) in LIMITED {
        let (seen, _) = oracle(stream);
        for chunks in every_cut(stream) {
            assert_eq!(parsed(chunks.iter().copied(), *limit), (seen.clone(), Ok(None)), "{what}: {chunks:?}");
            let (before, result) = parsed(chunks.iter().copied(), limit - 1);
            assert_eq!(before, ["|a|"], "{what}: {chunks:?}");
            assert_eq!(result, Err(TooLarge { limit: limit - 1 }), "{what}: {chunks:?}");
        }
    }
}

#[test]
fn a_parser_that_met_too_large_an_event_stays_failed() {
    let mut parser = Parser::new(10);
    assert_eq!(parser.push(b"data: 0123456789", |_| ()), Err(TooLarge { limit: 10 }));
    for chunk in [b"\n\ndata: b\n\n".as_slice(), b"", b"data: c\n\n"] {
        assert_eq!(parser.push(chunk, |frame| panic!("{frame:?}")), Err(TooLarge { limit: 10 }));
    }
    assert_eq!(parser.finish(), None);
}

#[test]
fn what_endless_comments_and_ids_hold_does_not_add_up_to_the_limit() {
    let stream = b": 0123456789\nid: 1\nretry: 5\n".repeat(1_000);
    let (_, left) = parsed([stream.as_slice()], 20);
    assert_eq!(left, Ok(None));
}
