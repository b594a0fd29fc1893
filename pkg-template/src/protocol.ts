// The types of what goes over the wire, with the server's own keys.
//
// Servers send items, parts and events of their own beside the common ones, so every such union ends in an `Unknown…`
// member (of tools: `VendorTool`) with an index signature. Its `type` cannot be plain `string`: `"message"` is one too,
// and after `item.type === "message"` both members would be left. Nor a branded string: with one there, TypeScript
// does not narrow the union at all. So it is the prefixed form `vendor:name`, which no common type has, and those types
// without a prefix that are in wide use. What is left when all common types are ruled out is the unknown member: its
// `type` is a string, its other fields are `unknown`. At run time the type may be any other string too: compare it as
// one (`const type: string = item.type`), write it with a cast (`"its_name" as UnknownType`).

import type { Deviation } from "./deviation.js";

/** A `type` that is not a common one. At run time it may lack the vendor's prefix. */
export type UnknownType = `${string}:${string}`;

// ── Response ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * A response as the server sends it, and as events carry it. These are the protocol's fields; servers leave some out,
 * or send null where it is not allowed, above all while the response is in progress. Fields of a vendor's own are there
 * at run time: `response as ResponseObject & { billing?: unknown }`.
 */
export interface ResponseObject {
  id: string;
  object: "response";
  /** Unix time in seconds. */
  created_at: number;
  /** Unix time in seconds; null until the response is completed. */
  completed_at: number | null;
  status: ResponseStatus;
  /** Why the response is `incomplete`; null if it is not. */
  incomplete_details: IncompleteDetails | null;
  /** Why the response `failed`; null if it did not. */
  error: ResponseErrorInfo | null;
  /** The model that answered: it may be a dated version of the one asked for, or a fallback. */
  model: string;
  /** What the model made, in order. */
  output: OutputItem[];
  /** Null until it is known. */
  usage: Usage | null;
  previous_response_id: string | null;
  instructions: string | null;
  tools: Tool[];
  tool_choice: ToolChoice;
  parallel_tool_calls: boolean;
  /** Calls of the server's own tools, at most; null: no limit. */
  max_tool_calls: number | null;
  /** Tokens of output, reasoning included, at most; null: no limit. */
  max_output_tokens: number | null;
  text: TextConfig;
  /** Null for a model that does not reason. */
  reasoning: ReasoningConfig | null;
  temperature: number;
  top_p: number;
  presence_penalty: number;
  frequency_penalty: number;
  top_logprobs: number;
  truncation: Truncation;
  /** The tier that served the response. */
  service_tier: ServiceTier;
  store: boolean;
  background: boolean;
  metadata: Metadata | null;
  safety_identifier: string | null;
  prompt_cache_key: string | null;
}

/** A response as the client hands it out: the server's fields, and the client's two. */
export interface Response extends ResponseObject {
  /** All text of the answer: the `output_text` parts of all messages, joined. `""` if there are none. */
  output_text: string;
  /** The server's id of the request; null where it sends none, or where the browser hides the header. */
  _request_id?: string | null;
  /** What the server did against the protocol; not enumerable. */
  _deviations?: readonly Deviation[];
}

/** Where a response stands. Not all servers know `cancelled`; some have more. */
export type ResponseStatus =
  | "queued"
  | "in_progress"
  | "completed"
  | "failed"
  | "incomplete"
  | "cancelled"
  | (string & {});

/** Why a response ended early. */
export interface IncompleteDetails {
  reason: "max_output_tokens" | "content_filter" | (string & {});
}

/** Why a response failed. */
export interface ResponseErrorInfo {
  /** For programs: `server_error`, `rate_limit_exceeded`, … */
  code: string;
  /** For people. */
  message: string;
}

/** What a response took, in tokens. */
export interface Usage {
  /** All input, cached or not. */
  input_tokens: number;
  /** `cached_tokens`: read from the cache; `cache_write_tokens`: put there, where the server counts them. */
  input_tokens_details: { cached_tokens: number; cache_write_tokens?: number };
  /** All output, reasoning included. */
  output_tokens: number;
  output_tokens_details: { reasoning_tokens: number };
  total_tokens: number;
  /** The price, where the server tells it: in US dollars or the server's credits. */
  cost?: number;
}

/** Notes of one's own: 16 pairs at most; keys up to 64 characters, values up to 512. */
export type Metadata = Record<string, string>;

