//! Tools that the vendor knows. Vendors add fields to them faster than anybody describes them, so these take any other field
//! as well.

#[cfg(feature = "typed")]
use super::*;

describe! {
    /// Searches the web.
    open_object WebSearchTool {
        type: "web_search",
        filters?: WebSearchFilters | null,
        /// How much of what is found to read: `low`, `medium`, `high`.
        search_context_size?: SearchContextSize,
        user_location?: UserLocation | null,
        /// Whether live pages may be read, or only the server's index.
        external_web_access?: Boolean,
    }

    /// Searches the web, in the version of that date.
    open_object WebSearchDatedTool {
        type: "web_search_2025_08_26",
        filters?: WebSearchFilters | null,
        search_context_size?: SearchContextSize,
        user_location?: UserLocation | null,
    }

    /// Searches the web, in an older way.
    open_object WebSearchPreviewTool {
        type: "web_search_preview",
        search_context_size?: SearchContextSize,
        user_location?: UserLocation | null,
    }

    /// Searches the web, in an older way, in the version of that date.
    open_object WebSearchPreviewDatedTool {
        type: "web_search_preview_2025_03_11",
        search_context_size?: SearchContextSize,
        user_location?: UserLocation | null,
    }

    /// Where to search.
    open_object WebSearchFilters {
        /// Host names; subdomains are allowed with them.
        allowed_domains?: [String] | null,
    }

    /// How much of what is found to read.
    open_choice SearchContextSize {
        Low = "low",
        Medium = "medium",
        High = "high",
    }

    /// Where the user is, roughly.
    open_object UserLocation {
        kind as "type"?: UserLocationType,
        city?: String | null,
        /// By two letters, ISO 3166-1.
        country?: String | null,
        region?: String | null,
        /// By its IANA name.
        timezone?: String | null,
    }

    /// How the place is known.
    open_choice UserLocationType {
        Approximate = "approximate",
    }

    /// Searches files that the server keeps.
    open_object FileSearchTool {
        type: "file_search",
        vector_store_ids~: [String],
        /// Which files, by their attributes.
        filters?: {Value} | null,
        /// 1 to 50.
        max_num_results?: Integer,
        ranking_options?: {Value},
    }

    /// Runs Python that the model writes.
    open_object CodeInterpreterTool {
        type: "code_interpreter",
        container~: CodeContainer,
    }

    /// Where the code runs: a container by its id, or a new one.
    union CodeContainer {
        Id(String),
        New(CodeContainerAuto),
    }

    /// A new container.
    open_object CodeContainerAuto {
        type: "auto",
        /// Files to put there.
        file_ids?: [String],
        /// Such as `4g`.
        memory_limit?: String | null,
        network_policy?: {Value},
    }

    /// Makes images.
    open_object ImageGenerationTool {
        type: "image_generation",
        /// `generate`, `edit` or `auto`.
        action?: String,
        /// `transparent`, `opaque` or `auto`.
        background?: String,
        /// `low` or `high`: how closely to keep to the images given.
        input_fidelity?: String | null,
        input_image_mask?: {Value},
        model?: String,
        moderation?: String,
        /// 0 to 100, for formats that lose something.
        output_compression?: Integer,
        /// `png`, `webp` or `jpeg`.
        output_format?: String,
        /// 0 to 3: how many images on the way to show.
        partial_images?: Integer,
        quality?: String,
        /// Such as `1024x1024`.
        size?: String,
    }

    /// Tools of a server that speaks the Model Context Protocol: by its address, or by the name of a connector.
    open_object McpTool {
        type: "mcp",
        /// What the items of its calls name it by.
        server_label: String,
        server_url?: String,
        connector_id?: String,
        server_description?: String,
        /// Names, or a filter; null: all.
        allowed_tools?: McpToolSelection | null,
        /// An OAuth token for the server.
        authorization?: String,
        headers?: {String} | null,
        /// Which calls need your approval; null: all.
        require_approval?: McpApproval | null,
        defer_loading?: Boolean,
        tunnel_id?: String,
    }

    /// Some of a server's tools.
    union McpToolSelection {
        Names([String]),
        Filter(McpToolFilter),
    }

    /// Which of a server's tools.
    open_object McpToolFilter {
        /// Only those that change nothing.
        read_only?: Boolean,
        tool_names?: [String],
    }

    /// Which calls need approval.
    union McpApproval {
        Setting(McpApprovalSetting),
        Filter(McpApprovalFilter),
    }

    /// Whether calls need approval.
    open_choice McpApprovalSetting {
        Always = "always",
        Never = "never",
    }

    /// Which calls always need approval and which never do.
    open_object McpApprovalFilter {
        always?: McpToolFilter,
        never?: McpToolFilter,
    }

    /// Uses a computer, which is yours.
    open_object ComputerTool {
        type: "computer",
    }

    /// Uses a computer, which is yours, in an older way.
    open_object ComputerUsePreviewTool {
        type: "computer_use_preview",
        /// Pixels.
        display_width: Integer,
        /// Pixels.
        display_height: Integer,
        /// `windows`, `mac`, `linux`, `ubuntu` or `browser`.
        environment: String,
    }

    /// Runs commands on your machine.
    open_object LocalShellTool {
        type: "local_shell",
    }

    /// Runs commands in a shell.
    open_object ShellTool {
        type: "shell",
        /// Where the shell is: the server's container, or your machine.
        environment?: {Value} | null,
    }

    /// Changes files, which are yours.
    open_object ApplyPatchTool {
        type: "apply_patch",
    }

    /// A tool of yours that takes text instead of JSON.
    open_object CustomTool {
        type: "custom",
        name: String,
        description?: String,
        /// What the text must be like; without it, any.
        format?: CustomToolFormat,
        defer_loading?: Boolean,
    }

    /// What the text for a custom tool must be like.
    union CustomToolFormat {
        Text(CustomToolText),
        Grammar(CustomToolGrammar),
        ..UnknownAction
    }

    /// Any text.
    object CustomToolText {
        type: "text",
    }

    /// Text of a grammar.
    object CustomToolGrammar {
        type: "grammar",
        /// `lark` or `regex`.
        syntax: String,
        definition: String,
    }

    /// Lets the model look for tools that it has not been told of.
    open_object ToolSearchTool {
        type: "tool_search",
        /// Who searches: `server` or `client`.
        execution?: String,
        description?: String | null,
        parameters?: JSONSchema | null,
    }

    /// Several tools under one name.
    open_object NamespaceTool {
        type: "namespace",
        name: String,
        description~: String,
        tools: [Tool],
    }

    /// Lets the model write a program that calls tools.
    open_object ProgrammaticToolCallingTool {
        type: "programmatic_tool_calling",
    }
}
