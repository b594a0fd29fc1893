use alloc::string::String;

use super::{Api, Class, Error};
use crate::text::{cut, fill, split};

/// The error of an answer that sends the request elsewhere, key, payload and all. `location` is where, as far as it is
/// known: browsers hide it, and the status with it.
#[must_use]
pub fn redirected(status: u16, location: Option<&str>) -> Error {
    let place = location.map_or_else(String::new, |location| fill(" to {}", &[shown(location)]));
    let message = "The server redirects{}, where the client does not follow: a key and a payload are for the server that \
                   baseURL names. Set baseURL to where the API is, often the same with https or another host.";
    let mut error = Error::filled(Class::ProtocolError, "redirected", message, &[&place]);
    error.api = Some(Api { status: (status > 0).then_some(status), ..Api::default() });
    error
}

/// The location without what may be a secret in it: a user's name and password, and the query.
fn shown(location: &str) -> &str {
    let end = location.bytes().position(|byte| byte == b'?' || byte == b'#').unwrap_or(location.len());
    let path = cut(location, 0, end);
    split(path, "@").map_or(path, |(_, behind)| behind)
}
