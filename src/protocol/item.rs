//! Items that servers send.

#[cfg(feature = "typed")]
use super::*;

describe! {
    /// One element of a response's `output`. It can be sent back as input as it is.
    union OutputItem {
        Message(OutputMessage),
        FunctionCall(FunctionCallItem),
        FunctionCallOutput(FunctionCallOutputItem),
        Reasoning(ReasoningItem),
        Compaction(CompactionItem),
        WebSearchCall(WebSearchCallItem),
        FileSearchCall(FileSearchCallItem),
        CodeInterpreterCall(CodeInterpreterCallItem),
        ImageGenerationCall(ImageGenerationCallItem),
        McpListTools(McpListToolsItem),
        McpCall(McpCallItem),
        McpApprovalRequest(McpApprovalRequestItem),
        McpApprovalResponse(McpApprovalResponseItem),
        ComputerCall(ComputerCallItem),
        ComputerCallOutput(ComputerCallOutputItem),
        LocalShellCall(LocalShellCallItem),
        LocalShellCallOutput(LocalShellCallOutputItem),
        ShellCall(ShellCallItem),
        ShellCallOutput(ShellCallOutputItem),
        ApplyPatchCall(ApplyPatchCallItem),
        ApplyPatchCallOutput(ApplyPatchCallOutputItem),
        CustomToolCall(CustomToolCallItem),
        CustomToolCallOutput(CustomToolCallOutputItem),
        ToolSearchCall(ToolSearchCallItem),
        ToolSearchOutput(ToolSearchOutputItem),
        Program(ProgramItem),
        ProgramOutput(ProgramOutputItem),
        ..UnknownItem
    }

    /// A message, mostly the assistant's.
    object OutputMessage {
        type: "message",
        id~: String,
        status~: ItemStatus,
        role~: MessageRole,
        content~: [ContentPart],
        /// To be sent back with the message: models that set it rely on it.
        phase?: MessagePhase,
    }

    /// The model wants a function called. Answer with a `FunctionCallOutputParam` of the same `call_id`.
    object FunctionCallItem {
        type: "function_call",
        id~: String,
        /// The call's id, which is not the item's: 1 to 64 characters.
        call_id: String,
        /// 1 to 64 characters: letters, digits, `_` and `-`.
        name: String,
        /// JSON as the model wrote it: it may be invalid, or not fit the schema.
        arguments: String,
        status~: ItemStatus,
        /// OpenAI's: the namespace of tools that the function is in.
        namespace?: String | null,
    }

    /// What a function gave back.
    object FunctionCallOutputItem {
        type: "function_call_output",
        id~: String,
        /// The `call_id` of the call.
        call_id: String,
        output: FunctionOutput,
        status~: ItemStatus,
    }

    /// What the model thought: in full, in summary, or sealed, as the server likes. To be sent back unchanged.
    object ReasoningItem {
        type: "reasoning",
        id~: String,
        /// Empty, not missing, if there is none.
        summary~: [SummaryText],
        /// The thoughts themselves, where the server shows them.
        content?: [ReasoningPart] | null,
        /// The thoughts sealed, for servers that keep nothing; ask for it in `include`.
        encrypted_content?: String | null,
        /// Many servers leave it out.
        status?: ItemStatus,
    }

    /// A conversation's past, shortened and sealed by the server.
    object CompactionItem {
        type: "compaction",
        id~: String,
        encrypted_content: String,
        created_by?: String,
    }

    /// A vendor's item.
    typescript UnknownItem {
"interface UnknownItem {
  type: VendorItemType | UnknownType;
  id?: string;
  status?: string;
  [key: string]: unknown;
}"
    }

    /// Types of vendors' items without a prefix, of which nothing more is known here.
    typescript VendorItemType {
"type VendorItemType = \"additional_tools\" | \"compaction_trigger\" | \"configuration_update\";"
    }

    /// Where an item stands. After one that is `incomplete` no other follows.
    open_choice ItemStatus {
        InProgress = "in_progress",
        Completed = "completed",
        Incomplete = "incomplete",
    }

    /// Who speaks.
    choice MessageRole {
        User = "user",
        Assistant = "assistant",
        System = "system",
        Developer = "developer",
    }

    /// Whether a message of the assistant comes along the way or is the answer.
    open_choice MessagePhase {
        Commentary = "commentary",
        FinalAnswer = "final_answer",
    }
}
