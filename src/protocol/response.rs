//! What comes back, and its settings.

#[cfg(feature = "typed")]
use super::*;

describe! {
    /// A response as the server sends it, and as events carry it. These are the protocol's fields; servers leave some out,
    /// or send null where it is not allowed, above all while the response is in progress. Fields of a vendor's own are there
    /// at run time: `response as ResponseObject & { note?: unknown }`.
    object ResponseObject {
        id~: String,
        object~: "response",
        /// Unix time in seconds.
        created_at~: Integer,
        /// Unix time in seconds; null until the response is completed.
        completed_at~: Integer | null,
        status~: ResponseStatus,
        /// Why the response is `incomplete`; null if it is not.
        incomplete_details~: IncompleteDetails | null,
        /// Why the response `failed`; null if it did not.
        error~: ResponseErrorInfo | null,
        /// The model that answered: it may be a dated version of the one asked for, or a fallback.
        model~: String,
        /// What the model made, in order.
        output~: [OutputItem],
        /// Null until it is known.
        usage~: Usage | null,
        previous_response_id~: String | null,
        /// OpenAI may send a list of items instead.
        instructions~: String | null,
        tools~: [Tool],
        tool_choice~: ToolChoice,
        parallel_tool_calls~: Boolean,
        /// Calls of the server's own tools, at most; null: no limit.
        max_tool_calls~: Integer | null,
        /// Tokens of output, reasoning included, at most; null: no limit.
        max_output_tokens~: Integer | null,
        text~: TextConfig,
        /// Null for a model that does not reason.
        reasoning~: ReasoningConfig | null,
        temperature~: Number,
        top_p~: Number,
        presence_penalty~: Number,
        frequency_penalty~: Number,
        top_logprobs~: Integer,
        truncation~: Truncation,
        /// The tier that served the response.
        service_tier~: ServiceTier,
        store~: Boolean,
        background~: Boolean,
        metadata~: Metadata | null,
        safety_identifier~: String | null,
        prompt_cache_key~: String | null,
        /// OpenAI's: the conversation that the response belongs to.
        conversation?: ConversationParam | null,
        /// OpenAI's: the prompt that the server keeps.
        prompt?: PromptParam | null,
        /// OpenAI's: how long the prompt's cache is kept.
        prompt_cache_retention?: PromptCacheRetention | null,
        /// OpenAI's: what its filters said.
        moderation?: Value,
        /// OpenAI's: what its tools took.
        tool_usage?: Value,
        /// OpenAI's: who paid.
        billing?: Value,
        /// OpenAI's: `safety_identifier` has replaced it.
        user?: String | null,
    }

    /// Where a response stands. Not all servers know `cancelled`; some have more.
    open_choice ResponseStatus {
        Queued = "queued",
        InProgress = "in_progress",
        Completed = "completed",
        Failed = "failed",
        Incomplete = "incomplete",
        Cancelled = "cancelled",
    }

    /// Why a response ended early.
    object IncompleteDetails {
        reason: IncompleteReason,
    }

    /// Why a response ended early, in a word.
    open_choice IncompleteReason {
        MaxOutputTokens = "max_output_tokens",
        ContentFilter = "content_filter",
        MaxMessages = "max_messages",
        Steered = "steered",
    }

    /// Why a response failed.
    object ResponseErrorInfo {
        /// For programs: `server_error`, `rate_limit_exceeded`, …
        code~: String,
        /// For people.
        message~: String,
    }

    /// What a response took, in tokens.
    object Usage {
        /// All input, cached or not.
        input_tokens~: Integer,
        input_tokens_details~: InputTokensDetails,
        /// All output, reasoning included.
        output_tokens~: Integer,
        output_tokens_details~: OutputTokensDetails,
        total_tokens~: Integer,
        /// The price, where the server tells it: in US dollars or the server's credits.
        cost?: Number,
    }

    /// What the input was made of, in tokens.
    object InputTokensDetails {
        /// Read from the cache.
        cached_tokens~: Integer,
        /// Put into the cache, where the server counts them.
        cache_write_tokens?: Integer,
    }

    /// What the output was made of, in tokens.
    object OutputTokensDetails {
        reasoning_tokens~: Integer,
    }

    /// Notes of one's own: 16 pairs at most; keys up to 64 characters, values up to 512.
    alias Metadata { {String} }

    /// What the text of the answer is like.
    object TextConfig {
        /// Null: plain text.
        format?: TextFormat | null,
        /// How wordy. Not null.
        verbosity?: Verbosity,
    }

    /// How wordy an answer is.
    choice Verbosity {
        Low = "low",
        Medium = "medium",
        High = "high",
    }

    /// Plain text, a JSON object of whatever shape (which not all servers can do), or JSON that fits a schema.
    union TextFormat {
        Text(TextFormatText),
        JsonObject(TextFormatJSONObject),
        JsonSchema(TextFormatJSONSchema),
    }

    /// Plain text.
    object TextFormatText {
        type: "text",
    }

    /// A JSON object of whatever shape. Models have to be told of it in the input as well.
    object TextFormatJSONObject {
        type: "json_object",
    }

    /// JSON that fits a schema.
    object TextFormatJSONSchema {
        type: "json_schema",
        /// 1 to 64 characters: letters, digits, `_` and `-`.
        name~: String,
        /// What it is for, for the model.
        description?: String | null,
        /// Some servers send null instead of what they were sent.
        schema~: JSONSchema,
        /// Whether the answer must fit exactly; without it or with null: no.
        strict?: Boolean | null,
    }

    /// How the model reasons.
    object ReasoningConfig {
        /// How much; null: the model's default.
        effort?: ReasoningEffort | null,
        /// Which summary of the reasoning to send; null: none.
        summary?: ReasoningSummary | null,
        /// Vendors': tokens of reasoning, at most; instead of `effort`.
        max_tokens?: Integer,
        /// Vendors': whether to reason at all.
        enabled?: Boolean,
        /// OpenAI's: which earlier reasoning to go on from: `auto`, `current_turn` or `all_turns`.
        context?: String | null,
        /// OpenAI's: `standard` or `pro`.
        mode?: String | null,
        /// OpenAI's: `summary` has replaced it.
        generate_summary?: ReasoningSummary | null,
    }

    /// How much to reason. Each model knows some of these.
    open_choice ReasoningEffort {
        None = "none",
        Minimal = "minimal",
        Low = "low",
        Medium = "medium",
        High = "high",
        Xhigh = "xhigh",
        Max = "max",
    }

    /// Which summary of the reasoning to send.
    choice ReasoningSummary {
        Auto = "auto",
        Concise = "concise",
        Detailed = "detailed",
    }

    /// What to do with too long an input: `auto` drops the oldest of it, `disabled` fails.
    choice Truncation {
        Auto = "auto",
        Disabled = "disabled",
    }

    /// How fast and at which price to be served: a wish.
    open_choice ServiceTier {
        Auto = "auto",
        Default = "default",
        Flex = "flex",
        Priority = "priority",
        Scale = "scale",
        Fast = "fast",
        Ultrafast = "ultrafast",
    }

    /// How long the prompt's cache is kept.
    open_choice PromptCacheRetention {
        InMemory = "in_memory",
        Day = "24h",
    }
}

#[cfg(feature = "typed")]
impl ResponseObject {
    /// All text of the answer: the `output_text` parts of all messages, joined.
    #[must_use]
    pub fn output_text(&self) -> String {
        let mut text = String::new();
        for item in &self.output {
            let OutputItem::Message(message) = item else { continue };
            for part in &message.content {
                if let ContentPart::OutputText(part) = part {
                    text.push_str(&part.text);
                }
            }
        }
        text
    }
}
