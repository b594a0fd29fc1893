use std::{fmt, slice, vec};

pub use serde_json::Value;

/// The fields of a JSON object, in their order.
pub type Object = serde_json::Map<String, Value>;

/// An object that serves as a map, in its own order.
pub type Dictionary<T> = indexmap::IndexMap<String, T>;

/// What has a form on the wire.
///
/// Reading never half fails: a value is of the form, or it is left to whoever keeps what is unknown.
pub trait Wire: Sized {
    /// Reads the value if it has this type's form.
    fn read(value: &Value) -> Option<Self>;

    /// The value on the wire.
    fn write(&self) -> Value;

    /// Reads a property, which may be missing.
    fn read_field(value: Option<&Value>) -> Option<Self> {
        Self::read(value?)
    }

    /// The property on the wire; nothing where it is to be left out.
    fn write_field(&self) -> Option<Value> {
        Some(self.write())
    }
}

/// A property that need not be there, or that servers leave out or make something else of. Nothing of that is lost.
///
/// [`Field::get`] gives the value where there is one; a list can be looped over as it is, and is empty where there is none:
///
/// ```
/// # use openresponses_wasm::protocol::{OutputItem, Response};
/// # fn calls(response: Response) -> usize {
/// # let mut calls = 0;
/// for item in &response.output {
///     if let OutputItem::FunctionCall(call) = item {
/// #       let _ = &call.name;
///         calls += 1;
///     }
/// }
/// # calls
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Field<T> {
    /// It is missing.
    #[default]
    Absent,
    /// It is `null`.
    Null,
    /// It is there.
    Is(T),
    /// It is there, and not of the form it should have.
    Other(Box<Value>),
}

impl<T> Field<T> {
    /// The value, if it is there and as it should be.
    pub const fn get(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            _ => None,
        }
    }

    /// The value itself, if it is there and as it should be.
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Is(value) => Some(value),
            _ => None,
        }
    }

    /// Whether it is missing.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl<T> Field<Vec<T>> {
    /// The elements of a list; none where it is not there or not as it should be.
    pub fn iter(&self) -> slice::Iter<'_, T> {
        self.get().map_or(&[][..], Vec::as_slice).iter()
    }
}

/// As [`Field::iter`]: `for item in &response.output`.
impl<'a, T> IntoIterator for &'a Field<Vec<T>> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The elements themselves; none where the list is not there or not as it should be.
impl<T> IntoIterator for Field<Vec<T>> {
    type Item = T;
    type IntoIter = vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.into_option().unwrap_or_default().into_iter()
    }
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Self::Is(value)
    }
}

impl<T> From<Option<T>> for Field<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Is)
    }
}

impl<T: Wire> Wire for Field<T> {
    fn read(value: &Value) -> Option<Self> {
        Some(if value.is_null() {
            Self::Null
        } else {
            T::read(value).map_or_else(|| Self::Other(Box::new(value.clone())), Self::Is)
        })
    }

    fn write(&self) -> Value {
        self.write_field().unwrap_or_default()
    }

    fn read_field(value: Option<&Value>) -> Option<Self> {
        value.map_or(Some(Self::Absent), Self::read)
    }

    fn write_field(&self) -> Option<Value> {
        match self {
            Self::Absent => None,
            Self::Null => Some(Value::Null),
            Self::Is(value) => Some(value.write()),
            Self::Other(value) => Some((**value).clone()),
        }
    }
}

/// What no known type fits, exactly as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Unknown(pub Value);

impl Unknown {
    /// Its `type`, if it has one.
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        self.get("type")?.as_str()
    }

    /// A field of it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}

/// A number, which remembers whether it was written with a fraction.
#[derive(Clone, Copy, PartialEq)]
pub struct Number {
    value: f64,
    is_whole: bool,
}

impl Number {
    /// Its value.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.value
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(formatter)
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Self { value, is_whole: false }
    }
}

impl From<i32> for Number {
    fn from(value: i32) -> Self {
        Self { value: value.into(), is_whole: true }
    }
}

impl Wire for Number {
    fn read(value: &Value) -> Option<Self> {
        Some(Self { value: value.as_f64()?, is_whole: !value.is_f64() })
    }

    /// NaN and the infinities, which JSON lacks, are written as `null`.
    fn write(&self) -> Value {
        #[allow(clippy::cast_possible_truncation, reason = "it was a whole number when it was read")]
        if self.is_whole { Value::from(self.value as i64) } else { Value::from(self.value) }
    }
}

impl Wire for Value {
    fn read(value: &Value) -> Option<Self> {
        Some(value.clone())
    }

    fn write(&self) -> Value {
        self.clone()
    }
}

impl Wire for String {
    fn read(value: &Value) -> Option<Self> {
        value.as_str().map(str::to_owned)
    }

    fn write(&self) -> Value {
        self.as_str().into()
    }
}

impl Wire for bool {
    fn read(value: &Value) -> Option<Self> {
        value.as_bool()
    }

    fn write(&self) -> Value {
        (*self).into()
    }
}

impl Wire for i64 {
    fn read(value: &Value) -> Option<Self> {
        value.as_i64()
    }

    fn write(&self) -> Value {
        (*self).into()
    }
}

impl<T: Wire> Wire for Box<T> {
    fn read(value: &Value) -> Option<Self> {
        T::read(value).map(Self::new)
    }

    fn write(&self) -> Value {
        (**self).write()
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn read(value: &Value) -> Option<Self> {
        value.as_array()?.iter().map(T::read).collect()
    }

    fn write(&self) -> Value {
        self.iter().map(T::write).collect()
    }
}

impl<T: Wire> Wire for Dictionary<T> {
    fn read(value: &Value) -> Option<Self> {
        value.as_object()?.iter().map(|(name, value)| Some((name.clone(), T::read(value)?))).collect()
    }

    fn write(&self) -> Value {
        self.iter().map(|(name, value)| (name.clone(), value.write())).collect()
    }
}

/// What an object has beside the known names.
pub(super) fn extra(object: &Object, known: &[&str]) -> Object {
    let unknown = object.iter().filter(|(name, _)| !known.contains(&name.as_str()));
    unknown.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// An object with what else it has; a known field has the last word.
pub(super) fn with_extra(mut object: Object, extra: &Object) -> Value {
    for (name, value) in extra {
        object.entry(name.as_str()).or_insert_with(|| value.clone());
    }
    Value::Object(object)
}
