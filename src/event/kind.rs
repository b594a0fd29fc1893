/// The kinds of event the client acts on. The list is open: everything else is [`Kind::Other`], handed on and otherwise
/// ignored, as the specification asks of clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is the event type of the same name, see `NAMES`")]
pub enum Kind {
    Created,
    Queued,
    InProgress,
    Completed,
    Failed,
    Incomplete,
    OutputItemAdded,
    OutputItemDone,
    PartAdded(List),
    PartDone(List),
    /// A piece of a text.
    Delta(Stream),
    /// A text, whole.
    Done(Stream),
    OutputTextAnnotationAdded,
    Error,
    /// A sign of life.
    KeepAlive,
    /// A type the client does not act on.
    Other,
    /// No type at all.
    Unnamed,
}

/// The lists of parts an item may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is the item's member of the same name")]
pub enum List {
    Content,
    Summary,
}

/// The texts that are streamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is the event type of the same name, see `NAMES`")]
pub enum Stream {
    OutputText,
    Refusal,
    Reasoning,
    ReasoningSummaryText,
    FunctionCallArguments,
    McpCallArguments,
    CustomToolCallInput,
    CodeInterpreterCallCode,
}

/// Types, without their `response.`, and what they are. The first name of a kind is the specification's, or that of the
/// API it grew from; the others are synonyms on the wire of some servers.
static NAMES: &[(&str, Kind)] = &[
    ("output_text.delta", Kind::Delta(Stream::OutputText)),
    ("reasoning.delta", Kind::Delta(Stream::Reasoning)),
    ("reasoning_text.delta", Kind::Delta(Stream::Reasoning)),
    ("reasoning_summary_text.delta", Kind::Delta(Stream::ReasoningSummaryText)),
    ("function_call_arguments.delta", Kind::Delta(Stream::FunctionCallArguments)),
    ("output_text.done", Kind::Done(Stream::OutputText)),
    ("reasoning.done", Kind::Done(Stream::Reasoning)),
    ("reasoning_text.done", Kind::Done(Stream::Reasoning)),
    ("reasoning_summary_text.done", Kind::Done(Stream::ReasoningSummaryText)),
    ("function_call_arguments.done", Kind::Done(Stream::FunctionCallArguments)),
    ("output_item.added", Kind::OutputItemAdded),
    ("output_item.done", Kind::OutputItemDone),
    ("content_part.added", Kind::PartAdded(List::Content)),
    ("content_part.done", Kind::PartDone(List::Content)),
    ("reasoning_summary_part.added", Kind::PartAdded(List::Summary)),
    ("reasoning_summary_part.done", Kind::PartDone(List::Summary)),
    ("created", Kind::Created),
    ("queued", Kind::Queued),
    ("in_progress", Kind::InProgress),
    ("completed", Kind::Completed),
    ("failed", Kind::Failed),
    ("incomplete", Kind::Incomplete),
    ("output_text.annotation.added", Kind::OutputTextAnnotationAdded),
    ("refusal.delta", Kind::Delta(Stream::Refusal)),
    ("refusal.done", Kind::Done(Stream::Refusal)),
    ("mcp_call_arguments.delta", Kind::Delta(Stream::McpCallArguments)),
    ("mcp_call_arguments.done", Kind::Done(Stream::McpCallArguments)),
    ("custom_tool_call_input.delta", Kind::Delta(Stream::CustomToolCallInput)),
    ("custom_tool_call_input.done", Kind::Done(Stream::CustomToolCallInput)),
    ("code_interpreter_call_code.delta", Kind::Delta(Stream::CodeInterpreterCallCode)),
    ("code_interpreter_call_code.done", Kind::Done(Stream::CodeInterpreterCallCode)),
    ("function_call.arguments.delta", Kind::Delta(Stream::FunctionCallArguments)),
    ("function_call.arguments.done", Kind::Done(Stream::FunctionCallArguments)),
    ("text.delta", Kind::Delta(Stream::OutputText)),
    ("text.done", Kind::Done(Stream::OutputText)),
    ("reasoning_summary.delta", Kind::Delta(Stream::ReasoningSummaryText)),
    ("reasoning_summary.done", Kind::Done(Stream::ReasoningSummaryText)),
    ("reasoning_part.added", Kind::PartAdded(List::Content)),
    ("reasoning_part.done", Kind::PartDone(List::Content)),
    ("done", Kind::Completed),
    ("cancelled", Kind::Failed),
    ("error", Kind::Error),
];

impl Kind {
    /// The kind of an event of that type. Two names for the same thing (`response.reasoning.*` in the specification,
    /// `response.reasoning_text.*` on the wire of most servers; `error` and `response.error`) are one kind.
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name.strip_prefix("response.") {
            Some(name) => NAMES.iter().find(|(known, _)| *known == name).map_or(Self::Other, |(_, kind)| *kind),
            None if name == "error" => Self::Error,
            None if matches!(name, "keepalive" | "ping") => Self::KeepAlive,
            None if name.is_empty() => Self::Unnamed,
            None => Self::Other,
        }
    }

    /// The specification's type for this kind, without its `response.`; empty for what the client does not act on.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| *name)
    }

    /// Whether the client acts on this kind.
    #[must_use]
    pub fn is_known(self) -> bool {
        !matches!(self, Self::KeepAlive | Self::Other | Self::Unnamed)
    }

    /// Whether this is an event of the response as a whole, not of an item in it.
    #[must_use]
    pub fn is_state(self) -> bool {
        matches!(
            self,
            Self::Created | Self::Queued | Self::InProgress | Self::Completed | Self::Failed | Self::Incomplete
        )
    }

    /// Whether a response ends with this event.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Incomplete | Self::Error)
    }
}
