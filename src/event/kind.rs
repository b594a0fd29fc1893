/// The kinds of event the client acts on. The list is open: everything else is [`Kind::Other`], handed on and otherwise
/// ignored, as the specification asks of clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is the event type of the same name, see `Kind::named`")]
pub enum Kind {
    Created,
    Queued,
    InProgress,
    Completed,
    Failed,
    Incomplete,
    OutputItemAdded,
    OutputItemDone,
    ContentPartAdded,
    ContentPartDone,
    OutputTextDelta,
    OutputTextDone,
    OutputTextAnnotationAdded,
    RefusalDelta,
    RefusalDone,
    ReasoningDelta,
    ReasoningDone,
    ReasoningSummaryPartAdded,
    ReasoningSummaryPartDone,
    ReasoningSummaryTextDelta,
    ReasoningSummaryTextDone,
    FunctionCallArgumentsDelta,
    FunctionCallArgumentsDone,
    Error,
    /// A type the client does not act on.
    Other,
    /// No type at all.
    Unnamed,
}

impl Kind {
    /// The kind of an event of that type. Two names for the same thing (`response.reasoning.*` in the specification,
    /// `response.reasoning_text.*` on the wire of most servers; `error` and `response.error`) are one kind.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let Some(name) = name.strip_prefix("response.") else {
            return match name {
                "error" => Self::Error,
                "" => Self::Unnamed,
                _ => Self::Other,
            };
        };
        match name {
            "created" => Self::Created,
            "queued" => Self::Queued,
            "in_progress" => Self::InProgress,
            "completed" => Self::Completed,
            "failed" => Self::Failed,
            "incomplete" => Self::Incomplete,
            "output_item.added" => Self::OutputItemAdded,
            "output_item.done" => Self::OutputItemDone,
            "content_part.added" => Self::ContentPartAdded,
            "content_part.done" => Self::ContentPartDone,
            "output_text.delta" => Self::OutputTextDelta,
            "output_text.done" => Self::OutputTextDone,
            "output_text.annotation.added" => Self::OutputTextAnnotationAdded,
            "refusal.delta" => Self::RefusalDelta,
            "refusal.done" => Self::RefusalDone,
            "reasoning.delta" | "reasoning_text.delta" => Self::ReasoningDelta,
            "reasoning.done" | "reasoning_text.done" => Self::ReasoningDone,
            "reasoning_summary_part.added" => Self::ReasoningSummaryPartAdded,
            "reasoning_summary_part.done" => Self::ReasoningSummaryPartDone,
            "reasoning_summary_text.delta" => Self::ReasoningSummaryTextDelta,
            "reasoning_summary_text.done" => Self::ReasoningSummaryTextDone,
            "function_call_arguments.delta" => Self::FunctionCallArgumentsDelta,
            "function_call_arguments.done" => Self::FunctionCallArgumentsDone,
            "error" => Self::Error,
            _ => Self::Other,
        }
    }

    /// Whether the client acts on this kind.
    #[must_use]
    pub fn is_known(self) -> bool {
        !matches!(self, Self::Other | Self::Unnamed)
    }

    /// Whether a response ends with this event.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Incomplete | Self::Error)
    }
}
