use crate::error::{Class, Error};
use crate::text::fill;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

/// The default headers with the caller's over them.
pub(super) fn merge(
    defaults: &[(&str, &str)],
    own: &[(String, Option<String>)],
) -> Result<Vec<(String, String)>, Error> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for (name, value) in defaults {
        headers.push(((*name).to_owned(), (*value).to_owned()));
    }
    for (name, value) in own {
        let name = name.to_ascii_lowercase();
        check_name(&name)?;
        remove(&mut headers, &name);
        if let Some(value) = value {
            check_value(&name, value)?;
            headers.push((name, value.clone()));
        }
    }
    Ok(headers)
}

/// Takes the header of that name away; there is at most one.
pub(super) fn remove(headers: &mut Vec<(String, String)>, name: &str) {
    if let Some(at) = headers.iter().position(|(other, _)| other == name) {
        headers.remove(at);
    }
}

/// Whether the caller says anything of the header of that name, which is in lower case.
pub(super) fn mentions(own: &[(String, Option<String>)], name: &str) -> bool {
    own.iter().any(|(other, _)| other.eq_ignore_ascii_case(name))
}

pub(super) fn bearer(key: &str) -> Result<String, Error> {
    let invalid = |message: &str| Err(Error::local(Class::OpenResponsesError, "invalid_api_key", message));
    if key.is_empty() {
        return invalid("The API key is empty. Pass a key, a function that returns one, or null to send none.");
    }
    if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return invalid(
            "The API key holds a space, a line break or another character that no key has: it was probably copied \
             with something around it.",
        );
    }
    Ok(fill("Bearer {}", &[key]))
}

/// A token by RFC 9110, section 5.6.2. What is none is not shown: it may be a whole line of a header, secret and all.
fn check_name(name: &str) -> Result<(), Error> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if !name.is_empty() && name.bytes().all(is_token) {
        return Ok(());
    }
    let message = "A header's name is empty, or holds something else than letters, digits and !#$%&'*+-.^_`|~.";
    Err(Error::local(Class::OpenResponsesError, "invalid_header", message))
}

/// A field value by RFC 9110, section 5.5. The value is not shown: it may be a secret.
fn check_value(name: &str, value: &str) -> Result<(), Error> {
    let is_allowed = |c: char| c == '\t' || (' '..='~').contains(&c) || ('\u{80}'..='\u{ff}').contains(&c);
    if value.chars().all(is_allowed) {
        return Ok(());
    }
    let message = "The value of the header \"{}\" holds a line break, a control character or one outside Latin-1, which no \
                   header may hold.";
    Err(Error::filled(Class::OpenResponsesError, "invalid_header", message, &[name]))
}
