use std::cell::RefCell;
use std::task::{Context, Poll, Waker};

use wasm_bindgen::JsValue;

/// What came of a `start` or a `pull`.
#[derive(Debug)]
pub(in crate::web) enum Told {
    Head,
    /// Events, as the text of a JSON array.
    Events(String),
    End,
    /// The driver has the error.
    Failed,
}

/// Hears what the driver tells, for whoever polls.
#[derive(Debug, Default)]
pub(in crate::web) struct Listener {
    told: RefCell<Option<Told>>,
    waker: RefCell<Option<Waker>>,
}

impl Listener {
    pub(in crate::web) fn hear(&self, told: Told) -> Result<(), JsValue> {
        self.told.replace(Some(told));
        // Taken out first: who is woken may poll at once.
        let waker = self.waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
        Ok(())
    }

    pub(super) fn poll(&self, context: &Context<'_>) -> Poll<Told> {
        match self.told.take() {
            Some(told) => Poll::Ready(told),
            None => {
                self.waker.replace(Some(context.waker().clone()));
                Poll::Pending
            }
        }
    }
}
