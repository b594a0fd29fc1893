//! What one SSE event says.
#![cfg(not(target_arch = "wasm32"))]

use openresponses_wasm::event::{Block, Event, JSON, Kind, List, Payload, Stream};
use openresponses_wasm::json::Value;
use openresponses_wasm::sse;

fn read<'a>(name: &'a str, data: &'a str) -> Event<'a> {
    match Payload::read(name, data) {
        Ok(Payload::Event(event)) => event,
        other => panic!("{data:?} is no event but {other:?}"),
    }
}

fn kind(name: &str, data: &str) -> Kind {
    read(name, data).kind
}

const KINDS: &[(&str, Kind)] = &[
    ("response.created", Kind::Created),
    ("response.queued", Kind::Queued),
    ("response.in_progress", Kind::InProgress),
    ("response.completed", Kind::Completed),
    ("response.failed", Kind::Failed),
    ("response.incomplete", Kind::Incomplete),
    ("response.output_item.added", Kind::OutputItemAdded),
    ("response.output_item.done", Kind::OutputItemDone),
    ("response.content_part.added", Kind::PartAdded(List::Content)),
    ("response.content_part.done", Kind::PartDone(List::Content)),
    ("response.output_text.delta", Kind::Delta(Stream::OutputText)),
    ("response.output_text.done", Kind::Done(Stream::OutputText)),
    ("response.output_text.annotation.added", Kind::OutputTextAnnotationAdded),
    ("response.refusal.delta", Kind::Delta(Stream::Refusal)),
    ("response.refusal.done", Kind::Done(Stream::Refusal)),
    ("response.reasoning.delta", Kind::Delta(Stream::Reasoning)),
    ("response.reasoning.done", Kind::Done(Stream::Reasoning)),
    ("response.reasoning_text.delta", Kind::Delta(Stream::Reasoning)),
    ("response.reasoning_text.done", Kind::Done(Stream::Reasoning)),
    ("response.reasoning_summary_part.added", Kind::PartAdded(List::Summary)),
    ("response.reasoning_summary_part.done", Kind::PartDone(List::Summary)),
    ("response.reasoning_summary_text.delta", Kind::Delta(Stream::ReasoningSummaryText)),
    ("response.reasoning_summary_text.done", Kind::Done(Stream::ReasoningSummaryText)),
    ("response.function_call_arguments.delta", Kind::Delta(Stream::FunctionCallArguments)),
    ("response.function_call_arguments.done", Kind::Done(Stream::FunctionCallArguments)),
    ("error", Kind::Error),
    ("response.error", Kind::Error),
];

const UNKNOWN: &[&str] = &[
    "response.future_thing.delta",
    "response.reasoning.started",
    "response.output_text",
    "response.",
    "response.response.created",
    "created",
    "completed",
    "output_text.delta",
    "Response.Created",
    " response.created",
    "response.created ",
    "acme:ping",
    "acme:response.created",
    "keepalives",
    "response.ping",
    "errors",
];

