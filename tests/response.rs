//! Events, folded into the response so far.
#![cfg(not(target_arch = "wasm32"))]

use openresponses_wasm::deviation::Deviation;
use openresponses_wasm::error::{Class, Error};
use openresponses_wasm::event::Payload;
use openresponses_wasm::json::{MAX_DEPTH, Value};
use openresponses_wasm::response::{Response, Status, output_text, with_output_text};
use proptest::prelude::*;
use serde_json::value::RawValue;
use serde_json::{Value as Tree, json};

fn snapshot(response: &Response) -> Tree {
    serde_json::from_str(&response.to_json()).expect("a snapshot is JSON at any time")
}

/// The response after these events; after each of them its snapshot is JSON.
fn folded(events: &[Tree]) -> Response {
    let mut response = Response::new();
    for event in events {
        let text = event.to_string();
        match Payload::read("", &text) {
            Ok(Payload::Event(event)) => drop(response.apply(&event)),
            other => panic!("{text} is no event but {other:?}"),
        }
        snapshot(&response);
    }
    response
}

/// The snapshot after these events, which follow a `response.created`.
fn streamed(events: &[Tree]) -> Tree {
    let created =
        json!({ "type": "response.created", "response": { "id": "r", "status": "in_progress", "output": [] } });
    snapshot(&folded(&[&[created], events].concat()))
}

fn output(events: &[Tree]) -> Tree {
    streamed(events)["output"].clone()
}

/// An event of that type about the item at that index.
fn event(kind: &str, output_index: u64, fields: Tree) -> Tree {
    let mut event = json!({ "type": format!("response.{kind}"), "output_index": output_index });
    event.as_object_mut().expect("an object").extend(fields.as_object().expect("an object").clone());
    event
}

fn text_delta(output_index: u64, content_index: u64, delta: &str) -> Tree {
    event("output_text.delta", output_index, json!({ "content_index": content_index, "delta": delta }))
}

fn message(id: &str, status: &str, content: Tree) -> Tree {
    json!({ "id": id, "type": "message", "status": status, "role": "assistant", "content": content })
}

fn call(status: &str, arguments: &str) -> Tree {
    json!({ "id": "f", "type": "function_call", "status": status, "call_id": "c", "name": "n", "arguments": arguments })
}

fn text_part(text: &str) -> Tree {
    json!({ "type": "output_text", "text": text, "annotations": [] })
}

#[test]
fn a_response_of_which_nothing_is_known_is_empty() {
    let response = Response::new();
    assert_eq!(snapshot(&response), json!({ "output": [], "output_text": "" }));
    assert_eq!((response.status(), response.last_sequence_number(), response.failure()), (Status::Open, None, None));
}