// ── Items the server sends ───────────────────────────────────────────────────────────────────────────────────────────

/** One element of a response's `output`. It can be sent back as input as it is. */
export type OutputItem =
  | OutputMessage
  | FunctionCallItem
  | FunctionCallOutputItem
  | ReasoningItem
  | CompactionItem
  | UnknownItem;

/** A message, mostly the assistant's. */
export interface OutputMessage {
  type: "message";
  id: string;
  status: ItemStatus;
  role: MessageRole;
  content: ContentPart[];
  /** To be sent back with the message: models that set it rely on it. */
  phase?: MessagePhase;
}

/** The model wants a function called. Answer with a {@link FunctionCallOutputParam} of the same `call_id`. */
export interface FunctionCallItem extends FunctionCallParam {
  id: string;
  status: ItemStatus;
}

/** What a function gave back. */
export interface FunctionCallOutputItem extends FunctionCallOutputParam {
  id: string;
  status: ItemStatus;
}

/** What the model thought: in full, in summary, or sealed, as the server likes. To be sent back unchanged. */
export interface ReasoningItem extends ReasoningItemParam {
  id: string;
  /** Many servers leave it out. */
  status?: ItemStatus;
}

/** A conversation's past, shortened and sealed by the server. */
export interface CompactionItem extends CompactionItemParam {
  id: string;
  created_by?: string;
}

/** A vendor's item, such as the call of a tool that the server runs. */
export interface UnknownItem {
  type: VendorItemType | UnknownType;
  id?: string;
  status?: string;
  [key: string]: unknown;
}

/** Types of vendors' items in wide use. */
export type VendorItemType =
  | `${"web_search" | "file_search" | "code_interpreter" | "image_generation" | "mcp"}_call`
  | `${"computer" | "local_shell" | "shell" | "apply_patch" | "custom_tool"}_call${"" | "_output"}`
  | `tool_search_${"call" | "output"}`
  | `mcp_${"list_tools" | "approval_request" | "approval_response"}`;

/** Where an item stands. After one that is `incomplete` no other follows. */
export type ItemStatus = "in_progress" | "completed" | "incomplete" | (string & {});

/** Who speaks. */
export type MessageRole = "user" | "assistant" | "system" | "developer";

/** Whether a message of the assistant comes along the way or is the answer. */
export type MessagePhase = "commentary" | "final_answer" | (string & {});

// ── Items you send ───────────────────────────────────────────────────────────────────────────────────────────────────

/** One element of `input`: what you write yourself, or an item of an earlier response's `output`. */
export type InputItem =
  | UserMessageParam
  | SystemMessageParam
  | AssistantMessageParam
  | FunctionCallParam
  | FunctionCallOutputParam
  | ReasoningItemParam
  | CompactionItemParam
  | ItemReferenceParam
  | OutputItem;

interface ItemParamBase {
  id?: string | null;
  status?: ItemStatus | null;
}

interface MessageParamBase extends ItemParamBase {
  /** May be missing, but some servers insist on it. */
  type?: "message";
}

/** What the user says. */
export interface UserMessageParam extends MessageParamBase {
  role: "user";
  /** A string is one part of text. */
  content: string | InputPart[];
}

/** What the application says. Models trust it more than the user; `developer` is the newer word for `system`. */
export interface SystemMessageParam extends MessageParamBase {
  role: "system" | "developer";
  /** A string is one part of text. */
  content: string | InputText[];
}

/** What the assistant said before, where you do not send the item as you got it. */
export interface AssistantMessageParam extends MessageParamBase {
  role: "assistant";
  /** A string is one part of text. */
  content: string | (OutputTextParam | Refusal | UnknownPart)[];
  /** As the server sent it: models that set it rely on it. */
  phase?: MessagePhase;
}

/** A function call that the model made before. */
export interface FunctionCallParam extends ItemParamBase {
  type: "function_call";
  /** The call's id, which is not the item's: 1 to 64 characters. */
  call_id: string;
  /** 1 to 64 characters: letters, digits, `_` and `-`. */
  name: string;
  /** JSON as the model wrote it: it may be invalid, or not fit the schema. */
  arguments: string;
}

