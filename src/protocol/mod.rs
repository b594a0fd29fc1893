//! What goes over the wire, described once: Open Responses 2026-04-24, and what OpenAI's Responses API and the common vendors
//! have beside it.
//!
//! Knows the names, the forms and the rules of the protocol; knows no transport and no JavaScript. From each description
//! come the TypeScript declaration, which every build has, and with the feature `typed` the Rust type.
//!
//! | module | what it describes |
//! | --- | --- |
//! | [`request`] | what to ask for |
//! | [`response`] | what comes back, and its settings |
//! | [`input`], [`item`], [`hosted_item`] | items that are sent; that servers send; of tools that the server runs |
//! | [`part`] | parts of items: text, images, files, annotations |
//! | [`tool`], [`hosted_tool`] | functions and the choice of tools; tools that the vendor knows |
//! | [`event`], [`hosted_event`] | events of a stream; those of tools that the server runs |
//! | [`compact`], [`operation`], [`websocket`], [`model`] | the other operations, the WebSocket's messages, the models |
//!
//! # What is unknown
//!
//! Servers send more than anybody has described, and less. Nothing of it is an error and nothing is lost: writing what was
//! read gives the same JSON, but that the fields a type does not know stand after those it knows.
//!
//! - An event, item, part, tool or annotation of an unknown type is the `Unknown` of its union, in its place in the list.
//! - So is one of a known type that lacks what it cannot be without, such as a text without `text`.
//! - An unknown value of an enumeration is its `Other`.
//! - An unknown field is in `extra`, which is also where to put a vendor's field of a request.
//! - A field that is missing, null, or of another type than it should be is a [`Field`] that says so.

#[macro_use]
mod describe;
#[macro_use]
mod event_kinds;

pub mod compact;
pub mod event;
pub mod hosted_event;
pub mod hosted_item;
pub mod hosted_tool;
pub mod input;
pub mod item;
pub mod model;
pub mod operation;
pub mod part;
pub mod request;
pub mod response;
pub mod tool;
pub mod websocket;

/// The TypeScript declarations of all types.
pub const DECLARATIONS: &[&str] = &[
    request::DECLARATIONS,
    response::DECLARATIONS,
    input::DECLARATIONS,
    item::DECLARATIONS,
    hosted_item::DECLARATIONS,
    part::DECLARATIONS,
    tool::DECLARATIONS,
    hosted_tool::DECLARATIONS,
    event::DECLARATIONS,
    hosted_event::DECLARATIONS,
    compact::DECLARATIONS,
    operation::DECLARATIONS,
    websocket::DECLARATIONS,
    model::DECLARATIONS,
];

#[cfg(feature = "typed")]
mod table;
#[cfg(feature = "typed")]
mod wire;

#[cfg(feature = "typed")]
pub use self::{
    compact::*, event::*, hosted_event::*, hosted_item::*, hosted_tool::*, input::*, item::*, model::*, operation::*,
    part::*, request::*, response::*, tool::*, websocket::*,
};
#[cfg(feature = "typed")]
use table::reshape;
#[cfg(feature = "typed")]
pub use table::{Description, Property, Shape, types};
#[cfg(feature = "typed")]
pub use wire::{Dictionary, Field, Number, Object, Unknown, Value, Wire};
#[cfg(feature = "typed")]
use wire::{extra, with_extra};

/// What to ask for, by its short name.
#[cfg(feature = "typed")]
pub type CreateResponse = ResponseCreateParamsBase;

/// How to fetch a response, by its short name.
#[cfg(feature = "typed")]
pub type RetrieveResponse = ResponseRetrieveParamsBase;

/// A response, by its short name.
#[cfg(feature = "typed")]
pub type Response = ResponseObject;

/// An event of a stream, by its short name.
#[cfg(feature = "typed")]
pub type StreamEvent = ResponseStreamEvent;
