//! JSON text, read and written in place: no tree is built, a value *is* its text.
//!
//! The client reads a handful of fields of each event and hands the rest on unchanged, byte for byte. A tree would cost
//! more than the whole parser in shipped bytes, and would lose what it does not know.
//!
//! Knows RFC 8259; knows no events and no schema.

mod check;
mod document;
mod escapes;
mod outline;
mod partial;
mod value;
mod write;

pub use check::{Invalid, MAX_DEPTH};
pub use document::Document;
pub use outline::Outline;
pub use partial::{Operations, PartialParser};
pub use value::{Elements, Members, Strings, Value, unescaped};
pub(crate) use value::{append_faithful, says_same};
pub use write::{Array, Object, quoted, write_string};
