//! JSON that is still being written, against the mending and parsing anew of every prefix.
#![cfg(not(target_arch = "wasm32"))]

mod growing;

use growing::{Live, Node, Operand, mended, operations, pushed, trusted};
use openresponses_wasm::json::{Invalid, MAX_DEPTH, PartialParser};
use proptest::prelude::*;
use serde_json::Value as Tree;
use serde_json::value::RawValue;

fn characters(text: &str) -> impl Iterator<Item = &str> {
    text.split("").filter(|character| !character.is_empty())
}

fn json_string() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        4 => "[a-z {}\\[\\]:,]",
        1 => "[é€🦀\u{7f}\u{2028}]",
        2 => prop::sample::select(vec!["\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t"]).prop_map(String::from),
        1 => prop::sample::select(vec!["\\u0000", "\\u00e9", "\\uD7FF", "\\uE000", "\\ud83e\\udd80", "\\uDBFF\\uDFFF"])
            .prop_map(String::from),
    ];
    prop::collection::vec(character, 0..6).prop_map(|characters| format!("\"{}\"", characters.concat()))
}

fn json() -> impl Strategy<Value = String> {
    let scalar =
        prop_oneof!["-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,5})?([eE][+-]?[0-9]{1,2})?", json_string(), "true|false|null",];
    let white_space = || "[ \t\n\r]{0,2}";
    let value = scalar.prop_recursive(5, 24, 5, move |inner| {
        let spaced = move |strategy: BoxedStrategy<String>| {
            (white_space(), strategy, white_space())
                .prop_map(|(before, text, behind)| format!("{before}{text}{behind}"))
        };
        let name = prop_oneof!["\"(a|b)\"", "\"\\\\u006[12]\"", json_string()].boxed();
        let member = (spaced(name), spaced(inner.clone().boxed())).prop_map(|(name, value)| format!("{name}:{value}"));
        prop_oneof![
            prop::collection::vec(spaced(inner.boxed()), 1..5).prop_map(|elements| format!("[{}]", elements.join(","))),
            prop::collection::vec(member, 1..5).prop_map(|members| format!("{{{}}}", members.join(","))),
            white_space().prop_map(|space| format!("[{space}]")),
            white_space().prop_map(|space| format!("{{{space}}}")),
        ]
    });
    (white_space(), value, white_space()).prop_map(|(before, text, behind)| format!("{before}{text}{behind}"))
}

proptest! {
    #[test]
    fn every_prefix_is_what_mending_and_parsing_it_gives(text in json()) {
        let mut dripped = Live::default();
        for (at, character) in text.char_indices() {
            let prefix = &text[..at];
            prop_assert_eq!(dripped.tree(), mended(prefix), "{:?}", prefix);
            prop_assert_eq!(pushed([prefix]).tree(), mended(prefix), "{:?} in one piece", prefix);
            dripped.push(&text[at..at + character.len_utf8()]);
        }
        prop_assert_eq!(dripped.tree(), Some(trusted(&text)));
        prop_assert_eq!(dripped.parser.error(), None);
    }

    #[test]
    fn where_the_text_is_cut_makes_no_difference(text in json()) {
        let ended = format!("{text} ");
        let whole = pushed([ended.as_str()]);
        prop_assert_eq!(whole.tree(), Some(trusted(&text)));
        for (at, _) in ended.char_indices() {
            let (first, second) = ended.split_at(at);
            let cut = pushed([first, second]);
            prop_assert_eq!(cut.tree(), whole.tree(), "cut at {}", at);
            prop_assert_eq!(&cut.completed, &whole.completed, "cut at {}", at);
        }
    }

    #[test]
    fn any_text_is_json_or_an_error_as_the_trusted_reader_has_it(text in "[\\[\\]{}:,\"\\\\a0-9.eE+tru \n-]{0,12}") {
        let live = pushed([format!("{text} ").as_str()]);
        let is_json = serde_json::from_str::<Box<RawValue>>(&text).is_ok();
        let is_complete = live.path.is_empty() && live.completed.last().is_some_and(|last| last.starts_with('='));
        prop_assert_eq!(is_complete && live.invalid.is_none(), is_json, "{:?}", text);
        let dripped = pushed(characters(&format!("{text} ")));
        prop_assert_eq!(dripped.parser.error(), live.parser.error());
        prop_assert_eq!(dripped.tree(), live.tree());
    }
}

