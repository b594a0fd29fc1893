//! Functions, and the choice of tools.

#[cfg(feature = "typed")]
use super::*;

describe! {
    /// A tool the model may use: a function of yours, or a tool the vendor knows.
    union Tool {
        Function(FunctionTool),
        WebSearch(WebSearchTool),
        WebSearchDated(WebSearchDatedTool),
        WebSearchPreview(WebSearchPreviewTool),
        WebSearchPreviewDated(WebSearchPreviewDatedTool),
        FileSearch(FileSearchTool),
        CodeInterpreter(CodeInterpreterTool),
        ImageGeneration(ImageGenerationTool),
        Mcp(McpTool),
        Computer(ComputerTool),
        ComputerUsePreview(ComputerUsePreviewTool),
        LocalShell(LocalShellTool),
        Shell(ShellTool),
        ApplyPatch(ApplyPatchTool),
        Custom(CustomTool),
        ToolSearch(ToolSearchTool),
        Namespace(NamespaceTool),
        ProgrammaticToolCalling(ProgrammaticToolCallingTool),
        ..VendorTool
    }

    /// A function of yours. The model asks for a call, your code makes it.
    object FunctionTool {
        type: "function",
        /// 1 to 64 characters: letters, digits, `_` and `-`.
        name: String,
        /// What it does and when to call it, for the model.
        description?: String | null,
        /// Null: it takes none.
        parameters?: JSONSchema | null,
        /// Whether the arguments must fit `parameters` exactly. Servers differ without it, and may reject null.
        strict?: Boolean | null,
        /// OpenAI's: the model learns of it only by a search for tools.
        defer_loading?: Boolean,
        /// OpenAI's: what the function gives back.
        output_schema?: JSONSchema | null,
        /// OpenAI's: who may call it, such as `direct` and `programmatic`.
        allowed_callers?: [String] | null,
    }

    /// A tool that the vendor knows, with the vendor's fields. Mostly the server runs it.
    typescript VendorTool {
"interface VendorTool {
  type: VendorToolType | UnknownType;
  [key: string]: unknown;
}"
    }

    /// Types of vendors' tools without a prefix, of which nothing more is known here. At run time it may be any string.
    typescript VendorToolType {
"type VendorToolType = \"code_execution\" | \"x_search\";"
    }

    /// A JSON Schema, as an object.
    alias JSONSchema { Value = "object" }

    /// Which tools the model may or must use.
    union ToolChoice {
        Mode(ToolChoiceMode),
        Function(FunctionToolChoice),
        Allowed(AllowedToolsChoice),
        Mcp(McpToolChoice),
        Custom(CustomToolChoice),
        Hosted(HostedToolChoice),
        ..VendorTool
    }

    /// `none`: no tool; `auto`: as the model likes; `required`: at least one.
    choice ToolChoiceMode {
        None = "none",
        Auto = "auto",
        Required = "required",
    }

    /// The model must call this function.
    object FunctionToolChoice {
        type: "function",
        name~: String,
    }

    /// Only these of the `tools` may be used. Unlike a shorter `tools`, this keeps the prompt's cache valid.
    object AllowedToolsChoice {
        type: "allowed_tools",
        /// 1 to 128.
        tools: [AllowedTool],
        mode?: ToolChoiceMode,
    }

    /// One of the `tools`, by its type and name.
    union AllowedTool {
        Function(FunctionToolChoice),
        Mcp(McpToolChoice),
        Custom(CustomToolChoice),
        Hosted(HostedToolChoice),
        ..VendorTool
    }

    /// A tool of an MCP server.
    object McpToolChoice {
        type: "mcp",
        server_label: String,
        /// Null: any of the server's.
        name?: String | null,
    }

    /// A custom tool.
    object CustomToolChoice {
        type: "custom",
        name: String,
    }

    /// A tool that the server runs.
    object HostedToolChoice {
        kind as "type": HostedToolType,
    }

    /// Tools that a server runs, by their types.
    choice HostedToolType {
        ApplyPatch = "apply_patch",
        CodeInterpreter = "code_interpreter",
        Computer = "computer",
        ComputerUse = "computer_use",
        ComputerUsePreview = "computer_use_preview",
        FileSearch = "file_search",
        ImageGeneration = "image_generation",
        ProgrammaticToolCalling = "programmatic_tool_calling",
        Shell = "shell",
        WebSearch = "web_search",
        WebSearchPreview = "web_search_preview",
        WebSearchPreview20250311 = "web_search_preview_2025_03_11",
    }
}