/** Your answer to a function call. */
export interface FunctionCallOutputParam extends ItemParamBase {
  type: "function_call_output";
  /** The `call_id` of the call. */
  call_id: string;
  /** Any text (10 MiB at most), JSON or not; or parts. */
  output: string | InputPart[];
}

/** What the model thought before. */
export interface ReasoningItemParam {
  type: "reasoning";
  id?: string | null;
  /** Empty, not missing, if there is none. */
  summary: SummaryText[];
  /** The thoughts themselves, where the server shows them. Sent back, some servers take it and others want null. */
  content?: ReasoningPart[] | null;
  /** The thoughts sealed, for servers that keep nothing; ask for it in `include`. */
  encrypted_content?: string | null;
}

/** A conversation's past, as the server sealed it. */
export interface CompactionItemParam {
  type: "compaction";
  id?: string | null;
  /** 10 MiB at most. */
  encrypted_content: string;
}

/** An item that the server keeps, by its id. */
export interface ItemReferenceParam {
  type: "item_reference";
  id: string;
}

// ── Parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** One part of a message. */
export type ContentPart =
  | InputText
  | InputImage
  | InputFile
  | InputVideo
  | OutputText
  | Refusal
  | PlainText
  | SummaryText
  | ReasoningText
  | UnknownPart;

/** One part of what you send: of a user's message, or of a function's output. */
export type InputPart = InputText | InputImage | InputFile | InputVideo | UnknownPart;

/** One part of a reasoning item. Servers differ in which it is; all have a `text`. */
export type ReasoningPart = SummaryText | ReasoningText | PlainText | OutputText;

/** Text for the model. */
export interface InputText {
  type: "input_text";
  /** 10 MiB at most. */
  text: string;
}

/** An image for the model: an `image_url`, or a `file_id` where the server keeps files. */
export interface InputImage {
  type: "input_image";
  /** A web address or a `data:` URL, of 20 MiB at most. */
  image_url?: string | null;
  file_id?: string | null;
  /** How closely to look, which takes tokens; null: the server's choice. */
  detail?: "low" | "high" | "auto" | (string & {}) | null;
}

/** A file for the model: one of `file_data` and `file_url`, or a `file_id` where the server keeps files. */
export interface InputFile {
  type: "input_file";
  filename?: string | null;
  /** A `data:` URL or bare base64, as the server wants it; 32 MiB at most. */
  file_data?: string | null;
  file_url?: string | null;
  file_id?: string | null;
}

/** A video for the model. Meant for a function's output; few servers take it in a message. */
export interface InputVideo {
  type: "input_video";
  /** A web address or a `data:` URL. */
  video_url: string;
}

/** Text of the model. */
export interface OutputText extends OutputTextParam {
  annotations: Annotation[];
}

/** Text of the model, sent back. */
export interface OutputTextParam {
  type: "output_text";
  /** 10 MiB at most. */
  text: string;
  annotations?: Annotation[];
  /** There if `include` asked for it. */
  logprobs?: LogProb[];
}

/** The model will not do it, and says so. */
export interface Refusal {
  type: "refusal";
  refusal: string;
}

/** Text of no special kind. */
export interface PlainText {
  type: "text";
  text: string;
}

/** A paragraph of a reasoning's summary. */
export interface SummaryText {
  type: "summary_text";
  text: string;
}

/** A piece of the reasoning itself. */
export interface ReasoningText {
  type: "reasoning_text";
  text: string;
}

/** A vendor's part. */
export interface UnknownPart {
  type: "input_audio" | "output_audio" | UnknownType;
  [key: string]: unknown;
}

/** A note on a stretch of output text. */
export type Annotation = UrlCitation | UnknownAnnotation;

/** Where on the web the text has it from. */
export interface UrlCitation {
  type: "url_citation";
  url: string;
  title: string;
  /** Where in the part's text the citation begins and ends, in characters. */
  start_index: number;
  end_index: number;
}

/** A vendor's annotation. */
export interface UnknownAnnotation {
  type: "file_citation" | "container_file_citation" | "file_path" | UnknownType;
  [key: string]: unknown;
}

/** How likely a token was, and what else it might have been. */
export interface LogProb extends TopLogProb {
  /** The likeliest tokens at this place, as many as `top_logprobs` asked for. */
  top_logprobs: TopLogProb[];
}

/** A token and how likely it was. */
export interface TopLogProb {
  token: string;
  /** The natural logarithm of the probability: 0 or less. */
  logprob: number;
  /** The token in UTF-8: it may be a piece of a character. */
  bytes: number[];
}

