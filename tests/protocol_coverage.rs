//! The described types against the specification's own schemas, in Rust and in TypeScript: every property, every value of
//! an enumeration, every member of a union, every event. The schemas are no part of the project; without them, what of them
//! must never get lost is looked for.

mod table;

use std::io::Write;
use std::path::Path;

use openresponses_wasm::protocol::{DECLARATIONS, Description, Shape, types};
use serde_json::{Map, Value, json};
use table::{find, reshape};

/// Which types describe a schema.
const DESCRIBED_BY: &[(&str, &[&str])] = &[
    ("AllowedToolChoice", &["AllowedToolsChoice"]),
    ("AllowedToolsParam", &["AllowedToolsChoice"]),
    ("Annotation", &["Annotation"]),
    ("AssistantMessageItemParam", &["AssistantMessageParam"]),
    ("CompactResource", &["CompactedResponse"]),
    ("CompactResponseMethodPublicBody", &["ResponseCompactParams"]),
    ("CompactionBody", &["CompactionItem"]),
    ("CompactionSummaryItemParam", &["CompactionItemParam"]),
    ("CreateResponseBody", &["ResponseCreateParamsBase", "ResponseCreateParamsStreaming"]),
    ("DetailEnum", &["ImageDetail"]),
    ("DeveloperMessageItemParam", &["SystemMessageParam"]),
    ("Error", &["ResponseErrorInfo"]),
    ("ErrorPayload", &["ErrorInfo"]),
    ("ErrorStreamingEvent", &["ResponseErrorEvent"]),
    ("FunctionCall", &["FunctionCallItem"]),
    ("FunctionCallItemParam", &["FunctionCallParam"]),
    ("FunctionCallItemStatus", &["ItemStatus"]),
    ("FunctionCallOutput", &["FunctionCallOutputItem"]),
    ("FunctionCallOutputItemParam", &["FunctionCallOutputParam"]),
    ("FunctionCallOutputStatusEnum", &["ItemStatus"]),
    ("FunctionCallStatus", &["ItemStatus"]),
    ("FunctionTool", &["FunctionTool"]),
    ("FunctionToolChoice", &["FunctionToolChoice"]),
    ("FunctionToolParam", &["FunctionTool"]),
    ("ImageDetail", &["ImageDetail"]),
    ("IncludeEnum", &["ResponseIncludable"]),
    ("IncompleteDetails", &["IncompleteDetails"]),
    ("InputFileContent", &["InputFile"]),
    ("InputFileContentParam", &["InputFile"]),
    ("InputImageContent", &["InputImage"]),
    ("InputImageContentParamAutoParam", &["InputImage"]),
    ("InputTextContent", &["InputText"]),
    ("InputTextContentParam", &["InputText"]),
    ("InputTokensDetails", &["InputTokensDetails"]),
    ("InputVideoContent", &["InputVideo"]),
    ("ItemField", &["OutputItem"]),
    ("ItemParam", &["InputItem"]),
    ("ItemReferenceParam", &["ItemReferenceParam"]),
    ("JsonObjectResponseFormat", &["TextFormatJSONObject"]),
    ("JsonSchemaResponseFormat", &["TextFormatJSONSchema"]),
    ("JsonSchemaResponseFormatParam", &["TextFormatJSONSchema"]),
    ("LogProb", &["LogProb"]),
    ("Message", &["OutputMessage"]),
    ("MessageRole", &["MessageRole"]),
    ("MessageStatus", &["ItemStatus"]),
    ("OutputTextContent", &["OutputText"]),
    ("OutputTextContentParam", &["OutputTextParam"]),
    ("OutputTokensDetails", &["OutputTokensDetails"]),
    ("Reasoning", &["ReasoningConfig"]),
    ("ReasoningBody", &["ReasoningItem"]),
    ("ReasoningEffortEnum", &["ReasoningEffort"]),
    ("ReasoningItemParam", &["ReasoningItemParam"]),
    ("ReasoningParam", &["ReasoningConfig"]),
    ("ReasoningSummaryContentParam", &["SummaryText"]),
    ("ReasoningSummaryEnum", &["ReasoningSummary"]),
    ("ReasoningTextContent", &["ReasoningText"]),
    ("RefusalContent", &["Refusal"]),
    ("RefusalContentParam", &["Refusal"]),
    ("ResponseResource", &["ResponseObject"]),
    ("ResponsesToolParam", &["Tool"]),
    ("ServiceTierEnum", &["ServiceTier"]),
    ("SpecificFunctionParam", &["FunctionToolChoice"]),
    ("SpecificToolChoiceParam", &["ToolChoice"]),
    ("StreamOptionsParam", &["StreamOptions"]),
    ("SummaryTextContent", &["SummaryText"]),
    ("SystemMessageItemParam", &["SystemMessageParam"]),
    ("TextContent", &["PlainText"]),
    ("TextField", &["TextConfig"]),
    ("TextFormatParam", &["TextFormat"]),
    ("TextParam", &["TextConfig"]),
    ("TextResponseFormat", &["TextFormatText"]),
    ("Tool", &["Tool"]),
    ("ToolChoiceParam", &["ToolChoice"]),
    ("ToolChoiceValueEnum", &["ToolChoiceMode"]),
    ("TopLogProb", &["TopLogProb"]),
    ("TruncationEnum", &["Truncation"]),
    ("UrlCitationBody", &["UrlCitation"]),
    ("UrlCitationParam", &["UrlCitation"]),
    ("Usage", &["Usage"]),
    ("UserMessageItemParam", &["UserMessageParam"]),
    ("VerbosityEnum", &["Verbosity"]),
    ("WebSocketErrorEvent", &["WebSocketErrorEvent"]),
    ("WebSocketResponseCreateEvent", &["WebSocketCreateMessage", "ResponseCreateParamsBase"]),
];

