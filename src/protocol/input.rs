//! Items that are sent.

#[cfg(feature = "typed")]
use super::*;

describe! {
    /// What the model is to answer: a string (10 MiB at most) is one message of the user.
    union Input {
        Text(String),
        Items([InputItem]),
    }

    /// One element of `input`: what you write yourself, or an item of an earlier response's `output`.
    union InputItem {
        UserMessage(UserMessageParam),
        AssistantMessage(AssistantMessageParam),
        SystemMessage(SystemMessageParam),
        FunctionCall(FunctionCallParam),
        FunctionCallOutput(FunctionCallOutputParam),
        Reasoning(ReasoningItemParam),
        Compaction(CompactionItemParam),
        Reference(ItemReferenceParam),
        Output(OutputItem),
    }

    /// What the user says.
    object UserMessageParam {
        /// May be missing, but some servers insist on it.
        type?: "message",
        id?: String | null,
        role: "user",
        content: InputContent,
        status?: ItemStatus | null,
    }

    /// What the application says. Models trust it more than the user; `developer` is the newer word for `system`.
    object SystemMessageParam {
        /// May be missing, but some servers insist on it.
        type?: "message",
        id?: String | null,
        role: SystemRole,
        content: SystemContent,
        status?: ItemStatus | null,
    }

    /// Who speaks for the application.
    choice SystemRole {
        System = "system",
        Developer = "developer",
    }

    /// What the assistant said before, where you do not send the item as you got it.
    object AssistantMessageParam {
        /// May be missing, but some servers insist on it.
        type?: "message",
        id?: String | null,
        role: "assistant",
        content: AssistantContent,
        /// As the server sent it: models that set it rely on it.
        phase?: MessagePhase,
        status?: ItemStatus | null,
    }

    /// What a user's message says: a string (10 MiB at most) is one part of text.
    union InputContent {
        Text(String),
        Parts([InputPart]),
    }

    /// What an application's message says: a string (10 MiB at most) is one part of text.
    union SystemContent {
        Text(String),
        Parts([InputText]),
    }

    /// What an assistant's message says: a string (10 MiB at most) is one part of text.
    union AssistantContent {
        Text(String),
        Parts([AssistantPart]),
    }

    /// What a function gave back: any text (10 MiB at most), JSON or not; or parts.
    union FunctionOutput {
        Text(String),
        Parts([InputPart]),
    }

    /// A function call that the model made before.
    object FunctionCallParam {
        type: "function_call",
        id?: String | null,
        /// The call's id, which is not the item's: 1 to 64 characters.
        call_id: String,
        /// 1 to 64 characters: letters, digits, `_` and `-`.
        name: String,
        /// JSON as the model wrote it: it may be invalid, or not fit the schema.
        arguments: String,
        status?: ItemStatus | null,
        /// OpenAI's: the namespace of tools that the function is in.
        namespace?: String | null,
    }

    /// Your answer to a function call.
    object FunctionCallOutputParam {
        type: "function_call_output",
        id?: String | null,
        /// The `call_id` of the call: 1 to 64 characters.
        call_id: String,
        output: FunctionOutput,
        status?: ItemStatus | null,
    }

    /// What the model thought before.
    object ReasoningItemParam {
        type: "reasoning",
        id?: String | null,
        /// Empty, not missing, if there is none.
        summary: [SummaryText],
        /// The thoughts themselves, where the server shows them. Sent back, some servers take it and others want null.
        content?: [ReasoningPart] | null,
        /// The thoughts sealed, for servers that keep nothing; ask for it in `include`.
        encrypted_content?: String | null,
    }

    /// A conversation's past, as the server sealed it.
    object CompactionItemParam {
        type: "compaction",
        id?: String | null,
        /// 10 MiB at most.
        encrypted_content: String,
    }

    /// An item that the server keeps, by its id.
    object ItemReferenceParam {
        type: "item_reference",
        id: String,
    }
}
