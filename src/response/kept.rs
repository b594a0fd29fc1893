/// How many bytes are kept, against a bound. Counting them takes time, and an event may replace more than it adds: what is
/// added is summed up, and where the sum may be beyond the bound all is counted anew.
#[derive(Debug)]
pub(super) struct Kept {
    limit: usize,
    counted: usize,
    added: usize,
    /// How much may be added without a doubt.
    room: usize,
}

/// More may come of an event than its own bytes, so that all is counted anew at each such part of the bound too.
const PARTS: usize = 8;

impl Default for Kept {
    fn default() -> Self {
        Self { limit: usize::MAX, counted: 0, added: 0, room: usize::MAX }
    }
}

impl Kept {
    pub(super) fn limit(&mut self, bytes: usize) {
        *self = Self { limit: bytes, room: bytes / PARTS, ..Self::default() };
    }

    pub(super) fn add(&mut self, bytes: usize) {
        self.added = self.added.saturating_add(bytes);
    }

    /// Whether the bound may be exceeded when so many bytes are added.
    pub(super) fn is_in_doubt(&self, bytes: usize) -> bool {
        self.added.saturating_add(bytes) > self.room
    }

    /// Takes how many there are.
    pub(super) fn count(&mut self, bytes: usize) {
        let room = self.limit.saturating_sub(bytes).min(self.limit / PARTS);
        *self = Self { counted: bytes, added: 0, room, ..*self };
    }

    /// The bound, where the last count was beyond it.
    pub(super) fn excess(&self) -> Option<usize> {
        (self.counted > self.limit).then_some(self.limit)
    }
}
