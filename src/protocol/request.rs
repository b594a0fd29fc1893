//! What to ask for.

#[cfg(feature = "typed")]
use super::*;

describe! {
    /// What you ask for, streamed or not.
    typescript ResponseCreateParams {
"type ResponseCreateParams = ResponseCreateParamsNonStreaming | ResponseCreateParamsStreaming;"
    }

    /// What you ask for in one piece.
    typescript ResponseCreateParamsNonStreaming {
"interface ResponseCreateParamsNonStreaming extends ResponseCreateParamsBase {
  stream?: false;
}"
    }

    /// What you ask for event by event.
    typescript ResponseCreateParamsStreaming {
"interface ResponseCreateParamsStreaming extends ResponseCreateParamsBase {
  stream: true;
}"
    }

    /// What you ask for where the method says that it is streamed.
    typescript ResponseStreamParams {
"type ResponseStreamParams = ResponseCreateParamsBase;"
    }

    /// What you ask for. Null, where it is allowed, is the same as leaving the field out.
    ///
    /// Other fields are sent as they are, but misspelt ones must not pass: they need a wider type. Declare it once
    /// (`interface MyParams extends ResponseCreateParamsNonStreaming { top_k?: number }`) and use it for the object.
    object ResponseCreateParamsBase {
        /// The model's id, such as `openai/gpt-5.4`. Hardly any server has a default.
        model?: String | null,
        /// A string (10 MiB at most) is one message of the user.
        input?: Input | null,
        /// What the model is told before all input. It does not pass on to the next response.
        instructions?: String | null,
        /// Goes on from a response that the server has stored. Not all servers store.
        previous_response_id?: String | null,
        tools?: [Tool] | null,
        /// `auto` by default.
        tool_choice?: ToolChoice | null,
        /// Whether the model may make several calls at once.
        parallel_tool_calls?: Boolean | null,
        /// Calls of the server's own tools, at most: 1 or more.
        max_tool_calls?: Integer | null,
        /// Tokens of output, reasoning included, at most: 16 or more.
        max_output_tokens?: Integer | null,
        text?: TextConfig | null,
        reasoning?: ReasoningConfig | null,
        /// 0 to 2. The higher, the more varied. Use this or `top_p`.
        temperature?: Number | null,
        /// 0 to 1: only the likeliest tokens, of this probability together.
        top_p?: Number | null,
        /// −2 to 2. Above 0, tokens that have occurred become less likely.
        presence_penalty?: Number | null,
        /// −2 to 2. Above 0, tokens become less likely with every occurrence.
        frequency_penalty?: Number | null,
        /// 0 to 20: how many of the likeliest tokens to tell for each place.
        top_logprobs?: Integer | null,
        /// Not null.
        include?: [ResponseIncludable],
        /// Not null.
        truncation?: Truncation,
        /// Not null.
        service_tier?: ServiceTier,
        /// Whether the server keeps the response for later. Not null.
        store?: Boolean,
        /// Answers at once and works on; only for servers where a response can be fetched later. Not null.
        background?: Boolean,
        stream_options?: StreamOptions | null,
        metadata?: Metadata | null,
        /// Stands for your user, as a hash, so that abuse can be traced. 64 characters at most.
        safety_identifier?: String | null,
        /// Requests with the same key share a cache. 64 characters at most.
        prompt_cache_key?: String | null,

        /// Vendors': which providers may serve the request, in which order, and by what to choose them.
        provider?: {Value},
        /// Vendors': models to try when the first fails, in order.
        fallback_models?: [String],
        /// Vendors': `fallback_models` by another name.
        models?: [String],
        /// Vendors': what the server adds to the model, such as web search.
        plugins?: [{Value}],
        /// Vendors': whether to tell the cost.
        usage?: UsageOptions,
        /// Vendors': stands for your user; `safety_identifier` has replaced it.
        user?: String,
        /// Vendors': a conversation that the server keeps, instead of `previous_response_id`.
        conversation?: Conversation | null,
        /// Vendors': a prompt that the server keeps, and what to fill in.
        prompt?: PromptParam | null,
        /// OpenAI's: what the server does when the context gets too long.
        context_management?: [ContextManagement] | null,
        /// OpenAI's: how long the prompt's cache is kept.
        prompt_cache_retention?: PromptCacheRetention | null,
        /// OpenAI's: how the prompt's cache is used.
        prompt_cache_options?: {Value} | null,
        /// OpenAI's: filters of content.
        moderation?: {Value} | null,
    }

    /// How a response is streamed.
    object StreamOptions {
        /// Whether to pad deltas to hide their length from eavesdroppers; true by default.
        include_obfuscation?: Boolean,
    }

    /// What to tell of what the response took.
    object UsageOptions {
        include?: Boolean,
    }

    /// A conversation that the server keeps, by its id.
    union Conversation {
        Id(String),
        Object(ConversationParam),
    }

    /// A conversation that the server keeps.
    object ConversationParam {
        id: String,
    }

    /// A prompt that the server keeps, and what to fill in.
    object PromptParam {
        id: String,
        version?: String | null,
        variables?: {Value} | null,
    }

    /// What the server does when the context gets too long.
    object ContextManagement {
        type: "compaction",
        /// Tokens of context from which on it is compacted.
        compact_threshold?: Integer | null,
    }

    /// What to send that is left out by default.
    open_choice ResponseIncludable {
        ReasoningEncryptedContent = "reasoning.encrypted_content",
        OutputTextLogprobs = "message.output_text.logprobs",
        FileSearchResults = "file_search_call.results",
        WebSearchResults = "web_search_call.results",
        WebSearchSources = "web_search_call.action.sources",
        InputImageUrl = "message.input_image.image_url",
        ComputerImageUrl = "computer_call_output.output.image_url",
        CodeInterpreterOutputs = "code_interpreter_call.outputs",
    }
}

#[cfg(feature = "typed")]
impl Default for ResponseCreateParamsBase {
    fn default() -> Self {
        Self::new()
    }
}
