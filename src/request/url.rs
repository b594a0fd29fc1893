use alloc::borrow::Cow;
use alloc::borrow::ToOwned;
use alloc::string::String;

use crate::error::{Class, Error};
use crate::text::{fill, split};

/// The path with its `{id}` filled in, as one segment: neither `a/b` nor `a?b` leads anywhere else.
pub(super) fn with_id<'a>(path: &'a str, id: Option<&str>) -> Result<Cow<'a, str>, Error> {
    let Some((before, after)) = split(path, "{id}") else { return Ok(Cow::Borrowed(path)) };
    let invalid = |what: &str| {
        Err(Error::filled(Class::OpenResponsesError, "invalid_id", "The id {}. Nothing was sent.", &[what]))
    };
    match id {
        None => invalid("must be a string"),
        Some("") => invalid("must not be empty"),
        // Percent-encoded or not, URL parsers take these for steps in the path.
        Some("." | "..") => invalid("must not be \".\" or \"..\""),
        Some(id) => {
            let mut filled = before.to_owned();
            encode(&mut filled, id);
            filled.push_str(after);
            Ok(Cow::Owned(filled))
        }
    }
}

/// Joins the API's root, a path and query parameters. The root's own query is kept: gateways carry a version there.
pub(super) fn join(base: &str, path: &str, query: &[&[(String, String)]]) -> Result<String, Error> {
    let base = base.trim();
    check(base)?;
    let (root, own_query) = base.split_once('?').map_or((base, None), |(root, query)| (root, Some(query)));
    let mut url = fill("{}{}", &[root.trim_end_matches('/'), path]);
    let mut separator = '?';
    if let Some(own_query) = own_query.filter(|query| !query.is_empty()) {
        url.push(separator);
        url.push_str(own_query);
        separator = '&';
    }
    for (name, value) in query.iter().copied().flatten() {
        url.push(separator);
        encode(&mut url, name);
        url.push('=');
        encode(&mut url, value);
        separator = '&';
    }
    Ok(url)
}

fn check(base: &str) -> Result<(), Error> {
    let invalid = |what: &str| {
        let message =
            "baseURL {}. It is the API's root, such as \"https://llm.onerouter.pro/v1\", or \"/v1\" in a page.";
        Err(Error::filled(Class::OpenResponsesError, "invalid_base_url", message, &[what]))
    };
    let lower = base.to_ascii_lowercase();
    let authority = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    let host = authority.map(|rest| rest.split(['/', '?']).next().unwrap_or_default());
    match host {
        Some("") => invalid("names no host"),
        // `fetch` refuses such URLs with a message that shows them, password and all.
        Some(host) if host.contains('@') => invalid("must not hold a user name or password"),
        // `fetch` reads a backslash as a slash, so that `/\\host` would be another host.
        _ if base.contains('\\') => invalid("must not hold a backslash"),
        _ if base.contains('#') => invalid("must not hold a fragment (#)"),
        _ if base.chars().any(|c| c.is_whitespace() || c.is_control()) => invalid("must not hold white space"),
        Some(_) => Ok(()),
        None if base.starts_with('/') && !base.starts_with("//") => Ok(()),
        None => invalid("must start with https:// or http://"),
    }
}

/// Percent-encodes all but the unreserved characters of RFC 3986, section 2.3.
fn encode(url: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0').to_ascii_uppercase();
            url.push('%');
            url.push(digit(byte >> 4));
            url.push(digit(byte & 15));
        }
    }
}
