use crate::event::{List, Stream};
use crate::json::Value;

/// What belongs to a text that is streamed.
#[derive(Debug)]
pub(super) struct Row {
    /// The member that holds it, of its part or its item.
    pub(super) field: &'static str,
    /// Its part, while nothing of it is known.
    pub(super) part: &'static str,
    /// The type of its item, and what kinds of text that has.
    pub(super) kind: &'static str,
    pub(super) family: Family,
    /// Its item, while nothing of it is known, behind id and type.
    pub(super) item: &'static str,
}

/// What kinds of text an item has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Message,
    Reasoning,
    /// One text, which is no part.
    Call,
}

const MESSAGE: &str = r#","status":"in_progress","role":"assistant","content":[]}"#;
const REASONING: &str = r#","summary":[]}"#;

/// In the order of [`Stream`].
static ROWS: [Row; 8] = [
    Row {
        field: "text",
        part: r#"{"type":"output_text","text":"","annotations":[]}"#,
        kind: "message",
        family: Family::Message,
        item: MESSAGE,
    },
    Row {
        field: "refusal",
        part: r#"{"type":"refusal","refusal":""}"#,
        kind: "message",
        family: Family::Message,
        item: MESSAGE,
    },
    Row {
        field: "text",
        part: r#"{"type":"reasoning_text","text":""}"#,
        kind: "reasoning",
        family: Family::Reasoning,
        item: REASONING,
    },
    Row {
        field: "text",
        part: r#"{"type":"summary_text","text":""}"#,
        kind: "reasoning",
        family: Family::Reasoning,
        item: REASONING,
    },
    Row {
        field: "arguments",
        part: "",
        kind: "function_call",
        family: Family::Call,
        item: r#","status":"in_progress","call_id":"","name":"","arguments":""}"#,
    },
    Row {
        field: "arguments",
        part: "",
        kind: "mcp_call",
        family: Family::Call,
        item: r#","status":"in_progress","server_label":"","name":"","arguments":""}"#,
    },
    Row {
        field: "input",
        part: "",
        kind: "custom_tool_call",
        family: Family::Call,
        item: r#","status":"in_progress","call_id":"","name":"","input":""}"#,
    },
    Row {
        field: "code",
        part: "",
        kind: "code_interpreter_call",
        family: Family::Call,
        item: r#","status":"in_progress","container_id":"","code":"","outputs":null}"#,
    },
];

pub(super) fn row(stream: Stream) -> &'static Row {
    &ROWS[stream as usize]
}

/// Where the part of a text stands; nothing for a text that is no part.
pub(super) fn list_of(stream: Stream) -> Option<List> {
    match stream {
        Stream::OutputText | Stream::Refusal | Stream::Reasoning => Some(List::Content),
        Stream::ReasoningSummaryText => Some(List::Summary),
        _ => None,
    }
}

/// What kinds of text an item has, by a type that is known.
pub(super) fn family_of(item: Value<'_>) -> Option<Family> {
    first_of(item).map(|stream| row(stream).family)
}

/// The text of an item that is no part, by a type that is known.
pub(super) fn own_text_of(item: Value<'_>) -> Option<Stream> {
    first_of(item).filter(|stream| list_of(*stream).is_none())
}

/// The first of the texts that belong to an item of a type that is known.
fn first_of(item: Value<'_>) -> Option<Stream> {
    let kind = item.get("type")?.as_str()?;
    FIRST.into_iter().find(|stream| row(*stream).kind == kind)
}

/// One of each item.
const FIRST: [Stream; 6] = [
    Stream::OutputText,
    Stream::Reasoning,
    Stream::FunctionCallArguments,
    Stream::McpCallArguments,
    Stream::CustomToolCallInput,
    Stream::CodeInterpreterCallCode,
];

/// The text that a part holds.
pub(super) fn kind_of(part: Value<'_>) -> Stream {
    text_of(part).unwrap_or(Stream::OutputText)
}

/// The text that a part holds, by a type that is known.
pub(super) fn text_of(part: Value<'_>) -> Option<Stream> {
    match part.get("type").and_then(Value::as_str).as_deref() {
        Some("output_text") => Some(Stream::OutputText),
        Some("refusal") => Some(Stream::Refusal),
        Some("reasoning_text") => Some(Stream::Reasoning),
        Some("summary_text") => Some(Stream::ReasoningSummaryText),
        _ => None,
    }
}

/// Whether a text is there, and not empty.
pub(super) fn is_told(text: Option<Value<'_>>) -> bool {
    text.and_then(Value::escaped).is_some_and(|text| !text.is_empty())
}

/// Whether a part is of a type that is known, without a text.
pub(super) fn is_empty_text(part: Value<'_>) -> bool {
    text_of(part).is_some_and(|kind| !is_told(part.get(row(kind).field)))
}
