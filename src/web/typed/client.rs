use std::rc::Rc;

use super::models::Models;
use super::options::ClientOptions;
use super::responses::Responses;

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
        Responses::new(self.options.clone())
    }

    /// The models the server offers.
    #[must_use]
    pub fn models(&self) -> Models {
        Models::new(self.options.clone())
    }
}
