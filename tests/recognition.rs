//! Deltas that are recognised by those before them are told exactly as JSON tells them.
#![cfg(not(target_arch = "wasm32"))]

mod block;
mod deltas;
mod streams;
mod told;

use deltas::{CLOSING, delta, framed, opening};
use openresponses_wasm::exchange::Config;
use proptest::prelude::*;
use streams::cut;
use told::{CONFIG, alike, told};

/// As [`alike`], and byte by byte, and wherever the stream is cut in two.
fn alike_at_every_cut(stream: &[u8], how: &str) -> usize {
    alike_at_cuts(stream, 0..stream.len(), how)
}

/// As [`alike`], and byte by byte, and cut in two at these places.
fn alike_at_cuts(stream: &[u8], places: impl IntoIterator<Item = usize>, how: &str) -> usize {
    let (whole, recognised) = alike(CONFIG, &[stream], how);
    let (dripped, _) = alike(CONFIG, &stream.chunks(1).collect::<Vec<_>>(), how);
    assert_eq!(dripped, whole, "{how}, byte by byte");
    for at in places {
        let (front, back) = stream.split_at(at);
        let (cut, again) = alike(CONFIG, &[front, back], how);
        assert_eq!((&cut, again), (&whole, recognised), "{how}, cut at {at}");
    }
    recognised
}

/// A stream of ordinary deltas with these events in their midst.
fn around(events: &[&str]) -> Vec<String> {
    let mut all = opening(1);
    all.extend([delta(0, 1, "Hel"), delta(0, 2, "lo ")]);
    all.extend(events.iter().map(|event| (*event).to_owned()));
    all.extend([delta(0, 80, "wor"), delta(0, 81, "ld"), CLOSING.to_owned()]);
    all
}

