//! Long strings that a stream tells several times are told as if each were there anew.
#![cfg(not(target_arch = "wasm32"))]

mod block;
mod deltas;
mod told;

use block::BlockReader;
use deltas::{CLOSING, delta, framed, opening};
use openresponses_wasm::exchange::{Config, Exchange, Head, Input, Moment, Next};
use told::{CONFIG, alike};

/// A string of 9,000 characters and more that begins so, as it stands between its quotes.
fn long(begin: &str) -> String {
    begin.to_owned() + &r"a line \u00e9 \u65e5\n".repeat(450)
}

/// How often a string was told by one before it, in a stream of these events behind its opening; which `alike` holds to be what
/// reading them tells, in one chunk and in many.
fn repeated(events: &[String]) -> usize {
    let events = [opening(1), events.to_vec(), vec![CLOSING.to_owned()]].concat();
    let stream = framed(&events);
    let chunks: Vec<&[u8]> = stream.as_bytes().chunks(5_000).collect();
    alike(CONFIG, &[stream.as_bytes()], "whole");
    alike(CONFIG, &chunks, "in pieces");
    repeated_by(CONFIG, &chunks)
}

fn repeated_by(config: Config, chunks: &[&[u8]]) -> usize {
    let mut exchange = Exchange::new(config);
    let mut blocks = BlockReader::default();
    let head = Head { status: 200, content_type: Some("text/event-stream".into()), ..Head::default() };
    let inputs = [Input::Start, Input::Head(head), Input::Pull].into_iter();
    for input in inputs.chain(chunks.iter().copied().map(Input::Chunk)).chain([Input::End]) {
        if matches!(exchange.handle(Moment::default(), input), Next::Deliver | Next::Finish(_)) {
            blocks.read(exchange.block());
            exchange.handle(Moment::default(), Input::Pull);
        }
    }
    blocks.repeated
}

/// An event of which nothing is known, with these members.
fn event(members: &str) -> String {
    format!(r#"{{"type":"acme:event",{members}}}"#)
}

#[test]
fn a_text_that_is_told_four_times_is_told_once_and_repeated_three_times() {
    let text = long("");
    let place = r#""item_id":"m0","output_index":0,"content_index":0"#;
    let part = format!(r#"{{"type":"output_text","text":"{text}","annotations":[]}}"#);
    let item = format!(r#"{{"id":"m0","type":"message","content":[{part}]}}"#);
    let events = [
        format!(r#"{{"type":"response.output_text.done",{place},"text":"{text}"}}"#),
        format!(r#"{{"type":"response.content_part.done",{place},"part":{part}}}"#),
        format!(r#"{{"type":"response.output_item.done","output_index":0,"item":{item}}}"#),
        format!(r#"{{"type":"response.completed","response":{{"id":"r","output":[{item}]}}}}"#),
    ];
    assert_eq!(repeated(&events), 3);
}

#[test]
fn a_string_is_repeated_wherever_it_stands_and_however_often() {
    let (one, other) = (long("one"), long("other"));
    let pair = event(&format!(r#""a":"{one}","b":[0,{{"c":"x","d":"{other}"}}],"e":"{one}""#));
    assert_eq!(repeated(std::slice::from_ref(&pair)), 1, "twice in one event");
    assert_eq!(repeated(&[pair.clone(), pair]), 4);
    assert_eq!(repeated(&[event(&format!(r#""a":"{one}""#)), event(&format!(r#""" : [ "{one}" , 1 ]"#))]), 1);
    let own = event(&format!(r#""__proto__":{{"a":"{one}"}},"constructor":"{one}","length":"{one}""#));
    assert_eq!(repeated(&[own.clone(), own]), 5, "names that objects have by themselves");
}

#[test]
fn what_is_not_written_the_same_is_not_repeated() {
    let text = long("a");
    let others = [long(r"\u0061"), long("b"), text.clone() + " ", text[..text.len() - 1].to_owned(), long(r"\ud83e")];
    for other in others {
        assert_eq!(repeated(&[event(&format!(r#""a":"{text}""#)), event(&format!(r#""a":"{other}""#))]), 0, "{other}");
    }
    let half = event(&format!(r#""a":"{}""#, long(r"\udd80")));
    assert_eq!(repeated(&[half.clone(), half]), 1, "half a character is repeated like any other");
}

#[test]
fn what_no_path_leads_to_is_told_as_it_is() {
    let text = long("");
    for members in [
        format!(r#""\u0061":"{text}""#),
        format!(r#""\ud83e":"{text}""#),
        format!(r#""a":"{text}","a":1"#),
        format!(r#""a":{{"b":"{text}"}},"\u0061":[]"#),
        format!(r#""{text}":1"#),
    ] {
        assert_eq!(repeated(&[event(&members), event(&members)]), 0, "{}", &members[..30]);
    }
    let twice = event(&format!(r#""a":"{text}","a":"{text}""#));
    assert_eq!(repeated(&[twice.clone(), twice]), 1, "of two members of one name the last one");
    let deep = event(&format!(r#""a":{}"{text}"{}"#, "[".repeat(20), "]".repeat(20)));
    assert_eq!(repeated(&[deep.clone(), deep]), 0, "deeper than any text of the protocol");
}

#[test]
fn short_strings_are_told_as_they_are() {
    let short = event(r#""a":"short","b":["short"]"#);
    assert_eq!(repeated(&[short.clone(), short]), 0);
}

#[test]
fn so_many_strings_are_known_and_no_more() {
    let many: Vec<String> = (0..40).map(|at| event(&format!(r#""a":"{}""#, long(&at.to_string())))).collect();
    assert_eq!(repeated(&[many.clone(), many].concat()), 32, "how many");
    let large: Vec<String> = (0..3).map(|at| event(&format!(r#""a":"{at}{}""#, "x".repeat(400_000)))).collect();
    assert_eq!(repeated(&[large.clone(), large].concat()), 2, "how large together");
}

#[test]
fn an_object_of_many_long_strings_is_told_as_it_is() {
    let members: Vec<String> = (0..300).map(|at| format!(r#""m{at}":"{}""#, long(""))).collect();
    let wide = event(&members.join(","));
    assert!(repeated(&[wide.clone(), wide]) > 100);
}

#[test]
fn what_is_read_for_its_delta_or_mended_is_told_as_it_is() {
    let text = long("");
    assert_eq!(repeated(&[delta(0, 1, &text), delta(0, 2, &text), delta(0, 3, &text)]), 0);
    let untyped = format!(r#"{{"a":"{text}"}}"#);
    assert_eq!(repeated(&[untyped.clone(), untyped]), 0);
}

#[test]
fn nothing_is_repeated_with_the_fast_path_off() {
    let text = event(&format!(r#""a":"{}""#, long("")));
    let stream = framed(&[text.clone(), text]);
    for (fast_path, repeated) in [(true, 1), (false, 0)] {
        assert_eq!(repeated_by(Config { fast_path, ..CONFIG }, &[stream.as_bytes()]), repeated);
    }
}