// ── Tools and settings ───────────────────────────────────────────────────────────────────────────────────────────────

/** A tool the model may use: a function of yours, or a tool the vendor knows. */
export type Tool = FunctionTool | VendorTool;

/** A function of yours. The model asks for a call, your code makes it. */
export interface FunctionTool {
  type: "function";
  /** 1 to 64 characters: letters, digits, `_` and `-`. */
  name: string;
  /** What it does and when to call it, for the model. */
  description?: string | null;
  /** Null: it takes none. */
  parameters?: JSONSchema | null;
  /** Whether the arguments must fit `parameters` exactly. Servers differ without it, and may reject null. */
  strict?: boolean | null;
}

/** A tool that the vendor knows, with the vendor's fields. Mostly the server runs it. */
export interface VendorTool {
  type: VendorToolType | UnknownType;
  [key: string]: unknown;
}

/** Types of vendors' tools in wide use. */
export type VendorToolType =
  | `web_search${"" | "_preview"}`
  | "file_search"
  | "code_interpreter"
  | "image_generation"
  | `computer${"" | "_use_preview"}`
  | `${"" | "local_"}shell`
  | "apply_patch"
  | "mcp"
  | "custom"
  | "namespace"
  | "tool_search";

/** A JSON Schema, as an object. */
export type JSONSchema = object;

/** Which tools the model may or must use. */
export type ToolChoice = ToolChoiceMode | FunctionToolChoice | AllowedToolsChoice | VendorTool;

/** `none`: no tool; `auto`: as the model likes; `required`: at least one. */
export type ToolChoiceMode = "none" | "auto" | "required";

/** The model must call this function. */
export interface FunctionToolChoice {
  type: "function";
  name: string;
}

/** Only these of the `tools` may be used. Unlike a shorter `tools`, this keeps the prompt's cache valid. */
export interface AllowedToolsChoice {
  type: "allowed_tools";
  /** 1 to 128. */
  tools: (FunctionToolChoice | VendorTool)[];
  mode?: ToolChoiceMode;
}

/** What the text of the answer is like. */
export interface TextConfig {
  /** Null: plain text. */
  format?: TextFormat | null;
  /** How wordy. Not null. */
  verbosity?: "low" | "medium" | "high";
}

/** Plain text, a JSON object of whatever shape (which not all servers can do), or JSON that fits a schema. */
export type TextFormat = { type: "text" } | { type: "json_object" } | TextFormatJSONSchema;

/** JSON that fits a schema. */
export interface TextFormatJSONSchema {
  type: "json_schema";
  /** 1 to 64 characters: letters, digits, `_` and `-`. */
  name: string;
  /** What it is for, for the model. */
  description?: string | null;
  schema: JSONSchema;
  /** Whether the answer must fit exactly; without it or with null: no. */
  strict?: boolean | null;
}

/** How the model reasons. */
export interface ReasoningConfig {
  /** How much; null: the model's default. */
  effort?: ReasoningEffort | null;
  /** Which summary of the reasoning to send; null: none. */
  summary?: "auto" | "concise" | "detailed" | null;
  /** Vendors': tokens of reasoning, at most; instead of `effort`. */
  max_tokens?: number;
  /** Vendors': whether to reason at all. */
  enabled?: boolean;
}

/** How much to reason. Each model knows some of these. */
export type ReasoningEffort = "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max" | (string & {});

/** What to do with too long an input: `auto` drops the oldest of it, `disabled` fails. */
export type Truncation = "auto" | "disabled";

/** How fast and at which price to be served: a wish. */
export type ServiceTier = "auto" | "default" | "flex" | "priority" | (string & {});

/** What to send that is left out by default. */
export type ResponseIncludable = "reasoning.encrypted_content" | "message.output_text.logprobs" | (string & {});

// ── Events ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** One event of a stream. */
export type ResponseStreamEvent = ResponseEventMap[keyof ResponseEventMap] | UnknownEvent;

