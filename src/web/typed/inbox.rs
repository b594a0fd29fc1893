use std::cell::{Cell, RefCell};
use std::task::{Context, Poll, Waker};

use super::super::told::Told;

/// Keeps what a call has come to for whoever polls.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    told: Cell<Option<Told>>,
    waker: RefCell<Option<Waker>>,
}

impl Inbox {
    pub(super) fn put(&self, told: Told) {
        self.told.set(Some(told));
        // Taken out first: who is woken may poll at once.
        let waker = self.waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
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
