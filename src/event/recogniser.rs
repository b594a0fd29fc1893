use super::repetitions::Repetitions;
use super::template::{Delta, Seen, Template};
use super::{Block, Event};
use crate::sse;
use alloc::borrow::Cow;
use alloc::vec::Vec;

/// Recognises deltas by the ones that came before, so that they need not be read as JSON.
///
/// ```text
///                     fits one of the templates                    ┌─▶ columns and text of the block
///   bytes, SSE event ─┤                                 taken? ────┤
///                     └─ fits none ─▶ read as JSON ◀── no ─────────┘
///                                         └─ a delta, and all is well with it ─▶ learn a template, over the oldest
/// ```
///
/// Only an optimisation: what is recognised is told exactly as JSON would tell it.
#[derive(Debug)]
pub struct Recogniser {
    templates: Vec<Template>,
    /// The one that fitted last: texts come in runs.
    latest: usize,
    /// Where the next one is put.
    next: usize,
    /// How many more may be learned before one fits.
    trust: u32,
    /// Of what is read.
    repetitions: Option<Repetitions>,
}

/// How many texts may be streamed at once, in turns.
const TEMPLATES: usize = 4;

/// A server whose deltas never look alike (another id in each, say) makes learning a waste: after so many in vain it ends.
const TRUST: u32 = 32;

/// `./fallback`, whose size matters more than its speed, does without.
const KNOWS_REPETITIONS: bool = cfg!(any(not(target_arch = "wasm32"), target_feature = "simd128"));

impl Recogniser {
    /// One that recognises nothing, if it `is_on` not.
    #[must_use]
    pub fn new(is_on: bool) -> Self {
        Self {
            templates: Vec::new(),
            latest: 0,
            next: 0,
            trust: if is_on { TRUST } else { 0 },
            repetitions: is_on.then(Repetitions::default),
        }
    }

    /// Takes an event that is recognised, if `take` agrees, into the block; says how many bytes of what was seen it has.
    /// Otherwise, which is 0, nothing has changed but what `take` did.
    pub fn recognise(&mut self, seen: Seen<'_>, block: &mut Block, take: impl FnOnce(&Delta<'_>) -> bool) -> usize {
        let mut at = self.latest;
        for _ in 0..self.templates.len() {
            if let Some((delta, length)) =
                self.templates.get(at).and_then(|template| template.fit(seen, block.next_text()))
            {
                self.latest = at;
                if !take(&delta) {
                    return 0;
                }
                block.push_delta(at, &delta);
                self.trust = TRUST;
                return length;
            }
            at += 1;
            if at == self.templates.len() {
                at = 0;
            }
        }
        0
    }

    /// Adds an event that was read as JSON to the block.
    pub fn push(&mut self, event: &Event<'_>, block: &mut Block) {
        // What is not told as it is written is seldom long.
        let is_as_written = KNOWS_REPETITIONS && matches!(event.told(), Cow::Borrowed(_));
        let repetitions = self.repetitions.as_mut().filter(|_| is_as_written);
        match repetitions.and_then(|repetitions| repetitions.shorten(event)) {
            Some(shortened) => block.push_shortened(&shortened),
            None => block.push(event),
        }
    }

    /// Learns from the event that the block took last, read as JSON, of which nothing out of the ordinary was to be said.
    /// `raw` are its bytes in the stream, where they are known.
    pub fn learn(&mut self, sse: &sse::Event<'_>, raw: &[u8], event: &Event<'_>, block: &mut Block) {
        if self.trust == 0 {
            return;
        }
        let Some(template) = Template::learn(sse, raw, event) else { return };
        self.trust -= 1;
        block.mark_sample(self.next);
        match self.templates.get_mut(self.next) {
            Some(oldest) => *oldest = template,
            None => self.templates.push(template),
        }
        self.latest = self.next;
        self.next = (self.next + 1) % TEMPLATES;
    }
}
