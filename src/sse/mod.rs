//! Bytes → SSE events, by the rules of the WHATWG HTML standard, section 9.2.6 "Interpreting an event stream".
//!
//! Knows lines and fields; knows no JSON, no `[DONE]`, no HTTP, no time.

mod parser;

pub use parser::{BOM, Parser, TooLarge};

/// One SSE event, borrowed from the parser or from the chunk it was found in.
///
/// Bytes, not text: the standard decodes the stream as UTF-8 *with replacement*, and whoever needs text does that once,
/// on a whole field, where no sequence can be cut in two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event<'a> {
    /// The `event` field; empty where there was none (the standard's default is `message`).
    pub name: &'a [u8],
    /// The `data` lines, joined by LF.
    pub data: &'a [u8],
    /// The last `id` seen in the stream, which stays until another replaces it.
    pub id: &'a [u8],
}

/// What the parser finds in a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame<'a> {
    /// A dispatched event.
    Event(Event<'a>),
    /// A comment line, without its colon: a sign of life, never content.
    Comment(&'a [u8]),
    /// A `retry` field: the server's wish for the reconnection time, in milliseconds.
    Retry(u64),
    /// A line that is no field, and begins with a brace: the standard ignores it, and a server that breaks writes its error so.
    Stray {
        /// The line, with white space that it begins with.
        line: &'a [u8],
        /// Whether it follows a `data` field that is empty, and to which it seems to belong: that counts as none.
        is_data: bool,
    },
}

/// Who hears what a parser finds.
pub trait Sink {
    /// Hears of a frame. `raw` are the bytes of an event that lies in one chunk, up to the end of its blank line; empty for
    /// others.
    fn frame(&mut self, frame: Frame<'_>, raw: &[u8]);

    /// Is offered the bytes from the beginning of an event on. Says how many of them it takes as one whole event, blank line
    /// included, or 0 to have them parsed.
    fn recognise(&mut self, bytes: &[u8]) -> usize;
}
