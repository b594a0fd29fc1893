import { APIUserAbortError, OpenResponsesError } from "./errors.js";
import { ready } from "./load.js";
import { check, checkSignal, isObject, isString } from "./options.js";
import type { InputFile, InputImage, InputVideo } from "./protocol.js";
import { toError } from "./records.js";
import type { MediaEncoder } from "./wasm/openresponses_wasm.js";

/** Bytes, something that has bytes, or a URL: a web address, which the server fetches, or a `data:` URL. */
export type InputSource = Blob | ArrayBufferLike | ArrayBufferView | URL | string;

/** How far the reading of a source has come, in bytes. */
export interface MediaProgress {
  loaded: number;
  total: number;
}

export interface MediaOptions {
  /** Such as `image/png`. Without it, the first bytes tell, then the `Blob`'s type, then the name: `filename`, or the `File`'s own. */
  mediaType?: string | undefined;
  /** Is told how far the reading has come. A URL is not read. */
  onProgress?: ((progress: MediaProgress) => void) | undefined;
  /** Ends the reading. */
  signal?: AbortSignal | null | undefined;
}

export interface InputImageOptions extends MediaOptions {
  /** How closely the model is to look. */
  detail?: InputImage["detail"] | undefined;
}

export interface InputFileOptions extends MediaOptions {
  /** Without it, the `File`'s own name, or one by its type. */
  filename?: string | undefined;
}

export interface InputVideoOptions extends MediaOptions {}

type Kind = "image" | "file" | "video";

/** A buffer is encoded in slices of this many bytes, so that the wasm's memory does not hold it twice. */
const SLICE_BYTES = 256 * 1024;

/** So many bytes of a buffer are encoded before others have their turn, a caller who wants to abort among them. */
const TURN_BYTES = 2 * 1024 * 1024;

/** As many first bytes as the detection of the media type looks at. */
const HEAD_BYTES = 512;

/**
 * An image as a part of a message: of bytes, or of a URL, which is passed on unread.
 *
 * @throws {@link OpenResponsesError} for what is no image, and for one larger than the specification allows; told before
 * more than its first bytes are read.
 */
export async function inputImage(source: InputSource, options: InputImageOptions = {}): Promise<InputImage> {
  checkOptions(options);
  check("detail", options.detail ?? undefined, "a string", isString);
  const { url } = await urlOf("image", source, options);
  return {
    type: "input_image",
    image_url: url,
    ...(options.detail === undefined ? {} : { detail: options.detail }),
  };
}

/**
 * A file as a part of a message: of bytes, or of a URL, which is passed on unread.
 *
 * @throws {@link OpenResponsesError} for a file larger than the specification allows; told before more than its first
 * bytes are read.
 */
export async function inputFile(source: InputSource, options: InputFileOptions = {}): Promise<InputFile> {
  checkOptions(options);
  check("filename", options.filename, "a string", isString);
  const { url, isData, filename } = await urlOf("file", source, options);
  if (!isData) return { type: "input_file", ...(filename === undefined ? {} : { filename }), file_url: url };
  const glue = await ready();
  return { type: "input_file", filename: filename ?? glue.defaultFileName(url.slice(0, HEAD_BYTES)), file_data: url };
}

/**
 * A video as a part of a function's output, or of a message where the server takes it: of bytes, or of a URL, which is
 * passed on unread.
 *
 * @throws {@link OpenResponsesError} for what is no video, or too large to be a string.
 */
export async function inputVideo(source: InputSource, options: InputVideoOptions = {}): Promise<InputVideo> {
  checkOptions(options);
  const { url } = await urlOf("video", source, options);
  return { type: "input_video", video_url: url };
}

interface Url {
  url: string;
  isData: boolean;
  /** As the caller says it, or the file's own. */
  filename: string | undefined;
}

function checkOptions(options: MediaOptions): void {
  check("options", options, "an object", isObject);
  check("mediaType", options.mediaType, "a string", isString);
  check("onProgress", options.onProgress, "a function", (value) => typeof value === "function");
  checkSignal(options.signal);
}

