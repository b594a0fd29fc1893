use std::rc::Rc;

use super::ask::{Question, ask};
use super::options::ClientOptions;
use crate::error::Error;
use crate::exchange::Expect;
use crate::protocol::{InputTokenCount, InputTokensCountParams, Wire};
use crate::request::Operation;

/// What requests would take.
#[derive(Debug, Clone)]
pub struct InputTokens {
    options: Rc<ClientOptions>,
}

impl InputTokens {
    pub(super) fn new(options: Rc<ClientOptions>) -> Self {
        Self { options }
    }

    /// How many tokens a request would take, without asking the model.
    ///
    /// # Errors
    /// What the server, the network or the options say.
    pub async fn count(&self, params: &InputTokensCountParams) -> Result<InputTokenCount, Error> {
        let question = Question {
            body: Some(params.write().to_string()),
            operation: Operation::Count,
            ..Question::new("POST", "/responses/input_tokens", Expect::Json)
        };
        ask(&self.options, &question).await
    }
}
