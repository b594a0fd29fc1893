//! The words in which the protocol's types are described, once for Rust and once for TypeScript.
//!
//! `describe!` takes the types of a module. Of each it makes a piece of the module's `DECLARATIONS`, the TypeScript text,
//! which costs the wasm nothing; and, with the feature `typed`, the Rust type and its entry in `TYPES`. The kinds:
//!
//! | kind | TypeScript | Rust |
//! | --- | --- | --- |
//! | `object` | an interface | a struct, with what it does not know in `extra` |
//! | `open_object` | an interface with an index signature | the same |
//! | `choice` | a union of strings | an enum with an `Other(String)` |
//! | `open_choice` | the same, and any other string | the same |
//! | `union` | a union; `..Name` at its end is the open tail | an enum, with the tail as `Unknown` |
//! | `events` | the map of events by `type`, and their union | as a `union` |
//! | `alias` | another name for a type | the same |
//! | `typescript` | the text itself | nothing |
//!
//! A property is `name: Type`. `?` after the name: it may be missing. `~` after the name: by the protocol it is always
//! there, and servers leave it out all the same. `| null` after the type: it may be null. A name that Rust reserves is
//! written `rust_name as "wire_name"`. Types are names, `[T]` for an array, `{T}` for an object used as a map, `(T)` for a `T`
//! that Rust keeps in a box, and a literal for a constant. In Rust a constant is checked and written, but no field; a plain
//! property is a field of its type, without which the object is not read as this type at all; any other is a `Field`.

/// Keeps its items with the feature `typed`, and drops them without.
#[cfg(feature = "typed")]
macro_rules! typed {
    ($($item:item)*) => { $($item)* };
}
#[cfg(not(feature = "typed"))]
macro_rules! typed {
    ($($ignored:tt)*) => {};
}