/// Schemas that are nothing of their own.
const NOT_DESCRIBED: &[(&str, &str)] = &[
    ("EmptyModelParam", "an object without properties: `JSONSchema`"),
    ("MetadataParam", "a map of strings: `Metadata`"),
];

/// What differs, and why.
const DIFFERENCES: &[(&str, &str)] = &[
    ("CreateResponseBody.stream: Rust", "the method says whether it streams"),
    ("WebSocketResponseCreateEvent.type: Rust", "`WebSocketCreateMessage` is written by hand, around the request"),
    ("WebSocketResponseCreateEvent.stream: Rust", "must not be sent"),
    ("WebSocketResponseCreateEvent.stream: TypeScript", "must not be sent"),
    ("WebSocketResponseCreateEvent.type: value", "`WebSocketCreateMessage` is written by hand"),
    ("JsonSchemaResponseFormat.schema: null", "the schema has nothing but null there; servers send the schema"),
    (
        "ResponseReasoningSummaryPartAddedStreamingEvent: sample",
        "a summary is of `summary_text`; else it stays as it came",
    ),
    (
        "ResponseReasoningSummaryPartDoneStreamingEvent: sample",
        "a summary is of `summary_text`; else it stays as it came",
    ),
    ("ItemReferenceParam.type: null", "it may be left out or null by the schema; it is always sent"),
];

/// The specification's events.
const EVENTS: &[&str] = &[
    "error",
    "response.completed",
    "response.content_part.added",
    "response.content_part.done",
    "response.created",
    "response.failed",
    "response.function_call_arguments.delta",
    "response.function_call_arguments.done",
    "response.in_progress",
    "response.incomplete",
    "response.output_item.added",
    "response.output_item.done",
    "response.output_text.annotation.added",
    "response.output_text.delta",
    "response.output_text.done",
    "response.queued",
    "response.reasoning.delta",
    "response.reasoning.done",
    "response.reasoning_summary_part.added",
    "response.reasoning_summary_part.done",
    "response.reasoning_summary_text.delta",
    "response.reasoning_summary_text.done",
    "response.refusal.delta",
    "response.refusal.done",
];

#[test]
fn the_specifications_events_are_all_there() {
    let map = DECLARATIONS.concat();
    assert_eq!(EVENTS.len(), 24);
    for event in EVENTS {
        let described = event_of(event).unwrap_or_else(|| panic!("{event}"));
        assert!(map.contains(&format!("  \"{event}\": {};\n", described.name)), "{event}");
    }
}

#[test]
fn every_described_event_is_in_the_union_and_in_the_map() {
    let union = find("ResponseStreamEvent").expect("described");
    let Shape::Union { members, .. } = union.shape else { panic!("a union") };
    let websocket =
        ["WebSocketErrorEvent", "ResponseSteerAcceptedEvent", "ResponseSteerPendingEvent", "ResponseSteerFailedEvent"];
    for described in types().filter(|described| described.name.ends_with("Event") && described.name != union.name) {
        let Shape::Object { constants, .. } = described.shape else { continue };
        if websocket.contains(&described.name) {
            continue;
        }
        assert!(members.contains(&described.name), "{}", described.name);
        let [("type", kind)] = constants else { panic!("{} has one type", described.name) };
        assert!(union.typescript.contains(&format!("  \"{kind}\": {};\n", described.name)), "{kind}");
    }
}

