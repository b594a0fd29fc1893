//! What JavaScript gets of the crate: the classes, functions and declarations that the npm package's facade stands on.
//!
//! Not with the feature `typed`: an export cannot be dropped as dead code, and would be in every front end in Rust.

mod block_view;
mod call;
mod call_step;
mod declarations;
mod media;
mod options;
mod partial;

pub use call::Call;
pub use call_step::CallListener;
pub use media::{MediaEncoder, default_file_name, is_data_url};
pub use partial::PartialJson;

use alloc::string::String;

use wasm_bindgen::JsValue;

/// A string that was given; empty for what is none. Strings are taken and given as values: the code that wasm-bindgen
/// writes for `&str` and `String`, in every function that has one, is larger.
fn text(value: &JsValue) -> String {
    value.as_string().unwrap_or_default()
}
