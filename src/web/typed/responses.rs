use std::rc::Rc;

use serde_json::Value;

use super::options::ClientOptions;
use super::running::{Question, Running};
use super::stream::EventStream;
use crate::error::{Class, Error};
use crate::exchange::Expect;
use crate::protocol::{CompactedResponse, CreateResponse, ModelList, Response, ResponseCompactParams, Wire};
use crate::request::Operation;

/// A client of an Open Responses server. Making one has no effect; clones share their options.
#[derive(Debug, Clone)]
pub struct Client {
    options: Rc<ClientOptions>,
}

impl Client {
    /// A client. Options that cannot be used are told by the first call.
    #[must_use]
    pub fn new(options: ClientOptions) -> Self {
        Self { options: Rc::new(options) }
    }

    /// Responses.
    #[must_use]
    pub fn responses(&self) -> Responses {
        Responses { options: self.options.clone() }
    }

    /// The models the server offers.
    #[must_use]
    pub fn models(&self) -> Models {
        Models { options: self.options.clone() }
    }
}

/// Responses of a client's server.
#[derive(Debug, Clone)]
pub struct Responses {
    options: Rc<ClientOptions>,
}

impl Responses {
    /// Asks a model for a response. Dropping the future closes the connection.
    ///
    /// # Errors
    /// What the server, the network or the options say. A response that is `failed` is a response.
    pub async fn create(&self, request: &CreateResponse) -> Result<Response, Error> {
        let body = body(request, false);
        let running = Running::new(&self.options, &post("/responses", &body, Expect::Response));
        running.finish().await?;
        running.with_exchange(|exchange| response(&exchange.response().to_json()))
    }

    /// Asks a model for a response, event by event. Nothing is sent before the stream is polled; dropping it closes the
    /// connection. Errors of any kind come out of the stream, which is over then. One that breaks goes on by itself where the
    /// server keeps the response, as with `background`.
    pub fn stream(&self, request: &CreateResponse) -> EventStream {
        let body = body(request, true);
        let background = request.background.get() == Some(&true);
        let question = Question { background, ..post("/responses", &body, Expect::Stream) };
        EventStream::new(Running::new(&self.options, &question))
    }

    /// Shortens a conversation.
    ///
    /// # Errors
    /// What the server, the network or the options say.
    pub async fn compact(&self, params: &ResponseCompactParams) -> Result<CompactedResponse, Error> {
        let body = params.write().to_string();
        ask(
            &self.options,
            &Question { operation: Operation::Compact, ..post("/responses/compact", &body, Expect::Json) },
        )
        .await
    }
}

/// The models of a client's server.
#[derive(Debug, Clone)]
pub struct Models {
    options: Rc<ClientOptions>,
}

impl Models {
    /// All of them.
    ///
    /// # Errors
    /// What the server, the network or the options say.
    pub async fn list(&self) -> Result<ModelList, Error> {
        ask(
            &self.options,
            &Question {
                method: "GET",
                path: "/models",
                body: None,
                operation: Operation::Other,
                expect: Expect::Json,
                background: false,
            },
        )
        .await
    }
}

fn post<'a>(path: &'a str, body: &'a str, expect: Expect) -> Question<'a> {
    Question { method: "POST", path, body: Some(body), operation: Operation::Create, expect, background: false }
}

/// The request's body. Whether it streams is the method's to say.
fn body(request: &CreateResponse, stream: bool) -> String {
    let mut body = request.write();
    if let Value::Object(body) = &mut body {
        body.shift_remove("stream");
        if stream {
            body.insert("stream".into(), true.into());
        }
    }
    body.to_string()
}

async fn ask<T: Wire>(options: &ClientOptions, question: &Question<'_>) -> Result<T, Error> {
    let running = Running::new(options, question);
    running.finish().await?;
    running.with_exchange(|exchange| read(exchange.body()))
}

fn read<T: Wire>(json: &str) -> Result<T, Error> {
    serde_json::from_str::<Value>(json).ok().and_then(|value| T::read(&value)).ok_or_else(|| {
        let message = "The answer is JSON, and not what was asked for.";
        Error::local(Class::ProtocolError, "unexpected_answer", message)
    })
}

/// The response so far. Its `output_text` is not the server's, but this client's method.
pub(super) fn response(json: &str) -> Result<Response, Error> {
    let mut response: Response = read(json)?;
    response.extra.shift_remove("output_text");
    Ok(response)
}
