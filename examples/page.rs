//! A front end in Rust without a framework: a question, and the answer as it arrives.
//!
//! ```sh
//! cargo build --example page --features typed --target wasm32-unknown-unknown
//! wasm-bindgen --target web --out-dir target/page target/wasm32-unknown-unknown/debug/examples/page.wasm
//! ```
//!
//! and in the page: `import init, { answer } from "./page.js"; await init(); answer("/llm/v1", "o4-mini", "Hello", show)`.

#![cfg_attr(not(target_arch = "wasm32"), allow(missing_docs, reason = "there is nothing here"))]
#![cfg(target_arch = "wasm32")]

use futures_util::StreamExt;
use js_sys::Function;
use openresponses_wasm::client::{ApiKey, Client, ClientOptions};
use openresponses_wasm::error::Error;
use openresponses_wasm::protocol::{CreateResponse, StreamEvent};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Asks, shows each piece of the answer as it arrives, and gives the whole. The relay at `base_url` adds the key.
///
/// # Errors
/// What the server, the network or the options say, as text.
#[wasm_bindgen]
pub async fn answer(base_url: String, model: String, question: String, show: Function) -> Result<String, JsValue> {
    stream(base_url, &model, &question, |piece| {
        let _ignored = show.call1(&JsValue::UNDEFINED, &JsValue::from_str(piece));
    })
    .await
    .map_err(|error| JsValue::from_str(&error.message))
}

async fn stream(base_url: String, model: &str, question: &str, show: impl Fn(&str)) -> Result<String, Error> {
    let client = Client::new(ClientOptions { base_url, api_key: ApiKey::None, ..ClientOptions::default() });
    let request = CreateResponse::new().model(model).input(question);
    let mut events = client.responses().stream(&request);
    while let Some(event) = events.next().await {
        if let StreamEvent::OutputTextDelta(event) = event? {
            show(&event.delta);
        }
    }
    Ok(events.snapshot()?.output_text())
}
