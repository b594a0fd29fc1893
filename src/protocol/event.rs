//! Events of a stream.

#[cfg(feature = "typed")]
use super::*;

describe! {
    /// One event of a stream. A server may send any other type too: to compare with one that is not listed, take it for the string it is
    /// (`const type: string = event.type`), or listen to it (`stream.on("its.type", …)`).
    events ResponseStreamEvent {
        ResponseEventMap {
            "response.created" => Created(ResponseCreatedEvent),
            "response.queued" => Queued(ResponseQueuedEvent),
            "response.in_progress" => InProgress(ResponseInProgressEvent),
            "response.completed" => Completed(ResponseCompletedEvent),
            "response.failed" => Failed(ResponseFailedEvent),
            "response.incomplete" => Incomplete(ResponseIncompleteEvent),
            "response.output_item.added" => OutputItemAdded(ResponseOutputItemAddedEvent),
            "response.output_item.done" => OutputItemDone(ResponseOutputItemDoneEvent),
            "response.content_part.added" => ContentPartAdded(ResponseContentPartAddedEvent),
            "response.content_part.done" => ContentPartDone(ResponseContentPartDoneEvent),
            "response.output_text.delta" => OutputTextDelta(ResponseOutputTextDeltaEvent),
            "response.output_text.done" => OutputTextDone(ResponseOutputTextDoneEvent),
            "response.output_text.annotation.added" => OutputTextAnnotationAdded(ResponseOutputTextAnnotationAddedEvent),
            "response.refusal.delta" => RefusalDelta(ResponseRefusalDeltaEvent),
            "response.refusal.done" => RefusalDone(ResponseRefusalDoneEvent),
            "response.reasoning.delta" => ReasoningDelta(ResponseReasoningDeltaEvent),
            "response.reasoning.done" => ReasoningDone(ResponseReasoningDoneEvent),
            "response.reasoning_text.delta" => ReasoningTextDelta(ResponseReasoningTextDeltaEvent),
            "response.reasoning_text.done" => ReasoningTextDone(ResponseReasoningTextDoneEvent),
            "response.reasoning_summary_part.added" => ReasoningSummaryPartAdded(ResponseReasoningSummaryPartAddedEvent),
            "response.reasoning_summary_part.done" => ReasoningSummaryPartDone(ResponseReasoningSummaryPartDoneEvent),
            "response.reasoning_summary_text.delta" => ReasoningSummaryTextDelta(ResponseReasoningSummaryTextDeltaEvent),
            "response.reasoning_summary_text.done" => ReasoningSummaryTextDone(ResponseReasoningSummaryTextDoneEvent),
            "response.function_call_arguments.delta" => FunctionCallArgumentsDelta(ResponseFunctionCallArgumentsDeltaEvent),
            "response.function_call_arguments.done" => FunctionCallArgumentsDone(ResponseFunctionCallArgumentsDoneEvent),
            "error" => Error(ResponseErrorEvent),
            "response.web_search_call.in_progress" => WebSearchInProgress(ResponseWebSearchCallInProgressEvent),
            "response.web_search_call.searching" => WebSearchSearching(ResponseWebSearchCallSearchingEvent),
            "response.web_search_call.completed" => WebSearchCompleted(ResponseWebSearchCallCompletedEvent),
            "response.file_search_call.in_progress" => FileSearchInProgress(ResponseFileSearchCallInProgressEvent),
            "response.file_search_call.searching" => FileSearchSearching(ResponseFileSearchCallSearchingEvent),
            "response.file_search_call.completed" => FileSearchCompleted(ResponseFileSearchCallCompletedEvent),
            "response.code_interpreter_call.in_progress" => CodeInterpreterInProgress(ResponseCodeInterpreterCallInProgressEvent),
            "response.code_interpreter_call.interpreting" => CodeInterpreterInterpreting(ResponseCodeInterpreterCallInterpretingEvent),
            "response.code_interpreter_call.completed" => CodeInterpreterCompleted(ResponseCodeInterpreterCallCompletedEvent),
            "response.code_interpreter_call_code.delta" => CodeInterpreterCodeDelta(ResponseCodeInterpreterCallCodeDeltaEvent),
            "response.code_interpreter_call_code.done" => CodeInterpreterCodeDone(ResponseCodeInterpreterCallCodeDoneEvent),
            "response.image_generation_call.in_progress" => ImageGenerationInProgress(ResponseImageGenerationCallInProgressEvent),
            "response.image_generation_call.generating" => ImageGenerationGenerating(ResponseImageGenerationCallGeneratingEvent),
            "response.image_generation_call.completed" => ImageGenerationCompleted(ResponseImageGenerationCallCompletedEvent),
            "response.image_generation_call.partial_image" => ImageGenerationPartialImage(ResponseImageGenerationCallPartialImageEvent),
            "response.mcp_list_tools.in_progress" => McpListToolsInProgress(ResponseMcpListToolsInProgressEvent),
            "response.mcp_list_tools.completed" => McpListToolsCompleted(ResponseMcpListToolsCompletedEvent),
            "response.mcp_list_tools.failed" => McpListToolsFailed(ResponseMcpListToolsFailedEvent),
            "response.mcp_call.in_progress" => McpCallInProgress(ResponseMcpCallInProgressEvent),
            "response.mcp_call.completed" => McpCallCompleted(ResponseMcpCallCompletedEvent),
            "response.mcp_call.failed" => McpCallFailed(ResponseMcpCallFailedEvent),
            "response.mcp_call_arguments.delta" => McpCallArgumentsDelta(ResponseMcpCallArgumentsDeltaEvent),
            "response.mcp_call_arguments.done" => McpCallArgumentsDone(ResponseMcpCallArgumentsDoneEvent),
            "response.shell_call_command.added" => ShellCommandAdded(ResponseShellCallCommandAddedEvent),
            "response.shell_call_command.delta" => ShellCommandDelta(ResponseShellCallCommandDeltaEvent),
            "response.shell_call_command.done" => ShellCommandDone(ResponseShellCallCommandDoneEvent),
            "response.shell_call_output_content.delta" => ShellOutputDelta(ResponseShellCallOutputContentDeltaEvent),
            "response.shell_call_output_content.done" => ShellOutputDone(ResponseShellCallOutputContentDoneEvent),
            "response.apply_patch_call_operation_diff.delta" => ApplyPatchDiffDelta(ResponseApplyPatchCallOperationDiffDeltaEvent),
            "response.apply_patch_call_operation_diff.done" => ApplyPatchDiffDone(ResponseApplyPatchCallOperationDiffDoneEvent),
            "response.custom_tool_call_input.delta" => CustomToolInputDelta(ResponseCustomToolCallInputDeltaEvent),
            "response.custom_tool_call_input.done" => CustomToolInputDone(ResponseCustomToolCallInputDoneEvent),
            "response.compaction.compacting" => Compacting(ResponseCompactionCompactingEvent),
            "response.audio.delta" => AudioDelta(ResponseAudioDeltaEvent),
            "response.audio.done" => AudioDone(ResponseAudioDoneEvent),
            "response.audio.transcript.delta" => AudioTranscriptDelta(ResponseAudioTranscriptDeltaEvent),
            "response.audio.transcript.done" => AudioTranscriptDone(ResponseAudioTranscriptDoneEvent),
        }
        ..UnknownEvent
    }

    /// The response exists: the first event.
    response_event ResponseCreatedEvent { "response.created"; }

    /// The response waits for its turn.
    response_event ResponseQueuedEvent { "response.queued"; }

    /// The model is at work.
    response_event ResponseInProgressEvent { "response.in_progress"; }

    /// The response is complete: a last event.
    response_event ResponseCompletedEvent { "response.completed"; }

    /// The response failed, see its `error`: a last event.
    response_event ResponseFailedEvent { "response.failed"; }

    /// The response ended early, see its `incomplete_details`: a last event.
    response_event ResponseIncompleteEvent { "response.incomplete"; }

    /// An item begins. It is empty but for its kind.
    item_event ResponseOutputItemAddedEvent { "response.output_item.added";
        /// The item as it stands. Null is allowed.
        item: OutputItem | null,
    }

    /// An item is finished.
    item_event ResponseOutputItemDoneEvent { "response.output_item.done";
        /// The item as it stands. Null is allowed.
        item: OutputItem | null,
    }

    /// A part of an item's content begins.
    content_event ResponseContentPartAddedEvent { "response.content_part.added";
        part: ContentPart,
    }

    /// A part of an item's content is finished.
    content_event ResponseContentPartDoneEvent { "response.content_part.done";
        part: ContentPart,
    }

    /// More text.
    content_event ResponseOutputTextDeltaEvent { "response.output_text.delta";
        /// What is new; it may be empty.
        delta: String,
        logprobs?: [LogProb],
        /// Random padding that hides the length from eavesdroppers. To be ignored.
        obfuscation?: String,
    }

    /// A part's whole text.
    content_event ResponseOutputTextDoneEvent { "response.output_text.done";
        text: String,
        logprobs?: [LogProb],
    }

    /// A note on the text.
    content_event ResponseOutputTextAnnotationAddedEvent { "response.output_text.annotation.added";
        /// Its place in the part's `annotations`, from 0.
        annotation_index~: Integer,
        /// Null is allowed.
        annotation: Annotation | null,
    }

    /// More of a refusal.
    content_event ResponseRefusalDeltaEvent { "response.refusal.delta";
        /// What is new; it may be empty.
        delta: String,
        /// Random padding that hides the length from eavesdroppers. To be ignored.
        obfuscation?: String,
    }

    /// A part's whole refusal.
    content_event ResponseRefusalDoneEvent { "response.refusal.done";
        refusal: String,
    }

    /// More of the reasoning itself. Many servers send `response.reasoning_text.delta` instead.
    content_event ResponseReasoningDeltaEvent { "response.reasoning.delta";
        /// What is new; it may be empty.
        delta: String,
        /// Random padding that hides the length from eavesdroppers. To be ignored.
        obfuscation?: String,
    }

    /// A part's whole reasoning. Many servers send `response.reasoning_text.done` instead.
    content_event ResponseReasoningDoneEvent { "response.reasoning.done";
        text: String,
    }

    /// The same as `response.reasoning.delta`.
    content_event ResponseReasoningTextDeltaEvent { "response.reasoning_text.delta";
        /// What is new; it may be empty.
        delta: String,
        /// Random padding that hides the length from eavesdroppers. To be ignored.
        obfuscation?: String,
    }

    /// The same as `response.reasoning.done`.
    content_event ResponseReasoningTextDoneEvent { "response.reasoning_text.done";
        text: String,
    }

    /// A paragraph of the reasoning's summary begins.
    summary_event ResponseReasoningSummaryPartAddedEvent { "response.reasoning_summary_part.added";
        part: SummaryText,
    }

    /// A paragraph of the reasoning's summary is finished.
    summary_event ResponseReasoningSummaryPartDoneEvent { "response.reasoning_summary_part.done";
        part: SummaryText,
    }

    /// More of the reasoning's summary.
    summary_event ResponseReasoningSummaryTextDeltaEvent { "response.reasoning_summary_text.delta";
        /// What is new; it may be empty.
        delta: String,
        /// Random padding that hides the length from eavesdroppers. To be ignored.
        obfuscation?: String,
    }

    /// The whole text of a paragraph of the summary.
    summary_event ResponseReasoningSummaryTextDoneEvent { "response.reasoning_summary_text.done";
        text: String,
    }

    /// More of a function call's arguments: a piece of JSON.
    call_event ResponseFunctionCallArgumentsDeltaEvent { "response.function_call_arguments.delta";
        /// What is new; it may be empty.
        delta: String,
        /// Random padding that hides the length from eavesdroppers. To be ignored.
        obfuscation?: String,
    }

    /// A function call's whole arguments, as JSON.
    call_event ResponseFunctionCallArgumentsDoneEvent { "response.function_call_arguments.done";
        arguments: String,
    }

    /// Something went wrong, with the response or before there was one.
    plain_event ResponseErrorEvent { "error";
        error: ErrorInfo,
    }

    /// What went wrong.
    object ErrorInfo {
        kind as "type"~: String,
        /// For programs.
        code~: String | null,
        /// For people.
        message~: String,
        /// The field of the request that is to blame.
        param~: String | null,
        /// HTTP headers that came with the error.
        headers?: {String},
    }

    /// A vendor's event. It never matters to the common parts of the response, and may be ignored.
    typescript UnknownEvent {
"interface UnknownEvent {
  type: VendorEventType | UnknownType;
  sequence_number?: number;
  [key: string]: unknown;
}"
    }

    /// Types of vendors' events without a prefix, of which nothing more is known here.
    typescript VendorEventType {
"type VendorEventType = \"keepalive\";"
    }
}
