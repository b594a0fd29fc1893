use super::{Event, Frame, Sink};
use crate::scan::{behind, either};
use crate::text::whole_number;
use alloc::borrow::ToOwned;
use alloc::vec::Vec;

/// An incremental SSE parser.
///
/// ```text
///            ┌──────────── a line ends inside the chunk ────────────┐
///            ▼                                                      │
///  push ─▶ [ line start ] ── no line end in the rest ──▶ keep the rest in `line`, await more bytes
///            │
///            ├─ empty line ───▶ dispatch, if there was a `data` field; forget name and data
///            ├─ `:` …      ───▶ Comment
///            └─ field      ───▶ data / event / id / retry; any other name is ignored
/// ```
///
/// Every byte is looked at once and copied at most twice: into `line` when its line is cut by a chunk's end, and into
/// `data` when its event is. An event of one `data` line that lies in one chunk is not copied at all.
#[derive(Debug)]
pub struct Parser {
    limit: usize,
    overflown: bool,
    bom: Bom,
    /// The last byte was a CR that ended a line: an LF that follows belongs to it.
    after_cr: bool,
    /// The beginning of a line whose end has not arrived.
    line: Vec<u8>,
    name: Vec<u8>,
    data: Vec<u8>,
    has_data: bool,
    id: Vec<u8>,
    #[cfg(test)]
    pub(super) looked_at: usize,
}

/// One event was larger than the parser's limit. The parser stays in this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge {
    /// The limit, in bytes.
    pub limit: usize,
}

/// How much of a leading byte order mark (EF BB BF) has been seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bom {
    Possible(usize),
    Settled,
}

/// The byte order mark that a stream may begin with.
pub const BOM: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// The `data` of the event being read.
enum Data {
    /// In the parser's own buffer (perhaps nothing yet).
    Kept,
    /// One line, still in the chunk: from, to.
    InChunk(usize, usize),
}

impl Parser {
    /// The default limit on the bytes of one event: 64 MiB, since a terminal event repeats the whole response and an
    /// image arrives as base64.
    pub const DEFAULT_LIMIT: usize = 64 * 1024 * 1024;

