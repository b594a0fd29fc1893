use crate::json::Value;
use alloc::string::String;

/// Shorter ones are words, names and enumerations, which a server's message needs.
const LONG: usize = 40;

/// Appends the long texts of a body, which are the caller's business: what a model is asked, told and given. Not the names of
/// models and the ids of what the server keeps, which a message about them has to name.
pub(super) fn texts(value: Value<'_>, found: &mut String) {
    if value.text().len() < LONG {
        return;
    }
    value.append_to(found);
    found.push('\0');
    for element in value.elements() {
        texts(element, found);
    }
    for (name, member) in value.members() {
        if !(name.ends_with("id") || name == "model" || name == "models") {
            texts(member, found);
        }
    }
}