/** The common events by their `type`. */
export interface ResponseEventMap {
  "response.created": ResponseCreatedEvent;
  "response.queued": ResponseQueuedEvent;
  "response.in_progress": ResponseInProgressEvent;
  "response.completed": ResponseCompletedEvent;
  "response.failed": ResponseFailedEvent;
  "response.incomplete": ResponseIncompleteEvent;
  "response.output_item.added": ResponseOutputItemAddedEvent;
  "response.output_item.done": ResponseOutputItemDoneEvent;
  "response.content_part.added": ResponseContentPartAddedEvent;
  "response.content_part.done": ResponseContentPartDoneEvent;
  "response.output_text.delta": ResponseOutputTextDeltaEvent;
  "response.output_text.done": ResponseOutputTextDoneEvent;
  "response.output_text.annotation.added": ResponseOutputTextAnnotationAddedEvent;
  "response.refusal.delta": ResponseRefusalDeltaEvent;
  "response.refusal.done": ResponseRefusalDoneEvent;
  "response.reasoning.delta": ResponseReasoningDeltaEvent;
  "response.reasoning.done": ResponseReasoningDoneEvent;
  "response.reasoning_text.delta": ResponseReasoningTextDeltaEvent;
  "response.reasoning_text.done": ResponseReasoningTextDoneEvent;
  "response.reasoning_summary_part.added": ResponseReasoningSummaryPartAddedEvent;
  "response.reasoning_summary_part.done": ResponseReasoningSummaryPartDoneEvent;
  "response.reasoning_summary_text.delta": ResponseReasoningSummaryTextDeltaEvent;
  "response.reasoning_summary_text.done": ResponseReasoningSummaryTextDoneEvent;
  "response.function_call_arguments.delta": ResponseFunctionCallArgumentsDeltaEvent;
  "response.function_call_arguments.done": ResponseFunctionCallArgumentsDoneEvent;
  error: ResponseErrorEvent;
}

interface EventBase<Type> {
  type: Type;
  /** Grows from event to event. Some servers leave it out. */
  sequence_number: number;
}

interface ResponseEvent<Type> extends EventBase<Type> {
  /** The response as it stands. */
  response: ResponseObject;
}

interface ItemEvent<Type> extends EventBase<Type> {
  /** The item's place in the response's `output`: the surest way to tell which item is meant. */
  output_index: number;
}

interface WholeItemEvent<Type> extends ItemEvent<Type> {
  /** The item as it stands. Null is allowed. */
  item: OutputItem | null;
}

interface CallEvent<Type> extends ItemEvent<Type> {
  item_id: string;
}

interface ContentEvent<Type> extends ItemEvent<Type> {
  item_id: string;
  /** The part's place in the item's `content`. */
  content_index: number;
}

interface SummaryEvent<Type> extends ItemEvent<Type> {
  item_id: string;
  /** The part's place in the item's `summary`. */
  summary_index: number;
}

interface Delta {
  /** What is new; it may be empty. */
  delta: string;
  /** Random padding that hides the length from eavesdroppers. To be ignored. */
  obfuscation?: string;
}

/** The response exists: the first event. */
export interface ResponseCreatedEvent extends ResponseEvent<"response.created"> {}

/** The response waits for its turn. */
export interface ResponseQueuedEvent extends ResponseEvent<"response.queued"> {}

/** The model is at work. */
export interface ResponseInProgressEvent extends ResponseEvent<"response.in_progress"> {}

/** The response is complete: a last event. */
export interface ResponseCompletedEvent extends ResponseEvent<"response.completed"> {}

/** The response failed, see its `error`: a last event. */
export interface ResponseFailedEvent extends ResponseEvent<"response.failed"> {}

/** The response ended early, see its `incomplete_details`: a last event. */
export interface ResponseIncompleteEvent extends ResponseEvent<"response.incomplete"> {}

/** An item begins. It is empty but for its kind. */
export interface ResponseOutputItemAddedEvent extends WholeItemEvent<"response.output_item.added"> {}

/** An item is finished. */
export interface ResponseOutputItemDoneEvent extends WholeItemEvent<"response.output_item.done"> {}

/** A part of an item's content begins. */
export interface ResponseContentPartAddedEvent extends ContentEvent<"response.content_part.added"> {
  part: ContentPart;
}

/** A part of an item's content is finished. */
export interface ResponseContentPartDoneEvent extends ContentEvent<"response.content_part.done"> {
  part: ContentPart;
}

/** More text. */
export interface ResponseOutputTextDeltaEvent extends ContentEvent<"response.output_text.delta">, Delta {
  logprobs?: LogProb[];
}