#[test]
fn everything_in_the_schemas_is_described() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/openresponses/openapi.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        // Not `eprintln!`, which the tests' harness swallows.
        writeln!(std::io::stderr(), "SKIPPED everything_in_the_schemas_is_described: {} is not there", path.display())
            .expect("stderr");
        return;
    };
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    let coverage = Coverage { schemas };
    let mut missing: Vec<String> = Vec::new();
    for name in schemas.keys() {
        coverage.compare(name, &mut missing);
    }
    let excused = |difference: &String| DIFFERENCES.iter().any(|(known, _)| difference.starts_with(known));
    let settled: Vec<_> = DIFFERENCES
        .iter()
        .filter(|(known, _)| !missing.iter().any(|difference| difference.starts_with(known)))
        .collect();
    missing.retain(|difference| !excused(difference));
    missing.extend(settled.iter().map(|(known, why)| format!("no difference any more: {known} ({why})")));
    assert!(missing.is_empty(), "{} missing:\n{}", missing.len(), missing.join("\n"));
}

struct Coverage<'a> {
    schemas: &'a Map<String, Value>,
}

impl Coverage<'_> {
    fn compare(&self, name: &str, missing: &mut Vec<String>) {
        if NOT_DESCRIBED.iter().any(|(known, _)| *known == name) {
            return;
        }
        let schema = &self.schemas[name];
        let ours: Vec<&Description> = self.described_by(name);
        if ours.is_empty() {
            missing.push(format!("{name}: not described"));
            return;
        }
        if let Some(values) = schema["enum"].as_array() {
            for value in values.iter().filter_map(Value::as_str) {
                self.expect_value(&format!("{name}.{value}"), &ours, value, missing);
            }
            return;
        }
        if let Some(members) = schema["oneOf"].as_array() {
            self.compare_members(name, members, &ours, missing);
            return;
        }
        let (properties, required) = self.properties(schema);
        for (property, schema) in &properties {
            self.compare_property(name, property, schema, required.contains(property), &ours, missing);
        }
        self.compare_samples(name, &properties, &required, ours[0], missing);
    }

    fn described_by(&self, name: &str) -> Vec<&'static Description> {
        let known = DESCRIBED_BY.iter().find(|(schema, _)| *schema == name);
        match known {
            Some((_, ours)) => ours.iter().filter_map(|name| find(name)).collect(),
            // An event is found by its type.
            None => {
                self.schemas[name]["properties"]["type"]["enum"][0].as_str().and_then(event_of).into_iter().collect()
            }
        }
    }

    /// The properties of an object, with those of `allOf`, and the names of the required ones.
    fn properties(&self, schema: &Value) -> (Map<String, Value>, Vec<String>) {
        let schema = self.resolve(schema);
        let mut properties = schema["properties"].as_object().cloned().unwrap_or_default();
        let mut required: Vec<String> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        for part in schema["allOf"].as_array().into_iter().flatten() {
            let (more, needed) = self.properties(part);
            for (name, value) in more {
                properties.entry(name).or_insert(value);
            }
            required.extend(needed);
        }
        (properties, required)
    }

    fn resolve<'v>(&'v self, schema: &'v Value) -> &'v Value {
        let target = schema["$ref"].as_str().and_then(|target| target.rsplit('/').next());
        target.map_or(schema, |name| &self.schemas[name])
    }

    fn compare_property(
        &self,
        schema: &str,
        property: &str,
        described: &Value,
        is_required: bool,
        ours: &[&Description],
        missing: &mut Vec<String>,
    ) {
        let place = format!("{schema}.{property}");
        let found = ours.iter().find_map(|ours| match &ours.shape {
            Shape::Object { properties, .. } => properties.iter().find(|found| found.name == property),
            _ => None,
        });
        let constant = ours.iter().find_map(|ours| match &ours.shape {
            Shape::Object { constants, .. } => constants.iter().find(|(name, _)| *name == property),
            _ => None,
        });
        if found.is_none() && constant.is_none() {
            missing.push(format!("{place}: Rust"));
        }
        let declares = |ours: &&Description| {
            [": ", "?: "].iter().any(|mark| ours.typescript.contains(&format!("\n  {property}{mark}")))
        };
        if !ours.iter().any(declares) {
            missing.push(format!("{place}: TypeScript"));
        }
        let is_nullable = self.is_nullable(described);
        if let Some(found) = found {
            // What may be sent must be allowed to be sent; what is received may be more than is promised.
            if is_nullable && !found.is_nullable {
                missing.push(format!("{place}: null"));
            }
            if !is_required && !found.is_optional && ours[0].name.ends_with("Params") {
                missing.push(format!("{place}: optional"));
            }
        } else if constant.is_some() && is_nullable {
            missing.push(format!("{place}: null"));
        }
        let mut values = Vec::new();
        self.values(described, &mut values);
        for value in values {
            let constant_fits = constant.is_some_and(|(_, constant)| *constant == value);
            let choice_fits = found.is_some_and(|found| type_has_value(found.typescript, &value));
            if !constant_fits && !choice_fits {
                missing.push(format!("{place}: value"));
            }
        }
    }

    fn is_nullable(&self, schema: &Value) -> bool {
        let schema = self.resolve(schema);
        schema["type"] == "null"
            || ["anyOf", "oneOf"]
                .iter()
                .any(|of| schema[of].as_array().into_iter().flatten().any(|one| self.is_nullable(one)))
    }

    /// The values of an enumeration, by whatever way.
    fn values(&self, schema: &Value, values: &mut Vec<String>) {
        let schema = self.resolve(schema);
        values.extend(schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned));
        for of in ["anyOf", "oneOf", "allOf"] {
            for one in schema[of].as_array().into_iter().flatten() {
                self.values(one, values);
            }
        }
        if schema["type"] == "array" && self.resolve(&schema["items"])["enum"].is_array() {
            self.values(&schema["items"], values);
        }
    }

    fn expect_value(&self, place: &str, ours: &[&Description], value: &str, missing: &mut Vec<String>) {
        let rust = ours.iter().any(|ours| matches!(&ours.shape, Shape::Choice(values) if values.contains(&value)));
        let typescript = ours.iter().any(|ours| ours.typescript.contains(&format!("\n  | \"{value}\"")));
        if !rust {
            missing.push(format!("{place}: Rust"));
        }
        if !typescript {
            missing.push(format!("{place}: TypeScript"));
        }
    }

    fn compare_members(&self, name: &str, members: &[Value], ours: &[&Description], missing: &mut Vec<String>) {
        let Shape::Union { members: known, .. } = ours[0].shape else {
            missing.push(format!("{name}: no union"));
            return;
        };
        for member in members.iter().filter(|member| member["type"] != "null") {
            let target = member["$ref"].as_str().and_then(|target| target.rsplit('/').next()).unwrap_or_default();
            let described = self.described_by(target);
            // A union of a single member may stand for it.
            let is_known = described.iter().any(|one| known.contains(&one.name) || one.name == ours[0].name);
            if !is_known {
                missing.push(format!("{name}: member {target}"));
            }
        }
    }

    /// A value with all properties and one with the required ones must be read, and come out as they went in.
    fn compare_samples(
        &self,
        name: &str,
        properties: &Map<String, Value>,
        required: &[String],
        ours: &Description,
        missing: &mut Vec<String>,
    ) {
        let Shape::Object { constants, .. } = &ours.shape else { return };
        let all: Map<String, Value> =
            properties.iter().map(|(name, schema)| (name.clone(), self.sample(schema, 0))).collect();
        let mut least = all.clone();
        // What Rust writes always is no difference.
        least.retain(|name, _| required.contains(name) || constants.iter().any(|(constant, _)| constant == name));
        for value in [all, least] {
            let value = Value::Object(value);
            if reshape(ours, &value).as_ref() != Some(&value) {
                missing.push(format!("{name}: sample {value}"));
            }
        }
    }

    fn sample(&self, schema: &Value, depth: usize) -> Value {
        let schema = self.resolve(schema);
        if let Some(value) = schema["enum"].get(0) {
            return value.clone();
        }
        for of in ["oneOf", "anyOf", "allOf"] {
            if let Some(one) = schema[of].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null")) {
                return self.sample(one, depth);
            }
        }
        match schema["type"].as_str() {
            Some("array") if depth < 6 => json!([self.sample(&schema["items"], depth + 1)]),
            Some("array") => json!([]),
            Some("integer") => 17.into(),
            Some("number") => json!(0.5),
            Some("boolean") => true.into(),
            Some("string") => "text".into(),
            Some("object") if schema["properties"].is_object() => {
                let (properties, _) = self.properties(schema);
                Value::Object(
                    properties.iter().map(|(name, one)| (name.clone(), self.sample(one, depth + 1))).collect(),
                )
            }
            Some("object") => json!({ "key": "value" }),
            _ => Value::Null,
        }
    }
}

/// The type of an event of the specification.
fn event_of(kind: &str) -> Option<&'static Description> {
    let Shape::Union { members, .. } = find("ResponseStreamEvent")?.shape else { return None };
    members.iter().filter_map(|name| find(name)).find(
        |described| matches!(&described.shape, Shape::Object { constants, .. } if constants.contains(&("type", kind))),
    )
}

/// Whether a property's type has this string among its values.
fn type_has_value(typescript: &str, value: &str) -> bool {
    let name = typescript.trim_end_matches("[]");
    if name == format!("\"{value}\"") {
        return true;
    }
    match find(name).map(|described| &described.shape) {
        Some(Shape::Choice(values)) => values.contains(&value),
        Some(Shape::Union { members, .. }) => members.iter().any(|member| type_has_value(member, value)),
        Some(Shape::Object { constants, .. }) => constants.iter().any(|(_, constant)| *constant == value),
        _ => false,
    }
}
