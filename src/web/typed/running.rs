use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::super::credentials::Credentials;
use super::super::driver::Driver;
use super::super::page::absolute;
use super::super::told::{Listener, Told};
use super::ask::Question;
use super::options::ClientOptions;
use super::pump::Pump;
use crate::error::{Class, Error};
use crate::exchange::{Config, Exchange, Expect};
use crate::request::{Description, Request};

/// A call under way. Dropping it closes the connection.
#[derive(Debug)]
pub(super) struct Running {
    driver: Rc<Driver>,
    pump: Rc<Pump>,
}

impl Running {
    /// Sends nothing yet.
    pub(super) fn new(options: &ClientOptions, question: &Question<'_>) -> Self {
        let credentials = options.credentials();
        let request = options.check().and_then(|()| {
            Request::new(Description {
                method: question.method,
                base_url: &absolute(&options.base_url),
                sends_key: !matches!(credentials, Credentials::None),
                path: question.path,
                id: question.id,
                params: question.params.as_deref(),
                query: &options.query,
                headers: &options.headers,
                body: question.body.as_deref().map(Into::into),
                operation: question.operation,
                stream: question.expect == Expect::Stream,
            })
        });
        let config = Config {
            background: question.background,
            resumes: question.method == "GET",
            starting_after: question.starting_after(),
            ..options.config(question.expect)
        };
        let driver = Driver::new(config, request, credentials, options.fetch.clone());
        Self { pump: Pump::new(&driver), driver }
    }

    pub(super) fn start(&self) {
        let pump = self.pump.clone();
        self.pump.take(self.driver.start(Listener::new(move |told| pump.take(told))));
    }

    pub(super) fn pull(&self) {
        self.pump.take(self.driver.pull());
    }

    /// What came of the `start` or `pull` before.
    pub(super) fn poll(&self, context: &Context<'_>) -> Poll<Told> {
        self.pump.poll(context)
    }

    /// The events after [`Told::Events`], as the text of a JSON array.
    pub(super) fn events(&self) -> String {
        self.driver.with_block(|block, _, _| block.json().to_owned())
    }

    pub(super) fn with_exchange<T>(&self, read: impl FnOnce(&Exchange) -> T) -> T {
        self.driver.with_exchange(read)
    }

    /// The error after [`Told::Failed`].
    pub(super) fn error(&self) -> Error {
        self.driver.error().unwrap_or_else(|| {
            Error::local(Class::OpenResponsesError, "unknown", "The call failed and does not say why.")
        })
    }

    /// The error of a response that the server declared failed.
    pub(super) fn failure(&self) -> Option<Error> {
        self.driver.failure()
    }

    /// Sends the request and reads the answer to its end.
    pub(super) async fn finish(&self) -> Result<(), Error> {
        self.start();
        loop {
            match poll_fn(|context| self.poll(context)).await {
                Told::End => return Ok(()),
                Told::Failed => return Err(self.error()),
                _ => self.pull(),
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.driver.abandon();
        self.pump.close();
    }
}
