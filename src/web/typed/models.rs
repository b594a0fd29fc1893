use std::rc::Rc;

use super::ask::{Question, ask};
use super::options::ClientOptions;
use crate::error::Error;
use crate::exchange::Expect;
use crate::protocol::{Model, ModelList};

/// The models of a client's server.
#[derive(Debug, Clone)]
pub struct Models {
    options: Rc<ClientOptions>,
}

impl Models {
    pub(super) fn new(options: Rc<ClientOptions>) -> Self {
        Self { options }
    }

    /// All of them, or the first page where the server has several.
    ///
    /// # Errors
    /// What the server, the network or the options say.
    pub async fn list(&self) -> Result<ModelList, Error> {
        ask(&self.options, &Question::new("GET", "/models", Expect::Json)).await
    }

    /// One model, by its id, such as `openai/gpt-5.4`.
    ///
    /// # Errors
    /// What the server, the network or the options say.
    pub async fn retrieve(&self, id: &str) -> Result<Model, Error> {
        ask(&self.options, &Question { id: Some(id), ..Question::new("GET", "/models/{id}", Expect::Json) }).await
    }
}