/// Describes the types of a module.
macro_rules! describe {
    ($( $(#[doc = $doc:literal])* $kind:ident $name:ident { $($body:tt)* } )*) => {
        /// The TypeScript declarations of the module's types.
        pub(crate) const DECLARATIONS: &str = concat!($( $kind!(@typescript [$($doc)*] $name { $($body)* }) ),*);
        typed! {
            $( $kind! { @rust [$($doc)*] $name { $($body)* } } )*

            /// The module's types, as a table.
            pub(super) const TYPES: &[$crate::protocol::Description] = &[$(
                $crate::protocol::Description {
                    name: stringify!($name),
                    typescript: $kind!(@typescript [$($doc)*] $name { $($body)* }),
                    shape: $kind!(@shape [] $name { $($body)* }),
                },
            )*];
        }
    };
}

/// A doc comment in TypeScript.
macro_rules! comment {
    ($indent:literal) => { "" };
    ($indent:literal $doc:literal) => { concat!($indent, "/**", $doc, " */\n") };
    ($indent:literal $($doc:literal)+) => {
        concat!($indent, "/**\n", $($indent, " *", $doc, "\n",)+ $indent, " */\n")
    };
}

/// What a property is called on the wire.
macro_rules! wire_name {
    ($name:ident) => {
        stringify!($name)
    };
    ($name:ident $wire:literal) => {
        $wire
    };
}

/// A type in TypeScript.
macro_rules! type_name {
    (String) => {
        "string"
    };
    (Boolean) => {
        "boolean"
    };
    (Integer) => {
        "number"
    };
    (Number) => {
        "number"
    };
    (Value) => {
        "unknown"
    };
    ([$item:tt]) => {
        concat!(type_name!($item), "[]")
    };
    ({$value:tt}) => {
        concat!("Record<string, ", type_name!($value), ">")
    };
    (($boxed:tt)) => {
        type_name!($boxed)
    };
    ($constant:literal) => {
        concat!("\"", $constant, "\"")
    };
    ($name:ident) => {
        stringify!($name)
    };
}

/// The properties of an interface.
macro_rules! properties {
    () => { "" };
    ($(#[doc = $doc:literal])* $name:ident $(as $wire:literal)? ? : $type:tt $(| $null:ident)?, $($rest:tt)*) => {
        concat!(
            comment!("  " $($doc)*),
            "  ", wire_name!($name $($wire)?), "?: ", type_name!($type), $(" | ", stringify!($null),)? ";\n",
            properties!($($rest)*)
        )
    };
    ($(#[doc = $doc:literal])* $name:ident $(as $wire:literal)? ~ : $($rest:tt)*) => {
        properties!($(#[doc = $doc])* $name $(as $wire)? : $($rest)*)
    };
    ($(#[doc = $doc:literal])* $name:ident $(as $wire:literal)? : $type:tt $(| $null:ident)?, $($rest:tt)*) => {
        concat!(
            comment!("  " $($doc)*),
            "  ", wire_name!($name $($wire)?), ": ", type_name!($type), $(" | ", stringify!($null),)? ";\n",
            properties!($($rest)*)
        )
    };
}

/// An object of which the properties are known.
macro_rules! object {
    (@typescript [$($doc:literal)*] $name:ident { $($body:tt)* }) => {
        concat!(comment!("" $($doc)*), "export interface ", stringify!($name), " {\n", properties!($($body)*), "}\n\n")
    };
    (@$what:ident [$($doc:literal)*] $name:ident { $($body:tt)* }) => {
        sort_properties! { @$what [$($doc)*] $name constants [] all [] strict [] lenient [] { $($body)* } }
    };
}

/// An object that others extend at will.
macro_rules! open_object {
    (@typescript [$($doc:literal)*] $name:ident { $($body:tt)* }) => {
        concat!(
            comment!("" $($doc)*), "export interface ", stringify!($name), " {\n", properties!($($body)*),
            "  [key: string]: unknown;\n}\n\n"
        )
    };
    ($($else:tt)*) => { object! { $($else)* } };
}

/// Puts each property where `object_in_rust!` wants it.
#[cfg(feature = "typed")]
macro_rules! sort_properties {
    // A constant. A `type` that may be missing is one too: it is always written.
    (@$what:ident $docs:tt $name:ident constants [$($constants:tt)*] all [$($all:tt)*] strict $strict:tt lenient $lenient:tt {
        $(#[doc = $doc:literal])* $field:ident : $constant:literal, $($rest:tt)*
    }) => {
        sort_properties! { @$what $docs $name
            constants [$($constants)* { [$field] $constant required }] all [$($all)*] strict $strict lenient $lenient { $($rest)* }
        }
    };
    (@$what:ident $docs:tt $name:ident constants [$($constants:tt)*] all [$($all:tt)*] strict $strict:tt lenient $lenient:tt {
        $(#[doc = $doc:literal])* type ? : $constant:literal, $($rest:tt)*
    }) => {
        sort_properties! { @$what $docs $name
            constants [$($constants)* { [type] $constant optional }] all [$($all)*] strict $strict lenient $lenient { $($rest)* }
        }
    };
    // It may be missing.
    (@$what:ident $docs:tt $name:ident constants $constants:tt all [$($all:tt)*] strict $strict:tt lenient [$($lenient:tt)*] {
        $(#[doc = $doc:literal])* $field:ident $(as $wire:literal)? ? : $type:tt $(| $null:ident)?, $($rest:tt)*
    }) => {
        sort_properties! { @$what $docs $name constants $constants
            all [$($all)* { lenient [$($doc)*] $field [$field $($wire)?] $type optional [$($null)?] }]
            strict $strict lenient [$($lenient)* { [$($doc)*] $field $type }] { $($rest)* }
        }
    };
    // Some servers leave it out.
    (@$what:ident $docs:tt $name:ident constants $constants:tt all [$($all:tt)*] strict $strict:tt lenient [$($lenient:tt)*] {
        $(#[doc = $doc:literal])* $field:ident $(as $wire:literal)? ~ : $type:tt $(| $null:ident)?, $($rest:tt)*
    }) => {
        sort_properties! { @$what $docs $name constants $constants
            all [$($all)* { lenient [$($doc)*] $field [$field $($wire)?] $type required [$($null)?] }]
            strict $strict lenient [$($lenient)* { [$($doc)*] $field $type }] { $($rest)* }
        }
    };
    // It may be null.
    (@$what:ident $docs:tt $name:ident constants $constants:tt all [$($all:tt)*] strict $strict:tt lenient [$($lenient:tt)*] {
        $(#[doc = $doc:literal])* $field:ident $(as $wire:literal)? : $type:tt | null, $($rest:tt)*
    }) => {
        sort_properties! { @$what $docs $name constants $constants
            all [$($all)* { lenient [$($doc)*] $field [$field $($wire)?] $type required [null] }]
            strict $strict lenient [$($lenient)* { [$($doc)*] $field $type }] { $($rest)* }
        }
    };
    // It must be there.
    (@$what:ident $docs:tt $name:ident constants $constants:tt all [$($all:tt)*] strict [$($strict:tt)*] lenient $lenient:tt {
        $(#[doc = $doc:literal])* $field:ident $(as $wire:literal)? : $type:tt, $($rest:tt)*
    }) => {
        sort_properties! { @$what $docs $name constants $constants
            all [$($all)* { strict [$($doc)*] $field [$field $($wire)?] $type required [] }]
            strict [$($strict)* { $field $type }] lenient $lenient { $($rest)* }
        }
    };
    (@rust $docs:tt $name:ident constants $constants:tt all $all:tt strict $strict:tt lenient $lenient:tt { }) => {
        object_in_rust! { $docs $name $constants $all $strict $lenient }
    };
    (@shape [] $name:ident
        constants [$({ [$($constant_name:tt)*] $constant:literal $constant_presence:ident })*]
        all [$({ $mode:ident $docs:tt $field:ident [$($wire:tt)*] $type:tt $presence:ident [$($null:ident)?] })*]
        strict $strict:tt lenient $lenient:tt { }
    ) => {
        $crate::protocol::Shape::Object {
            constants: &[$((wire_name!($($constant_name)*), $constant)),*],
            properties: &[$($crate::protocol::Property {
                name: wire_name!($($wire)*),
                typescript: type_name!($type),
                is_optional: is_optional!($presence),
                is_nullable: !stringify!($($null)?).is_empty(),
            }),*],
            reshape: $crate::protocol::reshape::<$name>,
        }
    };
}

/// Whether a property may be missing by the protocol.
#[cfg(feature = "typed")]
macro_rules! is_optional {
    (optional) => {
        true
    };
    (required) => {
        false
    };
}

/// A type in Rust.
#[cfg(feature = "typed")]
macro_rules! rust_type {
    (Boolean) => { bool };
    (Integer) => { i64 };
    (Number) => { $crate::protocol::Number };
    (Value) => { $crate::protocol::Value };
    ([$item:tt]) => { Vec<rust_type!($item)> };
    ({$value:tt}) => { $crate::protocol::Dictionary<rust_type!($value)> };
    (($boxed:tt)) => { Box<rust_type!($boxed)> };
    ($constant:literal) => { String };
    ($name:ident) => { $name };
}

/// The type of a field.
#[cfg(feature = "typed")]
macro_rules! field_type {
    (strict $type:tt) => { rust_type!($type) };
    (lenient $type:tt) => { $crate::protocol::Field<rust_type!($type)> };
}

/// An object as a struct.
#[cfg(feature = "typed")]
macro_rules! object_in_rust {
    ([$($doc:literal)*] $name:ident
        [$({ [$($constant_name:tt)*] $constant:literal $constant_presence:ident })*]
        [$({ $mode:ident [$($field_doc:literal)*] $field:ident [$($wire:tt)*] $type:tt $presence:ident $null:tt })*]
        [$({ $strict:ident $strict_type:tt })*]
        [$({ [$($lenient_doc:literal)*] $lenient:ident $lenient_type:tt })*]
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq)]
        #[allow(missing_docs, reason = "a field without words has a name that says it all")]
        pub struct $name {
            $( $(#[doc = $field_doc])* pub $field: field_type!($mode $type), )*
            /// What else the object has, in its order. It is written after the fields above.
            pub extra: $crate::protocol::Object,
        }

        #[allow(missing_docs, clippy::new_without_default, clippy::too_many_arguments, reason = "made from a description")]
        impl $name {
            /// With what it cannot be without, and nothing else.
            #[must_use]
            pub fn new($($strict: impl Into<rust_type!($strict_type)>),*) -> Self {
                Self {
                    $( $strict: $strict.into(), )*
                    $( $lenient: $crate::protocol::Field::Absent, )*
                    extra: $crate::protocol::Object::new(),
                }
            }

            $(
                $(#[doc = $lenient_doc])*
                #[must_use]
                pub fn $lenient(mut self, $lenient: impl Into<rust_type!($lenient_type)>) -> Self {
                    self.$lenient = $crate::protocol::Field::Is($lenient.into());
                    self
                }
            )*

            /// With a field that this type does not have, such as a vendor's.
            #[must_use]
            pub fn with(mut self, name: impl Into<String>, value: impl Into<$crate::protocol::Value>) -> Self {
                self.extra.insert(name.into(), value.into());
                self
            }
        }

        impl $crate::protocol::Wire for $name {
            fn read(value: &$crate::protocol::Value) -> Option<Self> {
                let object = value.as_object()?;
                $(
                    match object.get(wire_name!($($constant_name)*)) {
                        None if is_optional!($constant_presence) => (),
                        told => if told?.as_str()? != $constant { return None; },
                    }
                )*
                Some(Self {
                    $( $field: $crate::protocol::Wire::read_field(object.get(wire_name!($($wire)*)))?, )*
                    extra: $crate::protocol::extra(
                        object,
                        &[$(wire_name!($($constant_name)*),)* $(wire_name!($($wire)*)),*],
                    ),
                })
            }

            fn write(&self) -> $crate::protocol::Value {
                #[allow(unused_mut, reason = "an object may have no constant and no field")]
                let mut object = $crate::protocol::Object::new();
                $( object.insert(wire_name!($($constant_name)*).into(), $constant.into()); )*
                $(
                    if let Some(value) = $crate::protocol::Wire::write_field(&self.$field) {
                        object.insert(wire_name!($($wire)*).into(), value);
                    }
                )*
                $crate::protocol::with_extra(object, &self.extra)
            }
        }

        serde_by_wire! { $name }
    };
}

/// serde's traits, by way of a JSON value.
#[cfg(feature = "typed")]
macro_rules! serde_by_wire {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serde::Serialize::serialize(&$crate::protocol::Wire::write(self), serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <$crate::protocol::Value as serde::Deserialize>::deserialize(deserializer)?;
                $crate::protocol::Wire::read(&value)
                    .ok_or_else(|| serde::de::Error::custom(concat!("this is no ", stringify!($name))))
            }
        }
    };
}

/// One of some strings; in Rust, or any other.
macro_rules! choice {
    (@typescript [$($doc:literal)*] $name:ident { $($variant:ident = $text:literal,)* }) => {
        concat!(
            comment!("" $($doc)*), "export type ", stringify!($name), " =", $("\n  | \"", $text, "\"",)* ";\n\n"
        )
    };
    (@shape [] $name:ident { $($variant:ident = $text:literal,)* }) => {
        $crate::protocol::Shape::Choice(&[$($text),*])
    };
    (@rust [$($doc:literal)*] $name:ident { $($variant:ident = $text:literal,)* }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $( #[doc = concat!("`", $text, "`")] $variant, )*
            /// Something else.
            Other(String),
        }

        impl $name {
            /// As it stands on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( $text => Self::$variant, )*
                    _ => Self::Other(text.to_owned()),
                }
            }
        }

        impl $crate::protocol::Wire for $name {
            fn read(value: &$crate::protocol::Value) -> Option<Self> {
                value.as_str().map(Self::from)
            }

            fn write(&self) -> $crate::protocol::Value {
                self.as_str().into()
            }
        }

        serde_by_wire! { $name }
    };
}

/// One of some strings, or any other.
macro_rules! open_choice {
    (@typescript [$($doc:literal)*] $name:ident { $($variant:ident = $text:literal,)* }) => {
        concat!(
            comment!("" $($doc)*), "export type ", stringify!($name), " =", $("\n  | \"", $text, "\"",)*
            "\n  | (string & {});\n\n"
        )
    };
    ($($else:tt)*) => { choice! { $($else)* } };
}

/// One of some types. `..Name` at the end names the TypeScript type of everything else.
macro_rules! union {
    (@typescript [$($doc:literal)*] $name:ident { $($variant:ident($type:tt),)* $(..$tail:ident)? }) => {
        concat!(
            comment!("" $($doc)*), "export type ", stringify!($name), " =", $("\n  | ", type_name!($type),)*
            $("\n  | ", stringify!($tail),)? ";\n\n"
        )
    };
    (@shape [] $name:ident { $($variant:ident($type:tt),)* $(..$tail:ident)? }) => {
        $crate::protocol::Shape::Union {
            members: &[$(type_name!($type)),*],
            is_open: !stringify!($($tail)?).is_empty(),
            reshape: $crate::protocol::reshape::<$name>,
        }
    };
    (@rust [$($doc:literal)*] $name:ident { $($variant:ident($type:tt),)* }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq)]
        #[allow(missing_docs, reason = "a variant is its type")]
        #[allow(clippy::large_enum_variant, reason = "a box is worth more trouble than the bytes of a short list")]
        pub enum $name {
            $( $variant(rust_type!($type)), )*
        }

        impl $crate::protocol::Wire for $name {
            fn read(value: &$crate::protocol::Value) -> Option<Self> {
                $(
                    if let Some(value) = $crate::protocol::Wire::read(value) {
                        return Some(Self::$variant(value));
                    }
                )*
                None
            }

            fn write(&self) -> $crate::protocol::Value {
                match self {
                    $( Self::$variant(value) => $crate::protocol::Wire::write(value), )*
                }
            }
        }

        $( from_variant! { $name $variant $type } )*
        serde_by_wire! { $name }
    };
    (@rust [$($doc:literal)*] $name:ident { $($variant:ident($type:tt),)* ..$tail:ident }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq)]
        #[allow(missing_docs, reason = "a variant is its type")]
        #[allow(clippy::large_enum_variant, reason = "a box is worth more trouble than the bytes of a short list")]
        pub enum $name {
            $( $variant(rust_type!($type)), )*
            /// What is none of these, exactly as it came: of an unknown type, or not of its type's form.
            Unknown($crate::protocol::Unknown),
        }

        impl $crate::protocol::Wire for $name {
            fn read(value: &$crate::protocol::Value) -> Option<Self> {
                $(
                    if let Some(value) = $crate::protocol::Wire::read(value) {
                        return Some(Self::$variant(value));
                    }
                )*
                Some(Self::Unknown($crate::protocol::Unknown(value.clone())))
            }

            fn write(&self) -> $crate::protocol::Value {
                match self {
                    $( Self::$variant(value) => $crate::protocol::Wire::write(value), )*
                    Self::Unknown(unknown) => unknown.0.clone(),
                }
            }
        }

        $( from_variant! { $name $variant $type } )*
        from_variant! { $name Unknown (Unknown) }
        serde_by_wire! { $name }
    };
}

/// A union from one of its members.
#[cfg(feature = "typed")]
macro_rules! from_variant {
    ($name:ident $variant:ident String) => {
        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::$variant(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::$variant(text.to_owned())
            }
        }
    };
    ($name:ident Unknown (Unknown)) => {
        impl From<$crate::protocol::Unknown> for $name {
            fn from(unknown: $crate::protocol::Unknown) -> Self {
                Self::Unknown(unknown)
            }
        }
    };
    ($name:ident $variant:ident $type:tt) => {
        impl From<rust_type!($type)> for $name {
            fn from(value: rust_type!($type)) -> Self {
                Self::$variant(value)
            }
        }
    };
}

/// The events of a stream, by their `type`.
macro_rules! events {
    (@typescript [$($doc:literal)*] $name:ident {
        $map:ident { $($type:literal => $variant:ident($event:ident),)* } ..$tail:ident
    }) => {
        concat!(
            "/** The common events by their `type`. */\nexport interface ", stringify!($map), " {\n",
            $("  \"", $type, "\": ", stringify!($event), ";\n",)* "}\n\n",
            comment!("" $($doc)*), "export type ", stringify!($name), " = ", stringify!($map), "[keyof ",
            stringify!($map), "] | ", stringify!($tail), ";\n\n"
        )
    };
    (@$what:ident $docs:tt $name:ident {
        $map:ident { $($type:literal => $variant:ident($event:ident),)* } ..$tail:ident
    }) => {
        union! { @$what $docs $name { $($variant($event),)* ..$tail } }
    };
}

/// A type by another name.
macro_rules! alias {
    (@typescript [$($doc:literal)*] $name:ident { $type:tt $(= $text:literal)? }) => {
        concat!(
            comment!("" $($doc)*), "export type ", stringify!($name), " = ", alias_text!($type $($text)?), ";\n\n"
        )
    };
    (@shape [] $name:ident { $type:tt $(= $text:literal)? }) => {
        $crate::protocol::Shape::Alias(alias_text!($type $($text)?))
    };
    (@rust [$($doc:literal)*] $name:ident { $type:tt $(= $text:literal)? }) => {
        $(#[doc = $doc])*
        pub type $name = rust_type!($type);
    };
}

/// What an alias stands for, in TypeScript.
macro_rules! alias_text {
    ($type:tt) => {
        type_name!($type)
    };
    ($type:tt $text:literal) => {
        $text
    };
}

/// What only TypeScript has.
macro_rules! typescript {
    (@typescript [$($doc:literal)*] $name:ident { $text:literal }) => {
        concat!(comment!("" $($doc)*), "export ", $text, "\n\n")
    };
    (@shape [] $name:ident { $text:literal }) => { $crate::protocol::Shape::TypeScript };
    (@rust [$($doc:literal)*] $name:ident { $text:literal }) => {};
}