#[test]
fn every_type_of_the_protocol_has_its_kind() {
    for (name, expected) in KINDS {
        assert_eq!(kind("", &format!(r#"{{"type":"{name}"}}"#)), *expected, "{name} in the body");
        assert_eq!(kind(name, "{}"), *expected, "{name} as the event's name");
        assert!(expected.is_known(), "{name}");
    }
}

#[test]
fn types_the_client_does_not_know_are_handed_on() {
    for name in UNKNOWN {
        let data = format!(r#"{{"type":"{name}","sequence_number":7,"delta":"x","anything":[1,{{}}]}}"#);
        let event = read("response.completed", &data);
        assert_eq!(event.kind, Kind::Other, "{name}");
        assert!(!event.kind.is_known() && !event.kind.is_terminal(), "{name}");
        assert_eq!((event.json.text(), event.sequence_number), (data.as_str(), Some(7)), "{name}");
    }
}

#[test]
fn a_response_ends_with_four_kinds_and_no_other() {
    let ends = [Kind::Completed, Kind::Failed, Kind::Incomplete, Kind::Error];
    for (name, kind) in KINDS {
        assert_eq!(kind.is_terminal(), ends.contains(kind), "{name}");
    }
}

#[test]
fn the_type_in_the_body_wins_over_the_events_name() {
    assert_eq!(kind("response.created", r#"{"type":"response.completed"}"#), Kind::Completed);
    assert_eq!(kind("error", r#"{"type":"acme:ping"}"#), Kind::Other);
    assert_eq!(
        kind("response.created", r#"{"error":{"message":"m"},"type":"response.in_progress"}"#),
        Kind::InProgress
    );
}

#[test]
fn the_events_name_counts_where_the_body_has_no_type() {
    for body in
        [r#"{"delta":"a"}"#, r#"{"type":null,"delta":"a"}"#, r#"{"type":7,"delta":"a"}"#, r#"{"type":"","delta":"a"}"#]
    {
        assert_eq!(kind("response.output_text.delta", body), Kind::Delta(Stream::OutputText), "{body}");
        assert_eq!(kind("message", body), Kind::Unnamed, "{body}");
        assert_eq!(kind("", body), Kind::Unnamed, "{body}");
    }
}

#[test]
fn a_bare_error_object_is_an_error() {
    for body in [r#"{"error":{"message":"m","code":500}}"#, r#"{"error":"m"}"#, r#"{"id":"x","error":{"code":null}}"#] {
        for name in ["", "message", "data"] {
            let event = read(name, body);
            assert_eq!(event.kind, Kind::Error, "{body}");
            assert!(event.error.is_some(), "{body}");
        }
    }
    assert_eq!(kind("", r#"{"error":null}"#), Kind::Unnamed);
    assert_eq!(kind("response.failed", r#"{"error":{"message":"m"}}"#), Kind::Failed);
}

#[test]
fn a_bare_response_object_is_the_event_its_status_tells() {
    let cases = [
        ("completed", Kind::Completed),
        ("failed", Kind::Failed),
        ("cancelled", Kind::Failed),
        ("incomplete", Kind::Incomplete),
        ("in_progress", Kind::InProgress),
        ("queued", Kind::InProgress),
        ("something new", Kind::InProgress),
    ];
    for (status, expected) in cases {
        for error in ["null", r#"{"code":"server_error","message":"m"}"#] {
            let data = format!(r#"{{"id":"r","object":"response","status":"{status}","error":{error},"output":[]}}"#);
            let event = read("", &data);
            assert_eq!(event.kind, expected, "{data}");
            assert_eq!(event.response.map(Value::text), Some(data.as_str()));
        }
    }
    assert_eq!(kind("", r#"{"object":"response"}"#), Kind::InProgress);
    assert_eq!(kind("", r#"{"object":"chat.completion.chunk","status":"completed"}"#), Kind::Unnamed);
}

#[test]
fn a_bare_response_object_under_an_events_name_is_that_events_response() {
    let data = r#"{"id":"r","object":"response","status":"in_progress"}"#;
    let event = read("response.created", data);
    assert_eq!((event.kind, event.response.map(Value::text)), (Kind::Created, Some(data)));
}

#[test]
fn every_field_is_found_in_any_order_and_null_is_absence() {
    let event = read(
        "",
        r#"{"annotation":{"a":1},"item":{"i":1},"part":{"p":1},"response":{"r":1},"error":{"e":1},"delta":"d",
            "text":"t","item_id":"x","summary_index":4,"content_index":3,"output_index":2,"sequence_number":1,
            "type":"error"}"#,
    );
    let indexes = [event.sequence_number, event.output_index, event.content_index, event.summary_index];
    assert_eq!(indexes, [Some(1), Some(2), Some(3), Some(4)]);
    let values = [
        (event.item_id, r#""x""#),
        (event.response, r#"{"r":1}"#),
        (event.item, r#"{"i":1}"#),
        (event.part, r#"{"p":1}"#),
        (event.annotation, r#"{"a":1}"#),
        (event.delta, r#""d""#),
        (event.whole, r#""t""#),
        (event.error, r#"{"e":1}"#),
    ];
    for (value, text) in values {
        assert_eq!(value.map(Value::text), Some(text));
    }

    let event = read(
        "",
        r#"{"type":"error","sequence_number":null,"output_index":null,"content_index":-1,"summary_index":"0",
            "item_id":null,"response":null,"item":null,"part":null,"annotation":null,"delta":null,"text":null,
            "error":null}"#,
    );
    let indexes = [event.sequence_number, event.output_index, event.content_index, event.summary_index];
    assert_eq!(indexes, [None; 4]);
    let values = [
        event.item_id,
        event.response,
        event.item,
        event.part,
        event.annotation,
        event.delta,
        event.whole,
        event.error,
    ];
    assert_eq!(values, [None; 8]);
}

#[test]
fn the_whole_stands_in_text_refusal_or_arguments_whichever_is_not_null() {
    for data in [
        r#"{"type":"t","text":"w"}"#,
        r#"{"type":"t","refusal":"w"}"#,
        r#"{"type":"t","arguments":"w"}"#,
        r#"{"type":"t","text":"w","refusal":null,"arguments":null}"#,
        r#"{"type":"t","text":null,"refusal":null,"arguments":"w"}"#,
    ] {
        assert_eq!(read("", data).whole.and_then(Value::as_str).as_deref(), Some("w"), "{data}");
    }
}

#[test]
fn done_is_done_with_white_space_around_it() {
    for data in ["[DONE]", " [DONE]", "[DONE] ", "\t[DONE]\n", " [DONE]\n\n"] {
        assert_eq!(Payload::read("", data), Ok(Payload::Done), "{data:?}");
        assert_eq!(Payload::read("response.created", data), Ok(Payload::Done), "{data:?}");
    }
    for data in [r#"["DONE"]"#, "[done]", "DONE", "[DONE", "[DONE]]", "[ DONE ]", "[DONE] [DONE]"] {
        assert!(Payload::read("", data).is_err(), "{data:?}");
    }
}

#[test]
fn a_comment_as_data_is_a_sign_of_life() {
    for data in [": PROCESSING", ":", " : ping", "", " ", "\n\n", "\t"] {
        assert_eq!(Payload::read("", data), Ok(Payload::Comment), "{data:?}");
        assert_eq!(Payload::read("keepalive", data), Ok(Payload::Comment), "{data:?}");
    }
}

#[test]
fn data_that_is_not_json_is_refused() {
    for data in ["{", "{\"type\":\"response.created\"", "hello", "{}{}", "{\"a\":1}\n{\"error\":{}}", "<html>"] {
        assert!(Payload::read("error", data).is_err(), "{data:?}");
    }
}

#[test]
fn data_over_several_lines_and_with_white_space_is_one_event() {
    let event = read("", " \n{\"type\":\n\"response.output_text.delta\",\n\"delta\":\"a\"}\n ");
    assert_eq!(event.kind, Kind::Delta(Stream::OutputText));
    assert_eq!(event.json.text(), "{\"type\":\n\"response.output_text.delta\",\n\"delta\":\"a\"}");
}

#[test]
fn invalid_utf8_is_replaced_and_not_refused() {
    let event = sse::Event { name: b"", data: b"{\"delta\":\"\xF0\x9F\xA6\"}", id: b"" };
    assert_eq!(Payload::text(&event), "{\"delta\":\"\u{FFFD}\"}");
}

#[test]
fn a_block_is_the_array_of_its_events_and_counts_heartbeats() {
    let mut block = Block::default();
    assert!(block.is_empty());
    assert_eq!(block.json(), "");
    assert!(block.columns().is_empty());

    block.push_heartbeat();
    assert!(!block.is_empty());
    assert_eq!((block.events(), block.heartbeats()), (0, 1));

    block.push(&read("", " { \"type\" : \"a\" } "));
    block.push_json("{}");
    block.push_heartbeat();
    assert_eq!(block.json(), "[{ \"type\" : \"a\" },{}]");
    assert_eq!(block.json(), "[{ \"type\" : \"a\" },{}]", "asked twice");
    assert_eq!(block.columns(), [JSON, JSON]);
    assert_eq!((block.events(), block.heartbeats()), (2, 2));

    block.clear();
    assert!(block.is_empty());
    block.push_json("1");
    assert_eq!(block.json(), "[1]");
    assert_eq!((block.events(), block.heartbeats()), (1, 0));
}

#[test]
fn data_that_is_json_but_no_object_is_refused() {
    for data in ["42", "null", "true", "\"text\"", "[]", "[{\"type\":\"error\"}]", " 42 "] {
        assert!(Payload::read("response.created", data).is_err(), "{data}");
    }
}