#[test]
fn a_response_that_arrived_whole_keeps_every_byte() -> Result<(), openresponses_wasm::json::Invalid> {
    let output = r#"[{ "type":"message", "content":[{"type":"output_text","text":"\u0048i"}] }]"#;
    let text = &format!(r#"{{"id":"r","x-unknown":{{ "a" : 1.50 }},"output":{output}}}"#);
    let response = Response::from_snapshot(Value::parse(text)?);
    let whole = text.strip_suffix('}').expect("an object");
    assert_eq!(response.to_json(), format!(r#"{whole},"output_text":"\u0048i"}}"#));
    assert_eq!(response.status(), Status::Open);
    Ok(())
}

#[test]
fn a_terminal_response_with_output_is_the_last_word() {
    for (kind, status) in
        [("completed", Status::Completed), ("failed", Status::Failed), ("incomplete", Status::Incomplete)]
    {
        let output = json!([message("m2", "completed", json!([text_part("final")]))]);
        let last = json!({ "id": "other", "status": kind, "x": [1], "output": output });
        let response = folded(&[
            event("output_item.added", 0, json!({ "item": message("m1", "in_progress", json!([])) })),
            text_delta(0, 0, "streamed"),
            event("output_item.added", 1, json!({ "item": call("in_progress", "") })),
            json!({ "type": format!("response.{kind}"), "response": last }),
        ]);
        let mut expected = last;
        expected["output_text"] = json!("final");
        assert_eq!(snapshot(&response), expected);
        assert_eq!(response.status(), status);
    }
}

#[test]
fn a_terminal_response_without_output_keeps_what_was_streamed() {
    for last in
        [json!({ "id": "r", "usage": { "cost": 1 }, "output": [] }), json!({ "id": "r", "usage": { "cost": 1 } })]
    {
        let whole = streamed(&[
            event("output_item.added", 0, json!({ "item": message("m", "in_progress", json!([])) })),
            text_delta(0, 0, "Hi"),
            json!({ "type": "response.completed", "response": last }),
        ]);
        let output = json!([message("m", "in_progress", json!([text_part("Hi")]))]);
        let mut expected = json!({ "id": "r", "usage": { "cost": 1 }, "output": output, "output_text": "Hi" });
        expected["status"] = json!("completed");
        assert_eq!(whole, expected, "{last}");
    }
}

/// The output and the deviations where a stream of these events ends with a response of that output.
fn ended(events: &[Tree], output: Tree) -> (Tree, Vec<&'static str>) {
    let last =
        json!({ "type": "response.completed", "response": { "id": "r", "status": "completed", "output": output } });
    let events = [events, &[last]].concat();
    (streamed(&events)["output"].clone(), deviations(&[&[created()], events.as_slice()].concat()))
}

#[test]
fn what_was_streamed_stays_where_a_terminal_output_leaves_it_empty() {
    let item = |kind: &str, item: Tree| event(&format!("output_item.{kind}"), 0, json!({ "item": item }));
    let whole = message("m", "completed", json!([text_part("Hi")]));
    let texts = [
        ("deltas", vec![added(), text_delta(0, 0, "Hi")]),
        ("the finished item", vec![item("done", whole.clone())]),
        ("a finished part", vec![added(), event("content_part.done", 0, json!({ "part": text_part("Hi") }))]),
    ];
    for (what, events) in &texts {
        for content in [json!([]), json!([text_part("")]), Tree::Null] {
            for id in ["m", "changed"] {
                let (output, codes) = ended(events, json!([message(id, "completed", content.clone())]));
                assert_eq!(output, json!([message(id, "completed", json!([text_part("Hi")]))]), "{what}, {content}");
                assert!(codes.contains(&"empty_output"), "{what}, {content}: {codes:?}");
            }
        }
    }

    let arguments = [
        (
            "deltas",
            vec![
                item("added", call("in_progress", "")),
                event("function_call_arguments.delta", 0, json!({ "delta": "{}" })),
            ],
        ),
        ("the finished item", vec![item("done", call("completed", "{}"))]),
        (
            "the finished item behind deltas",
            vec![
                event("function_call_arguments.delta", 0, json!({ "item_id": "f", "delta": "{}" })),
                item("done", call("completed", "{}")),
            ],
        ),
    ];
    for (what, events) in &arguments {
        let (output, codes) = ended(events, json!([call("completed", "")]));
        assert_eq!(output, json!([call("completed", "{}")]), "{what}");
        assert!(codes.contains(&"empty_output"), "{what}: {codes:?}");
    }

    let no = json!({ "type": "refusal", "refusal": "No" });
    let refused = [added(), event("refusal.delta", 0, json!({ "content_index": 0, "delta": "No" }))];
    let (output, _) = ended(&refused, json!([message("m", "completed", json!([text_part("")]))]));
    assert_eq!(output, json!([message("m", "completed", json!([no]))]), "a refusal is no text");
}

#[test]
fn what_a_terminal_output_leaves_empty_is_found_among_other_items() {
    let reasoning = json!({ "id": "rs", "type": "reasoning", "summary": [] });
    let events = [
        event("output_item.done", 0, json!({ "item": reasoning })),
        event("output_item.done", 1, json!({ "item": call("completed", "{}") })),
        event("output_item.done", 2, json!({ "item": message("m", "completed", json!([text_part("Hi")])) })),
    ];
    let (empty, whole) = (json!([]), json!([text_part("Hi")]));
    let new = message("new", "completed", json!([text_part("")]));
    for (told, expected) in [
        (json!([message("m", "completed", empty.clone())]), json!([message("m", "completed", whole.clone())])),
        (
            json!([new, call("completed", "{}"), message("m", "completed", empty.clone())]),
            json!([new, call("completed", "{}"), message("m", "completed", whole)]),
        ),
        (json!([message("x", "completed", empty.clone())]), json!([message("x", "completed", empty)])),
    ] {
        assert_eq!(ended(&events, told).0, expected);
    }
}

fn call_of(id: &str, status: &str, arguments: &str) -> Tree {
    let mut item = call(status, arguments);
    item["id"] = json!(id);
    item["call_id"] = json!(format!("call_{id}"));
    item
}

/// Events by which an item is announced, streamed and finished at the index 0.
fn call_events(id: &str, arguments: &str) -> Vec<Tree> {
    vec![
        event("output_item.added", 0, json!({ "item": call_of(id, "in_progress", "") })),
        event("function_call_arguments.delta", 0, json!({ "item_id": id, "delta": arguments })),
        event("function_call_arguments.done", 0, json!({ "item_id": id, "arguments": arguments })),
        event("output_item.done", 0, json!({ "item": call_of(id, "completed", arguments) })),
    ]
}

fn message_events(id: &str, text: &str) -> Vec<Tree> {
    vec![
        event("output_item.added", 0, json!({ "item": message(id, "in_progress", json!([])) })),
        event("output_text.delta", 0, json!({ "item_id": id, "content_index": 0, "delta": text })),
        event("output_item.done", 0, json!({ "item": message(id, "completed", json!([text_part(text)])) })),
    ]
}

#[test]
fn items_that_share_an_index_are_all_there() {
    let (a, b) = (call_events("a", "{1}"), call_events("b", "{2}"));
    let told = message_events("m", "Hi");
    let hi = message("m", "completed", json!([text_part("Hi")]));
    let (one, two) = (call_of("a", "completed", "{1}"), call_of("b", "completed", "{2}"));
    let without_ids = |events: &[Tree]| -> Vec<Tree> {
        let mut events = events.to_vec();
        for event in &mut events {
            let fields = event.as_object_mut().expect("an object");
            fields.remove("item_id");
            fields.get_mut("item").and_then(Tree::as_object_mut).map(|item| item.remove("id"));
        }
        events
    };
    let only_done = |events: &[Tree]| events.last().cloned().into_iter().collect::<Vec<_>>();
    let cases: Vec<(&str, Vec<Tree>, Tree)> = vec![
        ("a call behind a call", [a.clone(), b.clone()].concat(), json!([one, two])),
        ("a call behind a text", [told.clone(), a.clone()].concat(), json!([hi, one])),
        ("a text behind calls", [a.clone(), b.clone(), told.clone()].concat(), json!([one, two, hi])),
        ("calls of which only the ends are told", [&a[2..], &b[2..]].concat(), json!([one, two])),
        ("calls that come whole", [only_done(&a), only_done(&b)].concat(), json!([one, two])),
        ("a text that is not finished", [&told[..2], &a, &told[2..]].concat(), json!([hi, one])),
        ("calls in turns", a.iter().zip(&b).flat_map(|(a, b)| [a.clone(), b.clone()]).collect(), json!([one, two])),
        ("a text that was not announced", [&told[1..2], &a, &told[2..]].concat(), json!([hi, one])),
        (
            "calls without ids",
            [without_ids(&a), without_ids(&b)].concat(),
            json!(
                without_ids(&[only_done(&a), only_done(&b)].concat())
                    .iter()
                    .map(|event| &event["item"])
                    .collect::<Vec<_>>()
            ),
        ),
    ];
    for (what, events, expected) in cases {
        for last in [json!({ "id": "r", "output": [] }), json!({ "id": "r" })] {
            let end = json!({ "type": "response.completed", "response": last });
            assert_eq!(output(&[events.as_slice(), &[end]].concat()), expected, "{what}");
        }
    }
}

#[test]
fn an_item_that_shares_an_index_is_told_by_its_place_where_it_has_no_id() {
    let bare = |mut event: Tree| {
        event.as_object_mut().map(|event| event.remove("item_id"));
        event
    };
    let [first, second] = [("a", "{1}"), ("b", "{2}")].map(|(id, arguments)| call_events(id, arguments));
    let events = [&first, &second[..1], &[bare(second[1].clone()), bare(second[2].clone())]].concat();
    assert_eq!(output(&events), json!([call_of("a", "completed", "{1}"), call_of("b", "in_progress", "{2}")]));
}

#[test]
fn items_that_share_an_index_are_all_there_though_none_is_finished() {
    let announced = |id: &str, text: &str| message_events(id, text)[..2].to_vec();
    let mcp = |id: &str, arguments: &str| json!({ "id": id, "type": "mcp_call", "name": "n", "arguments": arguments });
    let called = |id: &str, arguments: &str| {
        vec![
            event("output_item.added", 0, json!({ "item": mcp(id, "") })),
            event("mcp_call_arguments.delta", 0, json!({ "item_id": id, "delta": arguments })),
        ]
    };
    let hi = |id: &str, text: &str| message(id, "in_progress", json!([text_part(text)]));
    for (what, events, expected) in [
        ("messages", [announced("a", "A"), announced("b", "B")].concat(), json!([hi("a", "A"), hi("b", "B")])),
        ("calls", [called("a", "{1}"), called("b", "{2}")].concat(), json!([mcp("a", "{1}"), mcp("b", "{2}")])),
    ] {
        for last in [json!({ "id": "r", "output": [] }), json!({ "id": "r" })] {
            let end = json!({ "type": "response.completed", "response": last });
            assert_eq!(output(&[events.as_slice(), &[end]].concat()), expected, "{what}");
        }
    }
    let mut renamed = call_events("b", "");
    renamed[0]["item"]["call_id"] = json!("call_a");
    let again = output(&[&call_events("a", "{1}")[..2], &renamed[..1]].concat());
    assert_eq!(again.as_array().map(Vec::len), Some(1), "the same call under another id");
}

#[test]
fn an_item_whose_id_changes_is_one_however_often_it_is_told() {
    let message = message_events("a", "A");
    let call = call_events("a", "{1}");
    let under = |event: &Tree, id: &str| {
        let mut event = event.clone();
        let place = if event.get("item").is_some() { &mut event["item"]["id"] } else { &mut event["item_id"] };
        *place = json!(id);
        event
    };
    let delta = event("function_call_arguments.delta", 0, json!({ "item_id": "z", "delta": "" }));
    let done = event("function_call_arguments.done", 0, json!({ "item_id": "a", "arguments": "{1}" }));
    for (what, events) in [
        ("announced twice", vec![message[0].clone(), under(&message[0], "b"), under(&message[1], "c")]),
        ("announced without an id at first", vec![under(&message[0], ""), message[0].clone(), message[1].clone()]),
        ("ended twice", vec![call[0].clone(), call[1].clone(), done.clone(), under(&done, "z")]),
        ("an id at the second end only", vec![call[0].clone(), under(&done, ""), done.clone()]),
        ("an empty delta behind its end", vec![call[0].clone(), done.clone(), delta.clone()]),
        ("never announced", vec![under(&call[1], "b"), done.clone(), delta.clone()]),
    ] {
        let told = output(&events);
        assert_eq!(told.as_array().map(Vec::len), Some(1), "{what}: {told}");
    }
}

#[test]
fn items_that_share_an_index_stand_before_those_of_the_next() {
    let next = event("output_item.done", 1, json!({ "item": { "type": "acme:next" } }));
    let events =
        [&[next], call_events("a", "{1}").as_slice(), &call_events("b", "{2}"), &call_events("c", "{3}")].concat();
    let ids: Vec<_> = output(&events).as_array().into_iter().flatten().map(|item| item["id"].clone()).collect();
    assert_eq!(ids, [json!("a"), json!("b"), json!("c"), Tree::Null]);
}

#[test]
fn another_id_at_an_index_is_listed_and_the_same_item_told_again_is_no_other() {
    let [first, second] = [("a", "{1}"), ("b", "{2}")].map(|(id, arguments)| call_events(id, arguments));
    let two = deviations(&[&[created()], first.as_slice(), &second].concat());
    assert_eq!(two, ["changed_id"]);
    let again = [&first[..1], &first[..1], &first[3..], &first[..1], &first[3..]].concat();
    assert_eq!(output(&again), json!([call_of("a", "completed", "{1}")]));
    let mut renamed = first[3].clone();
    renamed["item"]["id"] = json!("z");
    let renamed = output(&[&first[..3], &[renamed]].concat());
    assert_eq!(renamed.as_array().map(Vec::len), Some(1), "an id that changes");
    let mut renamed = first[3].clone();
    renamed["item"]["id"] = json!("z");
    let twice = output(&[&first[..], &[renamed]].concat());
    assert_eq!(twice.as_array().map(Vec::len), Some(1), "a call that ends twice");
}

#[test]
fn a_text_of_another_kind_makes_another_item_where_none_was_announced() {
    let reasoning = |text: &str| json!({ "type": "response.reasoning_text.delta", "delta": text });
    let text = |text: &str| json!({ "type": "response.output_text.delta", "delta": text });
    let arguments = |text: &str| json!({ "type": "response.function_call_arguments.delta", "delta": text });
    let with = |mut event: Tree, name: &str, value: Tree| {
        event[name] = value;
        event
    };
    let cases: Vec<(_, _, Vec<(&str, &str)>)> = vec![
        (
            "reasoning, then a text",
            vec![reasoning("hm"), text("Pa"), text("ris")],
            vec![("reasoning", "hm"), ("message", "Paris")],
        ),
        (
            "in turns",
            vec![reasoning("h"), text("Pa"), reasoning("m"), text("ris")],
            vec![("reasoning", "hm"), ("message", "Paris")],
        ),
        (
            "with their ends behind",
            vec![
                reasoning("hm"),
                text("Paris"),
                json!({ "type": "response.reasoning_text.done", "text": "hm" }),
                json!({ "type": "response.output_text.done", "text": "Paris" }),
            ],
            vec![("reasoning", "hm"), ("message", "Paris")],
        ),
        (
            "a text, calls, and a text",
            vec![text("a"), arguments("{1}"), text("b"), arguments("{2}")],
            vec![("message", "a"), ("function_call", "{1}"), ("message", "b"), ("function_call", "{2}")],
        ),
        (
            "with ids",
            vec![
                with(reasoning("hm"), "item_id", json!("rs")),
                with(text("Paris"), "item_id", json!("m")),
                with(arguments("{}"), "item_id", json!("f")),
                with(text("!"), "item_id", json!("m")),
            ],
            vec![("reasoning", "hm"), ("message", "Paris!"), ("function_call", "{}")],
        ),
        (
            "with the same id",
            vec![with(reasoning("hm"), "item_id", json!("x")), with(text("Paris"), "item_id", json!("x"))],
            vec![("reasoning", "hm"), ("message", "Paris")],
        ),
        (
            "with the same index",
            vec![
                with(reasoning("h"), "output_index", json!(0)),
                with(text("Pa"), "output_index", json!(0)),
                with(reasoning("m"), "output_index", json!(0)),
                with(text("ris"), "output_index", json!(0)),
            ],
            vec![("reasoning", "hm"), ("message", "Paris")],
        ),
        (
            "behind an announced item",
            vec![
                json!({ "type": "response.output_item.added", "item": { "id": "rs", "type": "reasoning", "summary": [] } }),
                with(reasoning("hm"), "item_id", json!("rs")),
                text("Paris"),
            ],
            vec![("reasoning", "hm"), ("message", "Paris")],
        ),
        (
            "calls whose ids do not change",
            ["a", "a", "b", "b"].map(|id| with(arguments("1"), "item_id", json!(id))).to_vec(),
            vec![("function_call", "11"), ("function_call", "11")],
        ),
        (
            "texts whose ids change",
            ["a", "b", "c"].map(|id| with(text("1"), "item_id", json!(id))).to_vec(),
            vec![("message", "111")],
        ),
        (
            "a call that comes whole behind a text",
            vec![text("a"), json!({ "type": "response.output_item.done", "item": call("completed", "{}") })],
            vec![("message", "a"), ("function_call", "{}")],
        ),
        (
            "a text behind a finished one",
            vec![
                text("a"),
                json!({ "type": "response.output_item.done", "item": message("m", "completed", json!([text_part("a")])) }),
                text("b"),
            ],
            vec![("message", "a"), ("message", "b")],
        ),
    ];
    for (what, events, expected) in cases {
        let items = streamed(&events)["output"].clone();
        let told = |item: &Tree| {
            let text =
                item["arguments"].as_str().or(item["content"][0]["text"].as_str()).unwrap_or_default().to_owned();
            (item["type"].as_str().unwrap_or_default().to_owned(), text)
        };
        let items: Vec<_> = items.as_array().into_iter().flatten().map(told).collect();
        let expected: Vec<_> = expected.iter().map(|(kind, text)| ((*kind).to_owned(), (*text).to_owned())).collect();
        assert_eq!(items, expected, "{what}");
    }
}

#[test]
fn texts_of_two_kinds_in_one_place_are_two_parts() {
    let at = |mut event: Tree| {
        event["content_index"] = json!(0);
        event
    };
    let part = |kind: &str, part: Tree| at(event(&format!("content_part.{kind}"), 0, json!({ "part": part })));
    let refusal = |text: &str| json!({ "type": "refusal", "refusal": text });
    let refuse = |text: &str| at(event("refusal.delta", 0, json!({ "delta": text })));
    let refused = |text: &str| at(event("refusal.done", 0, json!({ "refusal": text })));
    let told = |text: &str| at(event("output_text.done", 0, json!({ "text": text })));
    let bare = |text: &str| event("output_text.delta", 0, json!({ "delta": text }));
    let [blank, no, hi] = [text_part(""), refusal("No"), text_part("Hi")];
    let one_two = json!([text_part("One"), text_part("Two")]);
    let cases: Vec<(&str, Vec<Tree>, Tree)> = vec![
        (
            "announced as a text",
            vec![part("added", blank.clone()), refuse("N"), refuse("o"), refused("No"), part("done", blank.clone())],
            json!([no]),
        ),
        (
            "announced as a text, finished as a refusal",
            vec![part("added", blank.clone()), part("done", no.clone())],
            json!([no]),
        ),
        (
            "a refusal that is announced behind a text",
            vec![
                part("added", blank.clone()),
                text_delta(0, 0, "H"),
                part("added", refusal("")),
                refuse("No"),
                text_delta(0, 0, "i"),
            ],
            json!([hi, no]),
        ),
        (
            "none of which was announced",
            vec![text_delta(0, 0, "H"), refuse("N"), text_delta(0, 0, "i"), refuse("o"), refused("No"), told("Hi")],
            json!([hi, no]),
        ),
        ("without indexes", vec![bare("Hi"), event("refusal.delta", 0, json!({ "delta": "No" }))], json!([hi, no])),
        (
            "a part behind a finished one",
            vec![
                part("added", blank.clone()),
                text_delta(0, 0, "One"),
                part("done", text_part("One")),
                part("added", blank.clone()),
                text_delta(0, 0, "Tw"),
                told("Two"),
            ],
            one_two.clone(),
        ),
        (
            "a part behind a text that was told to its end",
            vec![part("added", blank.clone()), told("One"), part("added", blank.clone()), text_delta(0, 0, "Two")],
            one_two.clone(),
        ),
        (
            "texts without indexes",
            vec![bare("One"), event("output_text.done", 0, json!({ "text": "One" })), bare("Two")],
            one_two.clone(),
        ),
        (
            "the finished item tells them in order",
            vec![
                part("added", blank.clone()),
                part("done", text_part("One")),
                part("added", blank),
                text_delta(0, 0, "Two"),
                event("output_item.done", 0, json!({ "item": message("m", "in_progress", one_two.clone()) })),
            ],
            one_two,
        ),
    ];
    for (what, events, content) in cases {
        assert_eq!(output(&[&[added()], events.as_slice()].concat())[0]["content"], content, "{what}");
    }

    let summary = |kind: &str, text: &str| {
        let fields = json!({ "summary_index": 0, "part": { "type": "summary_text", "text": text } });
        event(&format!("reasoning_summary_part.{kind}"), 0, fields)
    };
    let events = [summary("added", ""), summary("done", "One"), summary("added", ""), summary("done", "Two")];
    let texts: Vec<_> =
        output(&events)[0]["summary"].as_array().into_iter().flatten().map(|part| part["text"].clone()).collect();
    assert_eq!(texts, ["One", "Two"]);
}

#[test]
fn the_text_of_a_server_that_tells_of_no_output_is_kept() {
    let told = json!({ "id": "r", "status": "completed", "output_text": "Hi" });
    let last = json!({ "type": "response.completed", "response": told });
    let of = |events: &[Tree]| streamed(events)["output_text"].clone();
    assert_eq!(of(std::slice::from_ref(&last)), json!("Hi"));
    assert_eq!(of(&[text_delta(0, 0, "Streamed"), last]), json!("Streamed"));
    for (fields, text) in [
        (json!({}), "Hi"),
        (json!({ "output": [] }), ""),
        (json!({ "output": [message("m", "completed", json!([text_part("Other")]))] }), "Other"),
        (json!({ "output_text": null }), ""),
    ] {
        let mut whole = told.clone();
        whole.as_object_mut().expect("an object").extend(fields.as_object().expect("an object").clone());
        let whole = whole.to_string();
        let response = Response::from_snapshot(Value::parse(&whole).expect("JSON"));
        assert_eq!(snapshot(&response)["output_text"], json!(text), "{whole}");
    }
}

#[test]
fn arguments_that_are_no_text_are_listed_and_kept_where_there_are_no_others() {
    let start = [created(), event("output_item.added", 0, json!({ "item": call("in_progress", "") }))];
    let delta = event("function_call_arguments.delta", 0, json!({ "item_id": "f", "delta": "{}" }));
    let done = event("function_call_arguments.done", 0, json!({ "item_id": "f", "arguments": { "a": ["\"", 1] } }));
    for (events, arguments) in [
        (vec![done.clone()], r#"{"a":["\"",1]}"#),
        (vec![delta, done], "{}"),
        (vec![event("function_call_arguments.done", 0, json!({ "item_id": "f", "arguments": 7 }))], ""),
    ] {
        let events = [&start, events.as_slice()].concat();
        assert_eq!(deviations(&events), ["invalid_delta"]);
        assert_eq!(snapshot(&folded(&events))["output"], json!([call("in_progress", arguments)]));
    }
    let text =
        [created(), added(), part_added(), event("output_text.done", 0, json!({ "content_index": 0, "text": {} }))];
    assert_eq!(deviations(&text), ["invalid_delta"]);
    assert_eq!(snapshot(&folded(&text))["output_text"], json!(""), "a text is no JSON");
}

#[test]
fn the_end_of_arguments_names_a_call_that_was_not_announced() {
    let done = event("function_call_arguments.done", 0, json!({ "item_id": "f", "name": "a\"b", "arguments": "{}" }));
    let unnamed = json!({ "id": "f", "type": "function_call", "status": "in_progress", "call_id": "", "name": "a\"b",
        "arguments": "{}" });
    assert_eq!(output(std::slice::from_ref(&done)), json!([unnamed]));
    let delta = event("function_call_arguments.delta", 0, json!({ "item_id": "f", "delta": "{}" }));
    assert_eq!(output(&[delta, done.clone()]), json!([unnamed]));
    let announced = event("output_item.added", 0, json!({ "item": call("in_progress", "") }));
    assert_eq!(output(&[announced, done])[0]["name"], json!("n"), "what is announced counts");
}

#[test]
fn a_message_may_have_parts_of_reasoning() {
    let events = [
        added(),
        event("reasoning_text.delta", 0, json!({ "item_id": "m", "content_index": 0, "delta": "hm" })),
        text_delta(0, 1, "H"),
        text_delta(0, 0, "i"),
    ];
    let content = json!([{ "type": "reasoning_text", "text": "hm" }, text_part("i"), text_part("H")]);
    assert_eq!(output(&events), json!([message("m", "in_progress", content)]));
}

#[test]
fn a_terminal_output_that_is_empty_where_nothing_was_streamed_stays_as_it_is() {
    let part = || event("content_part.added", 0, json!({ "content_index": 0, "part": text_part("") }));
    let call_added = event("output_item.added", 0, json!({ "item": call("in_progress", "") }));
    for (events, item) in [
        (vec![added()], message("m", "completed", json!([]))),
        (vec![added(), part()], message("m", "completed", json!([]))),
        (vec![added(), part(), text_delta(0, 0, "")], message("m", "completed", json!([text_part("")]))),
        (vec![call_added], call("completed", "")),
        (vec![], message("m", "completed", json!([text_part("")]))),
    ] {
        let (output, codes) = ended(&events, json!([item]));
        assert_eq!(output, json!([item]), "{events:?}");
        assert!(!codes.contains(&"empty_output"), "{codes:?}");
    }
}

#[test]
fn a_terminal_event_without_response_keeps_what_was_streamed() {
    let whole = streamed(&[text_delta(0, 0, "Hi"), json!({ "type": "response.completed", "response": null })]);
    assert_eq!((&whole["id"], &whole["output_text"]), (&json!("r"), &json!("Hi")));
}

#[test]
fn a_growing_output_in_progress_is_taken_as_it_is_and_takes_nothing_back() {
    let growing = |text: &str| {
        let output = json!([message("m", "in_progress", json!([text_part(text)]))]);
        json!({ "type": "response.in_progress", "response": { "id": "r", "output": output } })
    };
    assert_eq!(streamed(&[growing("H"), growing("Hi")])["output_text"], json!("Hi"));
    assert_eq!(
        streamed(&[text_delta(0, 0, "Hi "), growing("Hi"), text_delta(0, 0, "you")])["output_text"],
        json!("Hi you")
    );
}

#[test]
fn items_may_interleave() {
    let output = output(&[
        event("output_item.added", 0, json!({ "item": { "id": "rs", "type": "reasoning", "summary": [] } })),
        event("output_item.added", 1, json!({ "item": message("m", "in_progress", json!([])) })),
        text_delta(1, 0, "Hel"),
        event("reasoning.delta", 0, json!({ "content_index": 0, "delta": "thi" })),
        text_delta(1, 0, "lo"),
        event("output_item.done", 1, json!({ "item": message("m", "completed", json!([text_part("Hello")])) })),
        event("reasoning.delta", 0, json!({ "content_index": 0, "delta": "nk" })),
    ]);
    let reasoning = json!({
        "id": "rs", "type": "reasoning", "summary": [], "content": [{ "type": "reasoning_text", "text": "think" }],
    });
    assert_eq!(output, json!([reasoning, message("m", "completed", json!([text_part("Hello")]))]));
}

#[test]
fn ids_that_change_with_every_event_do_not_matter() {
    let with_id = |mut event: Tree, id: &str| {
        event["item_id"] = json!(id);
        event
    };
    let output = output(&[
        event("output_item.added", 0, json!({ "item": message("a", "in_progress", json!([])) })),
        with_id(text_delta(0, 0, "x"), "b"),
        with_id(text_delta(0, 0, "y"), "c"),
        with_id(event("output_text.done", 0, json!({ "content_index": 0, "text": "xy" })), "d"),
        event("output_item.done", 0, json!({ "item": message("e", "completed", json!([text_part("xy")])) })),
    ]);
    assert_eq!(output, json!([message("e", "completed", json!([text_part("xy")]))]));

    let never_announced = [with_id(text_delta(0, 0, "x"), "a"), with_id(text_delta(0, 0, "y"), "b")];
    assert_eq!(streamed(&never_announced)["output"], json!([message("a", "in_progress", json!([text_part("xy")]))]));
}

#[test]
fn arguments_are_found_wherever_the_server_puts_them() {
    let added = |arguments| event("output_item.added", 0, json!({ "item": call("in_progress", arguments) }));
    let delta = |delta| event("function_call_arguments.delta", 0, json!({ "delta": delta }));
    let done = |arguments| event("function_call_arguments.done", 0, json!({ "arguments": arguments }));
    let item = |arguments| event("output_item.done", 0, json!({ "item": call("completed", arguments) }));
    let last =
        |arguments| json!({ "type": "response.completed", "response": { "output": [call("completed", arguments)] } });
    let whole = r#"{"a":"\"é"}"#;
    let (front, back) = whole.split_at(4);
    let cases: [(&str, Vec<Tree>); 11] = [
        ("deltas", vec![added(""), delta(front), delta(""), delta(back)]),
        ("deltas and done", vec![added(""), delta(front), delta(back), done(whole)]),
        ("done mends lost deltas", vec![added(""), delta(front), done(whole)]),
        ("an empty done takes nothing back", vec![added(""), delta(whole), done(""), item("")]),
        ("only done", vec![added(""), done(whole)]),
        ("only the finished item", vec![added(""), item(whole)]),
        ("the finished item mends lost deltas", vec![added(""), delta(front), item(whole)]),
        ("only the announced item", vec![added(whole), done("")]),
        ("only the finished item, never announced", vec![item(whole)]),
        ("only the terminal response", vec![added(""), done(""), item(""), last(whole)]),
        ("all", vec![added(""), delta(front), delta(back), done(whole), item(whole), last(whole)]),
    ];
    for (what, events) in cases {
        assert_eq!(output(&events)[0]["arguments"], json!(whole), "{what}");
    }
}

#[test]
fn items_that_were_never_announced_are_what_their_events_imply() {
    let cases = [
        (vec![text_delta(0, 0, "Hi")], message("", "in_progress", json!([text_part("Hi")]))),
        (
            vec![event("refusal.delta", 0, json!({ "item_id": "m", "delta": "No" }))],
            json!({ "id": "m", "type": "message", "status": "in_progress", "role": "assistant",
                    "content": [{ "type": "refusal", "refusal": "No" }] }),
        ),
        (
            vec![
                event("content_part.added", 0, json!({ "part": { "type": "output_text", "text": "", "x": 1 } })),
                text_delta(0, 0, "a"),
            ],
            json!({ "id": "", "type": "message", "status": "in_progress", "role": "assistant",
                    "content": [{ "type": "output_text", "text": "a", "x": 1 }] }),
        ),
        (
            vec![event("output_text.annotation.added", 0, json!({ "annotation": { "type": "url_citation" } }))],
            json!({ "id": "", "type": "message", "status": "in_progress", "role": "assistant",
                    "content": [{ "type": "output_text", "text": "", "annotations": [{ "type": "url_citation" }] }] }),
        ),
        (
            vec![event("reasoning_text.delta", 0, json!({ "item_id": "rs", "delta": "hm" }))],
            json!({ "id": "rs", "type": "reasoning", "summary": [],
                    "content": [{ "type": "reasoning_text", "text": "hm" }] }),
        ),
        (
            vec![event("content_part.added", 0, json!({ "part": { "type": "reasoning_text", "text": "hm" } }))],
            json!({ "id": "", "type": "reasoning", "summary": [],
                    "content": [{ "type": "reasoning_text", "text": "hm" }] }),
        ),
        (
            vec![event("reasoning_summary_text.delta", 0, json!({ "delta": "so" }))],
            json!({ "id": "", "type": "reasoning", "summary": [{ "type": "summary_text", "text": "so" }] }),
        ),
        (
            vec![event("reasoning_summary_part.added", 0, json!({ "part": { "type": "summary_text", "text": "so" } }))],
            json!({ "id": "", "type": "reasoning", "summary": [{ "type": "summary_text", "text": "so" }] }),
        ),
        (
            vec![event("function_call_arguments.delta", 0, json!({ "item_id": "f", "delta": "{}" }))],
            json!({ "id": "f", "type": "function_call", "status": "in_progress",
                    "call_id": "", "name": "", "arguments": "{}" }),
        ),
    ];
    for (events, item) in cases {
        assert_eq!(output(&events), json!([item]), "{events:?}");
    }
}

#[test]
fn events_without_indexes_are_about_the_last_item_and_its_first_part() {
    let events = [
        json!({ "type": "response.output_text.delta", "delta": "a" }),
        json!({ "type": "response.output_text.delta", "delta": "b" }),
        json!({ "type": "response.output_item.added", "item": call("in_progress", "") }),
        json!({ "type": "response.function_call_arguments.delta", "delta": "{" }),
        json!({ "type": "response.function_call_arguments.delta", "delta": "}" }),
        json!({ "type": "response.output_item.done", "item": call("completed", "{}") }),
        json!({ "type": "response.output_item.added", "item": message("m", "in_progress", json!([])) }),
        json!({ "type": "response.output_text.delta", "delta": "c" }),
        json!({ "type": "response.output_text.done", "text": "cd" }),
    ];
    let whole = streamed(&events);
    assert_eq!(whole["output_text"], json!("abcd"));
    assert_eq!(whole["output"][1], call("completed", "{}"));
    assert_eq!(whole["output"].as_array().map(Vec::len), Some(3));
    let first = output(&[json!({ "type": "response.output_item.added", "item": call("in_progress", "") })]);
    assert_eq!(first, json!([call("in_progress", "")]));
}

#[test]
fn the_greatest_index_is_one_like_any_other() {
    let events = [
        event("output_item.added", u64::MAX, json!({ "item": call("in_progress", "") })),
        json!({ "type": "response.output_item.added", "item": call("in_progress", "{}") }),
        event("output_text.annotation.added", 0, json!({ "annotation_index": u64::MAX, "annotation": {} })),
        event("output_text.annotation.added", 0, json!({ "annotation": {} })),
        event("content_part.added", 0, json!({ "content_index": u64::MAX, "part": text_part("") })),
    ];
    assert_eq!(output(&events)[1], call("in_progress", "{}"));
}

#[test]
fn items_keep_the_order_of_their_indexes_whatever_comes_first() {
    let output = output(&[
        event("output_item.done", 2, json!({ "item": { "type": "acme:c" } })),
        event("output_item.done", 10, json!({ "item": { "type": "acme:d" } })),
        event("output_item.done", 0, json!({ "item": { "type": "acme:a" } })),
        event("output_item.done", 1, json!({ "item": { "type": "acme:b" } })),
    ]);
    assert_eq!(output, json!([{ "type": "acme:a" }, { "type": "acme:b" }, { "type": "acme:c" }, { "type": "acme:d" }]));
}

#[test]
fn parts_keep_the_order_of_their_indexes_and_each_its_own_kind() {
    let added =
        |index: u64, part: Tree| event("content_part.added", 0, json!({ "content_index": index, "part": part }));
    let output = output(&[
        event("output_item.added", 0, json!({ "item": message("m", "in_progress", json!([])) })),
        added(0, text_part("")),
        text_delta(0, 0, "a"),
        added(1, json!({ "type": "refusal", "refusal": "" })),
        event("refusal.delta", 0, json!({ "content_index": 1, "delta": "No" })),
        event("refusal.delta", 0, json!({ "content_index": 1, "delta": "." })),
        added(2, json!({ "type": "acme:chart", "data": [1, 2] })),
        text_delta(0, 0, "b"),
        event("refusal.done", 0, json!({ "content_index": 1, "refusal": "No!" })),
    ]);
    let content =
        json!([text_part("ab"), { "type": "refusal", "refusal": "No!" }, { "type": "acme:chart", "data": [1, 2] }]);
    assert_eq!(output, json!([message("m", "in_progress", content)]));
}

#[test]
fn text_is_found_wherever_the_server_puts_it() {
    let added = || event("output_item.added", 0, json!({ "item": message("m", "in_progress", json!([])) }));
    let part_added = || event("content_part.added", 0, json!({ "content_index": 0, "part": text_part("") }));
    let done = |text| event("output_text.done", 0, json!({ "content_index": 0, "text": text }));
    let part_done = |text| event("content_part.done", 0, json!({ "content_index": 0, "part": text_part(text) }));
    let item = |content| event("output_item.done", 0, json!({ "item": message("m", "completed", content) }));
    let cases: [(&str, Vec<Tree>); 12] = [
        ("deltas", vec![added(), part_added(), text_delta(0, 0, "H"), text_delta(0, 0, ""), text_delta(0, 0, "i")]),
        ("no part was announced", vec![added(), text_delta(0, 0, "Hi")]),
        ("only done", vec![added(), part_added(), done("Hi")]),
        ("only the finished part", vec![added(), part_done("Hi")]),
        ("only the finished item", vec![added(), item(json!([text_part("Hi")]))]),
        ("done mends lost deltas", vec![added(), text_delta(0, 0, "H"), done("Hi")]),
        ("the finished part mends lost deltas", vec![added(), text_delta(0, 0, "H"), part_done("Hi")]),
        ("the finished item mends lost deltas", vec![added(), text_delta(0, 0, "H"), item(json!([text_part("Hi")]))]),
        (
            "an empty done takes nothing back",
            vec![added(), text_delta(0, 0, "Hi"), done(""), part_done(""), item(json!([]))],
        ),
        (
            "a finished item of empty parts takes nothing back",
            vec![added(), text_delta(0, 0, "Hi"), item(json!([text_part("")]))],
        ),
        ("a part announced too late takes nothing back", vec![added(), text_delta(0, 0, "Hi"), part_added()]),
        (
            "deltas continue what the announced part holds",
            vec![added(), event("content_part.added", 0, json!({ "part": text_part("H") })), text_delta(0, 0, "i")],
        ),
    ];
    for (what, events) in cases {
        let whole = streamed(&events);
        assert_eq!(whole["output_text"], json!("Hi"), "{what}");
        assert_eq!(whole["output"][0]["content"], json!([text_part("Hi")]), "{what}");
    }
}

#[test]
fn a_finished_item_takes_back_the_parts_it_does_not_have() {
    let delta =
        |index: u64, delta: &str| event("reasoning_text.delta", 0, json!({ "content_index": index, "delta": delta }));
    let content = json!([{ "type": "reasoning_text", "text": "abc" }]);
    let item = json!({ "id": "rs", "type": "reasoning", "summary": [], "content": content });
    let events = [delta(0, "a"), delta(1, "b"), delta(2, "c"), event("output_item.done", 0, json!({ "item": item }))];
    assert_eq!(output(&events), json!([item]));
}

#[test]
fn an_item_announced_too_late_takes_nothing_back() {
    let added = event("output_item.added", 0, json!({ "item": message("m", "in_progress", json!([text_part("")])) }));
    let expected = json!([text_part("a"), text_part("b")]);
    assert_eq!(output(&[text_delta(0, 0, "a"), text_delta(0, 1, "b"), added])[0]["content"], expected);
}

#[test]
fn parts_of_an_announced_item_stay_beside_those_that_are_streamed() {
    let content = json!([{ "type": "acme:chart", "data": [1] }, text_part("")]);
    let added = event("output_item.added", 0, json!({ "item": message("m", "in_progress", content) }));
    let expected = json!([{ "type": "acme:chart", "data": [1] }, text_part("Hi")]);
    assert_eq!(output(&[added, text_delta(0, 1, "Hi")])[0]["content"], expected);
}

#[test]
fn reasoning_is_gathered_under_both_names_and_beside_its_summary() {
    for name in ["reasoning", "reasoning_text"] {
        let item = |id: &str| json!({ "id": id, "type": "reasoning", "summary": [], "encrypted_content": "e" });
        let output = output(&[
            event("output_item.added", 0, json!({ "item": item("rs") })),
            event(&format!("{name}.delta"), 0, json!({ "content_index": 0, "delta": "a" })),
            event(&format!("{name}.delta"), 0, json!({ "content_index": 0, "delta": "b" })),
            event(&format!("{name}.done"), 0, json!({ "content_index": 0, "text": "abc" })),
            event(
                "reasoning_summary_part.added",
                0,
                json!({ "summary_index": 0, "part": { "type": "summary_text", "text": "" } }),
            ),
            event("reasoning_summary_text.delta", 0, json!({ "summary_index": 0, "delta": "x" })),
            event("reasoning_summary_text.delta", 0, json!({ "summary_index": 0, "delta": "y" })),
            event("reasoning_summary_text.done", 0, json!({ "summary_index": 0, "text": "xyz" })),
            event(
                "reasoning_summary_part.done",
                0,
                json!({ "summary_index": 0, "part": { "type": "summary_text", "text": "xyz" } }),
            ),
            event("reasoning_summary_text.delta", 0, json!({ "summary_index": 1, "delta": "second" })),
            event("output_item.done", 0, json!({ "item": item("rs_other") })),
        ]);
        let expected = json!([{
            "id": "rs_other", "type": "reasoning", "encrypted_content": "e",
            "summary": [{ "type": "summary_text", "text": "xyz" }, { "type": "summary_text", "text": "second" }],
            "content": [{ "type": "reasoning_text", "text": "abc" }],
        }]);
        assert_eq!(output, expected, "{name}");
    }
}

#[test]
fn annotations_are_gathered_and_null_is_none() {
    let annotation = |fields: Tree| event("output_text.annotation.added", 0, fields);
    let events = [
        event("output_item.added", 0, json!({ "item": message("m", "in_progress", json!([])) })),
        event("content_part.added", 0, json!({ "content_index": 0, "part": text_part("") })),
        text_delta(0, 0, "Hi"),
        annotation(json!({ "content_index": 0, "annotation_index": 1, "annotation": { "url": "b" } })),
        annotation(json!({ "content_index": 0, "annotation_index": 0, "annotation": { "url": "a" } })),
        annotation(json!({ "content_index": 0, "annotation_index": 2, "annotation": null })),
        annotation(json!({ "annotation": { "url": "c" } })),
    ];
    let all = json!([{ "url": "a" }, { "url": "b" }, { "url": "c" }]);
    let part = json!([{ "type": "output_text", "text": "Hi", "annotations": all }]);
    assert_eq!(output(&events)[0]["content"], part);

    for (annotations, kept) in
        [(json!([]), &part[0]["annotations"]), (json!([{ "url": "z" }]), &json!([{ "url": "z" }]))]
    {
        let done =
            json!({ "content_index": 0, "part": { "type": "output_text", "text": "Hi", "annotations": annotations } });
        let events = [events.as_slice(), &[event("content_part.done", 0, done)]].concat();
        assert_eq!(&output(&events)[0]["content"][0]["annotations"], kept);
    }
}

#[test]
fn null_items_and_parts_are_none() {
    let null = [
        event("output_item.added", 0, json!({ "item": null })),
        event("output_item.done", 0, json!({ "item": null })),
        event("output_text.annotation.added", 1, json!({ "annotation": null })),
    ];
    assert_eq!(output(&null), json!([]));

    let output = output(&[
        event("output_item.added", 0, json!({ "item": null })),
        event("content_part.added", 0, json!({ "content_index": 0, "part": null })),
        text_delta(0, 0, "Hi"),
        event("content_part.done", 0, json!({ "content_index": 0, "part": null })),
        event("output_item.done", 0, json!({ "item": null })),
        event("output_item.added", 1, json!({ "item": message("m", "in_progress", json!([])) })),
        event("output_item.done", 1, json!({ "item": null })),
    ]);
    assert_eq!(
        output,
        json!([message("", "in_progress", json!([text_part("Hi")])), message("m", "in_progress", json!([]))])
    );
}

#[test]
fn deltas_that_are_no_strings_change_no_text() {
    for delta in [json!(null), json!(7), json!({ "text": "x" }), json!(["x"])] {
        let events =
            [text_delta(0, 0, "Hi"), event("output_text.delta", 0, json!({ "content_index": 0, "delta": delta }))];
        assert_eq!(streamed(&events)["output_text"], json!("Hi"), "{delta}");
    }
}

#[test]
fn padding_and_log_probabilities_are_no_text() {
    let fields = json!({ "content_index": 0, "delta": "Hi", "obfuscation": "XXXX", "logprobs": [{ "token": "Y" }] });
    assert_eq!(streamed(&[event("output_text.delta", 0, fields)])["output_text"], json!("Hi"));
}

#[test]
fn what_is_unknown_survives_in_its_place() {
    let item = |text: &str| {
        let content = json!([
            { "type": "acme:chart", "text": [1], "annotations": "none" },
            null,
            "text",
            { "type": "output_text", "text": text, "annotations": [], "x-part": { "a": [1.5, null] } },
        ]);
        let mut item = message("m", "strange", content);
        item["x-item"] = json!([{}]);
        item["phase"] = json!("commentary");
        item
    };
    let widget =
        json!({ "type": "acme:widget", "id": "w", "content": { "a": 1 }, "summary": "s", "arguments": { "b": 2 } });
    let output = output(&[
        event("output_item.added", 0, json!({ "item": widget })),
        event("acme:progress", 0, json!({ "delta": "x" })),
        event("output_item.done", 0, json!({ "item": widget })),
        event("output_item.added", 1, json!({ "item": item("") })),
        event("output_text.delta", 1, json!({ "content_index": 3, "delta": "Hi" })),
        event("future_thing.done", 2, json!({ "item": { "type": "message" }, "text": "x" })),
        json!({ "type": "acme:ping" }),
        json!({ "delta": "x" }),
        json!({ "type": "error", "output_index": 5 }),
    ]);
    assert_eq!(output, json!([widget, item("Hi")]));
}

#[test]
fn the_texts_of_untouched_members_stay_byte_for_byte() {
    let item = r#"{"type":"acme:x","n":1.50e+1,"s":"\u0041\/", "deep":{ "a":[ 1 ]}}"#;
    let text = format!(r#"{{"type":"response.output_item.done","output_index":0,"item":{item}}}"#);
    let mut response = Response::new();
    match Payload::read("", &text) {
        Ok(Payload::Event(event)) => drop(response.apply(&event)),
        other => panic!("{other:?}"),
    }
    assert_eq!(response.to_json(), format!(r#"{{"output":[{item}],"output_text":""}}"#));
}

#[test]
fn an_item_as_deep_as_can_be_read_stays_in_the_snapshot() {
    let deep = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    let in_item = format!(r#"{{"type":"response.output_item.done","item":{{"deep":{}}}}}"#, deep(MAX_DEPTH - 2));
    let in_part = format!(r#"{{"type":"response.content_part.done","part":{{"deep":{}}}}}"#, deep(MAX_DEPTH - 2));
    for text in [in_item, in_part] {
        let mut response = Response::new();
        match Payload::read("", &text) {
            Ok(Payload::Event(event)) => drop(response.apply(&event)),
            other => panic!("{other:?}"),
        }
        let snapshot = response.to_json();
        assert!(serde_json::from_str::<&RawValue>(&snapshot).is_ok(), "{snapshot}");
        assert!(snapshot.contains(&deep(MAX_DEPTH - 2)), "{snapshot}");
    }
}

#[test]
fn an_event_is_out_of_order_by_the_one_before_it() {
    let mut response = Response::new();
    let found = [7, 0, 1, 1, 2].map(|number| {
        let text = json!({ "type": "response.output_text.done", "sequence_number": number }).to_string();
        match Payload::read("", &text) {
            Ok(Payload::Event(event)) => response.apply(&event).has(Deviation::SequenceNotIncreasing),
            other => panic!("{text} is no event but {other:?}"),
        }
    });
    assert_eq!(found, [false, true, false, true, false]);
}

#[test]
fn the_highest_sequence_number_is_kept_over_events_without_one_and_lower_ones() {
    let at = |number: u64| json!({ "type": "acme:ping", "sequence_number": number });
    let last = |events: &[Tree]| folded(events).last_sequence_number();
    assert_eq!(last(&[json!({ "type": "acme:ping" })]), None);
    assert_eq!(last(&[at(0)]), Some(0));
    assert_eq!(last(&[at(3), at(7), json!({ "type": "response.output_text.delta", "delta": "a" })]), Some(7));
    assert_eq!(last(&[at(7), at(3)]), Some(7));
    let known = json!({ "type": "response.output_text.delta", "delta": "a", "sequence_number": 3 });
    assert_eq!(last(&[at(7), known]), Some(7));
}

#[test]
fn the_output_text_is_that_of_messages_only() -> Result<(), openresponses_wasm::json::Invalid> {
    let part = |kind: &str, text: Tree| json!({ "type": kind, "text": text });
    let response = json!({ "output_text": "wrong", "z": 1, "output": [
        { "type": "reasoning", "content": [part("output_text", json!("no"))],
          "summary": [part("summary_text", json!("no"))] },
        { "type": "message", "content": [
            part("output_text", json!("a\"\n")), part("text", json!("no")), part("output_text", json!(null)),
        ] },
        { "type": "message", "content": "no" },
        { "type": "message" },
        { "content": [part("output_text", json!("no"))] },
        null,
        { "type": "message", "content": [
            { "type": "refusal", "refusal": "no" }, part("output_text", json!("é")), { "type": "output_text" },
        ] },
    ] });
    let text = response.to_string();
    assert_eq!(output_text(Value::parse(&text)?), "a\"\né");
    let mut expected = response;
    expected["output_text"] = json!("a\"\né");
    assert_eq!(serde_json::from_str::<Tree>(&with_output_text(Value::parse(&text)?)).ok(), Some(expected));
    assert_eq!(with_output_text(Value::parse("{}")?), r#"{"output_text":""}"#);
    Ok(())
}

fn failure(last: Tree) -> Option<Error> {
    folded(&[last]).failure()
}

#[test]
fn a_failure_is_told_in_the_servers_words() {
    let told = || json!({ "code": "c", "message": "m" });
    let cases = [
        json!({ "type": "response.failed", "response": { "status": "failed", "error": told() } }),
        json!({ "type": "response.failed", "response": { "error": told() } }),
        json!({ "type": "response.failed", "response": { "error": null }, "error": told() }),
        json!({ "type": "response.failed", "error": told() }),
        json!({ "type": "response.completed", "response": { "status": "failed", "error": told() } }),
    ];
    for last in cases {
        let error = failure(last.clone()).expect("a failure");
        let told = (error.class, error.message.as_str(), error.code.as_deref(), error.retryable);
        assert_eq!(told, (Class::ResponseFailedError, "m", Some("\"c\""), false), "{last}");
        assert_eq!(error.api.clone().and_then(|api| api.body).as_deref(), Some(r#"{"code":"c","message":"m"}"#));
    }
    let text = failure(json!({ "type": "response.failed", "response": { "error": "m" } })).expect("a failure");
    assert_eq!((text.class, text.message.as_str()), (Class::ResponseFailedError, "m"));
    let numeric = json!({ "type": "response.failed", "response": { "error": { "code": 502, "message": "m" } } });
    assert!(failure(numeric).is_some_and(|error| error.class == Class::ResponseFailedError && error.retryable));
    for silent in
        [json!({ "type": "response.failed" }), json!({ "type": "response.failed", "response": { "error": null } })]
    {
        let error = failure(silent).expect("a failure");
        assert_eq!(error.message, "The server declared the response failed and did not say why.");
    }
}

#[test]
fn a_response_that_did_not_fail_has_no_failure() {
    for last in [
        json!({ "type": "response.completed", "response": { "status": "completed", "error": null } }),
        json!({ "type": "response.incomplete", "response": { "status": "incomplete", "error": { "message": "m" } } }),
        json!({ "type": "response.in_progress", "response": { "status": "in_progress" } }),
        json!({ "type": "acme:failed" }),
    ] {
        assert_eq!(failure(last.clone()), None, "{last}");
    }
}

/// The codes of the deviations of these events, which get what every event must have.
fn deviations(events: &[Tree]) -> Vec<&'static str> {
    let numbered = (0..).zip(events).map(|(number, event): (u64, _)| {
        let mut event = event.clone();
        let fields = event.as_object_mut().expect("an object");
        fields.entry("sequence_number").or_insert(json!(number));
        if fields.get("item").is_none() && fields.contains_key("output_index") {
            fields.entry("item_id").or_insert(json!("m"));
        }
        event
    });
    let response = folded(&numbered.collect::<Vec<_>>());
    response.deviations().iter().map(|(code, _, _)| code).collect()
}

fn created() -> Tree {
    json!({ "type": "response.created", "response": { "id": "r", "status": "in_progress", "model": "m", "output": [] } })
}

fn added() -> Tree {
    event("output_item.added", 0, json!({ "item": message("m", "in_progress", json!([])) }))
}

fn part_added() -> Tree {
    event("content_part.added", 0, json!({ "content_index": 0, "part": text_part("") }))
}

#[test]
fn every_deviation_is_listed_by_its_code() {
    let done = |text: &str| event("output_text.done", 0, json!({ "content_index": 0, "text": text }));
    let part_done = |text: &str| event("content_part.done", 0, json!({ "content_index": 0, "part": text_part(text) }));
    let item = |text: &str| {
        event("output_item.done", 0, json!({ "item": message("m", "completed", json!([text_part(text)])) }))
    };
    let last = |fields: Tree| {
        let mut response = json!({ "id": "r", "status": "completed", "model": "m", "output": [1] });
        response.as_object_mut().expect("an object").extend(fields.as_object().expect("an object").clone());
        json!({ "type": "response.completed", "response": response })
    };
    let lacking = |mut event: Tree, name: &str| {
        event.as_object_mut().map(|event| event.remove(name));
        event
    };
    let numbered = |number: Tree| json!({ "type": "response.in_progress", "response": { "id": "r", "status": "s", "model": "m" }, "sequence_number": number });
    let begun = vec![created(), added(), part_added()];
    let streamed = [begun.clone(), vec![text_delta(0, 0, "Hi")]].concat();
    let with = |events: &[Tree], more: Vec<Tree>| [events, &more].concat();
    let cases: Vec<(Vec<Tree>, &str)> = vec![
        (with(&streamed, vec![done("Hi"), part_done("Hi"), item("Hi"), last(json!({}))]), ""),
        (vec![created(), numbered(json!(5)), numbered(json!(6)), numbered(json!(9))], ""),
        (vec![created(), numbered(json!(null))], "missing_sequence_number"),
        (vec![created(), numbered(json!("1"))], "missing_sequence_number"),
        (vec![created(), numbered(json!(0))], "sequence_not_increasing"),
        (vec![created(), numbered(json!(3)), numbered(json!(3))], "sequence_not_increasing"),
        (vec![numbered(json!(1))], "missing_created"),
        (vec![json!({ "type": "acme:ping" }), created()], ""),
        (vec![created(), json!({ "type": "response.in_progress", "response": null })], "missing_response"),
        (
            vec![created(), json!({ "type": "response.in_progress", "response": { "id": "r", "status": "s" } })],
            "sparse_response",
        ),
        (with(&streamed, vec![item("Hi"), last(json!({ "output": [] }))]), "empty_output"),
        (vec![created(), last(json!({ "output": [] }))], ""),
        (
            vec![
                created(),
                json!({ "type": "response.completed", "usage": { "a": 1 }, "response": last(json!({}))["response"] }),
            ],
            "misplaced_usage",
        ),
        (vec![created(), last(json!({ "id": "other" }))], "changed_id"),
        (
            vec![
                created(),
                added(),
                event("content_part.added", 0, json!({ "item_id": "x", "content_index": 0, "part": text_part("") })),
            ],
            "changed_id",
        ),
        (
            vec![
                created(),
                added(),
                json!({ "type": "response.content_part.added", "output_index": 0, "item_id": null, "content_index": 0, "part": null }),
            ],
            "missing_item_id",
        ),
        (vec![created(), lacking(added(), "output_index")], "missing_output_index"),
        (vec![created(), added(), lacking(part_added(), "content_index")], "missing_part_index"),
        (vec![created(), part_added()], "missing_item_added"),
        (vec![created(), item("Hi")], "missing_item_added"),
        (with(&streamed, vec![last(json!({}))]), "missing_item_done"),
        (with(&streamed, vec![json!({ "type": "response.incomplete", "response": last(json!({}))["response"] })]), ""),
        (vec![created(), added(), text_delta(0, 0, "Hi")], "missing_part_added"),
        (
            with(&begun, vec![event("output_text.delta", 0, json!({ "content_index": 0, "delta": null }))]),
            "invalid_delta",
        ),
        (with(&streamed, vec![done("Ho")]), "text_differs"),
        (with(&streamed, vec![part_done("Ho")]), "text_differs"),
        (with(&streamed, vec![item("Ho")]), "text_differs"),
        (with(&streamed, vec![done("")]), "empty_done"),
        (with(&streamed, vec![part_done("")]), "empty_done"),
        (
            with(
                &streamed,
                vec![event("output_item.done", 0, json!({ "item": message("m", "completed", json!([])) }))],
            ),
            "empty_done",
        ),
        (vec![created(), json!({ "type": "response.done", "response": last(json!({}))["response"] })], "synonym"),
        (
            vec![
                created(),
                json!({ "response": last(json!({}))["response"] }),
                json!({ "object": "response", "status": "in_progress", "id": "r", "model": "m" }),
            ],
            "missing_type",
        ),
    ];
    for (events, codes) in cases {
        assert_eq!(deviations(&events).join(" "), codes, "{events:?}");
    }
}

#[test]
fn the_same_text_in_other_escapes_does_not_differ() {
    let done = r#"{"type":"response.output_text.done","sequence_number":9,"item_id":"m","output_index":0,"content_index":0,"text":"\u0048\u00e9\/"}"#;
    let mut response = folded(&[created(), added(), part_added(), text_delta(0, 0, "Hé/")]);
    let before = response.deviations().len();
    match Payload::read("", done) {
        Ok(Payload::Event(event)) => drop(response.apply(&event)),
        other => panic!("{other:?}"),
    }
    assert_eq!(response.deviations().len(), before);
    assert_eq!(snapshot(&response)["output_text"], json!("Hé/"));
}

#[test]
fn the_readme_lists_the_deviations_as_they_are() {
    let readme = include_str!("../README.md");
    let rows: Vec<String> = openresponses_wasm::deviation::Deviation::table()
        .map(|(code, message)| format!("| `{code}` | {} |", message.trim_end_matches('.')))
        .collect();
    assert!(readme.contains(&rows.join("\n")), "the README's table should be:\n{}", rows.join("\n"));
}

#[test]
fn a_surrogate_pair_in_two_deltas_is_one_character() {
    let mut response = Response::new();
    let feed = |response: &mut Response, delta: &str| {
        let text = format!(r#"{{"type":"response.output_text.delta","delta":"{delta}"}}"#);
        match Payload::read("", &text) {
            Ok(Payload::Event(event)) => drop(response.apply(&event)),
            other => panic!("{other:?}"),
        }
        snapshot_text(response)
    };
    assert_eq!(feed(&mut response, r"a\ud83e"), "a\u{fffd}");
    assert_eq!(feed(&mut response, r"\udd80b\uD83E"), "a🦀b\u{fffd}");
    assert_eq!(feed(&mut response, ""), "a🦀b\u{fffd}");
    assert_eq!(feed(&mut response, r"\uDD80\udd80"), "a🦀b🦀\u{fffd}");
}

fn snapshot_text(response: &Response) -> String {
    let json = response.to_json();
    openresponses_wasm::json::Value::parse(&json)
        .ok()
        .and_then(|json| json.get("output_text"))
        .and_then(Value::as_str)
        .map(Into::into)
        .expect("a text")
}

#[test]
fn what_a_later_response_omits_stays_and_what_it_tells_counts() {
    let first = json!({ "id": "r", "status": "in_progress", "model": "m", "tools": [1], "x-own": 1, "usage": null });
    let last = json!({ "id": "r", "tools": null, "metadata": {} });
    let whole = snapshot(&folded(&[
        json!({ "type": "response.created", "response": first }),
        json!({ "type": "response.completed", "response": last }),
    ]));
    let expected = json!({ "id": "r", "status": "completed", "model": "m", "tools": null, "metadata": {},
        "usage": null, "output": [], "output_text": "" });
    assert_eq!(whole, expected, "fields of a server's own are those of the last response");
    let empty = snapshot(&folded(&[
        json!({ "type": "response.created", "response": { "id": "r" } }),
        json!({ "type": "response.failed", "response": {} }),
    ]));
    assert_eq!(empty, json!({ "id": "r", "status": "failed", "output": [], "output_text": "" }));
}

#[test]
fn a_resumed_stream_goes_on_from_what_its_response_tells() {
    let told = json!({ "id": "r", "output": [
        message("m", "completed", json!([text_part("One.")])), message("n", "in_progress", json!([text_part("Tw")])),
    ] });
    let mut response = Response::resumed();
    for event in [
        json!({ "type": "response.in_progress", "sequence_number": 7, "response": told }),
        json!({ "type": "response.output_text.delta", "sequence_number": 8, "item_id": "n", "output_index": 1,
            "content_index": 0, "delta": "o." }),
        json!({ "type": "response.output_text.done", "sequence_number": 9, "item_id": "n", "output_index": 1,
            "content_index": 0, "text": "Two." }),
    ] {
        let text = event.to_string();
        match Payload::read("", &text) {
            Ok(Payload::Event(event)) => drop(response.apply(&event)),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(snapshot(&response)["output_text"], json!("One.Two."));
    assert!(response.deviations().is_empty());

    let mut response = Response::resumed();
    let text = json!({ "type": "response.output_text.delta", "sequence_number": 8, "item_id": "n", "output_index": 3,
        "content_index": 0, "delta": "o." })
    .to_string();
    match Payload::read("", &text) {
        Ok(Payload::Event(event)) => drop(response.apply(&event)),
        other => panic!("{other:?}"),
    }
    assert_eq!(snapshot(&response)["output_text"], json!("o."));
    assert!(response.deviations().is_empty(), "its beginning is known to be missing");
}

#[test]
fn inputs_and_code_of_hosted_tools_are_gathered() {
    for (name, field, kind) in [
        ("custom_tool_call_input", "input", "custom_tool_call"),
        ("mcp_call_arguments", "arguments", "mcp_call"),
        ("code_interpreter_call_code", "code", "code_interpreter_call"),
        ("function_call_arguments", "arguments", "function_call"),
    ] {
        let delta = |delta: &str| event(&format!("{name}.delta"), 0, json!({ "item_id": "x", "delta": delta }));
        let done = event(&format!("{name}.done"), 0, json!({ "item_id": "x", field: "abc" }));
        let mut item = json!({ "id": "x", "type": kind, "status": "completed", "own": 1 });
        let started = event("output_item.added", 0, json!({ "item": item }));
        let announced = output(&[started.clone(), delta("a"), delta("b")]);
        assert_eq!((&announced[0][field], &announced[0]["own"]), (&json!("ab"), &json!(1)), "{name}");
        assert_eq!(output(&[started.clone(), done.clone()])[0][field], json!("abc"), "{name}");
        let inferred = output(&[delta("a"), done]);
        assert_eq!((&inferred[0]["type"], &inferred[0][field]), (&json!(kind), &json!("abc")), "{name}");
        let finished = output(&[started.clone(), delta("a"), event("output_item.done", 0, json!({ "item": item }))]);
        assert_eq!(finished[0][field], json!("a"), "what the finished item omits is kept: {name}");
        item[field] = json!("whole");
        let finished = output(&[started, delta("a"), event("output_item.done", 0, json!({ "item": item }))]);
        assert_eq!(finished, json!([item]), "{name}");
    }
}

#[test]
fn log_probabilities_are_gathered_where_only_deltas_have_them() {
    let delta = |text: &str, logprobs: Tree| {
        event("output_text.delta", 0, json!({ "content_index": 0, "delta": text, "logprobs": logprobs }))
    };
    let token = |token: &str| json!({ "token": token, "logprob": -0.5, "bytes": [1], "top_logprobs": [] });
    let streamed = [
        added(),
        part_added(),
        delta("a", json!([token("a")])),
        delta("b", json!([])),
        delta("c", json!([token("c"), token("d")])),
    ];
    let part = |events: &[Tree]| output(events)[0]["content"][0].clone();
    assert_eq!(part(&streamed)["logprobs"], json!([token("a"), token("c"), token("d")]));
    let done = event("output_text.done", 0, json!({ "content_index": 0, "text": "abc", "logprobs": [token("z")] }));
    assert_eq!(part(&[&streamed[..], &[done]].concat())["logprobs"], json!([token("z")]));
    for (told, kept) in
        [(json!([]), json!([token("a"), token("c"), token("d")])), (json!([token("y")]), json!([token("y")]))]
    {
        let whole = json!({ "type": "output_text", "text": "abc", "annotations": [], "logprobs": told });
        let done = event("content_part.done", 0, json!({ "content_index": 0, "part": whole }));
        assert_eq!(part(&[&streamed[..], &[done]].concat())["logprobs"], kept);
    }
}

#[test]
fn usage_and_cost_are_the_last_that_were_told() {
    let accounts = |events: &[Tree]| {
        let response = folded(events);
        let json = |text: Option<&str>| text.map(|text| serde_json::from_str::<Tree>(text).expect("JSON"));
        (json(response.usage()), json(response.cost()))
    };
    let completed = |response: Tree| json!({ "type": "response.completed", "response": response });
    assert_eq!(accounts(&[created(), completed(json!({ "usage": null, "cost": null }))]), (None, None));
    for cost in [json!("free"), json!({ "usd": 1 }), json!([1]), json!(true)] {
        assert_eq!(accounts(&[completed(json!({ "cost": cost }))]).1, None, "no number: {cost}");
    }
    let (early, late) = (json!({ "total_tokens": 1, "cost": 1 }), json!({ "total_tokens": 2 }));
    assert_eq!(accounts(&[completed(json!({ "usage": early }))]), (Some(early.clone()), Some(json!(1))));
    let told = json!({ "type": "acme:bill", "usage": early, "cost": 0.25 });
    assert_eq!(accounts(std::slice::from_ref(&told)), (Some(early), Some(json!(0.25))));
    assert_eq!(accounts(&[told.clone(), completed(json!({ "usage": late }))]), (Some(late), Some(json!(0.25))));
    assert_eq!(snapshot(&folded(&[told, completed(json!({ "usage": null }))]))["usage"]["total_tokens"], json!(1));
}

#[test]
fn hostile_streams_cost_no_more_than_their_bytes() {
    // Each of these takes minutes when any step looks at all that came before.
    let long = "x".repeat(1 << 20);
    let mut response = Response::new();
    let mut feed = |event: Tree| {
        let text = event.to_string();
        match Payload::read("", &text) {
            Ok(Payload::Event(event)) => drop(response.apply(&event)),
            other => panic!("{other:?}"),
        }
    };
    feed(event("content_part.added", 0, json!({ "content_index": 0, "part": text_part(&long) })));
    for number in 0..20_000_u64 {
        feed(event("output_text.delta", 0, json!({ "content_index": 0, "delta": null })));
        feed(event("output_text.delta", 0, json!({ "content_index": number, "delta": "x", "logprobs": [1] })));
        feed(event("output_item.added", u64::MAX - number, json!({ "item": { "type": "acme:x" } })));
        feed(event("function_call_arguments.done", 1, json!({ "arguments": "" })));
        feed(json!({ "type": "response.in_progress", "response": { "id": number, "output": [] } }));
        feed(event("output_text.annotation.added", 0, json!({ "annotation_index": 20_000 - number, "annotation": 1 })));
    }
    let members: serde_json::Map<String, Tree> = (0..20_000).map(|number| (number.to_string(), json!(1))).collect();
    for _ in 0..20 {
        feed(json!({ "type": "response.in_progress", "response": members }));
    }
    assert!(response.deviations().len() < 30);
    assert!(response.to_json().len() < 4 << 20);
}

/// A finished output item, with fields the client does not know.
fn item() -> impl Strategy<Value = Tree> {
    let text = || {
        prop::collection::vec(prop_oneof![any::<char>(), Just('"'), Just('\\'), Just('🦀')], 0..12)
            .prop_map(String::from_iter)
    };
    let annotations = prop::collection::vec(text().prop_map(|url| json!({ "type": "url_citation", "url": url })), 0..3);
    let part = prop_oneof![
        (text(), annotations).prop_map(|(text, annotations)| json!({
            "type": "output_text", "text": text, "annotations": annotations, "logprobs": [],
        })),
        text().prop_map(|text| json!({ "type": "refusal", "refusal": text })),
        text().prop_map(|text| json!({ "type": "acme:part", "data": { "text": text } })),
    ];
    let reasoning = |kind: &'static str| {
        prop::collection::vec(text().prop_map(move |text| json!({ "type": kind, "text": text })), 0..3)
    };
    prop_oneof![
        (prop::collection::vec(part, 0..4), text()).prop_map(|(content, x)| {
            let mut item = message("m", "completed", json!(content));
            item["x"] = json!(x);
            item
        }),
        text().prop_map(|arguments| call("completed", &arguments)),
        (reasoning("reasoning_text"), reasoning("summary_text")).prop_map(|(content, summary)| {
            json!({ "id": "rs", "type": "reasoning", "status": "completed", "content": content, "summary": summary })
        }),
        text().prop_map(|text| json!({
            "id": "w", "type": "acme:widget", "status": "completed", "content": text, "n": null,
        })),
    ]
}

/// The text in pieces of the given length, an empty one among them.
fn deltas(text: &str, length: usize) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    characters.chunks(length).map(String::from_iter).chain([String::new()]).collect()
}

/// The events by which a server that keeps every rule sends an item.
fn item_events(item: &Tree, output_index: u64, length: usize) -> Vec<Tree> {
    let mut started = item.clone();
    started["status"] = json!("in_progress");
    for (field, empty) in [("arguments", json!("")), ("content", json!([])), ("summary", json!([]))] {
        if item["type"] != "acme:widget" && item.get(field).is_some() {
            started[field] = empty;
        }
    }
    let about = |kind: &str, fields: Tree| event(kind, output_index, fields);
    let mut events = vec![about("output_item.added", json!({ "item": started }))];
    for (list, index_name, part_event) in
        [("content", "content_index", "content_part"), ("summary", "summary_index", "reasoning_summary_part")]
    {
        for (index, part) in (0_u64..).zip(item[list].as_array().into_iter().flatten()) {
            let (name, field) = match part["type"].as_str() {
                Some("output_text") => ("output_text", "text"),
                Some("refusal") => ("refusal", "refusal"),
                Some("reasoning_text") => ("reasoning", "text"),
                Some("summary_text") => ("reasoning_summary_text", "text"),
                _ => ("", ""),
            };
            let mut started = part.clone();
            if let Some(text) = part[field].as_str() {
                started[field] = json!("");
                if part.get("annotations").is_some() {
                    started["annotations"] = json!([]);
                }
                events.push(about(&format!("{part_event}.added"), json!({ index_name: index, "part": started })));
                for delta in deltas(text, length) {
                    events.push(about(&format!("{name}.delta"), json!({ index_name: index, "delta": delta })));
                }
                for (number, annotation) in (0_u64..).zip(part["annotations"].as_array().into_iter().flatten()) {
                    let fields = json!({ index_name: index, "annotation_index": number, "annotation": annotation });
                    events.push(about("output_text.annotation.added", fields));
                }
                events.push(about(&format!("{name}.done"), json!({ index_name: index, field: text })));
            } else {
                events.push(about(&format!("{part_event}.added"), json!({ index_name: index, "part": started })));
            }
            events.push(about(&format!("{part_event}.done"), json!({ index_name: index, "part": part })));
        }
    }
    if let Some(arguments) = item["arguments"].as_str() {
        for delta in deltas(arguments, length) {
            events.push(about("function_call_arguments.delta", json!({ "delta": delta })));
        }
        events.push(about("function_call_arguments.done", json!({ "arguments": arguments })));
    }
    events.push(about("output_item.done", json!({ "item": item })));
    events
}

/// The events of all items, each item's in order, interleaved as the choices say.
fn interleaved(mut queues: Vec<Vec<Tree>>, choices: &[prop::sample::Index]) -> Vec<Tree> {
    queues.iter_mut().for_each(|queue| queue.reverse());
    let mut events = Vec::new();
    for choice in choices.iter().cycle() {
        queues.retain(|queue| !queue.is_empty());
        if queues.is_empty() {
            break;
        }
        let which = choice.index(queues.len());
        events.extend(queues.get_mut(which).and_then(Vec::pop));
    }
    events
}

/// The events, each about an item with the item's own id.
fn own(events: &[Tree]) -> Vec<Tree> {
    let mut ids = std::collections::HashMap::new();
    let mut events = events.to_vec();
    for event in &mut events {
        if let (Some(index), Some(id)) = (event["output_index"].as_u64(), event["item"]["id"].as_str()) {
            ids.insert(index, id.to_owned());
        } else if let Some(index) = event["output_index"].as_u64() {
            event["item_id"] = json!(ids.get(&index));
        }
    }
    events
}

/// The output without what only a finished item tells.
fn without_status(mut output: Tree) -> Tree {
    for item in output.as_array_mut().into_iter().flatten() {
        item.as_object_mut().map(|item| item.remove("status"));
    }
    output
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_snapshot_of_a_well_formed_stream_is_its_response(
        items in prop::collection::vec(item(), 0..5),
        length in 1..5_usize,
        choices in prop::collection::vec(any::<prop::sample::Index>(), 1..20),
        metadata in ".{0,8}",
    ) {
        let response = |status: &str, output: &[Tree]| {
            let metadata = json!({ "a": metadata });
            json!({ "id": "r", "object": "response", "status": status, "metadata": metadata, "output": output })
        };
        let queues = (0..).zip(&items).map(|(index, item)| item_events(item, index, length)).collect();
        let mut events = vec![
            json!({ "type": "response.created", "response": response("queued", &[]) }),
            json!({ "type": "response.in_progress", "response": response("in_progress", &[]) }),
        ];
        events.extend(interleaved(queues, &choices));

        // All that was streamed, all but what only repeats, and what a server sends that repeats nothing in the deltas.
        let expected = json!(items);
        let output = |events: &[Tree]| snapshot(&folded(events))["output"].clone();
        prop_assert_eq!(output(&events), expected.clone());
        let is = |event: &Tree, end: &str| event["type"].as_str().is_some_and(|name| name.ends_with(end));
        let synonyms: Vec<&str> = deviations(&own(&events));
        prop_assert_eq!(synonyms, Vec::<&str>::new(), "a server that keeps every rule");
        let without_done: Vec<_> = events.iter().filter(|event| !is(event, ".done")).cloned().collect();
        prop_assert_eq!(without_status(output(&without_done)), without_status(expected.clone()));
        let without_deltas: Vec<_> = events.iter().filter(|event| !is(event, ".delta")).cloned().collect();
        prop_assert_eq!(output(&without_deltas), expected.clone());
        let only_items: Vec<_> = events.iter().filter(|event| is(event, "output_item.done")).cloned().collect();
        prop_assert_eq!(output(&only_items), expected.clone());

        let text = |item: &Tree| -> String {
            let parts = item["content"].as_array().into_iter().flatten();
            parts.filter(|part| part["type"] == "output_text").filter_map(|part| part["text"].as_str()).collect()
        };
        for last in [response("completed", &items), response("completed", &[])] {
            let mut events = events.clone();
            events.push(json!({ "type": "response.completed", "response": last }));
            let mut whole = response("completed", &items);
            let messages = items.iter().filter(|item| item["type"] == "message");
            whole["output_text"] = json!(messages.map(text).collect::<String>());
            prop_assert_eq!(snapshot(&folded(&events)), whole);
        }
    }

    #[test]
    fn any_events_in_any_order_give_a_snapshot(
        items in prop::collection::vec(item(), 1..4),
        picks in prop::collection::vec((any::<prop::sample::Index>(), 0..6_u8), 0..40),
    ) {
        let all: Vec<Tree> = items.iter().flat_map(|item| item_events(item, 0, 2)).collect();
        let events: Vec<Tree> = picks.iter().map(|(pick, change)| {
            let mut event = pick.get(&all).clone();
            let fields = event.as_object_mut().expect("an object");
            match change {
                0 => { fields.remove("output_index"); }
                1 => { fields.insert("content_index".into(), json!(1)); }
                2 => { fields.values_mut().skip(1).for_each(|value| if !value.is_string() { *value = Tree::Null; }); }
                3 => { fields.insert("part".into(), json!([])); fields.insert("item".into(), json!("x")); }
                _ => (),
            }
            event
        }).collect();
        prop_assert!(snapshot(&folded(&events))["output"].is_array());
    }
}

/// The least bound within which these events are taken.
fn least_bound(events: &[Tree]) -> usize {
    let fits = |bound: &usize| {
        let mut response = Response::new();
        response.limit(*bound);
        events.iter().all(|event| {
            let json = event.to_string();
            let Ok(Payload::Event(event)) = Payload::read("", &json) else { panic!("{json}") };
            response.apply(&event);
            response.excess().is_none()
        })
    };
    (0..10_000).find(fits).expect("a bound")
}

#[test]
fn all_that_is_kept_counts_for_the_bound_byte_by_byte() {
    let begun = [
        event("output_item.added", 0, json!({ "item": message("m", "in_progress", json!([])) })),
        text_delta(0, 0, "Hi"),
        event("output_item.added", 1, json!({ "item": call("in_progress", "") })),
        event("function_call_arguments.delta", 1, json!({ "delta": "{" })),
    ];
    let grown = |more: &[Tree]| least_bound(&[&begun, more].concat()) - least_bound(&begun);
    let long = "x".repeat(100);
    assert_eq!(grown(&[text_delta(0, 0, &long)]), 100);
    assert_eq!(grown(&[text_delta(0, 0, "\n")]), 2, "as it is written");
    assert_eq!(grown(&[event("function_call_arguments.delta", 1, json!({ "delta": long }))]), 100);
    assert_eq!(grown(&[text_delta(0, 0, &long), text_delta(0, 0, &long)]), 200);
    for more in [
        text_delta(0, 1, &long),
        event("output_item.added", 2, json!({ "item": message("n", "in_progress", json!([{ "x": long }])) })),
        event("reasoning_summary_text.delta", 2, json!({ "summary_index": 0, "delta": long })),
        event("output_text.annotation.added", 0, json!({ "content_index": 0, "annotation": { "x": long } })),
        event("output_text.delta", 0, json!({ "content_index": 0, "delta": "", "logprobs": [long] })),
        json!({ "type": "response.in_progress", "response": { "metadata": long } }),
        json!({ "type": "acme:x", "usage": { "x": long } }),
    ] {
        let grown = grown(std::slice::from_ref(&more));
        assert!((100..1_000).contains(&grown), "{grown} by {more}");
    }
}

#[test]
fn what_is_replaced_or_not_kept_does_not_count_for_the_bound() {
    let long = "x".repeat(100);
    for again in [
        json!({ "type": "response.in_progress", "response": { "metadata": long } }),
        json!({ "type": "acme:x", "note": long }),
        json!({ "type": "acme:x", "usage": { "x": long } }),
        event("output_item.added", 0, json!({ "item": message(&long, "in_progress", json!([])) })),
        event("content_part.done", 0, json!({ "content_index": 0, "part": text_part(&long) })),
    ] {
        let one = least_bound(std::slice::from_ref(&again));
        let many = least_bound(&vec![again.clone(); 50]);
        assert!(many <= one + 500, "{one}, {many}: {again}");
    }
    let items = |count: u64| -> Vec<_> {
        (0..count)
            .map(|at| event("output_item.added", 0, json!({ "item": message("m", "x", json!([{}, {}, at])) })))
            .collect()
    };
    assert!(least_bound(&items(50)) <= least_bound(&items(2)) + 100);
}
