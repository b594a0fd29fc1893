//! A front end in Rust whose model calls functions: a loop that runs what the model wants called, and sends back what came of it.
//!
//! Built as `page` is; in the page: `console.log(await answer("/llm/v1", "o4-mini", "What is the weather in Paris?"))`.

#![cfg_attr(not(target_arch = "wasm32"), allow(missing_docs, reason = "there is nothing here"))]
#![cfg(target_arch = "wasm32")]

use openresponses_wasm::client::{Client, ClientOptions};
use openresponses_wasm::error::Error;
use openresponses_wasm::protocol::{
    CreateResponse, FunctionCallItem, FunctionCallOutputParam, FunctionTool, InputItem, OutputItem, Tool,
    UserMessageParam,
};
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// How often the model may be asked.
const TURNS: usize = 8;

/// Asks until the model has called what it wants to, and gives the answer. The relay at `base_url` adds the key.
///
/// # Errors
/// What the server, the network or the options say, as text; or that the model does not come to an end.
#[wasm_bindgen]
pub async fn answer(base_url: String, model: String, question: String) -> Result<String, JsValue> {
    let client = Client::new(ClientOptions { base_url, ..ClientOptions::default() });
    let answer = converse(&client, &model, question).await.map_err(|error| JsValue::from_str(&error.message))?;
    answer.ok_or_else(|| JsValue::from_str("The model goes on calling."))
}

async fn converse(client: &Client, model: &str, question: String) -> Result<Option<String>, Error> {
    let request = CreateResponse::new().model(model).tools(vec![Tool::from(get_weather())]);
    let mut input = vec![InputItem::from(UserMessageParam::new(question))];
    for _ in 0..TURNS {
        let response = client.responses().create(&request.clone().input(input.clone())).await?;
        let mut outputs = Vec::new();
        for item in &response.output {
            if let OutputItem::FunctionCall(call) = item {
                outputs.push(InputItem::from(FunctionCallOutputParam::new(&call.call_id, run(call))));
            }
        }
        if outputs.is_empty() {
            return Ok(Some(response.output_text()));
        }
        // Whole and as it came, reasoning included: models that reason need theirs again.
        input.extend(response.output.into_iter().map(InputItem::from));
        input.extend(outputs);
    }
    Ok(None)
}

fn get_weather() -> FunctionTool {
    let parameters = json!({
        "type": "object",
        "properties": { "city": { "type": "string" } },
        "required": ["city"],
        "additionalProperties": false,
    });
    FunctionTool::new("get_weather").description("The weather in a city, now.").parameters(parameters).strict(true)
}

/// What a call came to, for the model: what went wrong, too.
fn run(call: &FunctionCallItem) -> String {
    let arguments: Value = match serde_json::from_str(&call.arguments) {
        Ok(arguments) => arguments,
        Err(error) => return format!("Failed: {error}"),
    };
    match call.name.as_str() {
        "get_weather" => json!({ "city": arguments["city"], "celsius": 17 }).to_string(),
        name => format!("Failed: there is no {name}"),
    }
}
