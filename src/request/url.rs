use alloc::borrow::Cow;
use alloc::borrow::ToOwned;
use alloc::string::String;

use crate::error::{Class, Error};
use crate::text::{append, cut, fill, find, hex_digit, split};

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
    let base = base.trim_ascii();
    check(base)?;
    let (mut root, own_query) = split(base, "?").unwrap_or((base, ""));
    while root.ends_with("/") {
        root = cut(root, 0, root.len() - 1);
    }
    let mut url = fill("{}{}", &[root, path]);
    let mut separator = "?";
    if !own_query.is_empty() {
        append(&mut url, separator);
        append(&mut url, own_query);
        separator = "&";
    }
    for pairs in query {
        for (name, value) in *pairs {
            append(&mut url, separator);
            encode(&mut url, name);
            append(&mut url, "=");
            encode(&mut url, value);
            separator = "&";
        }
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
    let host = authority.map(|rest| {
        let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?')).unwrap_or(rest.len());
        cut(rest, 0, end)
    });
    let holds = |what: &str| find(base, what).is_some();
    match host {
        Some("") => invalid("names no host"),
        // `fetch` refuses such URLs with a message that shows them, password and all.
        Some(host) if find(host, "@").is_some() => invalid("must not hold a user name or password"),
        // `fetch` reads a backslash as a slash, so that `/\\host` would be another host.
        _ if holds("\\") => invalid("must not hold a backslash"),
        _ if holds("#") => invalid("must not hold a fragment (#)"),
        _ if base.chars().any(is_blank) => invalid("must not hold white space"),
        Some(_) => Ok(()),
        None if is_relative(base) => Ok(()),
        None => invalid("must start with https:// or http://"),
    }
}

/// Whether a base URL is a path of whatever host the page is of.
#[must_use]
pub fn is_relative(base: &str) -> bool {
    base.starts_with('/') && !base.starts_with("//")
}

/// White space, a control character, or one of the general punctuation that nobody sees.
fn is_blank(c: char) -> bool {
    matches!(c, '\0'..=' ' | '\u{7f}'..='\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' | '\u{3000}' | '\u{feff}')
}

/// Percent-encodes all but the unreserved characters of RFC 3986, section 2.3.
fn encode(url: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push('%');
            url.push(hex_digit(byte >> 4).to_ascii_uppercase());
            url.push(hex_digit(byte).to_ascii_uppercase());
        }
    }
}
