use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};

use wasm_bindgen::JsValue;

use super::super::driver::Driver;
use super::super::fetch::Response;
use super::super::thrown::describe;
use super::super::told::Told;
use super::body::{Body, Chunk, invalid};
use super::inbox::Inbox;

/// Reads the body of an answer for the driver as it asks for more; what else it comes to is for whoever polls.
#[derive(Debug)]
pub(super) struct Pump {
    me: Weak<Pump>,
    /// Weak: the driver holds the pump, as its listener.
    driver: Weak<Driver>,
    inbox: Inbox,
    body: RefCell<Option<Rc<Body>>>,
}

impl Pump {
    pub(super) fn new(driver: &Rc<Driver>) -> Rc<Self> {
        Rc::new_cyclic(|me| Self {
            me: me.clone(),
            driver: Rc::downgrade(driver),
            inbox: Inbox::default(),
            body: RefCell::new(None),
        })
    }

    pub(super) fn poll(&self, context: &Context<'_>) -> Poll<Told> {
        self.inbox.poll(context)
    }

    /// Does what the driver asks for.
    pub(super) fn take(&self, told: Told) {
        match told {
            Told::Nothing => (),
            Told::Read => self.read(),
            Told::Again => self.close(),
            Told::End | Told::Failed => {
                self.close();
                self.inbox.put(told);
            }
            Told::Head | Told::Events | Told::EventsAhead | Told::LastEvents => self.inbox.put(told),
        }
    }

    /// Lets the body go.
    pub(super) fn close(&self) {
        // Taken out first: cancelling may run code that is the caller's, and calls back in.
        let body = self.body.take();
        if let Some(body) = body {
            body.close();
        }
    }

    fn read(&self) {
        let Some(driver) = self.driver.upgrade() else { return };
        let told = match self.body(&driver) {
            Ok(body) => match body.read() {
                Ok(()) => return,
                Err(thrown) => driver.broke(thrown, None),
            },
            Err(thrown) => {
                let error = invalid(&["The answer's body cannot be read: ", &describe(&thrown)].concat());
                driver.broke(thrown, Some(error))
            }
        };
        self.take(told);
    }

    /// The body's reader, taken at the first read.
    fn body(&self, driver: &Driver) -> Result<Rc<Body>, JsValue> {
        if let Some(body) = &*self.body.borrow() {
            return Ok(body.clone());
        }
        let stream = driver.response().as_ref().map_or(Ok(None), Response::body)?;
        let me = self.me.clone();
        let body = Body::new(stream, move |chunk| {
            if let Some(me) = me.upgrade() {
                me.settled(chunk);
            }
        })?;
        self.body.replace(Some(body.clone()));
        Ok(body)
    }

    fn settled(&self, chunk: Chunk) {
        let Some(driver) = self.driver.upgrade() else { return };
        self.take(match chunk {
            Chunk::Bytes(bytes) => driver.chunk(&bytes),
            Chunk::End => driver.ended(),
            Chunk::Invalid(error) => driver.broke(JsValue::UNDEFINED, Some(error)),
            Chunk::Broken(thrown) => driver.broke(thrown, None),
        });
    }
}
