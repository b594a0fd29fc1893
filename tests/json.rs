//! JSON read and written in place, against an implementation that builds trees.
#![cfg(not(target_arch = "wasm32"))]

use openresponses_wasm::json::{Document, Invalid, MAX_DEPTH, Object, Outline, Value, write_string};
use proptest::prelude::*;
use serde_json::value::RawValue;
use serde_json::{Map, Value as Tree};

/// Whether a trusted reader takes the text. It checks the grammar only, so that numbers beyond `f64` and lone
/// surrogates are no reason to refuse, as in `JSON.parse`.
fn is_json(text: &str) -> bool {
    serde_json::from_str::<Box<RawValue>>(text).is_ok()
}

/// The tree of a value, read through members, elements and the scalars.
fn tree(value: Value<'_>) -> Tree {
    if value.is_object() {
        Tree::Object(value.members().map(|(name, value)| (name.into_owned(), tree(value))).collect::<Map<_, _>>())
    } else if value.is_array() {
        Tree::Array(value.elements().map(tree).collect())
    } else if let Some(text) = value.as_str() {
        Tree::String(text.into_owned())
    } else if let Some(boolean) = value.as_bool() {
        Tree::Bool(boolean)
    } else if value.is_null() {
        Tree::Null
    } else {
        value.as_u64().map_or_else(|| serde_json::from_str(value.text()).expect("a number"), Tree::from)
    }
}

fn parse(text: &str) -> Value<'_> {
    Value::parse(text).expect("valid JSON")
}

fn trusted(text: &str) -> Tree {
    serde_json::from_str(text).expect("valid JSON")
}

const VALID: &[&str] = &[
    "{}",
    "[]",
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1",
    "-1",
    "0.5",
    "-0.0",
    "1e5",
    "1E+5",
    "1e-5",
    "1.5e00",
    "123456789",
    "1e999",
    "-1e999",
    "0e0",
    "123456789012345678901234567890",
    r#""""#,
    r#""a""#,
    r#""\"""#,
    r#""\\""#,
    r#""\/""#,
    r#""\b\f\n\r\t""#,
    r#""\u0000""#,
    r#""\uD83E\uDD80""#,
    r#""\ud800""#,
    r#""\udc00\ud800""#,
    r#""é🦀""#,
    "\"\u{7f}\"",
    "\"\u{2028}\"",
    "\"\u{feff}\"",
    " \t\r\n1 \t\r\n",
    "[1,2]",
    " [ 1 , 2 ] ",
    "[[],{}]",
    r#"{"":0}"#,
    r#"{"a":1,"a":2}"#,
    r#" { "a" : [ { } ] , "b" : null } "#,
    r#"{"\u0061":1}"#,
    r#"["\"",",","]","}"]"#,
];

const INVALID: &[&str] = &[
    "",
    " ",
    "\t",
    "nul",
    "nulll",
    "tru",
    "True",
    "NaN",
    "Infinity",
    "-Infinity",
    "undefined",
    "+1",
    "01",
    "-01",
    "00",
    "-",
    ".5",
    "1.",
    "-.5",
    "1.e5",
    "1e",
    "1e+",
    "1E-",
    "0x1",
    "1_000",
    "1,000",
    "1 2",
    "1a",
    "--1",
    "１",
    "\"",
    "\"a",
    "a\"",
    "'a'",
    "\"\n\"",
    "\"\t\"",
    "\"\u{0}\"",
    "\"\u{1f}\"",
    r#""\""#,
    r#""\a""#,
    r#""\x41""#,
    r#""\u""#,
    r#""\u12""#,
    r#""\u123""#,
    r#""\u123g""#,
    r#""\u+123""#,
    r#""\U0041""#,
    r#""\'""#,
    "\"a\" \"b\"",
    "[",
    "]",
    "[1",
    "[1,",
    "[1,]",
    "[,1]",
    "[,]",
    "[1 2]",
    "[1,,2]",
    "[}",
    "[1}",
    "[[]",
    "[]]",
    "[1:2]",
    "{",
    "}",
    "{]",
    "{\"a\"",
    "{\"a\":",
    "{\"a\":1",
    "{\"a\":1,",
    "{\"a\":1,}",
    "{,}",
    "{\"a\"}",
    "{\"a\",1}",
    "{\"a\" 1}",
    "{a:1}",
    "{'a':1}",
    "{1:1}",
    "{null:1}",
    "{\"a\":1 \"b\":2}",
    "{\"a\":1]",
    "{\"a\":1}}",
    "{\"a\"::1}",
    "{\"a\":1,,\"b\":2}",
    "{{}}",
    "[{]}",
    "// a\n1",
    "/* a */1",
    "1 // a",
    "#",
    "\u{feff}1",
    "\u{a0}1",
    "1\u{a0}",
    "\u{b}1",
    "\u{c}1",
    "1\u{2028}",
    "null\u{0}",
    "\u{0}",
    "{\"a\":true false}",
    "[\"a\",\n4\n,1,",
    "<html>",
    "[DONE]",
    "data: {}",
    "{}{}",
    "{}[]",
    "true,",
    ",",
    ":",
];

