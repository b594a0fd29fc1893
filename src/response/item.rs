use super::slots::Slots;
use crate::event::{Event, Kind};
use crate::json::{Object, Value, write_string};

/// One output item: the server's snapshot of it, and what was streamed since.
#[derive(Debug, Default)]
pub(super) struct Item {
    snapshot: Option<String>,
    id: Option<String>,
    /// What kind of item it is, where no snapshot says so.
    inferred: Option<Inferred>,
    content: Slots<Part>,
    summary: Slots<Part>,
    arguments: Option<String>,
}

/// One content or summary part.
#[derive(Debug)]
struct Part {
    snapshot: Option<String>,
    kind: PartKind,
    /// What was streamed; nothing before the first delta.
    text: Option<String>,
    annotations: Slots<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inferred {
    Message,
    FunctionCall,
    Reasoning,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PartKind {
    OutputText,
    Refusal,
    ReasoningText,
    SummaryText,
}

impl Item {
    /// Takes an event about this item.
    pub(super) fn apply(&mut self, event: &Event<'_>) {
        if self.id.is_none() {
            self.id = event.item_id.and_then(Value::as_str).map(Into::into);
        }
        match event.kind {
            Kind::OutputItemAdded => self.replace(event.item, false),
            Kind::OutputItemDone => self.replace(event.item, true),
            Kind::ContentPartAdded | Kind::ContentPartDone => {
                let index = event.content_index.unwrap_or(0);
                Part::replace(&mut self.content, index, event.part);
                let is_reasoning = event.part.is_some_and(|part| PartKind::of(part) == PartKind::ReasoningText);
                self.infer(if is_reasoning { Inferred::Reasoning } else { Inferred::Message });
            }
            Kind::OutputTextDelta | Kind::OutputTextDone => {
                self.content(event, PartKind::OutputText).write(event);
                self.infer(Inferred::Message);
            }
            Kind::OutputTextAnnotationAdded => {
                if let Some(annotation) = event.annotation {
                    let part = self.content(event, PartKind::OutputText);
                    let next = part.annotations.last_index().map_or(0, |last| last.saturating_add(1));
                    let index = event.json.get("annotation_index").and_then(Value::as_u64).unwrap_or(next);
                    annotation.text().clone_into(part.annotations.at(index, String::new));
                    self.infer(Inferred::Message);
                }
            }
            Kind::RefusalDelta | Kind::RefusalDone => {
                self.content(event, PartKind::Refusal).write(event);
                self.infer(Inferred::Message);
            }
            Kind::ReasoningDelta | Kind::ReasoningDone => {
                self.content(event, PartKind::ReasoningText).write(event);
                self.infer(Inferred::Reasoning);
            }
            Kind::ReasoningSummaryPartAdded | Kind::ReasoningSummaryPartDone => {
                let index = event.summary_index.unwrap_or(0);
                Part::replace(&mut self.summary, index, event.part);
                self.infer(Inferred::Reasoning);
            }
            Kind::ReasoningSummaryTextDelta | Kind::ReasoningSummaryTextDone => {
                let index = event.summary_index.unwrap_or(0);
                self.summary.at(index, || Part::new(PartKind::SummaryText)).write(event);
                self.infer(Inferred::Reasoning);
            }
            Kind::FunctionCallArgumentsDelta | Kind::FunctionCallArgumentsDone => {
                write(&mut self.arguments, event);
                self.infer(Inferred::FunctionCall);
            }
            _ => (),
        }
    }

    /// Whether anything is known of it: an item may be announced as `null`.
    pub(super) fn is_known(&self) -> bool {
        self.snapshot.is_some() || self.inferred.is_some()
    }

    /// The item so far as JSON text.
    pub(super) fn to_json(&self) -> String {
        let inferred = self.inferred_snapshot();
        let Some(base) = self.snapshot.as_deref().or(Some(&inferred)).and_then(|text| Value::parse(text).ok()) else {
            return inferred;
        };
        let mut streamed = Vec::new();
        for (name, parts) in [("content", &self.content), ("summary", &self.summary)] {
            if !parts.is_empty() {
                streamed.push((name, array(parts)));
            }
        }
        if let Some(arguments) = &self.arguments {
            streamed.push(("arguments", string(arguments)));
        }
        if streamed.is_empty() { base.text().to_owned() } else { Object::replaced(base, &streamed) }
    }

    /// A snapshot of the whole item. A final one is the server's word for everything it holds; what it leaves out or
    /// empty, the stream has told already and is kept.
    fn replace(&mut self, item: Option<Value<'_>>, done: bool) {
        let Some(item) = item else { return };
        self.snapshot = Some(item.text().to_owned());
        for (name, parts) in [("content", &mut self.content), ("summary", &mut self.summary)] {
            let mut told = 0;
            for part in item.get(name).into_iter().flat_map(Value::elements) {
                Part::replace(parts, told, Some(part));
                told += 1;
            }
            if done && told > 0 {
                parts.truncate(told);
            }
        }
        if done && item.get("arguments").and_then(Value::as_str).is_some_and(|arguments| !arguments.is_empty()) {
            self.arguments = None;
        }
    }

    fn content(&mut self, event: &Event<'_>, kind: PartKind) -> &mut Part {
        let index = event.content_index.unwrap_or(0);
        self.content.at(index, || Part::new(kind))
    }

    fn infer(&mut self, kind: Inferred) {
        self.inferred.get_or_insert(kind);
    }

    /// The item that a server never announced, as its events imply it.
    fn inferred_snapshot(&self) -> String {
        let id = string(self.id.as_deref().unwrap_or_default());
        let object = Object::new().raw("id", &id);
        match self.inferred {
            Some(Inferred::FunctionCall) => object
                .string("type", "function_call")
                .string("status", "in_progress")
                .string("call_id", "")
                .string("name", "")
                .string("arguments", ""),
            Some(Inferred::Reasoning) => object.string("type", "reasoning").raw("summary", "[]"),
            Some(Inferred::Message) | None => object
                .string("type", "message")
                .string("status", "in_progress")
                .string("role", "assistant")
                .raw("content", "[]"),
        }
        .finish()
    }
}

impl Part {
    fn new(kind: PartKind) -> Self {
        Self { snapshot: None, kind, text: None, annotations: Slots::default() }
    }

    /// A snapshot of the whole part. An empty one does not take back what was streamed.
    fn replace(parts: &mut Slots<Self>, index: u64, part: Option<Value<'_>>) {
        let Some(value) = part else { return };
        let kind = PartKind::of(value);
        let part = parts.at(index, || Self::new(kind));
        part.kind = kind;
        part.snapshot = Some(value.text().to_owned());
        let is_empty = |text: Value<'_>| text.as_str().is_none_or(|text| text.is_empty());
        if !value.get(kind.field()).is_none_or(is_empty) {
            part.text = None;
        }
        if value.get("annotations").is_some_and(|annotations| annotations.elements().next().is_some()) {
            part.annotations.truncate(0);
        }
    }

    fn write(&mut self, event: &Event<'_>) {
        // Deltas that follow a snapshot with text continue that text.
        if self.text.is_none() {
            let snapshot = self.snapshot.as_deref().and_then(|text| Value::parse(text).ok());
            let told = snapshot.and_then(|part| part.get(self.kind.field())).and_then(Value::as_str);
            self.text = told.map(Into::into);
        }
        write(&mut self.text, event);
    }

    fn to_json(&self) -> String {
        let inferred = self.kind.empty();
        let snapshot = self.snapshot.as_deref().unwrap_or(inferred);
        let mut streamed = Vec::new();
        if let Some(text) = &self.text {
            streamed.push((self.kind.field(), string(text)));
        }
        if !self.annotations.is_empty() {
            let annotations: Vec<&str> = self.annotations.iter().map(String::as_str).collect();
            streamed.push(("annotations", format!("[{}]", annotations.join(","))));
        }
        if streamed.is_empty() {
            return snapshot.to_owned();
        }
        Value::parse(snapshot).map_or_else(|_| inferred.to_owned(), |part| Object::replaced(part, &streamed))
    }
}

impl PartKind {
    fn of(part: Value<'_>) -> Self {
        match part.get("type").and_then(Value::as_str).as_deref() {
            Some("refusal") => Self::Refusal,
            Some("reasoning_text") => Self::ReasoningText,
            Some("summary_text") => Self::SummaryText,
            _ => Self::OutputText,
        }
    }

    /// The field that holds the part's text.
    fn field(self) -> &'static str {
        if self == Self::Refusal { "refusal" } else { "text" }
    }

    fn empty(self) -> &'static str {
        match self {
            Self::OutputText => r#"{"type":"output_text","text":"","annotations":[]}"#,
            Self::Refusal => r#"{"type":"refusal","refusal":""}"#,
            Self::ReasoningText => r#"{"type":"reasoning_text","text":""}"#,
            Self::SummaryText => r#"{"type":"summary_text","text":""}"#,
        }
    }
}

/// A delta is appended; a whole replaces what was streamed, unless it is empty.
fn write(text: &mut Option<String>, event: &Event<'_>) {
    match event.kind {
        Kind::OutputTextDone
        | Kind::RefusalDone
        | Kind::ReasoningDone
        | Kind::ReasoningSummaryTextDone
        | Kind::FunctionCallArgumentsDone => {
            if let Some(whole) = event.whole.and_then(Value::as_str).filter(|whole| !whole.is_empty()) {
                *text = Some(whole.into_owned());
            }
        }
        _ => {
            if let Some(delta) = event.delta {
                delta.append_to(text.get_or_insert_default());
            }
        }
    }
}

fn array(parts: &Slots<Part>) -> String {
    let parts: Vec<String> = parts.iter().map(Part::to_json).collect();
    format!("[{}]", parts.join(","))
}

fn string(text: &str) -> String {
    let mut json = String::new();
    write_string(&mut json, text);
    json
}
