//! Items of tools that the server runs, and of tools that it knows and you run.

#[cfg(feature = "typed")]
use super::*;

describe! {
    /// Where the item of such a tool stands.
    open_choice HostedItemStatus {
        InProgress = "in_progress",
        Searching = "searching",
        Interpreting = "interpreting",
        Generating = "generating",
        Calling = "calling",
        Completed = "completed",
        Incomplete = "incomplete",
        Failed = "failed",
    }

    /// A search of the web.
    object WebSearchCallItem {
        type: "web_search_call",
        id~: String,
        status~: HostedItemStatus,
        /// What was done. Some servers leave it out.
        action?: WebSearchAction,
    }

    /// One step of a search of the web.
    union WebSearchAction {
        Search(WebSearchSearch),
        OpenPage(WebSearchOpenPage),
        FindInPage(WebSearchFindInPage),
        ..UnknownAction
    }

    /// A query was made.
    object WebSearchSearch {
        type: "search",
        query?: String,
        queries?: [String],
        /// There if `include` asked for it.
        sources?: [WebSearchSource],
    }

    /// Where a search found something.
    object WebSearchSource {
        type: "url",
        url~: String,
    }

    /// A page was opened.
    object WebSearchOpenPage {
        type: "open_page",
        url?: String | null,
    }

    /// A page was searched.
    object WebSearchFindInPage {
        type: "find_in_page",
        url~: String,
        pattern~: String,
    }

    /// An action of an unknown type.
    typescript UnknownAction {
"interface UnknownAction {
  type: UnknownType;
  [key: string]: unknown;
}"
    }

    /// A search of the files that the server keeps.
    object FileSearchCallItem {
        type: "file_search_call",
        id~: String,
        status~: HostedItemStatus,
        queries~: [String],
        /// There if `include` asked for them.
        results?: [FileSearchResult] | null,
    }

    /// A piece of a file that a search found.
    object FileSearchResult {
        file_id?: String,
        filename?: String,
        text?: String,
        /// 0 to 1: how well it fits.
        score?: Number,
        attributes?: {Value} | null,
    }

    /// Code that the model wrote and the server ran.
    object CodeInterpreterCallItem {
        type: "code_interpreter_call",
        id~: String,
        status~: HostedItemStatus,
        container_id~: String,
        /// Null while there is none.
        code~: String | null,
        /// Null if `include` did not ask for them.
        outputs~: [CodeInterpreterOutput] | null,
    }

    /// What running the code gave.
    union CodeInterpreterOutput {
        Logs(CodeInterpreterLogs),
        Image(CodeInterpreterImage),
        ..UnknownAction
    }

    /// What the code printed.
    object CodeInterpreterLogs {
        type: "logs",
        logs~: String,
    }

    /// What the code drew.
    object CodeInterpreterImage {
        type: "image",
        url~: String,
    }

    /// An image that the model made.
    object ImageGenerationCallItem {
        type: "image_generation_call",
        id~: String,
        status~: HostedItemStatus,
        /// The image in base64; null until it is there.
        result~: String | null,
        /// The prompt as the model made it better.
        revised_prompt?: String | null,
        background?: String,
        output_format?: String,
        quality?: String,
        size?: String,
        /// Why there is none.
        error?: Value,
    }

    /// The tools of an MCP server.
    object McpListToolsItem {
        type: "mcp_list_tools",
        id~: String,
        server_label~: String,
        tools~: [McpToolDescription],
        /// Why they could not be listed.
        error?: Value,
    }

    /// A tool of an MCP server.
    object McpToolDescription {
        name~: String,
        description?: String | null,
        input_schema~: JSONSchema,
        annotations?: Value,
    }

    /// A call of a tool of an MCP server.
    object McpCallItem {
        type: "mcp_call",
        id~: String,
        server_label~: String,
        name~: String,
        /// JSON as the model wrote it.
        arguments~: String,
        /// What the tool gave; null until it is there.
        output?: String | null,
        /// Why it failed: text, or an object of the server's.
        error?: Value,
        status?: HostedItemStatus,
        /// The `id` of the `mcp_approval_request` that came before.
        approval_request_id?: String | null,
    }

    /// The server asks whether the tool may be called. Answer with an `McpApprovalResponseItem`.
    object McpApprovalRequestItem {
        type: "mcp_approval_request",
        id~: String,
        server_label~: String,
        name~: String,
        /// JSON as the model wrote it.
        arguments~: String,
    }

    /// Your answer to the question whether the tool may be called.
    object McpApprovalResponseItem {
        type: "mcp_approval_response",
        id?: String | null,
        /// The `id` of the request.
        approval_request_id: String,
        approve: Boolean,
        reason?: String | null,
    }

    /// The model wants a computer used. Answer with a `ComputerCallOutputItem` of the same `call_id`.
    object ComputerCallItem {
        type: "computer_call",
        id~: String,
        call_id: String,
        status~: HostedItemStatus,
        /// One action: a click, a key, a screenshot, …
        action?: {Value},
        /// Several, in order.
        actions?: [{Value}],
        /// What you have to acknowledge before you go on.
        pending_safety_checks~: [SafetyCheck],
    }

    /// A concern about using a computer.
    object SafetyCheck {
        id~: String,
        code?: String | null,
        message?: String | null,
    }

    /// What the computer's screen shows.
    object ComputerCallOutputItem {
        type: "computer_call_output",
        id?: String | null,
        call_id: String,
        output: ComputerScreenshot,
        acknowledged_safety_checks?: [SafetyCheck] | null,
        status?: HostedItemStatus | null,
    }

    /// A picture of a screen: an `image_url`, or a `file_id`.
    object ComputerScreenshot {
        type: "computer_screenshot",
        /// A web address or a `data:` URL.
        image_url?: String,
        file_id?: String,
    }

    /// The model wants a command run on your machine. Answer with a `LocalShellCallOutputItem`.
    object LocalShellCallItem {
        type: "local_shell_call",
        id~: String,
        call_id: String,
        action: LocalShellAction,
        status~: HostedItemStatus,
    }

    /// A command to run on your machine.
    object LocalShellAction {
        type: "exec",
        /// The program and its arguments.
        command: [String],
        env~: {String},
        /// Milliseconds.
        timeout_ms?: Integer | null,
        user?: String | null,
        working_directory?: String | null,
    }

    /// What the command gave.
    object LocalShellCallOutputItem {
        type: "local_shell_call_output",
        /// The `call_id` of the call.
        id: String,
        /// JSON of what the command printed.
        output: String,
        status?: HostedItemStatus | null,
    }

    /// The model wants commands run in a shell. Where the shell is yours, answer with a `ShellCallOutputItem`.
    object ShellCallItem {
        type: "shell_call",
        id~: String,
        call_id: String,
        action: ShellAction,
        status~: HostedItemStatus,
        /// Where the shell is.
        environment?: {Value} | null,
    }

    /// Commands for a shell.
    object ShellAction {
        commands: [String],
        /// Characters of output to send back, at most; null: no limit.
        max_output_length?: Integer | null,
        /// Milliseconds; null: no limit.
        timeout_ms?: Integer | null,
    }

    /// What the commands gave.
    object ShellCallOutputItem {
        type: "shell_call_output",
        id?: String | null,
        call_id: String,
        output: [ShellOutput],
        max_output_length?: Integer | null,
        status?: HostedItemStatus | null,
    }

    /// What one command gave.
    object ShellOutput {
        stdout~: String,
        stderr~: String,
        outcome~: ShellOutcome,
    }

    /// How a command ended.
    union ShellOutcome {
        Exit(ShellExit),
        Timeout(ShellTimeout),
        ..UnknownAction
    }

    /// It ended by itself.
    object ShellExit {
        type: "exit",
        exit_code: Integer,
    }

    /// It took too long.
    object ShellTimeout {
        type: "timeout",
    }

    /// The model wants a file changed. Answer with an `ApplyPatchCallOutputItem` of the same `call_id`.
    object ApplyPatchCallItem {
        type: "apply_patch_call",
        id~: String,
        call_id: String,
        operation: ApplyPatchOperation,
        status~: HostedItemStatus,
    }

    /// What to do with a file.
    union ApplyPatchOperation {
        Create(ApplyPatchCreateFile),
        Update(ApplyPatchUpdateFile),
        Delete(ApplyPatchDeleteFile),
        ..UnknownAction
    }

    /// A new file.
    object ApplyPatchCreateFile {
        type: "create_file",
        path: String,
        diff: String,
    }

    /// Another content.
    object ApplyPatchUpdateFile {
        type: "update_file",
        path: String,
        diff: String,
    }

    /// No file any more.
    object ApplyPatchDeleteFile {
        type: "delete_file",
        path: String,
    }

    /// Whether the file was changed.
    object ApplyPatchCallOutputItem {
        type: "apply_patch_call_output",
        id?: String | null,
        call_id: String,
        /// `completed` or `failed`.
        status: HostedItemStatus,
        /// What there is to say about it.
        output?: String | null,
    }

    /// The model wants a custom tool called. Answer with a `CustomToolCallOutputItem` of the same `call_id`.
    object CustomToolCallItem {
        type: "custom_tool_call",
        id?: String,
        call_id: String,
        name: String,
        /// Text of whatever form the tool takes.
        input: String,
        status?: HostedItemStatus,
        namespace?: String | null,
    }

    /// What a custom tool gave back.
    object CustomToolCallOutputItem {
        type: "custom_tool_call_output",
        id?: String | null,
        call_id: String,
        output: FunctionOutput,
        status?: HostedItemStatus | null,
    }

    /// The model looks for tools.
    object ToolSearchCallItem {
        type: "tool_search_call",
        id?: String | null,
        /// Null where the server searches.
        call_id~: String | null,
        /// `server` or `client`.
        execution?: String,
        arguments~: Value,
        status?: HostedItemStatus | null,
    }

    /// The tools that were found.
    object ToolSearchOutputItem {
        type: "tool_search_output",
        id?: String | null,
        /// Null where the server searched.
        call_id~: String | null,
        /// `server` or `client`.
        execution?: String,
        tools: [Tool],
        status?: HostedItemStatus | null,
    }

    /// A program of the model's that calls tools.
    object ProgramItem {
        type: "program",
        id~: String,
        call_id: String,
        code: String,
        /// To be sent back unchanged.
        fingerprint~: String,
    }

    /// What a program gave.
    object ProgramOutputItem {
        type: "program_output",
        id~: String,
        call_id: String,
        result: String,
        status?: HostedItemStatus,
    }
}