    /// A parser that refuses events of more than `limit` bytes.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            overflown: false,
            bom: Bom::Possible(0),
            after_cr: false,
            line: Vec::new(),
            name: Vec::new(),
            data: Vec::new(),
            has_data: false,
            id: Vec::new(),
            #[cfg(test)]
            looked_at: 0,
        }
    }

    /// Takes the next bytes of the stream, cut anywhere, and reports what they complete, in order.
    ///
    /// # Errors
    /// [`TooLarge`] when one event exceeds the limit; the frames before it have been reported, none follows.
    pub fn push(&mut self, chunk: &[u8], report: impl FnMut(Frame<'_>)) -> Result<(), TooLarge> {
        self.feed(chunk, &mut Report(report))
    }

    /// As [`Parser::push`], for who may know an event when it begins.
    ///
    /// # Errors
    /// As those of [`Parser::push`].
    pub fn feed(&mut self, chunk: &[u8], sink: &mut impl Sink) -> Result<(), TooLarge> {
        if self.overflown {
            return Err(TooLarge { limit: self.limit });
        }
        let mut at = self.skip_bom(chunk);
        let mut pending = Data::Kept;
        let mut begin = usize::MAX;
        while let Some(&byte) = chunk.get(at) {
            if core::mem::take(&mut self.after_cr) && byte == b'\n' {
                at += 1;
                continue;
            }
            let rest = chunk.get(at..).unwrap_or_default();
            if self.is_between_events() {
                begin = at;
                let length = sink.recognise(rest.get(..self.limit).unwrap_or(rest));
                if length > 0 {
                    at += length;
                    self.after_cr = matches!(chunk.get(at - 1), Some(b'\r'));
                    #[cfg(test)]
                    {
                        self.looked_at += length;
                    }
                    continue;
                }
            }
            let line_end = either(rest, b'\n', b'\r');
            #[cfg(test)]
            {
                self.looked_at += line_end.map_or(rest.len(), |length| length + 1);
            }
            let Some(length) = line_end else {
                self.line.extend_from_slice(rest);
                break;
            };
            self.check_limit(self.line.len() + length, &pending)?;
            let end = at + length;
            self.after_cr = matches!(chunk.get(end), Some(b'\r'));
            if self.line.is_empty() {
                self.take_line(chunk, begin, at, end, &mut pending, sink);
            } else {
                let mut line = core::mem::take(&mut self.line);
                line.extend_from_slice(rest.get(..length).unwrap_or_default());
                self.take_cut_line(&line, chunk, &mut pending, sink);
                line.clear();
                self.line = line;
            }
            at = end + 1;
        }
        self.keep(chunk, &mut pending);
        self.check_limit(self.line.len(), &pending)
    }

    /// Takes the end of the stream and offers what stood there unfinished: an event whose blank line never came.
    ///
    /// The standard discards it. Servers and relays that forget the last blank line are common, so it is offered, and
    /// whoever knows the content decides. So is a last line that is stray.
    pub fn finish(&mut self) -> Option<Event<'_>> {
        if self.overflown {
            return None;
        }
        let line = core::mem::take(&mut self.line);
        if is_stray(&line) {
            self.add_data(&line);
        } else if !line.is_empty() {
            self.take_cut_line(&line, &[], &mut Data::Kept, &mut Report(|_: Frame<'_>| ()));
        }
        self.has_data.then_some(Event { name: &self.name, data: &self.data, id: &self.id })
    }

    fn is_between_events(&self) -> bool {
        self.line.is_empty() && !self.has_data && self.name.is_empty()
    }

    /// Skips the byte order mark at the very start of the stream, which may arrive in pieces.
    fn skip_bom(&mut self, chunk: &[u8]) -> usize {
        let mut at = 0;
        while let Bom::Possible(seen) = self.bom {
            match chunk.get(at) {
                None => break,
                Some(byte) if Some(byte) == BOM.get(seen) => {
                    at += 1;
                    self.bom = if seen + 1 == BOM.len() { Bom::Settled } else { Bom::Possible(seen + 1) };
                }
                Some(_) => {
                    // Not a mark after all: what was held back is the beginning of the first line.
                    self.line.extend_from_slice(BOM.get(..seen).unwrap_or_default());
                    self.bom = Bom::Settled;
                }
            }
        }
        at
    }

    fn take_line(
        &mut self,
        chunk: &[u8],
        begin: usize,
        from: usize,
        to: usize,
        pending: &mut Data,
        sink: &mut impl Sink,
    ) {
        let line = chunk.get(from..to).unwrap_or_default();
        if line.is_empty() {
            self.dispatch(chunk, chunk.get(begin..to + 1).unwrap_or_default(), pending, sink);
        } else if let Some(value) = behind(line, b"data:") {
            let value = without_space(value);
            if self.has_data {
                self.keep(chunk, pending);
                self.add_data(value);
            } else {
                self.has_data = true;
                *pending = Data::InChunk(to - value.len(), to);
            }
        } else if let Some(value) = behind(line, b"event:") {
            without_space(value).clone_into(&mut self.name);
        } else {
            self.take_other_field(line, chunk, pending, sink);
        }
    }

    /// A line that began in an earlier chunk, so that no part of this event's data can be lent from the chunk alone.
    fn take_cut_line(&mut self, line: &[u8], chunk: &[u8], pending: &mut Data, sink: &mut impl Sink) {
        if let Some(value) = behind(line, b"data:") {
            self.keep(chunk, pending);
            self.add_data(without_space(value));
        } else {
            self.take_other_field(line, chunk, pending, sink);
        }
    }

    fn take_other_field(&mut self, line: &[u8], chunk: &[u8], pending: &mut Data, sink: &mut impl Sink) {
        match field(line) {
            None => sink.frame(Frame::Comment(line.get(1..).unwrap_or_default()), &[]),
            Some((b"event", value)) => value.clone_into(&mut self.name),
            // Without a colon: the name of a field that is empty.
            Some((b"data", value)) => {
                self.keep(chunk, pending);
                self.add_data(value);
            }
            // "If the field value does not contain U+0000 NULL, then set the last event ID buffer".
            Some((b"id", value)) if either(value, 0, 0).is_none() => value.clone_into(&mut self.id),
            // "If the field value consists of only ASCII digits"; a number beyond 64 bits is no time.
            Some((b"retry", value)) if !value.is_empty() && value.iter().all(u8::is_ascii_digit) => {
                if let Some(milliseconds) = core::str::from_utf8(value).ok().and_then(whole_number) {
                    sink.frame(Frame::Retry(milliseconds), &[]);
                }
            }
            Some(_) if is_stray(line) => {
                self.keep(chunk, pending);
                let is_data = self.has_data && self.data.is_empty();
                self.has_data &= !is_data;
                sink.frame(Frame::Stray { line, is_data }, &[]);
            }
            Some(_) => (),
        }
    }

    fn add_data(&mut self, value: &[u8]) {
        if self.has_data {
            self.data.push(b'\n');
        }
        self.has_data = true;
        self.data.extend_from_slice(value);
    }

    fn dispatch(&mut self, chunk: &[u8], raw: &[u8], pending: &mut Data, sink: &mut impl Sink) {
        if self.has_data {
            let data = match *pending {
                Data::InChunk(from, to) => chunk.get(from..to).unwrap_or_default(),
                Data::Kept => &self.data,
            };
            sink.frame(Frame::Event(Event { name: &self.name, data, id: &self.id }), raw);
        }
        *pending = Data::Kept;
        self.has_data = false;
        self.name.clear();
        self.data.clear();
    }

    /// Moves data that is still in the chunk into the parser.
    fn keep(&mut self, chunk: &[u8], pending: &mut Data) {
        if let Data::InChunk(from, to) = core::mem::replace(pending, Data::Kept) {
            self.data.extend_from_slice(chunk.get(from..to).unwrap_or_default());
        }
    }

    /// Counts the event's name, its data so far and the line being read, which has `line` bytes. Asked before the line is
    /// taken, so that the outcome does not depend on where the chunks end.
    fn check_limit(&mut self, line: usize, pending: &Data) -> Result<(), TooLarge> {
        let lent = match pending {
            Data::InChunk(from, to) => to - from,
            Data::Kept => 0,
        };
        if line + self.name.len() + self.data.len() + lent > self.limit {
            self.overflown = true;
            // Give the memory back: nothing of this event will be read any more.
            self.line = Vec::new();
            self.data = Vec::new();
            return Err(TooLarge { limit: self.limit });
        }
        Ok(())
    }
}

/// Recognises nothing.
struct Report<F>(F);

impl<F: FnMut(Frame<'_>)> Sink for Report<F> {
    fn frame(&mut self, frame: Frame<'_>, _raw: &[u8]) {
        (self.0)(frame);
    }

    fn recognise(&mut self, _bytes: &[u8]) -> usize {
        0
    }
}

/// A non-empty line's field name and value, or nothing for a comment. One space after the colon is not part of the value.
fn field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    match line.iter().position(|byte| *byte == b':') {
        Some(0) => None,
        None => Some((line, &[])),
        Some(colon) => {
            let (name, value) = line.split_at(colon);
            Some((name, without_space(value.get(1..).unwrap_or_default())))
        }
    }
}

fn is_stray(line: &[u8]) -> bool {
    line.trim_ascii_start().starts_with(b"{")
}

fn without_space(value: &[u8]) -> &[u8] {
    value.strip_prefix(b" ").unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes looked at must not depend on how the stream is cut.
    #[test]
    fn one_byte_chunks_cost_no_more_looks_than_one_chunk() {
        let stream = [b"data: ".as_slice(), &[b'x'; 10_000], b"\n\nevent: e\r\ndata: y\r\n\r\n"].concat();
        let mut whole = Parser::new(Parser::DEFAULT_LIMIT);
        whole.push(&stream, |_| ()).expect("within the limit");
        let mut dripped = Parser::new(Parser::DEFAULT_LIMIT);
        for byte in &stream {
            dripped.push(core::slice::from_ref(byte), |_| ()).expect("within the limit");
        }
        assert_eq!(dripped.looked_at, whole.looked_at);
        assert!(whole.looked_at <= stream.len());
    }
}
