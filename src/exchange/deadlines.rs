/// How long to wait for what, in milliseconds; infinite where there is no bound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timeouts {
    /// From a request to the head of its answer; for each attempt anew.
    pub head: f64,
    /// From a stream's first read to its first event. Comments do not count: they are life, not progress.
    pub first_event: f64,
    /// Between two chunks of the body, while one is awaited. Comments count.
    pub idle: f64,
    /// From the start to the end, retries and all.
    pub total: f64,
}

impl Timeouts {
    /// No bounds at all.
    pub const NONE: Self =
        Self { head: f64::INFINITY, first_event: f64::INFINITY, idle: f64::INFINITY, total: f64::INFINITY };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Backoff,
    Head,
    FirstEvent,
    Idle,
    Total,
}

/// The times by which something must have happened; infinite where nothing must.
#[derive(Debug)]
pub(super) struct Deadlines {
    timeouts: Timeouts,
    backoff: f64,
    head: f64,
    first_event: FirstEvent,
    idle: f64,
    total: f64,
    is_reading: bool,
}

#[derive(Debug, Clone, Copy)]
enum FirstEvent {
    /// With so many milliseconds left.
    NotAwaited(f64),
    Until(f64),
    Arrived,
}

impl Deadlines {
    pub(super) fn new(timeouts: Timeouts) -> Self {
        let none = f64::INFINITY;
        let first_event = FirstEvent::NotAwaited(timeouts.first_event);
        Self { timeouts, backoff: none, head: none, first_event, idle: none, total: none, is_reading: false }
    }

    /// Whether anything that happens while an answer is read has a bound.
    pub(super) fn are_set(&self) -> bool {
        let Timeouts { first_event, idle, total, .. } = self.timeouts;
        first_event.min(idle).min(total).is_finite()
    }

    /// The earliest.
    pub(super) fn next(&self) -> Option<(f64, Which)> {
        let first_event = match self.first_event {
            FirstEvent::Until(at) => at,
            FirstEvent::NotAwaited(_) | FirstEvent::Arrived => f64::INFINITY,
        };
        let all = [
            (self.backoff, Which::Backoff),
            (self.head, Which::Head),
            (first_event, Which::FirstEvent),
            (self.idle, Which::Idle),
            (self.total, Which::Total),
        ];
        let mut next = (f64::INFINITY, Which::Total);
        for one in all {
            if one.0 < next.0 {
                next = one;
            }
        }
        next.0.is_finite().then_some(next)
    }

    pub(super) fn start_total(&mut self, now: f64) {
        self.total = now + self.timeouts.total;
    }

    pub(super) fn is_before_total(&self, moment: f64) -> bool {
        moment < self.total
    }

    pub(super) fn start_head(&mut self, now: f64) {
        self.head = now + self.timeouts.head;
    }

    pub(super) fn head_arrived(&mut self) {
        self.head = f64::INFINITY;
    }

    /// Nothing is awaited any more but a moment; what comes after it has all the time anew.
    pub(super) fn start_backoff(&mut self, until: f64) {
        let first_event = match self.first_event {
            FirstEvent::Arrived => FirstEvent::Arrived,
            _ => FirstEvent::NotAwaited(self.timeouts.first_event),
        };
        *self = Self { backoff: until, total: self.total, first_event, ..Self::new(self.timeouts) };
    }

    pub(super) fn stop_backoff(&mut self) {
        self.backoff = f64::INFINITY;
    }

    pub(super) fn is_reading(&self) -> bool {
        self.is_reading
    }

    /// A chunk is awaited. Only then does a silence count: a consumer that takes its time is not the server's fault.
    pub(super) fn reading(&mut self, now: f64) {
        self.is_reading = true;
        self.idle = now + self.timeouts.idle;
        if let FirstEvent::NotAwaited(left) = self.first_event {
            self.first_event = FirstEvent::Until(now + left);
        }
    }

    pub(super) fn not_reading(&mut self, now: f64) {
        self.is_reading = false;
        self.idle = f64::INFINITY;
        if let FirstEvent::Until(at) = self.first_event {
            self.first_event = FirstEvent::NotAwaited(at - now);
        }
    }

    pub(super) fn first_event_arrived(&mut self) {
        self.first_event = FirstEvent::Arrived;
    }

    pub(super) fn stop(&mut self) {
        *self = Self { first_event: FirstEvent::Arrived, ..Self::new(self.timeouts) };
    }
}
