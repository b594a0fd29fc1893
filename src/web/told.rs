use alloc::rc::Rc;
use core::fmt;

/// What a call has come to, and what the one who drives it does next: see `CallStep` in the
/// declarations of `exports`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    Nothing,
    Head,
    Read,
    Events,
    LastEvents,
    End,
    Failed,
    Again,
    /// With what a pull would come to: of what a short chunk costs, that call is a twentieth.
    EventsAhead,
}

/// Hears what a call comes to when nobody has asked.
#[derive(Clone)]
pub(super) struct Listener(Rc<dyn Fn(Told)>);

impl Listener {
    pub(super) fn new(hear: impl Fn(Told) + 'static) -> Self {
        Self(Rc::new(hear))
    }

    pub(super) fn hear(&self, told: Told) {
        (self.0)(told);
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Listener")
    }
}