#[test]
fn what_is_not_whole_yet_is_what_there_is_of_it() {
    let cases = [
        ("-", None),
        ("-0", Some("-0")),
        ("1.", Some("1")),
        ("1.50", Some("1.50")),
        ("12e", Some("12")),
        ("12e+", Some("12")),
        ("12e+1", Some("12e+1")),
        ("[1,-", Some("[1]")),
        ("123456789012345678901234567890", Some("123456789012345678901234567890")),
        ("t", Some("true")),
        ("fals", Some("false")),
        ("[n", Some("[null]")),
        ("\"", Some("\"\"")),
        (r#""a\"#, Some(r#""a""#)),
        (r#""a\u00"#, Some(r#""a""#)),
        (r#""a\ud83e"#, Some(r#""a""#)),
        (r#""a\ud83e\"#, Some(r#""a""#)),
        (r#""a\ud83e\udd8"#, Some(r#""a""#)),
        (r#""a\ud83e\udd80"#, Some(r#""a🦀""#)),
        ("{\"a", Some("{}")),
        ("{\"a\":", Some("{}")),
        ("{\"a\":1,\"b\":-", Some("{\"a\":1}")),
        ("{\"a\":1,\"a\":", Some("{\"a\":1}")),
        ("{\"a\":[1],\"a\":{", Some("{\"a\":{}}")),
        ("  ", None),
        ("", None),
    ];
    for (prefix, value) in cases {
        assert_eq!(pushed([prefix]).tree(), value.map(trusted), "{prefix:?}");
        assert_eq!(pushed(characters(prefix)).tree(), value.map(trusted), "{prefix:?} by character");
        assert_eq!(mended(prefix), value.map(trusted), "{prefix:?} mended");
    }
}

/// All operations but the first, by piece: of strings what they say, of others the number.
fn told(pieces: &[&str]) -> Vec<String> {
    let mut parser = PartialParser::new();
    let shown = |(operation, operand): (u32, Operand)| match operand {
        Operand::Number(number) => format!("{operation} {number}"),
        Operand::Text(text) => format!("{operation} {text:?}"),
        Operand::Half(unit) => format!("{operation} {unit:x}"),
    };
    pieces
        .iter()
        .map(|piece| operations(&mut parser, piece).into_iter().map(shown).collect::<Vec<_>>().join(", "))
        .collect()
}

#[test]
fn half_a_surrogate_pair_is_told_once_it_is_known_to_stay_alone() {
    assert_eq!(told(&[r#""\ud83e"#, r"\ud", "83e", "x"]), [r#"3 """#, "", "4 d83e", r#"4 d83e, 4 "x""#]);
    assert_eq!(told(&[r#""\uD83E"#, r"\n"]), [r#"3 """#, r#"4 d83e, 4 "\n""#]);
    assert_eq!(told(&[r#""\ud83e"#, r"\u0041\udd80"]), [r#"3 """#, r#"4 d83e, 4 "A", 4 dd80"#]);
    assert_eq!(told(&[r#""\udd80"#]), [r#"3 "", 4 dd80"#]);
    assert_eq!(told(&[r#""\ud83e"#, "\""]), [r#"3 """#, "4 d83e, 8 0"]);
    assert_eq!(told(&[r#"{"\ud83e"#, r#"\udd80":"#, "1"]), [r#"7 0, 1 """#, r#"2 "🦀""#, r#"5 "1""#]);
    assert_eq!(told(&[r#"{"\ud83e"#, r#"":"#]), [r#"7 0, 1 """#, "2 d83e"]);
}

#[test]
fn a_text_is_within_an_escape_behind_a_backslash_that_is_not_escaped_itself() {
    for (text, is_escaping) in [(r#""\"#, true), (r#""\\"#, false), (r#""\\\"#, true), (r#""\u"#, false), (r"\", false)]
    {
        assert_eq!(pushed([text]).parser.is_escaping(), is_escaping, "{text}");
        assert_eq!(pushed(characters(text)).parser.is_escaping(), is_escaping, "{text} by character");
    }
}

#[test]
fn what_is_told_stays_until_it_is_forgotten() {
    let mut parser = PartialParser::new();
    parser.push(b"[\"a");
    parser.push(b"b\"");
    assert_eq!(parser.operations().columns(), [7, 1, 0, 0, 3, 1, 4, 1, 8, 0]);
    assert_eq!(parser.operations().text(), b"ab");
    parser.forget();
    parser.push("é".as_bytes());
    assert!(parser.operations().columns().starts_with(&[9]));
}

#[test]
fn of_several_members_of_one_name_the_last_counts_in_the_place_of_the_first() {
    let live = pushed(characters(r#"{"a":1,"b":2,"\u0061":"x","a":[3]}"#));
    let Some(Node::Object(members)) = live.value else { panic!("an object") };
    let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    let expected = ["a=1", "b=2", r#"a="x""#, "a.0=3", "a=[3]", r#"={"a":[3],"b":2}"#];
    assert_eq!(live.completed, expected);
}

#[test]
fn every_value_is_told_complete_once_from_the_inside_out() {
    let live = pushed(characters(r#"{"steps":[{"n":1.5},"x",[]],"whole":true}"#));
    let expected = [
        "steps.0.n=1.5",
        r#"steps.0={"n":1.5}"#,
        r#"steps.1="x""#,
        "steps.2=[]",
        r#"steps=[{"n":1.5},"x",[]]"#,
        "whole=true",
        r#"={"steps":[{"n":1.5},"x",[]],"whole":true}"#,
    ];
    assert_eq!(live.completed, expected);
}

#[test]
fn a_number_that_is_the_whole_text_is_complete_with_white_space_behind_it() {
    let mut live = pushed(["1", "2"]);
    assert_eq!((live.tree(), live.completed.len()), (Some(Tree::from(12)), 0));
    live.push(" ");
    assert_eq!(live.completed, ["=12"]);
}

#[test]
fn an_error_tells_its_place_and_leaves_what_was_there() {
    let cases = [
        ("{\"a\":[1,2.x]}", 10, Some("{\"a\":[1,2]}")),
        ("Hello", 0, None),
        ("{} {}", 3, Some("{}")),
        ("\"a\" b", 4, Some("\"a\"")),
        ("12 3", 3, Some("12")),
        ("[1,]", 3, Some("[1]")),
        ("{\"a\":1,}", 7, Some("{\"a\":1}")),
        ("trux", 3, Some("true")),
        ("nulll", 4, Some("null")),
        ("01", 1, Some("0")),
        ("+1", 0, None),
        ("\"é\n\"", 3, Some("\"é\"")),
        (r#"["\x"]"#, 3, Some("[\"\"]")),
        (r#"["a\u00g0"]"#, 7, Some("[\"a\"]")),
        ("[1}", 2, Some("[1]")),
        ("{1:2}", 1, Some("{}")),
        ("{\"a\" 1}", 5, Some("{}")),
        ("\u{feff}1", 0, None),
    ];
    for (text, at, value) in cases {
        for live in [pushed([text]), pushed(characters(text)), pushed([text, "]}\" 1"])] {
            assert_eq!(live.parser.error(), Some(Invalid { at, too_deep: false }), "{text:?}");
            assert_eq!(live.invalid, Some(format!("invalid JSON at byte {at}")), "{text:?}");
            assert_eq!(live.tree(), value.map(trusted), "{text:?}");
        }
    }
}

#[test]
fn as_many_levels_as_the_limit_pass_and_one_more_is_an_error() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(MAX_DEPTH), close.repeat(MAX_DEPTH));
        let mut parser = PartialParser::new();
        for character in characters(&deep) {
            parser.push(character.as_bytes());
        }
        assert_eq!(parser.error(), None);
        let mut parser = PartialParser::new();
        parser.push(open.repeat(1_000_000).as_bytes());
        assert_eq!(parser.error(), Some(Invalid { at: open.len() * MAX_DEPTH, too_deep: true }));
    }
}

/// The bytes of what all pieces come to.
fn size<'a>(parser: &mut PartialParser, pieces: impl IntoIterator<Item = &'a str>) -> usize {
    let size_of = |piece: &str| {
        parser.forget();
        parser.push(piece.as_bytes());
        let told = parser.operations();
        size_of_val(told.columns()) + told.text().len()
    };
    pieces.into_iter().map(size_of).sum()
}

#[test]
fn a_number_without_end_is_told_in_linear_size() {
    let digits = "7".repeat(100_000);
    let mut parser = PartialParser::new();
    let told = size(&mut parser, characters(&digits));
    assert!(told < 8 * digits.len(), "{told} bytes");
    assert_eq!(operations(&mut parser, " "), [(5, Operand::Text(digits)), (8, Operand::Number(0))]);
}

#[test]
fn what_is_told_is_about_as_long_as_the_text_however_it_is_cut() {
    let text = format!("{{\"text\":\"{}\",\"numbers\":[{}1]}}", "é\\n ".repeat(5_000), "-12.5e3,".repeat(5_000));
    let told = size(&mut PartialParser::new(), [text.as_str()]);
    assert!(told < 4 * text.len(), "{told} of {}", text.len());
    let dripped = size(&mut PartialParser::new(), characters(&text));
    assert!(dripped < 10 * text.len(), "{dripped} of {}", text.len());
}
