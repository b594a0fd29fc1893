//! Hands the protocol's declarations to wasm-bindgen, which writes them into the package's. They cost the wasm nothing.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::protocol;

macro_rules! sections {
    ($($name:ident = $module:ident,)*) => {
        $(
            #[wasm_bindgen(typescript_custom_section)]
            const $name: &str = protocol::$module::DECLARATIONS;
        )*
    };
}

sections! {
    REQUEST = request,
    RESPONSE = response,
    INPUT = input,
    ITEM = item,
    HOSTED_ITEM = hosted_item,
    PART = part,
    TOOL = tool,
    HOSTED_TOOL = hosted_tool,
    EVENT = event,
    HOSTED_EVENT = hosted_event,
    COMPACT = compact,
    OPERATION = operation,
    WEBSOCKET = websocket,
    MODEL = model,
}
