use crate::text::cut;
use alloc::vec::Vec;

/// How the names of headers end that carry credentials: those of the APIs themselves and those of gateways before them.
static ENDINGS: [&str; 9] =
    ["authorization", "-auth", "api-key", "apikey", "access-key", "subscription-key", "token", "secret", "cookie"];

/// Whether a header of this name, in lower case, carries credentials.
pub(super) fn is_credential(name: &str) -> bool {
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Adds the words of a header's value, which are a scheme and a key, or cookies.
pub(super) fn words<'a>(value: &'a str, found: &mut Vec<&'a str>) {
    let mut from = 0;
    for (at, byte) in value.bytes().enumerate() {
        if b" ,;".contains(&byte) {
            found.push(cut(value, from, at));
            from = at + 1;
        }
    }
    found.push(cut(value, from, value.len()));
}