#[test]
fn texts_that_are_json_are_taken() {
    for text in VALID {
        assert!(is_json(text), "{text:?}");
        assert_eq!(Value::parse(text).map(Value::text), Ok(text.trim_matches([' ', '\t', '\r', '\n'])), "{text:?}");
    }
}

#[test]
fn texts_that_are_not_json_are_refused() {
    for text in INVALID {
        assert!(!is_json(text), "{text:?}");
        assert!(Value::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn the_place_of_the_first_byte_that_does_not_fit_is_told() {
    let cases =
        [("", 0), ("[1,x]", 3), ("{\"a\":1,}", 7), ("tru", 3), ("\"ab", 3), ("{} {}", 3), ("[1", 2), ("trux", 3)];
    for (text, at) in cases {
        let invalid = Value::parse(text).expect_err("invalid");
        assert_eq!(invalid, Invalid { at, too_deep: false }, "{text:?}");
        assert_eq!(invalid.to_string(), format!("invalid JSON at byte {at}"));
    }
}

#[test]
fn as_many_levels_as_the_limit_pass_and_one_more_does_not() {
    for (open, inner, close) in [("[", "", "]"), ("[", "1", "]"), ("{\"a\":", "1", "}"), ("{\"a\":[", "", "]}")] {
        let levels = open.matches(['[', '{']).count();
        let nested = |depth: usize| {
            let times = depth / levels;
            format!("{}{inner}{}", open.repeat(times), close.repeat(times))
        };
        assert!(Value::parse(&nested(MAX_DEPTH)).is_ok(), "{open}");
        let too_deep = Value::parse(&nested(MAX_DEPTH + levels)).expect_err("too deep");
        assert!(too_deep.too_deep, "{open}");
        assert_eq!(too_deep.to_string(), "JSON nested deeper than 512 levels");
    }
    let empty_object_inside = format!("{}{{}}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
    assert!(Value::parse(&empty_object_inside).is_err_and(|invalid| invalid.too_deep));
}

#[test]
fn a_million_brackets_do_not_exhaust_the_stack() {
    for text in ["[".repeat(1_000_000), "{\"a\":".repeat(1_000_000), "[{\"a\":".repeat(500_000)] {
        assert!(Value::parse(&text).is_err_and(|invalid| invalid.too_deep));
    }
}

#[test]
fn brackets_in_breadth_are_no_depth() {
    let wide = format!("[{}[]]", "[[]],".repeat(10_000));
    assert_eq!(parse(&wide).elements().count(), 10_001);
}

#[test]
fn every_escape_is_read() {
    let cases = [
        (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        (r#""\u0041\u00e9\u00E9\u20AC\u0000""#, "Aéé€\0"),
        (r#""a\nb""#, "a\nb"),
        (r#""\uD83E\uDD80""#, "🦀"),
        (r#""\ud83e\udd80\uD83E\uDD80""#, "🦀🦀"),
        (r#""\uDBFF\uDFFF\uD800\uDC00""#, "\u{10FFFF}\u{10000}"),
        (r#""\\u0041""#, "\\u0041"),
        (r#""\\\\n""#, "\\\\n"),
        (r#""é\t🦀""#, "é\t🦀"),
        ("\"\"", ""),
    ];
    for (text, read) in cases {
        assert_eq!(parse(text).as_str().as_deref(), Some(read), "{text}");
        assert_eq!(trusted(text), Tree::from(read), "{text}");
        let mut appended = String::from("before ");
        parse(text).append_to(&mut appended);
        assert_eq!(appended, format!("before {read}"));
    }
}

#[test]
fn a_lone_surrogate_is_replaced_and_takes_nothing_with_it() {
    let cases = [
        (r#""\ud83e""#, "\u{FFFD}"),
        (r#""\udd80""#, "\u{FFFD}"),
        (r#""a\ud83eb""#, "a\u{FFFD}b"),
        (r#""\ud83e\u0041""#, "\u{FFFD}A"),
        (r#""\ud83e\n""#, "\u{FFFD}\n"),
        (r#""\ud83e\\udd80""#, "\u{FFFD}\\udd80"),
        (r#""\ud83eudd80""#, "\u{FFFD}udd80"),
        (r#""\ud83e\ud83e\udd80""#, "\u{FFFD}🦀"),
        (r#""\udd80\ud83e""#, "\u{FFFD}\u{FFFD}"),
        (r#""\ud83eé""#, "\u{FFFD}é"),
        (r#""\ud83e🦀""#, "\u{FFFD}🦀"),
    ];
    for (text, read) in cases {
        assert_eq!(parse(text).as_str().as_deref(), Some(read), "{text}");
    }
}

#[test]
fn a_value_is_read_as_its_own_type_only() {
    let cases = [
        ("null", "null"),
        ("true", "bool"),
        ("false", "bool"),
        ("12", "u64"),
        ("18446744073709551615", "u64"),
        ("18446744073709551616", ""),
        ("-1", ""),
        ("1.0", ""),
        ("1e3", ""),
        ("\"12\"", "str"),
        ("\"true\"", "str"),
        ("\"null\"", "str"),
        ("\"{\"", "str"),
        ("{}", "object"),
        ("[]", "array"),
    ];
    for (text, name) in cases {
        let value = parse(text);
        let is = |yes: bool, name: &'static str| yes.then_some(name);
        let names = [
            is(value.is_null(), "null"),
            is(value.as_bool().is_some(), "bool"),
            is(value.as_u64().is_some(), "u64"),
            is(value.as_str().is_some(), "str"),
            is(value.is_object(), "object"),
            is(value.is_array(), "array"),
        ];
        assert_eq!(names.into_iter().flatten().collect::<String>(), name, "{text}");
        assert_eq!(value.members().count() + value.elements().count(), 0, "{text}");
        let mut appended = String::new();
        value.append_to(&mut appended);
        assert_eq!(value.as_str().as_deref().unwrap_or_default(), appended, "{text}");
    }
}

#[test]
fn of_members_with_one_name_the_last_is_got() {
    let value = parse(r#"{"a":1,"b":{"a":0},"\u0061":2,"c":"a"}"#);
    assert_eq!(value.get("a").and_then(Value::as_u64), Some(2));
    assert_eq!(value.get("b").map(Value::text), Some(r#"{"a":0}"#));
    assert_eq!(value.get("d"), None);
    assert_eq!(parse(r#"["a"]"#).get("a"), None);
}

#[test]
fn a_members_text_is_as_it_stood() {
    let value = parse("\t{ \"a\" :\n[ 1 , { \"b\" : \"}\\\"]\" } ] , \"c\": -1.50e+2\r\n}");
    let texts: Vec<_> = value.members().map(|(name, value)| format!("{name}={}", value.text())).collect();
    assert_eq!(texts, ["a=[ 1 , { \"b\" : \"}\\\"]\" } ]", "c=-1.50e+2"]);
    let inner = value.get("a").expect("a member");
    assert_eq!(inner.elements().map(Value::text).collect::<Vec<_>>(), ["1", "{ \"b\" : \"}\\\"]\" }"]);
}

type Pairs<'a> = &'a [(&'a str, &'a str)];

#[test]
fn replaced_members_stand_where_they_stood_and_the_rest_is_untouched() {
    let cases: [(&str, Pairs<'_>, &str); 9] = [
        (r#"{"a":1,"b":2,"c":3}"#, &[("b", "[9]")], r#"{"a":1,"b":[9],"c":3}"#),
        (r#"{"a":1,"b":2}"#, &[("b", "9"), ("a", "8")], r#"{"a":8,"b":9}"#),
        (r#"{"a":1}"#, &[("z", "9"), ("y", "8")], r#"{"a":1,"z":9,"y":8}"#),
        ("{}", &[("a", "1")], r#"{"a":1}"#),
        ("{}", &[], "{}"),
        (r#"{ "a" : [ 1.0 , "\u0041" ] , "b" : 0 }"#, &[("b", "1")], r#"{ "a" : [ 1.0 , "\u0041" ] , "b" : 1 }"#),
        (r#"{"a":1,"b":2,"a":3}"#, &[("a", "9")], r#"{"a":9,"b":2,"a":9}"#),
        (r#"{"a":1,"a":2}"#, &[("b", "9")], r#"{"a":1,"a":2,"b":9}"#),
        (r#"{"say \"a\"\n":1}"#, &[("b", "9")], r#"{"say \"a\"\n":1,"b":9}"#),
    ];
    for (original, replacements, expected) in cases {
        let replacements: Vec<_> = replacements.iter().map(|(name, json)| (*name, (*json).to_owned())).collect();
        assert_eq!(Object::replaced(parse(original), &replacements), expected);
    }
}

#[test]
fn an_object_is_written_member_by_member() {
    assert_eq!(Object::new().finish(), "{}");
    let written = Object::new().raw("a", "[1]").string("b\"", "c\n").raw("", "null").finish();
    assert_eq!(written, r#"{"a":[1],"b\"":"c\n","":null}"#);
}

/// Texts with all that needs escaping.
fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        3 => any::<char>(),
        2 => (0..0x30_u8).prop_map(char::from),
        2 => prop::sample::select(vec!['"', '\\', '/', 'u', 'a', '\u{7f}', '\u{2028}', '🦀', '\u{FEFF}']),
    ];
    prop::collection::vec(character, 0..12).prop_map(String::from_iter)
}

fn white_space() -> impl Strategy<Value = &'static str> {
    prop_oneof![4 => Just(""), 1 => prop::sample::select(vec![" ", "\n", "\t", "\r\n", "  "])]
}

/// The text of a string, escaped in every way there is.
fn string_text() -> impl Strategy<Value = String> {
    (text(), any::<u64>()).prop_map(|(text, choices)| {
        let mut json = String::from("\"");
        for (at, character) in text.chars().enumerate() {
            let choice = choices >> (at % 32 * 2) & 3;
            let short = "\"\"\\\\//b\u{8}f\u{c}n\nr\rt\t".as_bytes().chunks(2);
            let mut short = short.filter(|pair| pair.get(1).map(|byte| char::from(*byte)) == Some(character));
            match (choice, short.next().and_then(|pair| pair.first())) {
                (0, _) if !matches!(character, '\0'..' ' | '"' | '\\') => json.push(character),
                (1, Some(letter)) => json.extend(['\\', char::from(*letter)]),
                (2, _) => character.encode_utf16(&mut [0; 2]).iter().for_each(|u| json += &format!("\\u{u:04x}")),
                _ => character.encode_utf16(&mut [0; 2]).iter().for_each(|u| json += &format!("\\u{u:04X}")),
            }
        }
        json + "\""
    })
}

fn json_text() -> impl Strategy<Value = String> {
    let numbers = vec!["0", "-0", "12", "-1.5", "1e5", "2E-3", "0.10", "18446744073709551615", "-9007199254740993"];
    let scalar = prop_oneof![
        prop::sample::select(vec!["null", "true", "false"]).prop_map(String::from),
        prop::sample::select(numbers).prop_map(String::from),
        any::<i64>().prop_map(|number| number.to_string()),
        string_text(),
    ];
    let padded =
        |inner: BoxedStrategy<String>| (white_space(), inner, white_space()).prop_map(|(a, b, c)| format!("{a}{b}{c}"));
    let value = scalar.boxed().prop_recursive(5, 60, 6, move |inner| {
        let elements = prop::collection::vec(padded(inner.clone()), 0..6);
        let names = prop_oneof![string_text(), Just(String::from("\"a\"")), Just(String::from("\"\\u0061\""))];
        let members = prop::collection::vec((padded(names.boxed()), padded(inner)), 0..6);
        prop_oneof![
            (elements, white_space()).prop_map(|(all, space)| match all.as_slice() {
                [] => format!("[{space}]"),
                all => format!("[{}]", all.join(",")),
            }),
            (members, white_space()).prop_map(|(all, space)| {
                let all: Vec<_> = all.into_iter().map(|(name, value)| format!("{name}:{value}")).collect();
                if all.is_empty() { format!("{{{space}}}") } else { format!("{{{}}}", all.join(",")) }
            }),
        ]
    });
    padded(value.boxed())
}

/// A change to a text: where, how much is dropped, and what is put there.
fn mutation() -> impl Strategy<Value = (prop::sample::Index, usize, &'static str)> {
    let inserted = prop::sample::select(vec![
        "", "", "", "\"", "\\", "{", "}", "[", "]", ":", ",", "0", "1", "-", "+", ".", "e", "E", "u", "\\u", "t",
        "null", " ", "\n", "\0", "\u{1f}", "é", "/",
    ]);
    (any::<prop::sample::Index>(), 0..3_usize, inserted)
}

fn mutated(text: &str, mutations: &[(prop::sample::Index, usize, &str)]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for (place, dropped, inserted) in mutations {
        let from = place.index(characters.len() + 1);
        let to = (from + dropped).min(characters.len());
        characters.splice(from..to, inserted.chars());
    }
    characters.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_an_outline_notes_is_read_as_what_it_does_not(text in json_text()) {
        let mut outline = Outline::new();
        let value = Value::outlined(&text, &mut outline).expect("valid JSON");
        prop_assert_eq!(tree(value), tree(parse(&text)));
        for inner in value.members().map(|(_, value)| value).chain(value.elements()) {
            let copy = Document::of(inner);
            prop_assert_eq!(copy.value().text(), inner.text());
            prop_assert_eq!(tree(copy.value()), tree(inner));
        }
    }

    #[test]
    fn a_text_is_taken_when_a_trusted_reader_takes_it(
        text in json_text(),
        mutations in prop::collection::vec(mutation(), 0..4),
    ) {
        prop_assert!(is_json(&text), "the generator writes JSON");
        prop_assert!(Value::parse(&text).is_ok());
        let mutated = mutated(&text, &mutations);
        prop_assert_eq!(Value::parse(&mutated).is_ok(), is_json(&mutated), "{:?}", mutated);
    }

    #[test]
    fn what_is_read_is_what_a_trusted_reader_reads(text in json_text()) {
        let expected = trusted(&text);
        prop_assert_eq!(tree(parse(&text)), expected.clone());
        if let Tree::Object(members) = expected {
            for (name, value) in members {
                prop_assert_eq!(parse(&text).get(&name).map(tree), Some(value));
            }
        }
    }

    #[test]
    fn a_written_string_is_read_back(text in text()) {
        let mut json = String::from("before");
        write_string(&mut json, &text);
        let json = json.strip_prefix("before").expect("written behind what was there");
        prop_assert_eq!(trusted(json), Tree::from(text.clone()));
        let read = parse(json).as_str().map(String::from);
        prop_assert_eq!(read, Some(text));
    }

    #[test]
    fn an_object_with_members_replaced_is_that_object(
        members in prop::collection::vec((string_text(), json_text()), 0..6),
        which in any::<prop::sample::Index>(),
        added in text(),
    ) {
        let all: Vec<_> = members.iter().map(|(name, value)| format!("{name}:{value}")).collect();
        let original = format!("{{{}}}", all.join(","));
        let mut expected = trusted(&original);
        let object = expected.as_object_mut().expect("an object");
        let names: Vec<String> = object.keys().cloned().chain([added]).collect();
        let name = which.get(&names);
        object.insert(name.clone(), Tree::from("new"));
        let replaced = Object::replaced(parse(&original), &[(name, String::from("\"new\""))]);
        prop_assert_eq!(trusted(&replaced), expected);
        for (key, value) in parse(&original).members().filter(|(key, _)| key != name) {
            prop_assert!(parse(&replaced).members().any(|(other, text)| other == key && text.text() == value.text()));
        }
    }
}
