use alloc::vec::Vec;

/// Where the long values of a text end, noted while it is checked, so that whoever looks for a member passes them in one
/// step: a text is walked once, however many members of members are asked for.
#[derive(Debug, Default)]
pub struct Outline {
    /// By where they begin.
    long: Vec<Span>,
    /// The value that is open at each level.
    open: [usize; LEVELS],
    is_on: bool,
}

/// Addresses, so that a value is found by its own text.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: usize,
    to: usize,
}

/// How deep arrays and objects are noted: down to the parts of an item of a response in an event, and the strings in those.
const LEVELS: usize = 6;

/// Bytes. What is shorter is walked as fast as it is looked for.
const LONG: usize = 64;

impl Outline {
    /// Notes nothing.
    pub(super) const fn none() -> Self {
        Self { long: Vec::new(), open: [0; LEVELS], is_on: false }
    }

    /// One that notes what is long.
    #[must_use]
    pub fn new() -> Self {
        Self { is_on: true, ..Self::none() }
    }

    /// An array or object begins.
    #[inline(always)]
    pub(super) fn open(&mut self, text: &str, depth: usize, from: usize) {
        if let Some(open) = self.open.get_mut(depth).filter(|_| self.is_on) {
            *open = self.long.len();
            self.long.push(Span { from: text.as_ptr().addr() + from, to: 0 });
        }
    }

    /// The array or object of that depth ends.
    #[inline(always)]
    pub(super) fn close(&mut self, text: &str, depth: usize, to: usize) {
        let Some(place) = self.open.get(depth).filter(|_| self.is_on) else { return };
        let Some(span) = self.long.get_mut(*place) else { return };
        span.to = text.as_ptr().addr() + to;
        // Nothing in it was long either, so that it is the last.
        if span.to - span.from < LONG {
            self.long.pop();
        }
    }

    /// A value that holds no others.
    #[inline(always)]
    pub(super) fn scalar(&mut self, text: &str, depth: usize, from: usize, to: usize) {
        if to - from >= LONG && depth <= LEVELS && self.is_on {
            let start = text.as_ptr().addr();
            self.long.push(Span { from: start + from, to: start + to });
        }
    }

    /// The same for a copy of a value's text.
    pub(super) fn of_copy(&self, value: &str, copy: &str) -> Self {
        let (start, end) = (value.as_ptr().addr(), value.as_ptr().addr() + value.len());
        let mut outline = Self::none();
        for span in &self.long {
            // The value itself is not looked for in itself.
            if span.from > start && span.to < end {
                let moved = |at: usize| at - start + copy.as_ptr().addr();
                outline.long.push(Span { from: moved(span.from), to: moved(span.to) });
            }
        }
        outline
    }

    /// How long the value is that begins where `text` does, if that was noted.
    pub(super) fn length(&self, text: &str) -> Option<usize> {
        let from = text.as_ptr().addr();
        let span = self.long.get(self.place(from)).filter(|span| span.from == from)?;
        Some(span.to - from)
    }

    /// Whether a string of at least so many bytes was noted inside of a value.
    pub(super) fn holds_string(&self, value: &str, bytes: usize) -> bool {
        let start = value.as_ptr().addr();
        let spans = self.long.get(self.place(start + 1)..).unwrap_or_default();
        for span in spans {
            match value.as_bytes().get(span.from - start) {
                Some(b'"') if span.to - span.from >= bytes => return true,
                Some(_) => (),
                None => break,
            }
        }
        false
    }

    /// The place of the first value that begins there or behind.
    fn place(&self, from: usize) -> usize {
        let (mut low, mut high) = (0, self.long.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.long.get(middle).is_some_and(|span| span.from < from) { low = middle + 1 } else { high = middle }
        }
        low
    }
}