/// What may stand in the midst of a stream: what it is, the event, whether it is recognised.
fn oddities() -> Vec<(&'static str, String, bool)> {
    let usual = || delta(0, 9, "x");
    let with = |from: &str, to: &str| {
        let event = usual().replacen(from, to, 1);
        assert_ne!(event, usual(), "{from} is there to be replaced");
        event
    };
    let written = |text: &str| delta(0, 9, text);
    vec![
        ("an ordinary delta", usual(), true),
        ("an empty delta", written(""), true),
        ("a long delta", written(&"long ".repeat(200)), true),
        ("escapes", written(r#"\"\\\/\b\f\n\r\t\u00e9\u0000"#), true),
        ("a whole surrogate pair", written(r"\ud83e\udd80\uDBFF\uDFFF"), true),
        ("characters of every length", written("é€🦀\u{7f}\u{2028}\u{2029}\u{feff}"), true),
        ("another obfuscation", with("kG9", ""), true),
        ("an escaped obfuscation", with("kG9", r"\u006b\n"), true),
        ("a number after a gap", with(":109}", ":179}"), true),
        ("a high surrogate alone", written(r"\ud83e"), false),
        ("a low surrogate alone", written(r"\udd80"), false),
        ("surrogates in the wrong order", written(r"\udd80\ud83e"), false),
        ("a high surrogate before an escape", written(r"\ud83e\n"), false),
        ("a high surrogate in the obfuscation", with("kG9", r"\ud83e"), false),
        ("an unknown escape", written(r"\x41"), false),
        ("a short escape", written(r"\u12"), false),
        ("a sign in an escape", written(r"\u+123"), false),
        ("an escape of the quote that ends it", written(r"\"), false),
        ("a control character", written("\u{1}"), false),
        ("a NUL", written("\0"), false),
        ("a tab", written("\t"), false),
        ("one byte of the type differs", with("output_text", "output_texT"), false),
        ("one byte of the id differs", with("m0", "m1"), false),
        ("one byte of an index differs", with(r#""output_index":0"#, r#""output_index":1"#), false),
        ("one byte of a name differs", with("logprobs", "logprobz"), false),
        ("one byte of the end differs", with("9}", "9]"), false),
        ("one byte more at the end", usual() + "}", false),
        ("one byte less at the end", with("9}", "9"), false),
        ("an extra field", with("}", r#","extra":1}"#), false),
        ("an extra field in front", with("{", r#"{"extra":1,"#), false),
        ("a missing field", with(r#""logprobs":[],"#, ""), false),
        ("a missing number", with(r#","sequence_number":109"#, ""), false),
        ("a missing index", with(r#""content_index":0,"#, ""), false),
        ("a delta twice", with("}", r#","delta":"y"}"#), false),
        ("a delta twice, one of them escaped", with("}", r#","d\u0065lta":"y"}"#), false),
        ("an index twice", with("}", r#","output_index":1}"#), false),
        ("an escaped key", with(r#""delta""#, r#""d\u0065lta""#), false),
        ("an escaped type", with("output_text", r"output\u005ftext"), false),
        ("a delta in a delta", written(r#"","delta":""#), false),
        ("a delta that is no string", with(r#""x""#, "1"), false),
        ("a delta that is null", with(r#""x""#, "null"), false),
        ("a delta that is an object", with(r#""x""#, r#"{"text":"x"}"#), false),
        ("a number with ten digits", with(":109}", ":1000000009}"), false),
        ("a number beyond 64 bits", with(":109}", ":18446744073709551617}"), false),
        ("a number beyond all bits", with(":109}", ":1e999}"), false),
        ("a float", with(":109}", ":109.0}"), false),
        ("an exponent", with(":109}", ":109e0}"), false),
        ("a leading zero", with(":109}", ":0109}"), false),
        ("a negative number", with(":109}", ":-109}"), false),
        ("a negative zero", with(":109}", ":-0}"), false),
        ("a number as a string", with(":109}", r#":"109"}"#), false),
        ("no number behind its name", with(":109}", ":}"), false),
        ("a negative index", with(r#""content_index":0"#, r#""content_index":-1"#), false),
        ("an index that is a float", with(r#""output_index":0"#, r#""output_index":0.0"#), false),
        ("an index with an exponent", with(r#""output_index":0"#, r#""output_index":0e0"#), false),
        ("an index beyond 64 bits", with(r#""content_index":0"#, r#""content_index":99999999999999999999"#), false),
        ("log probabilities", with("[]", r#"[{"token":"x","logprob":-0.5,"bytes":[120],"top_logprobs":[]}]"#), false),
        ("white space", with(",", ", "), false),
        ("white space before", format!(" {}", usual()), false),
        ("white space behind", format!("{} ", usual()), false),
        ("another order", with(r#""logprobs":[],"obfuscation":"kG9""#, r#""obfuscation":"kG9","logprobs":[]"#), false),
        ("a number that repeats", with(":109}", ":102}"), false),
        ("a number that goes back", with(":109}", ":101}"), false),
        ("an unknown item", with(r#""output_index":0"#, r#""output_index":7"#), false),
        ("an unknown part", with(r#""content_index":0"#, r#""content_index":3"#), false),
        ("a prototype", with("}", r#","__proto__":{"polluted":true}}"#), false),
        ("keys that are integers", with("{", r#"{"1":1,"0":0,"#), false),
        ("a member of 4 KB", with("}", &format!(r#","pad":"{}"}}"#, "x".repeat(4096))), false),
        ("its usage", with("}", r#","usage":{"total_tokens":1}}"#), false),
        ("a response beside it", with("}", r#","response":{"id":"r"}}"#), false),
        ("an error beside it", with("}", r#","error":{"message":"x"}}"#), false),
        ("no object", "[]".to_owned(), false),
        ("no JSON", "{".to_owned(), false),
    ]
}

#[test]
fn an_odd_event_in_the_midst_of_others_is_told_as_json_tells_it_wherever_the_stream_is_cut() {
    for (what, event, is_recognised) in oddities() {
        let stream = framed(&around(&[&event]));
        // In it, its frame, and the beginning of the one behind.
        let begin = stream.find(&framed(std::slice::from_ref(&event))).expect("the event");
        let recognised = alike_at_cuts(stream.as_bytes(), begin..(begin + event.len() + 60).min(begin + 600), what);
        // The second one before, and the two behind; where the odd one is the text's last template or makes them odd, fewer.
        assert!(recognised <= 3 + usize::from(is_recognised), "{what}: {recognised}");
        if is_recognised {
            assert_eq!(recognised, 4, "{what}");
        }
        // More of them: what was read may be learned from.
        for count in [2, 8] {
            let events = framed(&around(&vec![event.as_str(); count]));
            alike(CONFIG, &[events.as_bytes()], what);
            alike(CONFIG, &events.as_bytes().chunks(7).collect::<Vec<_>>(), what);
            alike(Config { strict: true, ..CONFIG }, &[events.as_bytes()], what);
        }
    }
}

#[test]
fn deltas_that_are_all_odd_in_one_way_are_told_as_json_tells_them() {
    for (what, event, _) in oddities() {
        // The event is the pattern of all deltas, each with its own number where it has one.
        let mut events = opening(1);
        events.extend((1..20).map(|number| event.replacen(":109}", &format!(":{}}}", 100 + number), 1)));
        events.push(CLOSING.to_owned());
        alike(CONFIG, &[framed(&events).as_bytes()], what);
    }
}

#[test]
fn bytes_that_are_no_utf8_are_replaced_and_never_recognised() {
    let cases: [(&str, &[u8]); 6] = [
        ("a byte of none", b"\xFF"),
        ("a cut sequence", b"\xF0\x9F\xA6"),
        ("an overlong sequence", b"\xC0\xAF"),
        ("an encoded surrogate", b"\xED\xA0\x80"),
        ("beyond Unicode", b"\xF4\x90\x80\x80"),
        ("a sequence cut by an escape", b"\xC3\\n"),
    ];
    let stream = framed(&around(&[&delta(0, 9, "PLACE")]));
    let (front, back) = stream.split_once("PLACE").expect("a place");
    for (what, bytes) in cases {
        let stream = [front.as_bytes(), bytes, back.as_bytes()].concat();
        let recognised = alike_at_every_cut(&stream, what);
        assert_eq!(recognised, 3, "{what}");
        let (told, _) = told(CONFIG, [stream.as_slice()]);
        assert!(told.deviations.contains("invalid_utf8"), "{what}: {}", told.deviations);
    }
}

/// A stream of these deltas behind the opening of so many messages: all of it, and how many are recognised.
fn recognised(messages: usize, deltas: impl IntoIterator<Item = String>) -> usize {
    let mut events = opening(messages);
    events.extend(deltas);
    events.push(CLOSING.to_owned());
    let stream = framed(&events);
    let (_, count) = alike(CONFIG, &[stream.as_bytes()], "whole");
    assert_eq!(alike(CONFIG, &stream.as_bytes().chunks(16).collect::<Vec<_>>(), "in pieces").1, count);
    count
}

#[test]
fn the_deltas_of_ordinary_streams_are_recognised_all_but_the_first_of_each_text() {
    assert_eq!(recognised(1, (1..=50).map(|at| delta(0, at, "a"))), 49);
    for texts in [2, 3, 4] {
        let in_turns = (1..=60).map(|at| delta(at % texts, at, "a"));
        assert_eq!(recognised(texts, in_turns), 60 - texts, "{texts} texts in turns");
    }
    // More texts than are remembered.
    recognised(5, (1..=60).map(|at| delta(at % 5, at, "a")));
    let runs = (1..=60).map(|at| delta(at / 12, at, "a"));
    assert_eq!(recognised(6, runs), 60 - 6, "six texts, one after the other");

    let bare = |at: usize| delta(0, at, "a").replace(&format!(r#","obfuscation":"kG{at}""#), "");
    assert_eq!(recognised(1, (1..=50).map(bare)), 49, "no obfuscation");
    let unnumbered = |at: usize| delta(0, at, "a").replace(&format!(r#","sequence_number":{}"#, 100 + at), "");
    assert_eq!(recognised(1, (1..=50).map(unnumbered)), 49, "no number");
    let spaced = |at: usize| delta(0, at, "a").replace(',', ", ").replace(':', ": ");
    assert_eq!(recognised(1, (1..=50).map(spaced)), 49, "white space");
    let padded = |at: usize| delta(0, at, "a").replacen('{', &format!(r#"{{"pad":"{}","#, "x".repeat(3_500)), 1);
    assert_eq!(recognised(1, (1..=50).map(padded)), 49, "a constant of 3.5 KB");
    let too_long = |at: usize| delta(0, at, "a").replacen('{', &format!(r#"{{"pad":"{}","#, "x".repeat(4_096)), 1);
    assert_eq!(recognised(1, (1..=50).map(too_long)), 0, "a constant of 4 KB");
}

#[test]
fn deltas_of_which_each_has_an_id_of_its_own_are_told_as_json_tells_them() {
    let rotating = |at: usize| delta(0, at, "a").replace("m0", &format!("m0-{at}"));
    assert_eq!(recognised(1, (1..=60).map(rotating)), 0);
}

#[test]
fn halves_of_a_surrogate_pair_in_two_deltas_are_one_character_of_the_text() {
    let halves = [r"\ud83e", r"\udd80", "a", r"b\ud83e", r"\udd80\ud83e", r"\udd80"];
    let mut events = opening(1);
    events.extend(halves.iter().zip(1..).map(|(half, at)| delta(0, at, half)));
    events.push(CLOSING.to_owned());
    let stream = framed(&events);
    alike_at_every_cut(stream.as_bytes(), "halves");
    let (told, _) = told(CONFIG, [stream.as_bytes()]);
    assert!(told.snapshot.contains(r"\ud83e\udd80ab\ud83e\udd80\ud83e\udd80"), "{}", told.snapshot);
}

#[test]
fn a_delta_behind_the_end_of_its_text_or_item_is_told_as_json_tells_it() {
    let place = r#""item_id":"m0","output_index":0,"content_index":0"#;
    let ends = [
        format!(r#"{{"type":"response.output_text.done",{place},"text":"Hello "}}"#),
        format!(r#"{{"type":"response.output_text.done",{place},"text":"other"}}"#),
        format!(r#"{{"type":"response.output_text.done",{place},"text":""}}"#),
        format!(r#"{{"type":"response.content_part.done",{place},"part":{{"type":"output_text","text":"Hello "}}}}"#),
        format!(r#"{{"type":"response.content_part.done",{place},"part":{{"type":"refusal","refusal":"No"}}}}"#),
        format!(r#"{{"type":"response.content_part.added",{place},"part":{{"type":"output_text","text":"again"}}}}"#),
        r#"{"type":"response.output_item.done","output_index":0,"item":{"id":"m0","type":"message","content":[]}}"#.into(),
        r#"{"type":"response.output_item.done","output_index":0,"item":{"id":"m0","content":[{"type":"output_text","text":"Hi"}]}}"#.into(),
        r#"{"type":"response.output_item.added","output_index":0,"item":{"id":"other","type":"function_call","arguments":""}}"#.into(),
        r#"{"type":"response.in_progress","response":{"id":"r","output":[{"id":"m0","content":[]}]}}"#.into(),
        r#"{"type":"response.failed","response":{"id":"r"}}"#.into(),
        r#"{"type":"error","error":{"message":"overloaded"}}"#.into(),
        "[DONE]".into(),
    ];
    for end in &ends {
        alike_at_every_cut(framed(&around(&[end])).as_bytes(), end);
        let odd = delta(0, 9, "after");
        alike(CONFIG, &[framed(&around(&[end, &odd, end, &odd])).as_bytes()], end);
        alike(CONFIG, &[framed(&around(&[end, end])).as_bytes()], end);
    }
}

#[test]
fn a_delta_with_an_id_that_its_item_had_before_is_told_as_json_tells_it() {
    let mut events = opening(2);
    events.extend([delta(0, 1, "a"), delta(0, 2, "b")]);
    events.push(
        r#"{"type":"response.output_item.added","output_index":0,"item":{"id":"other","type":"message"}}"#.into(),
    );
    events.push(delta(0, 3, "c"));
    // Its item goes by that id again, which is all that tells where this one belongs.
    events.push(delta(0, 4, "d").replace(r#""output_index":0,"#, ""));
    events.push(CLOSING.to_owned());
    alike_at_every_cut(framed(&events).as_bytes(), "an id from before");
}

#[test]
fn how_events_are_framed_does_not_change_what_is_told() {
    let events = around(&[&delta(0, 9, "x")]);
    let (plain, _) = alike(CONFIG, &[framed(&events).as_bytes()], "plain");
    let framed_by = |frame: &dyn Fn(&str) -> String| -> String { events.iter().map(|event| frame(event)).collect() };
    let multi_line = |event: &str| format!("data: {}\n\n", event.replacen(',', ",\ndata: ", 2));
    for (how, stream) in [
        ("CRLF", framed(&events).replace('\n', "\r\n")),
        ("CR", framed(&events).replace('\n', "\r")),
        ("no space", framed(&events).replace("data: ", "data:")),
        ("ids", framed_by(&|event| format!("id: 7\ndata: {event}\n\n"))),
        ("comments", framed_by(&|event| format!(": ping\ndata: {event}\n\n"))),
        ("several lines", framed_by(&multi_line)),
        ("a byte order mark", format!("\u{feff}{}", framed(&events))),
    ] {
        let recognised = alike_at_every_cut(stream.as_bytes(), how);
        assert_eq!(recognised, 4, "{how}");
        let (told, _) = told(CONFIG, [stream.as_bytes()]);
        assert_eq!((&told.events, &told.snapshot), (&plain.events, &plain.snapshot), "{how}");
    }
}

#[test]
fn an_event_whose_name_differs_is_told_as_json_tells_it() {
    let events = around(&[]);
    for names in [["response.output_text.delta", "response.output_text.delta"], ["", "message"], ["a", "b"], ["a", "a"]]
    {
        let named = |(at, event): (usize, &String)| format!("event: {}\ndata: {event}\n\n", names[at % 2]);
        let stream: String = events.iter().enumerate().map(named).collect();
        alike_at_every_cut(stream.as_bytes(), &names.join(" "));
    }
}

#[test]
fn members_that_are_empty_or_keys_of_objects_prototype_are_told_in_their_order() {
    let extra = r#","__proto__":{},"10":[],"2":{ },"constructor":[ ],"toString":null,"hasOwnProperty":"","delta ":{}}"#;
    let odd = |at: usize| delta(0, at, "a").replacen('}', extra, 1);
    assert_eq!(recognised(1, (1..=20).map(odd)), 19);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_stream_is_told_as_json_tells_it(
        choices in prop::collection::vec(any::<u8>(), 0..400),
        lengths in prop::collection::vec(any::<u8>(), 0..5),
        strict in prop::bool::weighted(0.1),
        resumes in prop::bool::weighted(0.1),
        max_event_bytes in prop::sample::select(vec![300, 2_000, 1 << 26]),
    ) {
        let stream = streams::stream(&choices);
        let config = Config { strict, resumes, max_event_bytes, ..CONFIG };
        let (whole, _) = alike(config, &[&stream], "whole");
        let (pieces, _) = alike(config, &cut(&stream, &lengths), "in pieces");
        prop_assert_eq!(pieces, whole);
    }
}

/// An event about an item, and so many like it; `place` says what is left out, and where it belongs.
fn about(kind: &str, id: u8, index: u8, content_index: u8, place: u8) -> String {
    let id = if place & 1 == 0 { format!(r#","item_id":"i{id}""#) } else { String::new() };
    let index = if place & 6 == 0 { String::new() } else { format!(r#","output_index":{index}"#) };
    let of_part = format!(r#""type":"response.{kind}"{id}{index},"content_index":{content_index},"summary_index":0"#);
    let of_item = format!(r#""type":"response.{kind}"{index},"item":{{"id":"i{}","status":"s""#, place & 3);
    match kind {
        "output_text.done" | "reasoning_text.done" => format!(r#"{{{of_part},"text":"ab"}}"#),
        "refusal.done" => format!(r#"{{{of_part},"refusal":"no"}}"#),
        "content_part.added" => format!(r#"{{{of_part},"part":{{"type":"output_text","text":""}}}}"#),
        "content_part.done" => format!(r#"{{{of_part},"part":{{"type":"refusal","refusal":"no"}}}}"#),
        "output_item.added" => format!(r#"{{{of_item},"type":"message","content":[]}}}}"#),
        "output_item.done" => format!(r#"{{{of_item},"type":"function_call","call_id":"c","arguments":""}}}}"#),
        "reasoning" => format!(r#"{{{},"type":"reasoning"}}}}"#, of_item.replacen(kind, "output_item.done", 1)),
        _ => format!(r#"{{{of_part},"delta":"x"}}"#),
    }
}

const KINDS: [&str; 14] = [
    "output_text.delta",
    "reasoning_text.delta",
    "reasoning_summary_text.delta",
    "refusal.delta",
    "function_call_arguments.delta",
    "mcp_call_arguments.delta",
    "output_text.done",
    "reasoning_text.done",
    "refusal.done",
    "content_part.added",
    "content_part.done",
    "output_item.added",
    "output_item.done",
    "reasoning",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_shares_a_place_is_told_as_json_tells_it(
        steps in prop::collection::vec(
            (prop::sample::select(&KINDS[..]), 0..3_u8, 0..2_u8, 0..2_u8, 0..8_u8, 1..4_usize), 0..30,
        ),
    ) {
        let mut events: Vec<String> = Vec::new();
        for (kind, id, index, content_index, place, times) in steps {
            let many = if kind.ends_with("delta") { times } else { 1 };
            events.extend(std::iter::repeat_n(about(kind, id, index, content_index, place), many));
        }
        let numbered = events.iter().enumerate();
        let numbered = numbered.map(|(at, event)| event.replacen('{', &format!(r#"{{"sequence_number":{at},"#), 1));
        let events: Vec<String> = numbered.chain([CLOSING.to_owned()]).collect();
        alike(CONFIG, &[framed(&events).as_bytes()], "whole");
    }
}

#[test]
fn generated_streams_have_many_deltas_that_are_recognised_and_many_that_are_not() {
    let (mut events, mut recognised) = (0, 0);
    for seed in 0..100_u32 {
        let mut random = seed.wrapping_mul(2_654_435_761) | 1;
        let choices: Vec<u8> = std::iter::repeat_with(|| {
            random ^= random << 13;
            random ^= random >> 17;
            random ^= random << 5;
            random.to_le_bytes()[1]
        })
        .take(400)
        .collect();
        let (told, count) = told(CONFIG, [streams::stream(&choices).as_slice()]);
        events += told.events.len();
        recognised += count;
    }
    assert!(recognised * 4 > events && recognised * 4 < events * 3, "{recognised} of {events}");
}
