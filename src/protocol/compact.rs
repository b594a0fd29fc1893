//! Shortening a conversation.

#[cfg(feature = "typed")]
use super::*;

describe! {
    /// What to shorten: `input`, after what `previous_response_id` names. Null is the same as leaving the field out.
    object ResponseCompactParams {
        /// The model that goes on with the conversation. Servers refuse a request without it.
        model: String,
        /// A string (10 MiB at most) is one message of the user.
        input?: Input | null,
        previous_response_id?: String | null,
        /// What the model is told before all input.
        instructions?: String | null,
        /// 64 characters at most.
        prompt_cache_key?: String | null,
        /// OpenAI's: how long the prompt's cache is kept.
        prompt_cache_retention?: PromptCacheRetention | null,
        /// OpenAI's: how the prompt's cache is used.
        prompt_cache_options?: {Value} | null,
        /// OpenAI's.
        service_tier?: ServiceTier | null,
    }

    /// A conversation, shortened. It is no response: its `id` is no `previous_response_id`. Begin the next `input` with all of
    /// `output`, as it is.
    object CompactedResponse {
        id~: String,
        object~: "response.compaction",
        /// Not only items of the type `compaction`.
        output~: [OutputItem],
        /// Unix time in seconds.
        created_at~: Integer,
        usage~: Usage,
    }
}