/** A part's whole text. */
export interface ResponseOutputTextDoneEvent extends ContentEvent<"response.output_text.done"> {
  text: string;
  logprobs?: LogProb[];
}

/** A note on the text. */
export interface ResponseOutputTextAnnotationAddedEvent extends ContentEvent<"response.output_text.annotation.added"> {
  /** Its place in the part's `annotations`. */
  annotation_index: number;
  /** Null is allowed. */
  annotation: Annotation | null;
}

/** More of a refusal. */
export interface ResponseRefusalDeltaEvent extends ContentEvent<"response.refusal.delta">, Delta {}

/** A part's whole refusal. */
export interface ResponseRefusalDoneEvent extends ContentEvent<"response.refusal.done"> {
  refusal: string;
}

/** More of the reasoning itself. Many servers send `response.reasoning_text.delta` instead. */
export interface ResponseReasoningDeltaEvent extends ContentEvent<"response.reasoning.delta">, Delta {}

/** A part's whole reasoning. Many servers send `response.reasoning_text.done` instead. */
export interface ResponseReasoningDoneEvent extends ContentEvent<"response.reasoning.done"> {
  text: string;
}

/** The same as `response.reasoning.delta`. */
export interface ResponseReasoningTextDeltaEvent extends ContentEvent<"response.reasoning_text.delta">, Delta {}

/** The same as `response.reasoning.done`. */
export interface ResponseReasoningTextDoneEvent extends ContentEvent<"response.reasoning_text.done"> {
  text: string;
}

/** A paragraph of the reasoning's summary begins. */
export interface ResponseReasoningSummaryPartAddedEvent extends SummaryEvent<"response.reasoning_summary_part.added"> {
  part: SummaryText;
}

/** A paragraph of the reasoning's summary is finished. */
export interface ResponseReasoningSummaryPartDoneEvent extends SummaryEvent<"response.reasoning_summary_part.done"> {
  part: SummaryText;
}

/** More of the reasoning's summary. */
export interface ResponseReasoningSummaryTextDeltaEvent
  extends SummaryEvent<"response.reasoning_summary_text.delta">,
    Delta {}

/** The whole text of a paragraph of the summary. */
export interface ResponseReasoningSummaryTextDoneEvent extends SummaryEvent<"response.reasoning_summary_text.done"> {
  text: string;
}

/** More of a function call's arguments: a piece of JSON. */
export interface ResponseFunctionCallArgumentsDeltaEvent
  extends CallEvent<"response.function_call_arguments.delta">,
    Delta {}

/** A function call's whole arguments, as JSON. */
export interface ResponseFunctionCallArgumentsDoneEvent extends CallEvent<"response.function_call_arguments.done"> {
  arguments: string;
}

/** Something went wrong, with the response or before there was one. */
export interface ResponseErrorEvent extends EventBase<"error"> {
  error: {
    type: string;
    /** For programs. */
    code: string | null;
    /** For people. */
    message: string;
    /** The field of the request that is to blame. */
    param: string | null;
    /** HTTP headers that came with the error. */
    headers?: Record<string, string>;
  };
}

/** A vendor's event. It never matters to the common parts of the response, and may be ignored. */
export interface UnknownEvent {
  type: VendorEventType | UnknownType;
  sequence_number?: number;
  [key: string]: unknown;
}

/** Types of vendors' events in wide use. */
export type VendorEventType =
  | "keepalive"
  | `response.audio.${string}`
  | `response.${"web_search" | "file_search" | "code_interpreter" | "image_generation" | "mcp"}_call.${string}`
  | `response.mcp_list_tools.${string}`
  | `response.${"code_interpreter_call_code" | "custom_tool_call_input" | "mcp_call_arguments"}.${"delta" | "done"}`;

// ── Requests ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What you ask for, streamed or not. */
export type ResponseCreateParams = ResponseCreateParamsNonStreaming | ResponseCreateParamsStreaming;

/** What you ask for in one piece. */
export interface ResponseCreateParamsNonStreaming extends ResponseCreateParamsBase {
  stream?: false;
}

/** What you ask for event by event. */
export interface ResponseCreateParamsStreaming extends ResponseCreateParamsBase {
  stream: true;
}

/** What you ask for where the method says that it is streamed. */
export type ResponseStreamParams = ResponseCreateParamsBase;

