//! For front ends in Rust: the client, typed by [`crate::protocol`].
//!
//! A thin layer over the same driver that JavaScript's client has, so that both send, retry, read and fail alike.
//!
//! ```no_run
//! # use openresponses_wasm::{client::{ApiKey, Client, ClientOptions}, error::Error, protocol::{CreateResponse, StreamEvent}};
//! # use futures_util::StreamExt;
//! # async fn example() -> Result<(), Error> {
//! // A relay on your own server adds the key.
//! let client = Client::new(ClientOptions { base_url: "/llm/v1".into(), api_key: ApiKey::None, ..ClientOptions::default() });
//! let request = CreateResponse::new().model("o4-mini").input("Hello, world!");
//!
//! let response = client.responses().create(&request).await?;
//! assert!(!response.output_text().is_empty());
//!
//! // Dropping the stream closes the connection.
//! let mut stream = client.responses().stream(&request);
//! while let Some(event) = stream.next().await {
//!     if let StreamEvent::OutputTextDelta(event) = event? {
//!         print(&event.delta);
//!     }
//! }
//! # fn print(_: &str) {}
//! # Ok(())
//! # }
//! ```

mod ask;
mod body;
mod client;
mod inbox;
mod input_items;
mod input_tokens;
mod models;
mod options;
mod pump;
mod responses;
mod running;
mod stream;

pub use client::Client;
pub use input_items::InputItems;
pub use input_tokens::InputTokens;
pub use models::Models;
pub use options::{ApiKey, ClientOptions};
pub use responses::Responses;
pub use stream::EventStream;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// The plain JavaScript value of one of the protocol's types, with the server's own keys.
///
/// # Errors
/// An integer that JavaScript's numbers cannot hold exactly.
pub fn to_js<T: Serialize>(value: &T) -> Result<JsValue, serde_wasm_bindgen::Error> {
    value.serialize(&Serializer::json_compatible())
}

/// One of the protocol's types of a plain JavaScript value.
///
/// # Errors
/// The value is not of the type.
pub fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, serde_wasm_bindgen::Error> {
    serde_wasm_bindgen::from_value(value)
}
