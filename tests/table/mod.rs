//! The table of the described types, as the tests read it.

use openresponses_wasm::protocol::{Description, Shape, types};
use serde_json::Value;

/// The description of this name.
pub(crate) fn find(name: &str) -> Option<&'static Description> {
    types().find(|described| described.name == name)
}

/// Reads the value as the type and writes it again; nothing if it is not of the type.
pub(crate) fn reshape(described: &Description, value: &Value) -> Option<Value> {
    match &described.shape {
        Shape::Object { reshape, .. } | Shape::Union { reshape, .. } => reshape(value),
        _ => panic!("{} is neither an object nor a union", described.name),
    }
}
