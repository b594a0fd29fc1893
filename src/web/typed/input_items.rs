use std::rc::Rc;

use super::ask::{Question, ask};
use super::options::ClientOptions;
use crate::error::Error;
use crate::exchange::Expect;
use crate::protocol::{InputItemListParams, ItemList, Wire};

/// What responses that the server keeps were asked with.
#[derive(Debug, Clone)]
pub struct InputItems {
    options: Rc<ClientOptions>,
}

impl InputItems {
    pub(super) fn new(options: Rc<ClientOptions>) -> Self {
        Self { options }
    }

    /// One page of the input of a response. While `has_more`, the next one is the one `after` this one's `last_id`.
    ///
    /// # Errors
    /// What the server, the network or the options say.
    pub async fn list(&self, id: &str, params: &InputItemListParams) -> Result<ItemList, Error> {
        let question = Question {
            id: Some(id),
            params: Some(params.write().to_string()),
            ..Question::new("GET", "/responses/{id}/input_items", Expect::Json)
        };
        ask(&self.options, &question).await
    }
}
