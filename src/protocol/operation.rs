//! What servers can do with responses that they keep, beyond Open Responses, and the count of tokens.

#[cfg(feature = "typed")]
use super::*;

describe! {
    /// How to fetch a response, streamed or not.
    typescript ResponseRetrieveParams {
"type ResponseRetrieveParams = ResponseRetrieveParamsNonStreaming | ResponseRetrieveParamsStreaming;"
    }

    /// How to fetch a response in one piece.
    typescript ResponseRetrieveParamsNonStreaming {
"interface ResponseRetrieveParamsNonStreaming extends ResponseRetrieveParamsBase {
  stream?: false;
}"
    }

    /// How to fetch a response event by event.
    typescript ResponseRetrieveParamsStreaming {
"interface ResponseRetrieveParamsStreaming extends ResponseRetrieveParamsBase {
  stream: true;
}"
    }

    /// Which response to go on streaming.
    typescript ResponseStreamByIdParams {
"interface ResponseStreamByIdParams extends ResponseRetrieveParamsBase {
  response_id: string;
}"
    }

    /// How to fetch a response.
    object ResponseRetrieveParamsBase {
        include?: [ResponseIncludable],
        /// Streamed: only events with a greater `sequence_number`.
        starting_after?: Integer,
        /// Streamed: whether to pad deltas to hide their length from eavesdroppers; true by default.
        include_obfuscation?: Boolean,
    }

    /// The answer to deleting a response. Some servers answer with nothing.
    object ResponseDeleted {
        id~: String,
        /// `response`, `response.deleted` or missing.
        object?: String,
        deleted~: Boolean,
    }

    /// Which items of a response's input to list.
    object InputItemListParams {
        /// Only items after this one, by its id.
        after?: String,
        /// How many: 1 to 100; by default 20.
        limit?: Integer,
        /// By default `desc`.
        order?: ListOrder,
        include?: [ResponseIncludable],
    }

    /// Oldest first, or newest first.
    choice ListOrder {
        Ascending = "asc",
        Descending = "desc",
    }

    /// An item that a server keeps.
    typescript ResponseItem {
"type ResponseItem = OutputItem & { id: string };"
    }

    /// One page of a list of items.
    object ItemList {
        object~: "list",
        data~: [InputItem],
        /// Null for an empty page.
        first_id~: String | null,
        /// What `after` takes for the next page; null for an empty page.
        last_id~: String | null,
        has_more~: Boolean,
    }

    /// What to count the tokens of: what you would ask for.
    object InputTokensCountParams {
        model?: String | null,
        input?: Input | null,
        instructions?: String | null,
        previous_response_id?: String | null,
        conversation?: Conversation | null,
        tools?: [Tool] | null,
        tool_choice?: ToolChoice | null,
        parallel_tool_calls?: Boolean | null,
        text?: TextConfig | null,
        reasoning?: ReasoningConfig | null,
        truncation?: Truncation,
    }

    /// How many tokens an input takes.
    object InputTokenCount {
        object~: "response.input_tokens",
        input_tokens~: Integer,
    }
}
