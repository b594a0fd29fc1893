//! The protocol's types: what is read is written again, whatever it was.

mod table;

use std::io::Write;

use openresponses_wasm::protocol::{
    ContentPart, DECLARATIONS, Description, Field, FunctionTool, Input, InputItem, ItemList, ItemStatus, ModelList,
    OutputItem, ResponseCreateParamsBase, ResponseObject, ResponseStreamEvent, Shape, SystemRole, Tool, Truncation,
    UserMessageParam, WebSocketClientMessage, WebSocketServerMessage, types,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use table::{find, reshape};

/// Through the Rust type, from text to text.
fn round_trip<T: Serialize + DeserializeOwned>(json: &str) -> String {
    let read: T = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"));
    serde_json::to_string(&read).expect("JSON")
}

#[track_caller]
fn survives<T: Serialize + DeserializeOwned>(value: &Value) {
    let text = value.to_string();
    assert_eq!(serde_json::from_str::<Value>(&round_trip::<T>(&text)).expect("JSON"), *value);
}

#[test]
fn every_object_survives_with_all_its_properties() {
    for described in types() {
        if let Shape::Object { .. } = described.shape {
            for which in 0..3 {
                let value = sample(described.name, which);
                assert_eq!(reshape(described, &value), Some(value), "{}", described.name);
            }
        }
    }
}

#[test]
fn every_member_of_every_union_survives() {
    for described in types() {
        if let Shape::Union { members, .. } = described.shape {
            for member in members {
                let value = sample(member, 0);
                assert_eq!(reshape(described, &value), Some(value), "{} in {}", member, described.name);
            }
        }
    }
}

#[test]
fn every_object_keeps_what_it_does_not_know_and_what_is_missing_null_or_odd() {
    for described in types() {
        let Shape::Object { properties, .. } = described.shape else { continue };
        let whole = sample(described.name, 0);
        let mut more = whole.clone();
        more["x_vendor"] = json!({ "b": [1, { "c": null }], "a": 1e300 });
        assert_eq!(reshape(described, &more), Some(more), "{}", described.name);
        for property in properties {
            for odd in [None, Some(Value::Null), Some(json!([[["odd"]]])), Some(json!(2.5))] {
                let mut value = whole.clone();
                let fields = value.as_object_mut().expect("an object");
                match odd {
                    Some(odd) => fields.insert(property.name.to_owned(), odd),
                    None => fields.remove(property.name),
                };
                // An object that lacks what it cannot be without is not read as one; its union keeps it.
                let read = reshape(described, &value);
                assert!(read.is_none_or(|read| read == value), "{} of {}", property.name, described.name);
            }
        }
    }
}

#[test]
fn open_unions_take_anything() {
    for described in types() {
        if let Shape::Union { is_open: true, .. } = described.shape {
            for odd in [
                json!({ "type": "acme:thing", "id": "x", "b": { "d": 1, "c": 2 }, "a": null }),
                json!({ "type": "thing_of_tomorrow" }),
                json!({ "type": null }),
                json!({}),
                json!([1]),
                Value::Null,
            ] {
                assert_eq!(reshape(described, &odd), Some(odd), "{}", described.name);
            }
        }
    }
}

#[test]
fn what_is_unknown_stays_in_its_place() {
    let json = r#"{"id":"resp_1","object":"response","status":"dreaming","output":[{"type":"acme:dream","id":"d","z":1,"a":2},{"type":"message","id":"m","role":"assistant","content":[{"type":"acme:smell","smell":"rose"},{"type":"output_text","text":"a","annotations":[{"type":"acme:note"}]}]},null,{"type":"message","id":"n","role":"narrator","content":[]}],"tools":[{"type":"acme:tool","z":1,"a":2}],"tool_choice":"acme:most","service_tier":"acme:gold","zeta":1,"alpha":{"b":1,"a":2}}"#;
    let response: ResponseObject = serde_json::from_str(json).expect("a response");
    let output = response.output.get().expect("output");
    assert!(matches!(&output[0], OutputItem::Unknown(item) if item.kind() == Some("acme:dream")));
    let OutputItem::Message(message) = &output[1] else { panic!("{:?}", output[1]) };
    let parts = message.content.get().expect("content");
    assert!(matches!(&parts[0], ContentPart::Unknown(part) if part.get("smell") == Some(&json!("rose"))));
    assert!(message.status.is_absent());
    assert_eq!(response.output_text(), "a");
    assert_eq!(response.extra.keys().collect::<Vec<_>>(), ["zeta", "alpha"]);
    assert_eq!(serde_json::to_string(&response).expect("JSON"), json, "even in the same order");
}

#[test]
fn numbers_stay_as_they_are() {
    let json = r#"{"object":"response","created_at":1764000000.25,"top_logprobs":0,"temperature":1.0,"top_p":1,"presence_penalty":0.1}"#;
    let response: ResponseObject = serde_json::from_str(json).expect("a response");
    assert_eq!(response.temperature.get().map(|number| number.get()), Some(1.0));
    assert!(matches!(response.created_at, Field::Other(_)), "not a whole number of seconds");
    let again: Value = serde_json::from_str(&serde_json::to_string(&response).expect("JSON")).expect("JSON");
    assert_eq!(again.to_string().len(), json.len());
    assert_eq!(again, serde_json::from_str::<Value>(json).expect("JSON"));
}

#[test]
fn events_are_told_apart_and_vendors_events_kept() {
    let delta = r#"{"type":"response.output_text.delta","delta":"Hé"}"#;
    let event: ResponseStreamEvent = serde_json::from_str(delta).expect("an event");
    let ResponseStreamEvent::OutputTextDelta(event) = event else { panic!("{event:?}") };
    assert_eq!((event.delta.as_str(), event.sequence_number.is_absent()), ("Hé", true));
    for json in [
        delta,
        r#"{"type":"acme:ping","note":[1,2],"a":null}"#,
        r#"{"type":"keepalive","sequence_number":3}"#,
        r#"{"type":"response.output_text.delta","delta":7}"#,
        r#"{"type":"response.output_item.added","output_index":0,"item":null}"#,
        r#"{"type":"error","code":"server_error","message":"flat","param":null}"#,
    ] {
        assert_eq!(round_trip::<ResponseStreamEvent>(json), json);
    }
}

#[test]
fn requests_are_written_as_they_were_built() {
    let request = ResponseCreateParamsBase::new()
        .model("o4-mini")
        .input(vec![InputItem::from(UserMessageParam::new("Hello"))])
        .tools(vec![Tool::from(FunctionTool::new("now").description("What time it is."))])
        .temperature(0.5)
        .max_output_tokens(64)
        .truncation("auto")
        .with("top_k", 40);
    assert_eq!(
        serde_json::to_value(&request).expect("JSON"),
        json!({
            "model": "o4-mini",
            "input": [{ "type": "message", "role": "user", "content": "Hello" }],
            "tools": [{ "type": "function", "name": "now", "description": "What time it is." }],
            "max_output_tokens": 64,
            "temperature": 0.5,
            "truncation": "auto",
            "top_k": 40,
        })
    );
    assert_eq!(request.truncation, Field::Is(Truncation::Auto));
    let mut request = ResponseCreateParamsBase::new().input("Hello");
    request.model = Field::Null;
    assert_eq!(serde_json::to_string(&request).expect("JSON"), r#"{"model":null,"input":"Hello"}"#);
    assert_eq!(request.input, Field::Is(Input::Text("Hello".into())));
}

#[test]
fn an_output_item_is_an_input_item() {
    for json in [
        json!({ "type": "message", "id": "m", "status": "completed", "role": "assistant", "content": [
            { "type": "output_text", "text": "a", "annotations": [], "logprobs": [] }, { "type": "acme:smell" },
        ], "phase": "final_answer" }),
        json!({ "type": "reasoning", "id": "r", "summary": [], "content": [{ "type": "reasoning_text", "text": "t" }], "signature": "s" }),
        json!({ "type": "web_search_call", "id": "w", "status": "completed", "action": { "type": "search", "query": "q" } }),
        json!({ "type": "acme:dream", "id": "d" }),
        json!({ "id": "without a type" }),
        json!({ "role": "narrator" }),
        json!({ "type": "message", "role": "developer", "content": [{ "type": "input_text", "text": "a" }] }),
    ] {
        survives::<InputItem>(&json);
        survives::<OutputItem>(&json);
    }
    let item: OutputItem = serde_json::from_value(json!({ "type": "acme:dream" })).expect("an item");
    assert!(matches!(InputItem::from(item), InputItem::Output(OutputItem::Unknown(_))));
    assert_eq!(ItemStatus::from("paused").as_str(), "paused");
}

#[test]
fn a_message_without_a_type_is_one_and_is_written_with_it() {
    let parts = json!([{ "type": "input_text", "text": "a" }]);
    for (role, content) in
        [("user", json!("a")), ("user", parts.clone()), ("developer", parts), ("assistant", json!("a"))]
    {
        let written = json!({ "type": "message", "role": role, "content": content, "x_vendor": 1 });
        let mut value = written.clone();
        value.as_object_mut().expect("an object").remove("type");
        let list: ItemList = serde_json::from_value(json!({ "data": [value] })).expect("a list");
        let item = list.data.iter().next().expect("an item");
        let is_of_its_role = match item {
            InputItem::UserMessage(_) => role == "user",
            InputItem::SystemMessage(message) => role == "developer" && message.role == SystemRole::Developer,
            InputItem::AssistantMessage(_) => role == "assistant",
            _ => false,
        };
        assert!(is_of_its_role, "{item:?}");
        assert_eq!(serde_json::to_value(item).expect("JSON"), written);
        value["type"] = json!("acme:note");
        let item: InputItem = serde_json::from_value(value).expect("an item");
        assert!(matches!(item, InputItem::Output(OutputItem::Unknown(_))), "{item:?}");
    }
}

#[test]
fn a_list_can_be_looped_over_and_is_empty_where_there_is_none() {
    let of = |json: serde_json::Value| serde_json::from_value::<ResponseObject>(json).expect("a response").output;
    let output = of(json!({ "output": [{ "type": "acme:a" }, { "type": "acme:b" }] }));
    let mut items = Vec::new();
    for item in &output {
        items.push(item.clone());
    }
    assert_eq!((items.len(), output.iter().len()), (2, 2));
    assert_eq!(output.into_iter().collect::<Vec<_>>(), items);
    for none in [json!({}), json!({ "output": null }), json!({ "output": "text" })] {
        assert_eq!((of(none.clone()).iter().count(), of(none).into_iter().count()), (0, 0));
    }
}

#[test]
fn messages_of_the_websocket_have_no_background() {
    let json = json!({ "type": "response.create", "model": "m", "input": "Hello", "generate": false });
    survives::<WebSocketClientMessage>(&json);
    let mut wrong = json.clone();
    wrong["background"] = true.into();
    let message: WebSocketClientMessage = serde_json::from_value(wrong).expect("a message");
    assert_eq!(serde_json::to_value(&message).expect("JSON"), json);
    survives::<WebSocketServerMessage>(
        &json!({ "type": "error", "status": 400, "error": { "code": "c", "message": "m" } }),
    );
    survives::<WebSocketServerMessage>(&json!({ "type": "error", "sequence_number": 1, "error": { "message": "m" } }));
    survives::<WebSocketServerMessage>(&json!({ "type": "response.steer.failed", "acme": 1 }));
}

#[test]
fn a_list_of_models_needs_no_label() {
    for json in [r#"{"data":[{"id":"m"}]}"#, r#"{"object":"list","data":[{"id":"m","object":"model","acme":1}]}"#] {
        assert_eq!(round_trip::<ModelList>(json), json);
    }
}

#[test]
fn typescript_has_every_type_once() {
    let text = DECLARATIONS.concat();
    for described in types() {
        assert_eq!(text.matches(described.typescript).count(), 1, "{}", described.name);
        let declared = [format!("export interface {} ", described.name), format!("export type {} =", described.name)];
        let count: usize = declared.iter().map(|start| text.matches(start.as_str()).count()).sum();
        assert_eq!(count, 1, "{}", described.name);
    }
    let code = text.lines().filter(|line| !line.trim_start().starts_with(['/', '*']));
    for line in code {
        assert!(!line.split(|letter: char| !letter.is_alphanumeric()).any(|word| word == "any"), "{line}");
    }
    assert!(find("ResponseStreamEvent").is_some());
}

/// Every event that real servers have sent, where the recordings are at hand.
#[test]
fn recorded_events_survive() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/captures");
    if !folder.is_dir() {
        // Not `eprintln!`, which the tests' harness swallows.
        writeln!(std::io::stderr(), "SKIPPED recorded_events_survive: {} is not there", folder.display())
            .expect("stderr");
        return;
    }
    let mut events = 0;
    for file in std::fs::read_dir(folder)
        .expect("a folder")
        .flat_map(|entry| std::fs::read_dir(entry.expect("an entry").path()))
    {
        for entry in file {
            let path = entry.expect("an entry").path();
            let text = std::fs::read_to_string(&path).expect("text");
            let lines = text.lines().filter_map(|line| line.strip_prefix("data:").unwrap_or(line).trim().into());
            for line in lines.filter(|line: &&str| line.starts_with('{') && line.ends_with('}')) {
                let Ok(value) = serde_json::from_str::<Value>(line) else { continue };
                survives::<ResponseStreamEvent>(&value);
                let event: ResponseStreamEvent = serde_json::from_value(value.clone()).expect("an event");
                let unknown = matches!(event, ResponseStreamEvent::Unknown(_));
                let known = value["type"].as_str().is_some_and(|kind| {
                    kind != "keepalive"
                        && (kind.starts_with("response.") || (kind == "error" && value["error"].is_object()))
                });
                assert_eq!(unknown, !known, "{line} in {}", path.display());
                events += 1;
            }
        }
    }
    assert!(events > 500, "{events}");
}

/// A value of the type, with all its properties; `which` chooses among the members of unions and choices.
fn sample(typescript: &str, which: usize) -> Value {
    if let Some(item) = typescript.strip_suffix("[]") {
        return json!([sample(item, which)]);
    }
    if let Some(values) = typescript.strip_prefix("Record<string, ") {
        return json!({ "b": sample(values.trim_end_matches('>'), which), "a": sample(values.trim_end_matches('>'), which) });
    }
    if let Some(constant) = typescript.strip_prefix('"') {
        return constant.trim_end_matches('"').into();
    }
    match typescript {
        "string" => "text".into(),
        "number" => 7.into(),
        "boolean" => true.into(),
        "unknown" | "object" => json!({ "z": [1, 2.5, null], "a": "anything" }),
        name => sample_of(find(name).unwrap_or_else(|| panic!("{name} is not described")), which),
    }
}

fn sample_of(described: &Description, which: usize) -> Value {
    match &described.shape {
        Shape::Object { constants, properties, .. } => {
            let constants = constants.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
            let properties =
                properties.iter().map(|property| (property.name.to_owned(), sample(property.typescript, which)));
            Value::Object(constants.chain(properties).collect::<Map<_, _>>())
        }
        Shape::Choice(values) => values[which % values.len()].into(),
        // A member that holds its own union is the last to be chosen.
        Shape::Union { members, .. } => sample(members[which.min(members.len() - 1)], 0),
        Shape::Alias(typescript) => sample(typescript, which),
        Shape::TypeScript => panic!("{} is no type of Rust's", described.name),
    }
}
