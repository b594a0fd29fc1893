//! Parts of items.

describe! {
    /// One part of a message.
    union ContentPart {
        InputText(InputText),
        InputImage(InputImage),
        InputFile(InputFile),
        InputVideo(InputVideo),
        OutputText(OutputText),
        Refusal(Refusal),
        PlainText(PlainText),
        SummaryText(SummaryText),
        ReasoningText(ReasoningText),
        ..UnknownPart
    }

    /// One part of what you send: of a user's message, or of a function's output.
    union InputPart {
        Text(InputText),
        Image(InputImage),
        File(InputFile),
        Video(InputVideo),
        ..UnknownPart
    }

    /// One part of what the assistant said, sent back.
    union AssistantPart {
        Text(OutputTextParam),
        Refusal(Refusal),
        ..UnknownPart
    }

    /// One part of a reasoning item. Servers differ in which it is; all have a `text`.
    union ReasoningPart {
        Summary(SummaryText),
        Reasoning(ReasoningText),
        Plain(PlainText),
        Output(OutputText),
    }

    /// Text for the model.
    object InputText {
        type: "input_text",
        /// 10 MiB at most.
        text: String,
        /// OpenAI's: the prompt up to here is to be cached.
        prompt_cache_breakpoint?: Value,
    }

    /// An image for the model: an `image_url`, or a `file_id` where the server keeps files.
    object InputImage {
        type: "input_image",
        /// A web address or a `data:` URL, of 20 MiB at most.
        image_url?: String | null,
        file_id?: String | null,
        /// How closely to look, which takes tokens; null: the server's choice.
        detail?: ImageDetail | null,
        /// OpenAI's: the prompt up to here is to be cached.
        prompt_cache_breakpoint?: Value,
    }

    /// How closely to look at an image.
    open_choice ImageDetail {
        Low = "low",
        High = "high",
        Auto = "auto",
        Original = "original",
    }

    /// A file for the model: one of `file_data` and `file_url`, or a `file_id` where the server keeps files.
    object InputFile {
        type: "input_file",
        filename?: String | null,
        /// A `data:` URL or bare base64, as the server wants it; 32 MiB at most.
        file_data?: String | null,
        file_url?: String | null,
        file_id?: String | null,
        /// OpenAI's: the prompt up to here is to be cached.
        prompt_cache_breakpoint?: Value,
    }

    /// A video for the model. Meant for a function's output; few servers take it in a message.
    object InputVideo {
        type: "input_video",
        /// A web address or a `data:` URL.
        video_url: String,
    }

    /// Text of the model.
    object OutputText {
        type: "output_text",
        text: String,
        annotations~: [Annotation],
        /// There if `include` asked for it.
        logprobs?: [LogProb],
    }

    /// Text of the model, sent back.
    object OutputTextParam {
        type: "output_text",
        /// 10 MiB at most.
        text: String,
        annotations?: [Annotation],
        logprobs?: [LogProb],
    }

    /// The model will not do it, and says so.
    object Refusal {
        type: "refusal",
        /// 10 MiB at most.
        refusal: String,
    }

    /// Text of no special kind.
    object PlainText {
        type: "text",
        text: String,
    }

    /// A paragraph of a reasoning's summary.
    object SummaryText {
        type: "summary_text",
        /// 10 MiB at most.
        text: String,
    }

    /// A piece of the reasoning itself.
    object ReasoningText {
        type: "reasoning_text",
        text: String,
    }

    /// A vendor's part.
    typescript UnknownPart {
"interface UnknownPart {
  type: \"input_audio\" | \"output_audio\" | UnknownType;
  [key: string]: unknown;
}"
    }

    /// A note on a stretch of output text.
    union Annotation {
        Url(UrlCitation),
        File(FileCitation),
        ContainerFile(ContainerFileCitation),
        FilePath(FilePath),
        ..UnknownAnnotation
    }

    /// Where on the web the text has it from. Some servers send the `url` and nothing else.
    object UrlCitation {
        type: "url_citation",
        url~: String,
        title~: String,
        /// Where in the part's text the citation begins, in characters from 0.
        start_index~: Integer,
        /// Where it ends: the place of the first character after it.
        end_index~: Integer,
    }

    /// The file that the text has it from.
    object FileCitation {
        type: "file_citation",
        file_id~: String,
        filename~: String,
        /// The place in the text, in characters from 0.
        index~: Integer,
    }

    /// The file of a container that the text has it from, or that was made there.
    object ContainerFileCitation {
        type: "container_file_citation",
        container_id~: String,
        file_id~: String,
        filename~: String,
        /// Where in the part's text the citation begins, in characters from 0.
        start_index~: Integer,
        /// Where it ends: the place of the first character after it.
        end_index~: Integer,
    }

    /// A file that the model made.
    object FilePath {
        type: "file_path",
        file_id~: String,
        /// The place in the text, in characters from 0.
        index~: Integer,
    }

    /// A vendor's annotation.
    typescript UnknownAnnotation {
"interface UnknownAnnotation {
  type: UnknownType;
  [key: string]: unknown;
}"
    }

    /// How likely a token was, and what else it might have been.
    object LogProb {
        token~: String,
        /// The natural logarithm of the probability: 0 or less.
        logprob~: Number,
        /// The token in UTF-8: it may be a piece of a character.
        bytes~: [Integer],
        /// The likeliest tokens at this place, as many as `top_logprobs` asked for.
        top_logprobs~: [TopLogProb],
    }

    /// A token and how likely it was.
    object TopLogProb {
        token~: String,
        /// The natural logarithm of the probability: 0 or less.
        logprob~: Number,
        /// The token in UTF-8: it may be a piece of a character.
        bytes~: [Integer],
    }

    /// A `type` that is not a common one. At run time it may lack the vendor's prefix.
    typescript UnknownType {
"type UnknownType = `${string}:${string}`;"
    }
}
