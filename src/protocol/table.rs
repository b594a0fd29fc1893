use super::{Value, Wire};

/// A described type.
#[derive(Debug)]
pub struct Description {
    /// Its name, in both languages.
    pub name: &'static str,
    /// Its declaration in TypeScript.
    pub typescript: &'static str,
    /// What it is made of.
    pub shape: Shape,
}

/// What a type is made of.
#[derive(Debug)]
pub enum Shape {
    /// Properties.
    Object {
        /// Names and values of those that never change.
        constants: &'static [(&'static str, &'static str)],
        /// The others.
        properties: &'static [Property],
        /// Reads and writes a value; nothing if it is not of this type.
        reshape: fn(&Value) -> Option<Value>,
    },
    /// Strings.
    Choice(&'static [&'static str]),
    /// Other types, by their TypeScript names.
    Union {
        /// The types.
        members: &'static [&'static str],
        /// Whether it takes everything else too.
        is_open: bool,
        /// Reads and writes a value; nothing if it is not of this type.
        reshape: fn(&Value) -> Option<Value>,
    },
    /// Another type, as TypeScript writes it.
    Alias(&'static str),
    /// Something that only TypeScript has.
    TypeScript,
}

/// A property of an object.
#[derive(Debug)]
pub struct Property {
    /// Its name on the wire.
    pub name: &'static str,
    /// Its type in TypeScript, without `null`.
    pub typescript: &'static str,
    /// Whether it may be missing by the protocol.
    pub is_optional: bool,
    /// Whether it may be null by the protocol.
    pub is_nullable: bool,
}

/// All described types.
pub fn types() -> impl Iterator<Item = &'static Description> {
    [
        super::request::TYPES,
        super::response::TYPES,
        super::input::TYPES,
        super::item::TYPES,
        super::hosted_item::TYPES,
        super::part::TYPES,
        super::tool::TYPES,
        super::hosted_tool::TYPES,
        super::event::TYPES,
        super::hosted_event::TYPES,
        super::compact::TYPES,
        super::operation::TYPES,
        super::websocket::TYPES,
        super::model::TYPES,
    ]
    .into_iter()
    .flatten()
}

/// Reads and writes a value.
pub(super) fn reshape<T: Wire>(value: &Value) -> Option<Value> {
    T::read(value).map(|read| read.write())
}