async function urlOf(kind: Kind, source: InputSource, options: InputFileOptions): Promise<Url> {
  refuseAborted(options);
  const glue = await ready();
  refuseAborted(options);
  const address = addressOf(source);
  if (address !== undefined) {
    const isData = told(() => glue.isDataUrl(kind, address.slice(0, HEAD_BYTES), address.length));
    return { url: address, isData, filename: options.filename };
  }
  const content = await contentOf(source);
  const head = await content.head();
  refuseAborted(options);
  const filename = options.filename ?? content.name;
  const encoder = told(
    () => new glue.MediaEncoder(kind, content.size, head, options.mediaType, content.type, filename),
  );
  try {
    await content.read(slicer(encoder, content.size, options), options);
    return { url: encoder.finish(), isData: true, filename };
  } finally {
    encoder.free();
  }
}

/** Something with bytes to be read once. */
interface Content {
  size: number;
  type?: string | undefined;
  name?: string | undefined;
  head(): Promise<Uint8Array>;
  read(take: (bytes: Uint8Array) => void, options: MediaOptions): Promise<void>;
}

async function contentOf(source: unknown): Promise<Content> {
  // Of a buffer that was detached there is no view.
  const bytes = await readable(async () => bytesOf(source));
  if (bytes) return ofBytes(bytes);
  if (isBlob(source)) return ofBlob(source);
  throw new OpenResponsesError(
    "The source must be a Blob or File, an ArrayBuffer or a view of one, or a URL: a web address or a data: URL. For a file of " +
      'Node, pass await fs.openAsBlob(path); for one that the server has, send { type: "input_file", file_id }.',
    { code: "invalid_media" },
  );
}

function ofBytes(bytes: Uint8Array): Content {
  const size = bytes.byteLength;
  return {
    size,
    head: async () => bytes.subarray(0, HEAD_BYTES),
    read: async (take, options) => {
      for (let at = 0; at < size; at += TURN_BYTES) {
        if (at > 0) {
          await new Promise((resolve) => setTimeout(resolve, 0));
          refuseAborted(options);
        }
        await readable(async () => {
          if (bytes.byteLength < size) throw new RangeError("its buffer was detached or cut while it was read.");
        });
        take(bytes.subarray(at, at + TURN_BYTES));
      }
    },
  };
}

function ofBlob(blob: Blob & { name?: unknown }): Content {
  return {
    size: blob.size,
    type: blob.type,
    name: typeof blob.name === "string" && blob.name !== "" ? blob.name : undefined,
    head: () => readable(async () => new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer())),
    read: async (take, options) => {
      for (let at = 0; at < blob.size; at += TURN_BYTES) {
        const slice = await readable(() => blob.slice(at, at + TURN_BYTES).arrayBuffer());
        refuseAborted(options);
        take(new Uint8Array(slice));
      }
    },
  };
}

/** Hands bytes to the encoder, slice by slice, and tells how far it has come. */
function slicer(encoder: MediaEncoder, total: number, { onProgress }: MediaOptions): (bytes: Uint8Array) => void {
  let loaded = 0;
  return (bytes) => {
    for (let at = 0; at < bytes.byteLength; at += SLICE_BYTES) {
      told(() => encoder.push(bytes.subarray(at, at + SLICE_BYTES)));
    }
    loaded += bytes.byteLength;
    onProgress?.({ loaded, total });
  };
}

/** By shape, since every realm and every runtime has classes of its own. */
function addressOf(source: unknown): string | undefined {
  if (typeof source === "string") return source;
  const href = (source as { href?: unknown } | null | undefined)?.href;
  return typeof href === "string" ? href : undefined;
}

function bytesOf(source: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  const kind = Object.prototype.toString.call(source);
  const isBuffer = kind === "[object ArrayBuffer]" || kind === "[object SharedArrayBuffer]";
  return isBuffer ? new Uint8Array(source as ArrayBufferLike) : undefined;
}

function isBlob(source: unknown): source is Blob {
  const blob = source as Partial<Blob> | null | undefined;
  return typeof blob?.arrayBuffer === "function" && typeof blob.slice === "function" && typeof blob.size === "number";
}

function refuseAborted({ signal }: MediaOptions): void {
  if (!signal?.aborted) return;
  throw new APIUserAbortError("The reading was aborted by the caller.", { code: "aborted", cause: signal.reason });
}

/** Runs what may fail because the file is gone, has changed or may not be read. */
async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new OpenResponsesError(`The source cannot be read: ${cause instanceof Error ? cause.message : cause}`, {
      code: "media_unreadable",
      cause,
    });
  }
}

/** Runs what throws an error's record, and throws the error. */
function told<T>(run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    throw typeof thrown === "string" ? toError(thrown) : thrown;
  }
}
