use super::body::invalid;
use super::kind::Kind;
use crate::error::Error;
use crate::json::Value;
use crate::text::fill;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

/// The types of the parameters that are of one type everywhere.
const TYPES: [(&str, Kind); 8] = [
    ("stream", Kind::Flag),
    ("include_obfuscation", Kind::Flag),
    ("starting_after", Kind::Number),
    ("limit", Kind::Number),
    ("include", Kind::List),
    ("order", Kind::Text),
    ("after", Kind::Text),
    ("before", Kind::Text),
];

/// The names and values of query parameters that are given as the text of a JSON object: `null` is left out, an array
/// becomes `name[]` once for each element.
pub(super) fn pairs(params: &str) -> Result<Vec<(String, String)>, Error> {
    let params = Value::known(params);
    if !params.is_object() {
        return Err(invalid("The query must be an object", &[]));
    }
    let mut pairs = Vec::new();
    for (name, value) in params.members() {
        if value.is_null() {
            continue;
        }
        if let Some((_, kind)) = TYPES.iter().find(|(known, _)| *known == name)
            && !kind.fits(value)
        {
            return Err(invalid("The query parameter {} must be {}", &[&name, kind.words()]));
        }
        // A cursor or a count that is no whole number would be taken for something else, or for nothing.
        if matches!(&*name, "starting_after" | "limit") && value.as_u64().is_none() {
            return Err(invalid("The query parameter {} must be a whole number from 0", &[&name]));
        }
        if value.is_array() {
            for element in value.elements() {
                pairs.push((fill("{}[]", &[&name]), text(&name, element)?));
            }
        } else {
            let text = text(&name, value)?;
            pairs.push((name.into_owned(), text));
        }
    }
    Ok(pairs)
}

fn text(name: &str, value: Value<'_>) -> Result<String, Error> {
    if value.is_object() || value.is_array() || value.is_null() {
        return Err(invalid("The query parameter {} must hold strings, numbers or booleans", &[name]));
    }
    Ok(value.as_str().map_or_else(|| value.text().to_owned(), alloc::borrow::Cow::into_owned))
}
