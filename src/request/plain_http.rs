use crate::error::{Class, Error};
use crate::text::cut;

/// Refuses to send credentials where everybody on the way can read them.
///
/// # Errors
/// `insecure_base_url`
pub(super) fn check(base: &str) -> Result<(), Error> {
    let base = base.trim().to_ascii_lowercase();
    let host = base.strip_prefix("http://").map(host).unwrap_or("localhost");
    if is_loopback(host) {
        return Ok(());
    }
    let message = "A key would go to {} over plain http, where everybody on the way can read it. Nothing was sent. Serve the API \
                   by https; or set `apiKey: null`, and no header with a key, for a server that needs none or a relay that \
                   adds it. Only a server on this machine (localhost, 127.0.0.1, [::1]) is sent a key over http.";
    Err(Error::filled(Class::OpenResponsesError, "insecure_base_url", message, &[host]))
}

/// The host at the beginning of an authority and what follows it, without its port.
fn host(rest: &str) -> &str {
    let mut is_address = false;
    let end = rest.bytes().position(|byte| {
        is_address = byte == b'[' || is_address && byte != b']';
        byte == b'/' || byte == b'?' || byte == b':' && !is_address
    });
    cut(rest, 0, end.unwrap_or(rest.len()))
}

/// By RFC 6761, section 6.3, and RFC 6890. A name that only begins like an address is a name.
fn is_loopback(host: &str) -> bool {
    let is_number = || host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    host == "localhost" || host == "[::1]" || host.ends_with(".localhost") || host.starts_with("127.") && is_number()
}