/**
 * What you ask for. Null, where it is allowed, is the same as leaving the field out.
 *
 * Other fields are sent as they are, but misspelt ones must not pass: they need a wider type. Declare it once
 * (`interface MyParams extends ResponseCreateParamsNonStreaming { top_k?: number }`) and use it for the object.
 */
export interface ResponseCreateParamsBase {
  /** The model's id, such as `openai/gpt-5.4`. Hardly any server has a default. */
  model?: string | null;
  /** A string (10 MiB at most) is one message of the user. */
  input?: string | InputItem[] | null;
  /** What the model is told before all input. It does not pass on to the next response. */
  instructions?: string | null;
  /** Goes on from a response that the server has stored. Not all servers store. */
  previous_response_id?: string | null;
  tools?: Tool[] | null;
  /** `auto` by default. */
  tool_choice?: ToolChoice | null;
  /** Whether the model may make several calls at once. */
  parallel_tool_calls?: boolean | null;
  /** Calls of the server's own tools, at most: 1 or more. */
  max_tool_calls?: number | null;
  /** Tokens of output, reasoning included, at most: 16 or more. */
  max_output_tokens?: number | null;
  text?: TextConfig | null;
  reasoning?: ReasoningConfig | null;
  /** 0 to 2. The higher, the more varied. Use this or `top_p`. */
  temperature?: number | null;
  /** 0 to 1: only the likeliest tokens, of this probability together. */
  top_p?: number | null;
  /** −2 to 2. Above 0, tokens that have occurred become less likely. */
  presence_penalty?: number | null;
  /** −2 to 2. Above 0, tokens become less likely with every occurrence. */
  frequency_penalty?: number | null;
  /** 0 to 20: how many of the likeliest tokens to tell for each place. */
  top_logprobs?: number | null;
  /** Not null. */
  include?: ResponseIncludable[];
  /** Not null. */
  truncation?: Truncation;
  /** Not null. */
  service_tier?: ServiceTier;
  /** Whether the server keeps the response for later. Not null. */
  store?: boolean;
  /** Answers at once and works on; only for servers where a response can be fetched later. Not null. */
  background?: boolean;
  /** `include_obfuscation`: whether to pad deltas to hide their length from eavesdroppers; true by default. */
  stream_options?: { include_obfuscation?: boolean } | null;
  metadata?: Metadata | null;
  /** Stands for your user, as a hash, so that abuse can be traced. 64 characters at most. */
  safety_identifier?: string | null;
  /** Requests with the same key share a cache. 64 characters at most. */
  prompt_cache_key?: string | null;

  /** Vendors': which providers may serve the request, in which order, and by what to choose them. */
  provider?: Record<string, unknown>;
  /** Vendors': models to try when the first fails, in order. */
  fallback_models?: string[];
  /** Vendors': `fallback_models` by another name. */
  models?: string[];
  /** Vendors': what the server adds to the model, such as web search. */
  plugins?: Record<string, unknown>[];
  /** Vendors': whether to tell the cost. */
  usage?: { include?: boolean };
  /** Vendors': stands for your user; `safety_identifier` has replaced it. */
  user?: string;
  /** Vendors': a conversation that the server keeps, instead of `previous_response_id`. */
  conversation?: string | { id: string } | null;
  /** Vendors': a prompt that the server keeps, and what to fill in. */
  prompt?: { id: string; version?: string | null; variables?: Record<string, unknown> | null } | null;
}

// ── Models ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The models a server offers. */
export interface ModelList {
  object?: "list";
  data: Model[];
}

/** A model. All but the id depends on the server; fields of a vendor's own are there at run time. */
export interface Model {
  /** What `model` of a request takes. */
  id: string;
  object?: "model" | (string & {});
  /** Unix time in seconds. */
  created?: number;
  owned_by?: string;
  name?: string;
  display_name?: string;
  description?: string;
  /** Tokens of input and output together, at most; null: unknown. */
  context_length?: number | null;
  /** Tokens; null: unknown. */
  max_input_tokens?: number | null;
  /** Tokens; null: unknown. */
  max_output_tokens?: number | null;
  /** `text`, `image`, …; some servers write them with capitals. */
  input_modalities?: string[];
  output_modalities?: string[];
  /** The APIs that serve the model; `openai-response` stands for this one. */
  supported_endpoint_types?: string[];
}
