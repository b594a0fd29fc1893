use std::rc::Rc;

use serde_json::Value;

use super::ask::{Question, ask, ask_for_response};
use super::input_items::InputItems;
use super::input_tokens::InputTokens;
use super::options::ClientOptions;
use super::running::Running;
use super::stream::EventStream;
use crate::error::Error;
use crate::exchange::Expect;
use crate::protocol::{
    CompactedResponse, CreateResponse, Field, Response, ResponseCompactParams, ResponseDeleted, RetrieveResponse, Wire,
};
use crate::request::Operation;

/// Responses of a client's server. Dropping a future closes the connection.
#[derive(Debug, Clone)]
pub struct Responses {
    options: Rc<ClientOptions>,
}

impl Responses {
    pub(super) fn new(options: Rc<ClientOptions>) -> Self {
        Self { options }
    }

    /// Asks a model for a response.
    ///
    /// # Errors
    /// What the server, the network or the options say. A response that is `failed` is a response.
    pub async fn create(&self, request: &CreateResponse) -> Result<Response, Error> {
        ask_for_response(&self.options, &creation(request, Expect::Response)).await
    }

    /// Asks a model for a response, event by event. Nothing is sent before the stream is polled; dropping it closes the
    /// connection. Errors of any kind come out of the stream, which is over then. One that breaks goes on by itself where the
    /// server keeps the response, as with `background`.
    pub fn stream(&self, request: &CreateResponse) -> EventStream {
        let background = request.background.get() == Some(&true);
        let question = Question { background, ..creation(request, Expect::Stream) };
        EventStream::new(Running::new(&self.options, &question))
    }

    /// A response that the server keeps.
    ///
    /// # Errors
    /// What the server, the network or the options say. A response that is `failed` is a response.
    pub async fn retrieve(&self, id: &str, params: &RetrieveResponse) -> Result<Response, Error> {
        ask_for_response(&self.options, &retrieval(id, params, Expect::Response)).await
    }

    /// The events of a response that the server keeps once more, behind number `starting_after` if that is given, and those
    /// to come if it is still at work. A stream like that of [`Responses::stream`].
    pub fn retrieve_stream(&self, id: &str, params: &RetrieveResponse) -> EventStream {
        EventStream::new(Running::new(&self.options, &retrieval(id, params, Expect::Stream)))
    }

    /// Ends a response that works in the background; gives it as it is then.
    ///
    /// # Errors
    /// What the server, the network or the options say.
    pub async fn cancel(&self, id: &str) -> Result<Response, Error> {
        let question = Question { id: Some(id), ..Question::new("POST", "/responses/{id}/cancel", Expect::Response) };
        ask_for_response(&self.options, &question).await
    }

    /// Has the server forget a response.
    ///
    /// # Errors
    /// What the server, the network or the options say.
    pub async fn delete(&self, id: &str) -> Result<ResponseDeleted, Error> {
        let question = Question { id: Some(id), ..Question::new("DELETE", "/responses/{id}", Expect::Any) };
        // Some servers have nothing to say of it.
        let said: Field<ResponseDeleted> = ask(&self.options, &question).await?;
        let deleted = || ResponseDeleted::new().id(id).object("response").deleted(true);
        Ok(said.into_option().unwrap_or_else(deleted))
    }

    /// Shortens a conversation.
    ///
    /// # Errors
    /// What the server, the network or the options say.
    pub async fn compact(&self, params: &ResponseCompactParams) -> Result<CompactedResponse, Error> {
        let question = Question {
            body: Some(params.write().to_string()),
            operation: Operation::Compact,
            ..Question::new("POST", "/responses/compact", Expect::Json)
        };
        ask(&self.options, &question).await
    }

    /// What responses that the server keeps were asked with.
    #[must_use]
    pub fn input_items(&self) -> InputItems {
        InputItems::new(self.options.clone())
    }

    /// What requests would take.
    #[must_use]
    pub fn input_tokens(&self) -> InputTokens {
        InputTokens::new(self.options.clone())
    }
}

fn creation<'a>(request: &CreateResponse, expect: Expect) -> Question<'a> {
    Question {
        body: Some(written(request, expect)),
        operation: Operation::Create,
        ..Question::new("POST", "/responses", expect)
    }
}

fn retrieval<'a>(id: &'a str, params: &RetrieveResponse, expect: Expect) -> Question<'a> {
    Question { id: Some(id), params: Some(written(params, expect)), ..Question::new("GET", "/responses/{id}", expect) }
}

/// What is sent. Whether it streams is the method's to say.
fn written(params: &impl Wire, expect: Expect) -> String {
    let mut params = params.write();
    if let Value::Object(params) = &mut params {
        params.shift_remove("stream");
        if expect == Expect::Stream {
            params.insert("stream".into(), true.into());
        }
    }
    params.to_string()
}
