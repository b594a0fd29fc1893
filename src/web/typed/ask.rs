use serde_json::Value;

use super::options::ClientOptions;
use super::running::Running;
use crate::error::{Class, Error};
use crate::exchange::Expect;
use crate::json;
use crate::protocol::{Response, Wire};
use crate::request::Operation;

/// What to ask of the server.
#[derive(Debug)]
pub(super) struct Question<'a> {
    pub(super) method: &'a str,
    /// `{id}` in it stands for `id`.
    pub(super) path: &'a str,
    pub(super) id: Option<&'a str>,
    /// Query parameters, as the text of a JSON object.
    pub(super) params: Option<String>,
    pub(super) body: Option<String>,
    /// What the body is checked for.
    pub(super) operation: Operation,
    pub(super) expect: Expect,
    /// Whether it asks for a response that the server keeps, where the response does not tell.
    pub(super) background: bool,
}

impl<'a> Question<'a> {
    pub(super) fn new(method: &'a str, path: &'a str, expect: Expect) -> Self {
        Self {
            method,
            path,
            id: None,
            params: None,
            body: None,
            operation: Operation::Other,
            expect,
            background: false,
        }
    }

    /// The number of the event behind which a stream is asked for.
    pub(super) fn starting_after(&self) -> Option<u64> {
        json::Value::known(self.params.as_deref()?).get("starting_after")?.as_u64()
    }
}

/// Asks for JSON that is no response.
pub(super) async fn ask<T: Wire>(options: &ClientOptions, question: &Question<'_>) -> Result<T, Error> {
    let running = Running::new(options, question);
    running.finish().await?;
    running.with_exchange(|exchange| read(exchange.body()))
}

/// Asks for a response.
pub(super) async fn ask_for_response(options: &ClientOptions, question: &Question<'_>) -> Result<Response, Error> {
    let running = Running::new(options, question);
    running.finish().await?;
    running.with_exchange(|exchange| response(&exchange.response().to_json()))
}

/// The response so far. Its `output_text` is not the server's, but this client's method.
pub(super) fn response(json: &str) -> Result<Response, Error> {
    let mut response: Response = read(json)?;
    response.extra.shift_remove("output_text");
    Ok(response)
}

fn read<T: Wire>(json: &str) -> Result<T, Error> {
    serde_json::from_str::<Value>(json).ok().and_then(|value| T::read(&value)).ok_or_else(|| {
        let message = "The answer is JSON, and not what was asked for.";
        Error::local(Class::ProtocolError, "unexpected_answer", message)
    })
}
