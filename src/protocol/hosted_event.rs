//! Events of tools that the server runs, and others beyond Open Responses.

#[cfg(feature = "typed")]
use super::*;

describe! {
    /// A search of the web begins.
    call_event ResponseWebSearchCallInProgressEvent { "response.web_search_call.in_progress"; }

    /// A search of the web is at work.
    call_event ResponseWebSearchCallSearchingEvent { "response.web_search_call.searching"; }

    /// A search of the web is finished.
    call_event ResponseWebSearchCallCompletedEvent { "response.web_search_call.completed"; }

    /// A search of files begins.
    call_event ResponseFileSearchCallInProgressEvent { "response.file_search_call.in_progress"; }

    /// A search of files is at work.
    call_event ResponseFileSearchCallSearchingEvent { "response.file_search_call.searching"; }

    /// A search of files is finished.
    call_event ResponseFileSearchCallCompletedEvent { "response.file_search_call.completed"; }

    /// The model begins to write code.
    call_event ResponseCodeInterpreterCallInProgressEvent { "response.code_interpreter_call.in_progress"; }

    /// The code runs.
    call_event ResponseCodeInterpreterCallInterpretingEvent { "response.code_interpreter_call.interpreting"; }

    /// The code has run.
    call_event ResponseCodeInterpreterCallCompletedEvent { "response.code_interpreter_call.completed"; }

    /// More of the code.
    call_event ResponseCodeInterpreterCallCodeDeltaEvent { "response.code_interpreter_call_code.delta";
        /// What is new; it may be empty.
        delta: String,
        /// Random padding that hides the length from eavesdroppers. To be ignored.
        obfuscation?: String,
    }

    /// The whole code.
    call_event ResponseCodeInterpreterCallCodeDoneEvent { "response.code_interpreter_call_code.done";
        code: String,
    }

    /// An image begins.
    call_event ResponseImageGenerationCallInProgressEvent { "response.image_generation_call.in_progress"; }

    /// An image is being made.
    call_event ResponseImageGenerationCallGeneratingEvent { "response.image_generation_call.generating"; }

    /// An image is finished: it is in the item.
    call_event ResponseImageGenerationCallCompletedEvent { "response.image_generation_call.completed"; }

    /// An image as far as it is made.
    call_event ResponseImageGenerationCallPartialImageEvent { "response.image_generation_call.partial_image";
        /// Which of the images on the way it is, from 0.
        partial_image_index~: Integer,
        /// The image in base64.
        partial_image_b64: String,
        background?: String,
        output_format?: String,
        quality?: String,
        size?: String,
    }

    /// An MCP server is being asked for its tools.
    call_event ResponseMcpListToolsInProgressEvent { "response.mcp_list_tools.in_progress"; }

    /// An MCP server has named its tools.
    call_event ResponseMcpListToolsCompletedEvent { "response.mcp_list_tools.completed"; }

    /// An MCP server did not name its tools.
    call_event ResponseMcpListToolsFailedEvent { "response.mcp_list_tools.failed"; }

    /// A tool of an MCP server is being called.
    call_event ResponseMcpCallInProgressEvent { "response.mcp_call.in_progress"; }

    /// A tool of an MCP server has answered.
    call_event ResponseMcpCallCompletedEvent { "response.mcp_call.completed"; }

    /// A call of a tool of an MCP server failed.
    call_event ResponseMcpCallFailedEvent { "response.mcp_call.failed"; }

    /// More of the arguments of such a call: a piece of JSON.
    call_event ResponseMcpCallArgumentsDeltaEvent { "response.mcp_call_arguments.delta";
        /// What is new; it may be empty.
        delta: String,
        /// Random padding that hides the length from eavesdroppers. To be ignored.
        obfuscation?: String,
    }

    /// The whole arguments of such a call, as JSON.
    call_event ResponseMcpCallArgumentsDoneEvent { "response.mcp_call_arguments.done";
        arguments: String,
    }

    /// A command for the shell begins.
    item_event ResponseShellCallCommandAddedEvent { "response.shell_call_command.added";
        /// The command's place in the action's `commands`, from 0.
        command_index~: Integer,
        command: String,
    }

    /// More of a command for the shell.
    item_event ResponseShellCallCommandDeltaEvent { "response.shell_call_command.delta";
        /// The command's place in the action's `commands`, from 0.
        command_index~: Integer,
        /// What is new; it may be empty.
        delta: String,
        /// Random padding that hides the length from eavesdroppers. To be ignored.
        obfuscation?: String,
    }

    /// A whole command for the shell.
    item_event ResponseShellCallCommandDoneEvent { "response.shell_call_command.done";
        /// The command's place in the action's `commands`, from 0.
        command_index~: Integer,
        command: String,
    }

    /// More of what a command printed.
    call_event ResponseShellCallOutputContentDeltaEvent { "response.shell_call_output_content.delta";
        /// The command's place in the action's `commands`, from 0.
        command_index~: Integer,
        delta: ShellOutputDelta,
    }

    /// What is new of what a command printed.
    object ShellOutputDelta {
        stdout?: String,
        stderr?: String,
    }

    /// What a command gave.
    call_event ResponseShellCallOutputContentDoneEvent { "response.shell_call_output_content.done";
        /// The command's place in the action's `commands`, from 0.
        command_index~: Integer,
        output: [ShellOutput],
    }

    /// More of a change of a file.
    call_event ResponseApplyPatchCallOperationDiffDeltaEvent { "response.apply_patch_call_operation_diff.delta";
        /// What is new; it may be empty.
        delta: String,
        /// Random padding that hides the length from eavesdroppers. To be ignored.
        obfuscation?: String,
    }

    /// The whole change of a file.
    call_event ResponseApplyPatchCallOperationDiffDoneEvent { "response.apply_patch_call_operation_diff.done";
        diff: String,
    }

    /// More of the input of a custom tool.
    call_event ResponseCustomToolCallInputDeltaEvent { "response.custom_tool_call_input.delta";
        /// What is new; it may be empty.
        delta: String,
        /// Random padding that hides the length from eavesdroppers. To be ignored.
        obfuscation?: String,
    }

    /// The whole input of a custom tool.
    call_event ResponseCustomToolCallInputDoneEvent { "response.custom_tool_call_input.done";
        input: String,
    }

    /// The server shortens the conversation.
    call_event ResponseCompactionCompactingEvent { "response.compaction.compacting"; }

    /// More audio.
    plain_event ResponseAudioDeltaEvent { "response.audio.delta";
        /// In base64.
        delta: String,
    }

    /// All audio has been sent.
    plain_event ResponseAudioDoneEvent { "response.audio.done"; }

    /// More of what the audio says.
    plain_event ResponseAudioTranscriptDeltaEvent { "response.audio.transcript.delta";
        /// What is new; it may be empty.
        delta: String,
    }

    /// All of what the audio says has been sent.
    plain_event ResponseAudioTranscriptDoneEvent { "response.audio.transcript.done"; }
}
